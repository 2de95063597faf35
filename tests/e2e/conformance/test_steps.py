"""What every executor must do: environment, conditions, retries, exit statuses, output."""

from __future__ import annotations

import pytest

from tests.e2e.conformance.conftest import There


def job(*lines: str) -> str:
    inner = "\n".join(lines)
    return f"workflow w {{\n  job j {{\n    executor = there\n{inner}\n  }}\n}}\n"


def test_all_levels_of_the_environment(there: There) -> None:
    run = there(
        """
        workflow w {
          input who { default = "nobody" }
          env = { A = "workflow", B = "workflow", IFS = "-", GONE = null }
          job first {
            executor = there
            exports  = ["MADE"]
            run "printf 'MADE<<E\\\\ntwo\\\\nlines \\\\\\\\ $ é\\\\nE\\\\n' >> \\"$JOB_ENV\\""
          }
          job j {
            executor = there
            needs    = [first]
            matrix   = { axis = ["a b"] }
            env      = {
              B      = "job"
              QUOTED = "it's \\"so\\" $HOME \\\\ `x`"
              FROM   = needs.first.MADE
            }
            step "one" { run = "echo \\"LATER=$WORKFLOW_NAME\\" >> \\"$JOB_ENV\\"" }
            step "two" {
              env = { C = needs.first.result, D = env.B }
              run = \"\"\"
                echo "$A $B $C $D $LATER $INPUT_WHO $MATRIX_AXIS $JOB_NAME $STEP_NAME $ATTEMPT"
                echo "$QUOTED"
                echo "$FROM"
                echo "${GONE-none} $CI $NIXACTIONS $([ "$PWD" = "$JOB_DIR" ] && echo same)"
              \"\"\"
            }
            step "three" {
              run = \"\"\"python
                import os
                print(os.environ["IFS"])
              \"\"\"
            }
          }
        }
        """,
        "--env",
        "A=given",
        "--input",
        "who=me",
        GONE="here",
    )
    name = "j-axis-a-b"
    assert run.output(name) == [
        f"given job success job w me a b {name} two 1",
        'it\'s "so" $HOME \\ `x`',
        "two",
        "lines \\ $ é",
        "none true true same",
        "-",
    ]
    assert run.status == 0


def test_conditions_of_steps_and_jobs(there: There) -> None:
    run = there(
        """
        workflow w {
          job bad {
            executor = there
            env      = { MODE = "x" }
            step "yes" {
              condition = env.MODE == "x" && "[ $MODE = x ]"
              run       = "true"
            }
            step "no" {
              condition = "false"
              run       = "true"
            }
            step "wrong" {
              continueOnError = true
              condition       = "exit 7"
              run             = "true"
            }
            step "fails" { run = "exit 3" }
            step "after" { run = "true" }
            step "told" {
              condition = failure()
              run       = "true"
            }
            step "ever" {
              condition = always()
              run       = "true"
            }
          }
          job skipped {
            executor = there
            needs    = [bad]
            run "true"
          }
          job mends {
            executor  = there
            needs     = [bad]
            condition = failure()
            run "true"
          }
        }
        """
    )
    assert run.jobs == {"bad": "failure", "skipped": "skipped", "mends": "success"}
    assert run.steps("bad") == {
        "yes": "success",
        "no": "skipped",
        "wrong": "failure",
        "fails": "failure",
        "after": "skipped",
        "told": "success",
        "ever": "success",
    }


@pytest.mark.parametrize("status", [1, 2, 77, 126, 127, 255])
def test_exit_statuses(there: There, status: int) -> None:
    run = there(job(f'run "exit {status}"'))
    (end,) = run.of("step_end")
    assert (end["status"], end["exit_code"], run.jobs) == ("failure", status, {"j": "failure"})


def test_retry(there: There) -> None:
    retry = 'retry = { maxAttempts = 3, minTime = 10ms, backoff = "linear" }'
    run = there(job(f'step "s" {{\n {retry}\n run = "echo $ATTEMPT; [ $ATTEMPT = 3 ]"\n }}'))
    assert run.output() == ["1", "2", "3"]
    assert run.jobs == {"j": "success"}
    assert [each["delay_ms"] for each in run.of("step_retry")] == [10, 20]


def test_much_output_arrives_whole(there: There) -> None:
    run = there(job('run "seq 1 30000"', 'run "printf \\"no end\\"; printf \\"err\\\\n\\" >&2"'))
    assert run.output() == [*map(str, range(1, 30001)), "no enderr"]
    assert run.jobs == {"j": "success"}


def test_other_languages_and_directories(there: There) -> None:
    there.flow.say("sub/file", "text")
    run = there(
        job(
            'step "py" { run = """python',
            '      print(open("sub/file").read())',
            '    """ }',
            'step "dir" {\n workdir = "sub"\n run = "cat file"\n }',
        )
    )
    assert run.output() == ["text", "text"]


def test_a_missing_command_is_told_before_any_step(there: There) -> None:
    run = there(job('step "s" {\n deps = ["no-such-tool"]\n run = "true"\n }'))
    assert run.status != 0
    assert "no-such-tool" in run.stderr + run.stdout.decode()
    assert b"step_start" not in run.stdout


def test_what_providers_give_to_steps(there: There) -> None:
    there.flow.say("vars", "A=from 'file'\n")
    run = there(
        """
        workflow w {
          job j {
            executor = there
            envFrom  = [static({ OF_JOB = "job" })]
            step "makes" { run = "echo LATE=late >> \\"$JOB_ENV\\"" }
            step "sees" {
              envFrom = [file("vars"), exec("echo B=$OF_JOB"), required("LATE", "A")]
              run     = "echo \\"$A $B $OF_JOB\\""
            }
            step "sees nothing" { run = "echo \\"${A-none}\\"" }
            step "lacks" {
              continueOnError = true
              envFrom         = [required("NOT_THERE", "LATE")]
              run             = "true"
            }
            step "fails" {
              continueOnError = true
              envFrom         = [exec("echo why >&2; exit 4")]
              run             = "true"
            }
          }
        }
        """
    )
    assert run.output() == ["from 'file' job job", "none"], run.text
    assert run.jobs == {"j": "success"}
    reasons = {each["step"]: each.get("reason", "") for each in run.of("step_end")}
    assert reasons["lacks"] == "envFrom: required, but not set: NOT_THERE"
    assert reasons["fails"].startswith("envFrom: ")


def test_secrets_are_masked(there: There) -> None:
    run = there(
        """
        workflow w {
          secrets = ["TOKEN"]
          job j {
            executor = there
            run "echo \\"${TOKEN%?}.${TOKEN#????????}\\"; printf '%s\\\\n' \\"$TOKEN\\" | cat"
          }
        }
        """,
        TOKEN="s3cr3t-v'alue",
    )
    assert run.output() == ["s3cr3t-v'alu.'alue", "***"]


def test_a_short_secret_of_a_job_is_told_once_and_its_value_is_there(there: There) -> None:
    run = there(
        """
        workflow w {
          secrets = ["PIN"]
          job j {
            executor = there
            env      = { PIN = "abc" }
            run "echo pin $PIN"
          }
        }
        """
    )
    assert run.output("j") == ["pin abc"]
    assert run.warnings() == [
        "the secret PIN has a value or line of less than 4 characters, which is not masked"
    ]


def test_control_characters_arrive(there: There) -> None:
    numbers = [*range(1, 32), 127]
    value = "".join(f"\\u{{{number:x}}}" for number in numbers)
    look = "".join(
        f"printf %s \\\"${name}\\\" | od -An -tx1 | tr -d ' \\\\n'; echo; "
        for name in ("OF_JOB", "OF_STEP")
    )
    run = there(
        job(
            f'    env = {{ OF_JOB = "{value}" }}',
            '    step "look" {',
            f'      env = {{ OF_STEP = "{value}" }}',
            f'      run = "{look}"',
            "    }",
            *['    run "true"'] * 8,  # as many as a shell of their own takes
        )
    )
    assert run.output() == ["".join(f"{number:02x}" for number in numbers)] * 2
