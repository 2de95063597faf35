"""Jobs of many steps run from a shell of their own: everything must be there as in short ones."""

from __future__ import annotations

from tests.e2e.runs import Flow

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
