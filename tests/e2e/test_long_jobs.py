"""Jobs of many steps run from a shell of their own: everything must be there as in short ones."""

from __future__ import annotations

import signal
from functools import partial

import pytest

from tests.e2e.runs import Flow, processes_with, wait_for

pytestmark = pytest.mark.bare

#: More than a short job has.
FILLING = "\n".join('run "true"' for _ in range(12))


def test_all_that_steps_see_and_do(flow: Flow) -> None:
    run = flow(
        f"""
        action greet(who) {{
          run = "echo \\"hello $who\\""
        }}
        workflow w {{
          env = {{ LEVEL = "workflow", IFS = "-" }}
          job first {{
            exports = ["VALUE"]
            run "printf 'VALUE<<E\\\\ntwo\\\\nlines \\\\\\\\ $\\\\nE\\\\n' >> \\"$JOB_ENV\\""
          }}
          job long {{
            needs   = [first]
            matrix  = {{ axis = ["a b"] }}
            env     = {{ GIVEN = needs.first.VALUE }}
            exports = ["LATE"]
            {FILLING}
            step "job env" {{ run = "echo LATE=late >> \\"$JOB_ENV\\"" }}
            step "seen" {{
              env       = {{ OWN = needs.first.result }}
              condition = needs.first.VALUE != "" && env.LATE == "late" && "[ $OWN = success ]"
              run       = "echo \\"$LATE $OWN $MATRIX_AXIS $LEVEL $STEP_NAME\\"; echo \\"$GIVEN\\""
            }}
            use greet(who = "wörld")
            step "in python" {{
              run = \"\"\"python
                import os
                print(os.environ["IFS"], os.path.basename(os.getcwd()))
              \"\"\"
            }}
            step "again" {{
              retry = {{ maxAttempts = 2, minTime = 1ms }}
              run   = "[ $ATTEMPT = 2 ]"
            }}
            step "slow" {{
              timeout         = 100ms
              continueOnError = true
              run             = "sleep 20"
            }}
            run "exit 3"
            run "echo never"
            step "after" {{
              condition = failure()
              run       = "echo after"
            }}
          }}
        }}
        """
    )
    job = "long-axis-a-b"
    assert run.jobs == {"first": "success", job: "failure"}
    assert run.output(job) == [
        "late success a b workflow seen",
        "two",
        "lines \\ $",
        "hello wörld",
        f"- {job}",
        "after",
    ]
    steps = run.steps(job)
    assert (steps["again"], steps["slow"], steps["exit 3"]) == ("success", "timeout", "failure")
    assert steps["echo never"] == "skipped"
    assert run.status == 1


def test_a_job_that_takes_too_long(flow: Flow) -> None:
    run = flow(
        f"""
        workflow w {{
          job j {{
            timeout = 1s
            {FILLING}
            run "sleep 60"
            step "after" {{
              condition = always()
              run       = "echo after"
            }}
          }}
        }}
        """,
        timeout=30,
    )
    assert run.jobs == {"j": "timeout"}
    assert run.output("j") == ["after"]


@pytest.mark.parametrize("deed", ["kill -9 $PPID", "kill -9 $PPID; sleep 60"])
def test_a_step_that_kills_its_runner(flow: Flow, deed: str) -> None:
    run = flow(
        f"""
        workflow w {{
          job j {{
            {FILLING}
            run "{deed}"
          }}
        }}
        """,
        timeout=30,
    )
    assert run.jobs == {"j": "failure"}
    assert list(flow.place.workspaces.iterdir()) == []


@pytest.mark.parametrize("signals", [1, 2])
def test_cancelled(flow: Flow, marker: str, signals: int) -> None:
    """One signal cancels, the second ends what runs because of the first."""
    running = flow.start(
        f"""
        workflow w {{
          job j {{
            {FILLING}
            run "bash -c 'sleep 60; :' {marker}-a"
            step "tidy" {{
              condition = always()
              run       = "echo tidy; [ {signals} = 1 ] || bash -c 'sleep 60; :' {marker}-b"
            }}
          }}
        }}
        """
    )
    for name in "ab"[:signals]:
        wait_for(partial(processes_with, f"{marker}-{name}"), f"the step {name}")
        running.process.send_signal(signal.SIGTERM)
    run = running.end(30)
    assert run.status == 143
    assert run.jobs == {"j": "cancelled"}
    assert run.output("j") == ["tidy"]
    assert processes_with(marker) == []
