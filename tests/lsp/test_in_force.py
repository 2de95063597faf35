"""What is in force for a job, by hover and by hints."""

from __future__ import annotations

from pathlib import Path

import pytest

from nixc_lsp.features.hints import hints
from nixc_lsp.features.hover import hover
from tests.lsp.conftest import Start
from tests.lsp.cursor import analysed

TEXT = """\
template slow(tool) {
  timeout = 90s
  env     = { TOOL = tool, LEVEL = "3" }
  outputs = { "log" = "log" }
  run "true"
}
executor box = oci { image = "debian:12" }
workflow w {
  retry = { maxAttempts = 3 }
  env   = { LEVEL = "1", HOME_OF = "${env.HOME}" }
  envFrom = [required("API_KEY")]
  job lint {
    executor = oci { image = "alpine:3" }
    retry = null
    run "true"
  }
  job build {
    executor = box
    matrix   = { os = ["x", "y"], v = [1, 2, 3] }
    outputs  = { dist = "d" }
    env      = { OS = matrix.os }
    retry    = { maxAttempts = 2, backoff = "linear" }
    timeout  = 1h
    run "true"
  }
  job slowly = slow("x") {
    executor = box
    needs = [build]
    inputs = ["dist", { name = "dist", path = "p" }]
    env = { TOOL = "y" }
  }
}
"""


def told(name: str, text: str = TEXT) -> str:
    found = hover(*analysed(text.replace(f"job {name}", f"job |{name}", 1)))
    assert found is not None
    return found.text


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("lint", "executor: `oci` (job)"),
        ("lint", "retry: off (job)"),
        ("lint", "condition: `success()` (default)"),
        ("lint", 'env: `LEVEL` = `"1"` (workflow)'),
        ("build", "6 jobs: `build-os-x-v-1`, `build-os-x-v-2`"),
        ("build", "executor: `box`, `oci` (job); shared with `slowly`"),
        (
            "build",
            'retry: `{ maxAttempts = 2, backoff = "linear", minTime = 1s, maxTime = 1m }` (job)',
        ),
        ("build", "timeout: `1h` (job)"),
        ("build", 'env: `OS` = `"x"`, `"y"` (job)'),
        ("slowly", "retry: `{ maxAttempts = 3, "),
        ("slowly", "maxTime = 1m }` (workflow)"),
        ("slowly", "timeout: `1m30s` (template `slow`)"),
        ("slowly", 'env: `TOOL` = `"y"` (job)'),
        ("slowly", 'env: `LEVEL` = `"3"` (template `slow`)'),
        ("slowly", 'env: `HOME_OF` = `"${env.HOME}"` (workflow)'),
        ("slowly", 'envFrom: `required("API_KEY")` (workflow)'),
        ("slowly", "needs: `build`"),
    ],
)
def test_hover_says_who_says_it(name: str, line: str) -> None:
    assert line in told(name)


def test_what_a_nearer_level_says_hides_the_rest() -> None:
    assert told("slowly").count("`LEVEL`") == 1
    assert "timeout" not in told("lint")


def test_it_stays_where_another_job_is_broken() -> None:
    broken = TEXT.replace("job lint {", "job lint {\n    needs = [")
    assert "timeout: `1m30s` (template `slow`)" in told("slowly", broken)


def hinted(text: str) -> list[tuple[str, str]]:
    """The words before each hint and the hint."""
    analysis, _ = analysed(f"{text}|")
    source = analysis.source
    lines = [(source.position(one.offset), one.label) for one in hints(analysis)]
    return [(source.line(at.line)[: at.column - 1].strip(), label) for at, label in lines]


def test_hints() -> None:
    assert hinted(TEXT) == [
        ("job build", "6 jobs"),
        ("job slowly", "retry: 3 attempts"),
        ("job slowly", "timeout: 1m30s"),
        ('inputs = ["dist"', "from build"),
        ('inputs = ["dist", { name = "dist"', "from build"),
    ]


def test_no_hints_where_all_is_said_or_nothing_known() -> None:
    assert hinted('workflow w {\n  job a {\n    timeout = 1m\n    run "true"\n  }\n}\n') == []
    assert hinted("let x = ") == []


def test_hints_of_a_range_over_the_wire(start: Start, tmp_path: Path) -> None:
    wire, uri = start(), (tmp_path / "w" / "a.nxa").as_uri()
    wire.open(uri, TEXT)
    within = {"start": {"line": 10, "character": 0}, "end": {"line": 20, "character": 0}}
    params = {"textDocument": {"uri": uri}, "range": within}
    (found,) = wire.ask("textDocument/inlayHint", params)["result"]
    assert found["label"] == "6 jobs"
    assert found["position"] == {"line": 16, "character": 11}
