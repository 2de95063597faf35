"""Signals to the script: cancelling, insisting, and what was ignored from the start."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.e2e.runs import Flow, Run, Running, heed_signals, processes_with, wait_for

pytestmark = pytest.mark.bare

BASH = '"""'
INT, TERM, HUP = signal.SIGINT, signal.SIGTERM, signal.SIGHUP


def wait_for_file(running: Running, path: Path) -> None:
    def found() -> bool:
        assert running.process.poll() is None or path.exists(), "the script ended early"
        return path.exists()

    wait_for(found, str(path))


def workflow(flow: Flow, marker: str) -> str:
    root = flow.place.root
    return f"""
        workflow w {{
          job slow {{
            step "slow" {{
              run = {BASH}
                bash -c 'touch "{root}/started"; sleep 60; :' {marker} &
                wait
              {BASH}
            }}
            step "skipped" {{ run = "true" }}
            step "failure" {{
              condition = failure()
              run       = "true"
            }}
            step "cancelled" {{
              condition = cancelled()
              run       = "touch '{root}/step'; [ -z \\"$WAIT\\" ] || exec sleep 60"
            }}
            step "always" {{
              condition = always()
              run       = "true"
            }}
          }}
          job after {{
            needs = [slow]
            run "true"
          }}
          job tidy {{
            needs     = [slow]
            condition = always()
            run "touch '{root}/tidy'; [ -z \\"$WAIT_TIDY\\" ] || exec sleep 60"
          }}
          job told {{
            needs     = [slow]
            condition = cancelled() && needs.slow.result == "cancelled"
            run "true"
          }}
        }}
        """


@pytest.mark.parametrize(("number", "status"), [(INT, 130), (TERM, 143), (HUP, 129)])
def test_the_first_signal_cancels(
    flow: Flow, marker: str, number: signal.Signals, status: int
) -> None:
    running = flow.start(workflow(flow, marker), env={"WAIT": "", "WAIT_TIDY": ""})
    wait_for_file(running, flow.place.root / "started")
    running.send(number)
    run = running.end()
    assert run.status == status
    assert run.jobs == {
        "slow": "cancelled",
        "after": "cancelled",
        "tidy": "success",
        "told": "success",
    }
    assert run.steps("slow") == {
        "slow": "cancelled",
        "skipped": "skipped",
        "failure": "skipped",
        "cancelled": "success",
        "always": "success",
    }
    (end,) = run.of("workflow_end")
    assert (end["status"], end["exit_code"]) == ("cancelled", status)
    assert processes_with(marker) == []
    assert list(flow.place.workspaces.iterdir()) == []


def test_the_second_skips_what_always_runs(flow: Flow, marker: str) -> None:
    running = flow.start(workflow(flow, marker), env={"WAIT": "", "WAIT_TIDY": "1"})
    wait_for_file(running, flow.place.root / "started")
    running.send(INT)
    wait_for_file(running, flow.place.root / "tidy")
    running.send(TERM)
    run = running.end()
    assert run.status == 130
    assert run.jobs["slow"] == "cancelled"
    assert run.jobs["tidy"] == "cancelled"
    assert processes_with(str(flow.place.root)) == []
    assert list(flow.place.workspaces.iterdir()) == []


def test_the_second_ends_steps_that_always_run(flow: Flow, marker: str) -> None:
    running = flow.start(workflow(flow, marker), env={"WAIT": "1", "WAIT_TIDY": ""})
    wait_for_file(running, flow.place.root / "started")
    running.send(TERM)
    wait_for_file(running, flow.place.root / "step")
    running.send(TERM)
    run = running.end()
    assert run.status == 143
    assert set(run.jobs.values()) == {"cancelled"}
    assert not (flow.place.root / "tidy").exists()
    assert processes_with(marker) == []


def test_a_signal_after_fail_fast_is_the_second(flow: Flow, marker: str) -> None:
    started = flow.place.root / "started"
    running = flow.start(
        f"""
        workflow w {{
          failFast = true
          job bad {{ run "false" }}
          job tidy {{
            needs     = [bad]
            condition = always()
            run "touch {started}; sleep 300 # {marker}"
          }}
        }}
        """
    )
    wait_for_file(running, started)
    running.send(INT)
    run = running.end()
    assert (run.status, run.jobs) == (130, {"bad": "failure", "tidy": "cancelled"})
    assert processes_with(str(flow.place.root)) == []


def test_the_third_ends_it_at_once(flow: Flow, marker: str) -> None:
    """Even where the clean-up hangs: here the process that would do it is stopped."""
    running = flow.start(workflow(flow, marker), env={"WAIT": "", "WAIT_TIDY": ""})
    wait_for_file(running, flow.place.root / "started")
    script = running.process.pid
    listing = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True).stdout
    pairs = [tuple(map(int, line.split())) for line in listing.splitlines()]
    children = [pid for pid, parent in pairs if parent == script]
    for child in children:
        os.kill(child, signal.SIGSTOP)
    sent = 0

    def ended() -> bool:
        nonlocal sent
        if running.process.poll() is None:
            running.send(TERM)
            sent += 1
        return running.process.poll() is not None

    wait_for(ended, "the script to end")
    for child in children:
        os.kill(child, signal.SIGCONT)
    assert sent >= 3
    # Its descendants hold the output until they have cleaned up.
    assert running.end().status == 143
    wait_for(lambda: not processes_with(marker), "the rest to go")


def test_a_whole_group_gets_it(flow: Flow, marker: str) -> None:
    """As from a terminal: the steps have groups of their own and are told by us, once."""
    running = flow.start(workflow(flow, marker), env={"WAIT": "", "WAIT_TIDY": ""})
    wait_for_file(running, flow.place.root / "started")
    os.killpg(running.process.pid, INT)
    run = running.end()
    assert run.status == 130
    assert run.jobs["tidy"] == "success"


def test_ignored_from_the_start_stays_ignored(flow: Flow) -> None:
    root = flow.place.root

    def nohup() -> None:
        heed_signals()
        signal.signal(HUP, signal.SIG_IGN)

    running = flow.start(
        f"""
        workflow w {{
          job j {{
            run {BASH}
              touch "{root}/started"
              until [ -e "{root}/go" ]; do sleep 0.05; done
            {BASH}
          }}
        }}
        """,
        prepare=nohup,
    )
    wait_for_file(running, root / "started")
    running.send(HUP)
    (root / "go").touch()
    run = running.end()
    assert run.status == 0
    assert run.jobs == {"j": "success"}


def test_steps_get_default_signals(flow: Flow) -> None:
    """Neither our handlers nor anything that we ignore reach what steps start."""
    run = flow(
        f"""
        workflow w {{
          job j {{
            run {BASH}
              for signal in INT TERM HUP PIPE USR1 USR2 ALRM CHLD; do
                bash -c "kill -s $signal \\$\\$; echo survived" > out || :
                echo "$signal $(cat out)"
              done
            {BASH}
          }}
        }}
        """
    )
    fatal = ["INT", "TERM", "HUP", "PIPE", "USR1", "USR2", "ALRM"]
    # What bash says of children that a signal ended is no matter here.
    said = [line.strip() for line in run.output("j") if line.split()[0] in [*fatal, "CHLD"]]
    assert said == [*fatal, "CHLD survived"]


def test_cancelled_in_a_retry_pause(flow: Flow) -> None:
    root = flow.place.root
    running = flow.start(
        f"""
        workflow w {{
          job j {{
            retry = {{ maxAttempts = 2, minTime = 60s }}
            run "touch '{root}/started'; exit 1"
          }}
        }}
        """
    )
    wait_for_file(running, root / "started")
    running.send(TERM)
    run = running.end()
    assert run.status == 143
    assert run.jobs == {"j": "cancelled"}


def test_jobs_that_wait_for_their_turn_are_cancelled(flow: Flow) -> None:
    root = flow.place.root
    running = flow.start(
        f"""
        workflow w {{
          maxParallel = 1
          job one {{ run "touch '{root}/started'; sleep 60" }}
          job two {{ run "touch '{root}/started'; sleep 60" }}
          job tidy {{
            condition = always()
            run "true"
          }}
        }}
        """
    )
    wait_for_file(running, root / "started")
    running.send(INT)
    run = running.end()
    assert run.status == 130
    assert run.jobs == {"one": "cancelled", "two": "cancelled", "tidy": "success"}
    assert len(run.of("job_start")) == 2


def test_nothing_runs_after_a_signal_before_the_first_job(flow: Flow) -> None:
    root = flow.place.root
    running = flow.start(
        f"""
        workflow w {{
          job j {{
            condition = "touch '{root}/started'; sleep 60"
            run "touch '{root}/ran'"
          }}
        }}
        """
    )
    wait_for_file(running, root / "started")
    running.send(TERM)
    run = running.end()
    assert run.status == 143
    assert run.jobs == {"j": "cancelled"}
    assert not (root / "ran").exists()


def test_the_second_signal_under_nohup(flow: Flow, marker: str) -> None:
    """Where SIGHUP is ignored for good, ending at once works all the same."""

    def nohup() -> None:
        heed_signals()
        signal.signal(HUP, signal.SIG_IGN)

    running = flow.start(workflow(flow, marker), env={"WAIT": "1", "WAIT_TIDY": ""}, prepare=nohup)
    wait_for_file(running, flow.place.root / "started")
    running.send(TERM)
    wait_for_file(running, flow.place.root / "step")
    running.send(TERM)
    run = running.end()
    assert run.status == 143
    assert set(run.jobs.values()) == {"cancelled"}
    assert processes_with(marker) == []


@pytest.mark.parametrize("seed", range(6))
def test_at_any_moment(flow: Flow, marker: str, seed: int) -> None:
    """Wherever a signal falls, the run ends, each job once, and nothing is left."""
    running = flow.start(
        f"""
        workflow w {{
          job a {{ run "bash -c 'sleep 60; :' {marker}" }}
          job b {{
            condition = "true"
            run "bash -c 'sleep 60; :' {marker}"
          }}
          job c {{
            matrix = {{ n = [1, 2, 3] }}
            run "bash -c 'sleep 60; :' {marker}"
          }}
          job d {{
            needs     = [a, b, c]
            condition = always()
            run "true"
          }}
        }}
        """
    )
    assert running.process.stdout is not None
    first = running.process.stdout.readline()
    assert json.loads(first)["event"] == "workflow_start"
    time.sleep(random.Random(seed).random() * 0.06)
    running.send(TERM)
    run = running.end()
    rest = Run(run.status, first + run.stdout, run.stderr)
    assert run.status == 143
    made = ["a", "b", "c-n-1", "c-n-2", "c-n-3"]
    assert rest.jobs == {**dict.fromkeys(made, "cancelled"), "d": "success"}
    assert processes_with(marker) == []


@pytest.mark.bare
@pytest.mark.parametrize("name", ["TERM", "USR2"])
def test_a_second_signal_of_one_order_is_not_taken_for_the_end_of_a_step(
    flow: Flow, name: str
) -> None:
    """Over ssh a job's timeout may be told by the host and by this machine."""
    timeout = "timeout = 1s" if name == "USR2" else ""
    on = flow.place.root / "on"
    running = flow.start(f"""
        workflow w {{
          job j {{
            {timeout}
            run "touch '{on}'; sleep 60"
            step "tidy" {{
              condition = always()
              run       = "kill -{name} $PPID; sleep 0.3; echo tidied"
            }}
          }}
        }}
    """)
    wait_for(on.exists, "the step")
    if name == "TERM":
        running.send(signal.SIGTERM)
    run = running.end()
    assert run.jobs == {"j": "timeout" if name == "USR2" else "cancelled"}
    assert run.steps("j")["tidy"] == "success", run.text
    assert run.output("j", "tidy") == ["tidied"]
