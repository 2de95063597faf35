"""What stands above declarations."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nixc_lsp.features.lastrun import last_run
from nixc_lsp.features.lenses import References, Run, lenses
from nixc_lsp.project import Project
from nixc_lsp.text import Text
from tests.lsp.cursor import analysed
from tests.lsp.records import record

TEXT = """\
let image = "x"
let unused = 1
action greet(who) { run = "echo $who" }
template t(tool) { run "true" }
workflow w {
  input level { }
  executor box = oci { image = image }
  job a {
    executor = box
    env      = { A = image, L = input.level }
    use greet(who = image)
  }
  job b = t(tool = "x")
  job c {
    needs  = [a, b]
    matrix = { n = [1, 2] }
    use greet(who = "y")
  }
}
"""


def titles(text: str) -> list[tuple[str, str]]:
    analysis, _ = analysed(text + "|")
    return [(one.span.text, one.title) for one in lenses(analysis, (), {})]


def test_every_declaration_has_its_own() -> None:
    assert titles(TEXT) == [
        ("image", "3 references"),
        ("unused", "0 references"),
        ("greet", "2 references"),
        ("t", "1 reference"),
        ("w", "▶ run"),
        ("level", "1 reference"),
        ("box", "1 reference"),
        ("a", "▶ run job"),
        ("b", "▶ run job"),
        ("c", "▶ run job"),
    ]


def test_what_a_click_does() -> None:
    analysis, _ = analysed(TEXT + "|")
    found = {one.span.text: one.does for one in lenses(analysis, (), {})}
    assert (found["w"], found["c"]) == (Run(None), Run("c"))
    shown = found["greet"]
    assert isinstance(shown, References)
    lines = [span.source.position(span.start).line for span in shown.spans]
    assert lines == [11, 17]


def test_a_broken_declaration_leaves_the_others() -> None:
    found = titles(TEXT.replace("needs  = [a, b]", "needs = ["))
    assert ("a", "▶ run job") in found
    assert ("image", "3 references") in found


def test_references_in_other_files(tmp_path: Path) -> None:
    project = Project()
    module, user = str(tmp_path / "m.nxa"), str(tmp_path / "u.nxa")
    project.change(module, Text("let image = 1\n"))
    project.change(user, Text('import "./m.nxa" as m\nlet other = [m.image, m.image]\n'))
    first, second = project.analysis(module), project.analysis(user)
    assert first is not None
    assert second is not None
    (one,) = lenses(first, [second], {})
    assert one.title == "2 references"
    assert isinstance(one.does, References)
    assert {span.source.name for span in one.does.spans} == {user}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NIXACTIONS_HOME", str(tmp_path))
    monkeypatch.setenv("TZ", "UTC")
    return tmp_path


def test_the_last_run_is_told(home: Path) -> None:
    record(home, "w", 1, a=("failure", 50), b=("success", 10))
    record(home, "other", 3, a=("cancelled", 1))
    record(
        home, "w", 2, a=("success", 1500), **{"c-n-1": ("success", 10), "c-n-2": ("timeout", 20)}
    )
    analysis, _ = analysed(TEXT + "|")
    outcomes = last_run(analysis)
    assert {name: one.status for name, one in outcomes.items()} == {"a": "success", "c": "timeout"}
    told = [(one.span.text, one.title) for one in lenses(analysis, (), outcomes) if not one.does]
    assert told == [
        ("a", "✓ success in 1.5s, 2026-01-02 00:00"),
        ("c", "✗ timeout in 0.0s, 2026-01-02 00:00"),
    ]


def test_a_run_that_ended_in_between_is_seen(home: Path) -> None:
    run = record(home, "w", 1, a=("success", 5))
    analysis, _ = analysed(TEXT + "|")
    assert last_run(analysis)["a"].status == "success"
    with (run / "events.jsonl").open("a") as events:
        start = {"timestamp": "2026-01-01T00:00:01.000Z", "event": "job_start", "job": "b"}
        events.write(json.dumps(start, separators=(",", ":")) + '\n{"event":"job_end","jo')
    assert last_run(analysis)["b"].status == "unfinished"
    assert last_run(analysis)["b"].duration is None


def test_without_a_run_nothing_is_told(home: Path) -> None:
    analysis, _ = analysed(TEXT + "|")
    assert last_run(analysis) == {}
