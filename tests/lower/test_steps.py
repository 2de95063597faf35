"""Steps: names, retry in force, what `use` merges, scripts and their way back."""

from __future__ import annotations

from nixc.ir import model as ir
from tests.lower.texts import steps, workflow


def test_names() -> None:
    (job,) = workflow(
        f"""
        workflow w {{
          job a {{
            run "make"
            run "make"
            step "make #2" {{ run = "x" }}
            run \"\"\"

              {"x" * 70}
              second
            \"\"\"
            step {{ run = "y" }}
          }}
        }}
        """
    ).jobs
    names = [step.name for step in steps(job)]
    assert names == ["make", "make #2", "make #2 #2", "x" * 60 + "…", "y"]


def test_retry_of_step_over_job_over_workflow() -> None:
    jobs = workflow(
        """
        workflow w {
          retry = { maxAttempts = 2 }
          job a {
            run "x"
            step "own" {
              retry = { maxAttempts = 3, backoff = "linear", minTime = 500ms, maxTime = 1h30m }
              run = "x"
            }
            step "off" {
              retry = null
              run = "x"
            }
          }
          job b {
            retry = null
            run "x"
          }
        }
        """
    ).jobs
    assert [step.retry for step in steps(jobs[0])] == [
        ir.Retry(2, "exponential", 1000, 60_000),
        ir.Retry(3, "linear", 500, 5_400_000),
        None,
    ]
    assert steps(jobs[1])[0].retry is None


def test_use_merges_env_and_replaces_the_rest() -> None:
    (job,) = workflow(
        """
        action a(log-level, other = null) {
          env = { A = "1", B = "2" }
          deps = ["make"]
          run = "make"
        }
        workflow w {
          job j {
            use a(env.LEVEL) {
              env = { B = 3, C = true }
              deps = ["jq:jq2"]
            }
          }
        }
        """
    ).jobs
    (step,) = steps(job)
    env = {one.name: one.value and one.value.constant for one in step.action.env}
    assert env == {"A": "1", "B": "3", "C": "true"}
    assert [(dep.package, dep.command) for dep in step.action.deps] == [("jq", "jq2")]
    assert [(one.name, one.value and one.value.constant) for one in step.params] == [
        ("log_level", None),
        ("other", None),
    ]
    assert step.params[0].value is not None
    assert step.params[1].value is None


def test_interpreters_count_as_dependencies() -> None:
    (job,) = workflow(
        """
        workflow w {
          job j {
            run \"\"\"node
              console.log(1)
            \"\"\"
          }
        }
        """
    ).jobs
    (step,) = steps(job)
    assert step.action.script.interpreter is ir.Interpreter.NODE
    assert [(dep.package, dep.command) for dep in step.action.deps] == [("nodejs", "node")]


def test_scripts_lead_back_to_the_source() -> None:
    (job,) = workflow(
        """
        let b = "B"
        let text = "echo ${b} \\"$HOME\\""
        workflow w {
          job j {
            run "a \\"$X\\" ${b}"
            run text
          }
        }
        """
    ).jobs
    shell, put_together = (step.action.script for step in steps(job))
    assert shell.text == 'a "$X" ${b}'
    at = shell.text.index("$X")
    assert shell.map.span(at, at + 2).text == "$X"
    assert put_together.text == 'echo B "$HOME"'
    at = put_together.text.index("$HOME")
    assert put_together.map.span(at, at + 5).text == "$HOME"
