"""Conditions of jobs and steps, results, continueOnError, exports."""

from __future__ import annotations

import pytest

from tests.e2e.runs import Flow

BASH = '"""'


@pytest.mark.parametrize(
    ("condition", "after_success", "after_failure"),
    [
        ("", "success", "skipped"),
        ("success()", "success", "skipped"),
        ("failure()", "skipped", "success"),
        ("always()", "success", "success"),
        ("cancelled()", "skipped", "skipped"),
        ("!failure()", "success", "skipped"),
        ("!success()", "skipped", "success"),
        ("success() || failure()", "success", "success"),
        ("!cancelled()", "success", "success"),
        ('env.FLAG == "on"', "success", "skipped"),
        ('env.FLAG != "on"', "skipped", "skipped"),
        ('failure() && env.FLAG == "on"', "skipped", "success"),
        ('always() && env.FLAG == "off"', "skipped", "skipped"),
        ('env.UNSET == ""', "success", "skipped"),
        ('"[ \\"$FLAG\\" = on ]"', "success", "skipped"),
        ('always() && "[ \\"$FLAG\\" = on ]"', "success", "success"),
        ('env.FLAG == "on" && (env.FLAG == "x" || !(env.FLAG == "x"))', "success", "skipped"),
    ],
)
def test_conditions_of_jobs_and_steps(
    flow: Flow, condition: str, after_success: str, after_failure: str
) -> None:
    field = f"condition = {condition}" if condition else ""
    run = flow(
        f"""
        workflow w {{
          env = {{ FLAG = "on" }}
          job good {{ run "true" }}
          job bad {{ run "exit 3" }}
          job after-good {{
            needs = [good]
            {field}
            run "true"
          }}
          job after-bad {{
            needs = [bad]
            {field}
            run "true"
          }}
          job good-steps {{
            run "true"
            step "then" {{
              {field}
              run = "true"
            }}
          }}
          job bad-steps {{
            run "exit 3"
            step "then" {{
              {field}
              run = "true"
            }}
          }}
        }}
        """
    )
    assert run.status == 1
    assert run.jobs["after-good"] == run.steps("good-steps")["then"] == after_success
    assert run.jobs["after-bad"] == run.steps("bad-steps")["then"] == after_failure
    assert run.jobs["bad-steps"] == "failure"


def test_skips_go_on_through_needs(flow: Flow) -> None:
    run = flow(
        """
        workflow w {
          job off {
            condition = env.NEVER == "x"
            run "true"
          }
          job next {
            needs = [off]
            run "true"
          }
          job last {
            needs = [next]
            run "true"
          }
          job compared {
            needs     = [off]
            condition = env.NEVER == ""
            run "true"
          }
          job anyway {
            needs     = [off]
            condition = always()
            run "true"
          }
          job read {
            needs     = [next]
            condition = needs.next.result == "skipped"
            run "true"
          }
          job alarm {
            needs     = [last]
            condition = failure()
            run "true"
          }
          job after-anyway {
            needs = [anyway]
            run "true"
          }
        }
        """
    )
    assert run.status == 0
    assert run.jobs == {
        "off": "skipped",
        "next": "skipped",
        "last": "skipped",
        "compared": "skipped",
        "anyway": "success",
        "read": "success",
        "alarm": "skipped",
        "after-anyway": "success",
    }
    assert {each.get("job") for each in run.of("job_start")} == {"anyway", "read", "after-anyway"}


def test_failure_reaches_down_through_several_needs(flow: Flow) -> None:
    run = flow(
        """
        workflow w {
          job bad { run "exit 1" }
          job mid {
            needs = [bad]
            run "true"
          }
          job low {
            needs = [mid]
            run "true"
          }
          job alarm {
            needs     = [low]
            condition = failure()
            run "true"
          }
          job after-alarm {
            needs = [alarm]
            run "true"
          }
          job always-mid {
            needs     = [bad]
            condition = always()
            run "true"
          }
          job below-always {
            needs = [always-mid]
            run "true"
          }
          job not-failed {
            needs     = [always-mid]
            condition = !failure()
            run "true"
          }
        }
        """
    )
    assert run.status == 1
    assert run.jobs == {
        "bad": "failure",
        "mid": "skipped",
        "low": "skipped",
        "alarm": "success",
        # "no job further up failed"
        "after-alarm": "skipped",
        "always-mid": "success",
        "below-always": "skipped",
        "not-failed": "skipped",
    }


def test_continue_on_error(flow: Flow) -> None:
    run = flow(
        """
        workflow w {
          failFast = true
          job tolerated {
            continueOnError = true
            run "exit 4"
            run "true"
          }
          job after {
            needs = [tolerated]
            run "true"
          }
          job alarm {
            needs     = [tolerated]
            condition = failure()
            run "true"
          }
          job read {
            needs     = [tolerated]
            condition = needs.tolerated.result == "failure"
            run "true"
          }
          job steps {
            step "tolerated" {
              continueOnError = true
              run             = "exit 5"
            }
            step "after" { run = "true" }
            step "alarm" {
              condition = failure()
              run       = "true"
            }
          }
        }
        """
    )
    assert run.status == 0
    assert run.jobs == {
        "tolerated": "failure",
        "after": "success",
        "alarm": "skipped",
        "read": "success",
        "steps": "success",
    }
    assert run.steps("tolerated") == {"exit 4": "failure", "true": "skipped"}
    assert run.steps("steps") == {"tolerated": "failure", "after": "success", "alarm": "skipped"}
    assert run.of("step_end", "steps", "tolerated")[0]["exit_code"] == 5


@pytest.mark.parametrize(
    ("ends", "result"),
    [
        (("success", "success"), "success"),
        (("success", "failure"), "failure"),
        (("success", "skipped"), "success"),
        (("skipped", "skipped"), "skipped"),
        (("failure", "skipped"), "failure"),
    ],
)
def test_result_of_a_matrix(flow: Flow, ends: tuple[str, str], result: str) -> None:
    run = flow(
        r"""
        workflow w {
          job m {
            matrix    = { n = ["one", "two"], failFast = false }
            condition = "[ \"$(eval echo \"\\$END_$MATRIX_N\")\" != skipped ]"
            run "[ \"$(eval echo \"\\$END_$MATRIX_N\")\" = success ]"
          }
          job read {
            needs     = [m]
            condition = always()
            env       = { R = needs.m.result }
            run "echo \"$R\""
          }
          job after {
            needs = [m]
            run "true"
          }
        }
        """,
        env={"END_one": ends[0], "END_two": ends[1]},
    )
    assert (run.jobs["m-n-one"], run.jobs["m-n-two"]) == ends
    assert run.output("read") == [result]
    assert run.jobs["after"] == ("success" if result == "success" else "skipped")


@pytest.mark.parametrize(
    ("one", "two", "value"),
    [("V=1", "V=1", "1"), ("V=1", "V=2", ""), ("V=1", "skip", "1"), ("V=1", "", ""), ("", "", "")],
)
def test_export_of_a_matrix(flow: Flow, one: str, two: str, value: str) -> None:
    run = flow(
        r"""
        workflow w {
          job m {
            matrix    = { n = ["one", "two"], failFast = false }
            exports   = ["V"]
            condition = "[ \"$(eval echo \"\\$DO_$MATRIX_N\")\" != skip ]"
            run "eval echo \"\\$DO_$MATRIX_N\" >> \"$JOB_ENV\""
          }
          job read {
            needs = [m]
            env   = { R = "<${needs.m.V}>" }
            run "echo \"$R\""
          }
          job one {
            needs     = [m-n-one]
            condition = needs.m-n-one.V == "1"
            run "true"
          }
        }
        """,
        env={"DO_one": one, "DO_two": two},
    )
    assert run.output("read") == [f"<{value}>"]
    assert run.jobs["one"] == ("success" if one == "V=1" else "skipped")


def test_export_takes_the_last_value_of_successful_steps(flow: Flow) -> None:
    run = flow(
        r"""
        workflow w {
          job j {
            exports         = ["A", "B", "C"]
            continueOnError = true
            run "echo A=1 >> \"$JOB_ENV\""
            run "echo A=2 >> \"$JOB_ENV\"; echo B= >> \"$JOB_ENV\""
            run "echo A=3 >> \"$JOB_ENV\"; exit 1"
          }
          job k {
            needs = [j]
            env   = { A = needs.j.A, B = needs.j.B, C = needs.j.C }
            run "echo \"<$A> <$B> <$C>\""
          }
        }
        """
    )
    assert run.output("k") == ["<2> <> <>"]


@pytest.mark.parametrize("of", ["job", "step"])
@pytest.mark.parametrize(
    ("status", "end"), [(0, "success"), (1, "skipped"), (2, "failure"), (127, "failure")]
)
def test_bash_conditions(flow: Flow, of: str, status: int, end: str) -> None:
    condition = f"""
        condition = {BASH}
          echo "to stdout"
          echo "to stderr" >&2
          false
          exit {status}
        {BASH}
    """
    run = flow(
        f"""
        workflow w {{
          job j {{
            {condition if of == "job" else ""}
            step "s" {{
              {condition if of == "step" else ""}
              run = "true"
            }}
            step "after" {{ run = "true" }}
          }}
        }}
        """
    )
    assert run.output("j") == ["to stdout", "to stderr"]
    if of == "job":
        assert run.jobs == {"j": end}
        ending = run.of("job_end", "j")[0]
        assert bool(run.of("job_start")) == (end == "success")
    else:
        assert run.steps("j") == {"s": end, "after": "skipped" if end == "failure" else "success"}
        ending = run.of("step_end", "j", "s")[0]
    assert run.status == (1 if end == "failure" else 0)
    if end == "failure":
        assert ending["reason"] == f"condition exited with {status}"


def test_an_error_in_a_condition_is_not_negated_away(flow: Flow) -> None:
    run = flow(
        """
        workflow w {
          job j {
            condition = !"exit 2" || always()
            run "true"
          }
          job tolerated {
            continueOnError = true
            condition       = !"exit 2"
            run "true"
          }
        }
        """
    )
    assert run.jobs == {"j": "failure", "tolerated": "failure"}
    assert run.status == 1


def test_where_conditions_run(flow: Flow) -> None:
    run = flow(
        r"""
        workflow w {
          executor here = local { copyRepo = false }
          job j {
            executor  = here
            env       = { MINE = "job" }
            condition = "[ -e in-repository ] && [ \"$MINE\" = job ]"
            run "mkdir sub && echo MINE=given >> \"$JOB_ENV\""
            step "inside" {
              workdir   = "sub"
              env       = { OWN = "1" }
              condition = "[ \"${PWD##*/}\" = sub ] && [ \"$MINE$OWN\" = given1 ]"
              run       = "pwd"
            }
            step "env" {
              condition = env.MINE == "given"
              run       = "true"
            }
          }
        }
        """,
        cwd=flow.say("in-repository").parent,
    )
    assert run.jobs == {"j": "success"}
    assert list(run.steps("j").values()) == ["success"] * 3


def test_inputs_and_booleans_in_conditions(flow: Flow) -> None:
    text = """
        workflow w {
          input flag {
            type    = "boolean"
            default = false
          }
          input to {
            type    = "choice"
            options = ["a", "b"]
            default = "a"
          }
          job flagged {
            condition = input.flag
            run "true"
          }
          job unflagged {
            condition = !input.flag
            run "true"
          }
          job b {
            condition = input.to == "b"
            run "true"
          }
        }
        """
    assert flow(text).jobs == {"flagged": "skipped", "unflagged": "success", "b": "skipped"}
    script = flow.place.root / "ci.sh"
    run = flow(script, "-i", "flag=true", "--input", "to=b")
    assert run.jobs == {"flagged": "success", "unflagged": "skipped", "b": "success"}


def test_names_in_conditions_are_data(flow: Flow) -> None:
    run = flow(
        r"""
        workflow w {
          job j {
            condition = env.A == "*" && env.B != "$(touch canary)" && env.C == "-n"
            run "true"
          }
        }
        """,
        env={"A": "*", "B": "x", "C": "-n"},
    )
    assert run.jobs == {"j": "success"}
    assert not (flow.place.repo / "canary").exists()
