"""NUL bytes in what a step prints: they may be dropped, nothing after them may be lost."""

from __future__ import annotations

from tests.e2e.runs import Flow

WORKFLOW = """
    workflow w {
      job j {
        step "nul" { run = "printf 'a\\\\0b\\\\nopen\\\\0'" }
        step "next" { run = "echo after" }
      }
    }
    """


def test_what_follows_a_nul_is_told(flow: Flow) -> None:
    run = flow(WORKFLOW)
    assert run.status == 0
    ends = [event for event in run.events if event["event"] == "step_end"]
    assert [(event["step"], event["status"]) for event in ends] == [
        ("nul", "success"),
        ("next", "success"),
    ]
    assert run.output("j")[-1] == "after"
