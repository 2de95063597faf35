"""Timeouts of steps, jobs and workflows: what they end, and what still runs."""

from __future__ import annotations

import pytest

from tests.e2e.runs import Flow, processes_with

pytestmark = pytest.mark.bare

BASH = '"""'


def test_of_a_step(flow: Flow, marker: str) -> None:
    run = flow(
        f"""
        workflow w {{
          job j {{
            step "slow" {{
              timeout = 300ms
              run     = "echo before; tail -f /dev/null --marker {marker} || exec sleep 60"
            }}
            step "skipped" {{ run = "true" }}
            step "always" {{
              condition = always()
              run       = "echo ran"
            }}
            step "failure" {{
              condition = failure()
              run       = "echo ran"
            }}
          }}
        }}
        """
    )
    assert run.status == 1
    assert run.jobs == {"j": "failure"}
    assert run.steps("j") == {
        "slow": "timeout",
        "skipped": "skipped",
        "always": "success",
        "failure": "success",
    }
    assert run.of("step_end", "j", "slow")[0]["exit_code"] == 124
    assert run.output("j")[0] == "before"


def test_a_tolerated_timeout(flow: Flow) -> None:
    run = flow(
        """
        workflow w {
          job j {
            step "slow" {
              timeout         = 100ms
              continueOnError = true
              run             = "sleep 60"
            }
            step "after" { run = "true" }
          }
        }
        """
    )
    assert run.status == 0
    assert run.steps("j") == {"slow": "timeout", "after": "success"}


def test_a_step_in_time_is_left_alone(flow: Flow) -> None:
    run = flow('workflow w { job j { step "s" { timeout = 20s, run = "exit 7" } } }')
    assert run.of("step_end")[0]["exit_code"] == 7


def test_the_whole_tree_dies(flow: Flow, marker: str) -> None:
    """Children, those in the background, in sessions of their own, and detached ones."""
    run = flow(
        f"""
        workflow w {{
          job j {{
            step "slow" {{
              timeout = 500ms
              run     = {BASH}
                sleeper() {{ bash -c 'trap "" HUP; sleep 60 & wait' "$1"; }}
                sleeper "{marker} child" &
                (sleeper "{marker} grandchild" &)
                setsid bash -c 'sleep 60' "{marker} session" &
                (setsid bash -c 'sleep 60; :' "{marker} detached" >/dev/null 2>&1 &)
                nohup bash -c 'sleep 60; :' "{marker} nohup" >/dev/null 2>&1 &
                bash -c 'sleep 60; :' "{marker} front"
              {BASH}
            }}
            step "left" {{
              condition = always()
              run       = {BASH}
                ps -eo stat=,args= | grep '{marker[:-1]}[{marker[-1]}]' | grep -v '^Z' || echo none
              {BASH}
            }}
          }}
        }}
        """
    )
    assert run.steps("j") == {"slow": "timeout", "left": "success"}
    assert run.output("j", "left") == ["none"]
    assert processes_with(marker) == []


def test_what_ignores_sigterm_is_killed_ten_seconds_later(flow: Flow, marker: str) -> None:
    run = flow(
        f"""
        workflow w {{
          job j {{
            step "stubborn" {{
              timeout = 200ms
              run     = {BASH}
                trap '' TERM
                bash -c 'while :; do sleep 1; done' "{marker} child" &
                while :; do sleep 1; done
              {BASH}
            }}
          }}
        }}
        """
    )
    (end,) = run.of("step_end", "j")
    assert (end["status"], end["exit_code"]) == ("timeout", 124)
    assert 10_000 <= end["duration_ms"] < 20_000
    assert processes_with(marker) == []


def test_sigterm_comes_first(flow: Flow) -> None:
    run = flow(
        f"""
        workflow w {{
          job j {{
            step "slow" {{
              timeout = 300ms
              run     = {BASH}
                trap 'echo tidied; exit 0' TERM
                while :; do sleep 0.05; done
              {BASH}
            }}
          }}
        }}
        """
    )
    # Its `sleep` was told too, of which bash may say a word.
    assert run.output("j", "slow")[-1:] == ["tidied"]
    assert run.steps("j") == {"slow": "timeout"}


def test_of_a_job(flow: Flow, marker: str) -> None:
    run = flow(
        f"""
        workflow w {{
          job j {{
            timeout = 500ms
            outputs = {{ kept = "made" }}
            step "slow" {{ run = "echo 1 > made; bash -c 'sleep 60; :' {marker}" }}
            step "skipped" {{ run = "true" }}
            step "always" {{
              condition = always()
              run       = "echo ran"
            }}
          }}
          job after {{
            needs     = [j]
            condition = failure() && needs.j.result == "failure"
            inputs    = ["kept"]
            run "cat made"
          }}
        }}
        """
    )
    assert run.status == 1
    assert run.jobs == {"j": "timeout", "after": "success"}
    assert run.steps("j")["skipped"] == "skipped"
    assert run.steps("j")["always"] == "success"
    assert run.output("after") == ["1"]
    assert processes_with(marker) == []


def test_of_a_job_in_a_retry_pause(flow: Flow) -> None:
    run = flow(
        """
        workflow w {
          job j {
            timeout = 300ms
            retry   = { maxAttempts = 2, minTime = 60s }
            run "exit 1"
          }
        }
        """
    )
    assert run.jobs == {"j": "timeout"}
    assert len(run.of("step_start")) == 1


def test_of_a_workflow(flow: Flow, marker: str) -> None:
    run = flow(
        f"""
        workflow w {{
          timeout = 700ms
          job quick {{ run "true" }}
          job slow {{
            needs = [quick]
            run "bash -c 'sleep 60; :' {marker}"
            step "always" {{
              condition = always()
              run       = "echo ran"
            }}
            step "failure" {{
              condition = failure()
              run       = "echo ran"
            }}
          }}
          job waiting {{
            needs = [slow]
            run "true"
          }}
          job anyway {{
            needs     = [slow]
            condition = always()
            run "echo ran"
          }}
          job stopped {{
            needs     = [waiting]
            condition = cancelled()
            run "echo ran"
          }}
        }}
        """
    )
    assert run.status == 124
    assert run.jobs == {
        "quick": "success",
        "slow": "cancelled",
        "waiting": "cancelled",
        "anyway": "success",
        "stopped": "success",
    }
    assert run.steps("slow")["always"] == "success"
    assert run.steps("slow")["failure"] == "skipped"
    (end,) = run.of("workflow_end")
    assert (end["status"], end["exit_code"]) == ("timeout", 124)
    assert processes_with(marker) == []


def test_a_condition_that_hangs_is_ended_by_the_workflows_timeout(flow: Flow, marker: str) -> None:
    run = flow(
        f"""
        workflow w {{
          timeout = 400ms
          job j {{
            condition = "bash -c 'sleep 60; :' {marker}"
            run "true"
          }}
          job k {{
            step "s" {{
              condition = "bash -c 'sleep 60; :' {marker}"
              run       = "true"
            }}
          }}
        }}
        """
    )
    assert run.status == 124
    assert run.jobs == {"j": "cancelled", "k": "cancelled"}
    assert processes_with(marker) == []
