"""What every executor must do: timeouts, cancelling, two runs at once, clean-up: of whole trees."""

from __future__ import annotations

import signal
import uuid

from tests.e2e.conformance.conftest import There
from tests.e2e.runs import processes_with, wait_for


def sleeper() -> str:
    """A number of seconds that no other process sleeps."""
    return f"98{uuid.uuid4().int % 10**9}"


def test_a_step_timeout_ends_the_whole_tree(there: There) -> None:
    number = sleeper()
    run = there(
        f"""
        workflow w {{
          job j {{
            executor = there
            step "slow" {{
              timeout = 1s
              run     = "bash -c 'sleep {number} & sleep {number}' & sleep {number}"
            }}
            step "told" {{
              condition = failure()
              run       = "echo told"
            }}
          }}
        }}
        """
    )
    assert run.steps("j") == {"slow": "timeout", "told": "success"}
    assert run.jobs == {"j": "failure"}
    assert processes_with(number) == []


def test_a_job_timeout(there: There) -> None:
    number = sleeper()
    run = there(
        f"""
        workflow w {{
          job j {{
            executor = there
            timeout  = 2s
            step "slow" {{ run = "trap 'echo bye; exit 1' TERM; sleep {number} & wait" }}
            step "never" {{ run = "true" }}
            step "last" {{
              condition = always()
              run       = "echo last"
            }}
          }}
        }}
        """
    )
    assert run.jobs == {"j": "timeout"}
    assert run.output() == ["bye", "last"], run.text
    assert run.steps("j")["never"] == "skipped"
    assert processes_with(number) == []
    (end,) = run.of("job_end")
    assert end["duration_ms"] < 9000


def test_a_cancelled_job(there: There) -> None:
    number = sleeper()
    running = there.start(
        f"""
        workflow w {{
          job j {{
            executor = there
            step "slow" {{ run = "echo begun >&2; bash -c 'sleep {number} & sleep {number}'" }}
            step "cancelled" {{
              condition = cancelled()
              run       = "sleep 0.3; echo last"
            }}
          }}
        }}
        """
    )
    wait_for(lambda: len(processes_with(f"sleep {number}")) >= 2, "the step")
    running.send(signal.SIGTERM)
    run = running.end()
    assert (run.status, run.jobs) == (143, {"j": "cancelled"})
    assert run.output() == ["begun", "last"]
    assert run.steps("j") == {"slow": "cancelled", "cancelled": "success"}
    assert processes_with(number) == []
    assert there.left() == []


def test_a_killed_script_leaves_nothing_that_gc_does_not_find(there: There) -> None:
    number = sleeper()
    text = there.text(
        f'workflow w {{\n job j {{\n executor = there\n run "sleep {number}"\n }}\n}}'
    )
    script = there.flow.build(text)
    running = there.start_script(script)
    wait_for(lambda: processes_with(f"sleep {number}"), "the step")
    running.process.kill()
    running.process.wait()
    for pipe in (running.process.stdout, running.process.stderr):
        assert pipe is not None
        pipe.close()
    collected = there.start_script(script, "--gc").end()
    assert collected.status == 0, collected.stderr
    assert processes_with(number) == []
    assert there.left() == []


def test_two_runs_at_once(there: There) -> None:
    there.flow.say("file", "from the repository\n")
    text = there.text(
        """
        workflow w {
          job a {
            executor = there
            outputs  = { out = "mine" }
            run "cat file; echo \\"$WORKFLOW_ID\\" | tee mine; sleep 0.5"
          }
          job b {
            executor = there
            needs    = [a]
            inputs   = ["out"]
            run "cat mine"
          }
        }
        """
    )
    script = there.flow.build(text)
    running = [there.start_script(script) for _ in range(2)]
    runs = [each.end() for each in running]
    for run in runs:
        (name,) = {each["run"] for each in run.events}
        assert run.output() == ["from the repository", name, name]
    assert there.left() == []


def test_nothing_of_a_job_is_left(there: There) -> None:
    number = sleeper()
    there.flow.place.repo.joinpath("kept").write_text("x")
    run = there(
        f"""
        workflow w {{
          job j {{
            executor = there
            run "rm kept; mkdir -p ro/x; chmod 500 ro; sleep {number} >/dev/null 2>&1 &"
          }}
        }}
        """
    )
    assert run.jobs == {"j": "success"}
    assert processes_with(number) == []
    assert there.left() == []
    assert [each.name for each in there.flow.place.root.joinpath("tmp").iterdir()] == ["nixactions"]
    assert there.flow.place.repo.joinpath("kept").exists()
