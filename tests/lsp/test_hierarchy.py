"""Jobs that need one another, as calls."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nixc_lsp.features import hierarchy
from tests.lsp.conftest import Start
from tests.lsp.cursor import analysed

TEXT = """\
template late() {
  needs = [build]
  run "true"
}
workflow w {
  job lint {
    run "true"
  }
  job build {
    needs = [lint]
    matrix = { os = ["x", "y"] }
    run "true"
  }
  job test {
    needs = [lint, build-os-x]
    run "true"
  }
  job last = late()
}
"""


def around(text: str, name: str) -> tuple[list[Any], list[Any]]:
    """What a job needs, and what needs it: names, and the lines where that is written."""
    analysis, offset = analysed(text.replace(f"job {name}", f"job |{name}", 1))
    job = hierarchy.at(analysis, offset)
    assert job is not None
    line = analysis.source.position
    needed, needing = (
        [(one.job.name, [line(span.start).line for span in one.places]) for one in calls]
        for calls in (hierarchy.needed(analysis, job), hierarchy.needing(analysis, job))
    )
    return needed, needing


@pytest.mark.parametrize(
    ("name", "needed", "needing"),
    [
        ("lint", [], [("build", [10]), ("test", [15])]),
        ("build", [("lint", [10])], [("test", [15]), ("last", [2])]),
        ("test", [("lint", [15]), ("build", [15])], []),
        ("last", [("build", [2])], []),
    ],
)
def test_needs_are_calls(name: str, needed: list[Any], needing: list[Any]) -> None:
    assert around(TEXT, name) == (needed, needing)


def test_a_broken_job_leaves_the_others() -> None:
    broken = TEXT.replace("job last = late()", "job last = late(\n  job more { needs = [")
    assert around(broken, "build")[0] == [("lint", [10])]


def test_what_is_no_job_calls_nothing() -> None:
    assert hierarchy.at(*analysed("workflow |w { }")) is None
    assert hierarchy.at(*analysed("|")) is None


def test_over_the_wire(start: Start, tmp_path: Path) -> None:
    wire, uri = start(), (tmp_path / "w" / "a.nxa").as_uri()
    wire.open(uri, TEXT)
    place = {"textDocument": {"uri": uri}, "position": {"line": 9, "character": 14}}
    (item,) = wire.ask("textDocument/prepareCallHierarchy", place)["result"]
    assert (item["name"], item["selectionRange"]["start"]["line"]) == ("lint", 5)
    asked = {"item": item}
    assert wire.ask("callHierarchy/outgoingCalls", asked)["result"] == []
    build, test = wire.ask("callHierarchy/incomingCalls", asked)["result"]
    assert (build["from"]["name"], build["from"]["detail"]) == ("build", "2 jobs")
    assert build["fromRanges"][0]["start"] == {"line": 9, "character": 13}
    assert test["from"]["name"] == "test"
    (call,) = wire.ask("callHierarchy/outgoingCalls", {"item": build["from"]})["result"]
    assert call["to"]["name"] == "lint"
