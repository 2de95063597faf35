"""Levels: `-q`, `-v` and the workflow's `logging`; logs and events are whole at each of them."""

from __future__ import annotations

import pytest

from tests.e2e.runs import Flow

TWO_STEPS = r"""
    workflow w {{
      logging = {{ level = "{level}" }}
      job j {{
        step "good" {{ run = "echo fine" }}
        step "bad" {{
          condition = env.HOME != ""
          run = "echo broken; exit 3"
        }}
      }}
      job k {{ run "echo other" }}
    }}
"""


def heads(lines: list[str]) -> list[str]:
    return [line.split("] ", 2)[2].partition(" (duration")[0] for line in lines]


QUIET = [
    "[job:j] [step:bad] Starting",
    "[job:j] [step:bad] broken",
    "[job:j] [step:bad] Failed",
    "[job:j] Failed",
    "Failed",
]


@pytest.mark.parametrize(
    ("level", "options"),
    [("error", []), ("warning", []), ("info", ["-q"]), ("debug", ["--quiet"])],
)
def test_quiet_runs_show_failures_with_their_output(
    flow: Flow, level: str, options: list[str]
) -> None:
    run = flow(TWO_STEPS.format(level=level), *options, format="structured")
    assert run.status == 1
    assert heads(run.lines) == QUIET
    (log,) = flow.place.root.rglob("logs/j.log")
    assert [part in log.read_text() for part in ("fine", "broken", "Starting")] == [True] * 3
    (events,) = flow.place.root.rglob("events.jsonl")
    assert '"message":"fine"' in events.read_text()
    assert '"message":"other"' in events.read_text()


@pytest.mark.parametrize(("level", "options"), [("debug", []), ("error", ["-v"])])
def test_verbose_runs_show_what_steps_run(flow: Flow, level: str, options: list[str]) -> None:
    run = flow(TWO_STEPS.format(level=level), *options)
    told = [each["message"] for each in run.of("debug", "j", "bad")]
    assert told == [
        'condition holds: env.HOME != ""',
        "runs with bash:",
        "  echo broken; exit 3",
    ]
    assert run.output("k") == ["other"]
    assert flow(TWO_STEPS.format(level="info")).of("debug") == []


def test_much_output_is_held_back_whole(flow: Flow) -> None:
    run = flow(
        """
        workflow w {
          job j {
            step "bad" { run = "seq -f %0100.0f 15000; exit 1" }
          }
        }
        """,
        "-q",
        format="simple",
    )
    assert run.lines[0] == "==> j / bad"
    assert run.lines[1:15_001] == [f"{number:0100}" for number in range(1, 15_001)]
