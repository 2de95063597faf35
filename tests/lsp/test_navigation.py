"""Where names lead, and how they are changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from nixc_lsp.features import navigation
from nixc_lsp.features.hover import hover
from nixc_lsp.features.outline import folds, outline
from nixc_lsp.project import Project
from nixc_lsp.text import Text
from tests.lsp.cursor import analysed

TEXT = """\
let image = "x"
executor box = oci { image = image }
action greet(who) {
  run = "echo $who"
}
template t(job-name) {
  needs = [job-name]
  run "true"
}
workflow w {
  input level { }
  # Builds it.
  job a {
    executor = box
    outputs  = { dist = "d" }
    matrix   = { os = ["x", "y"] }
    timeout  = 90s
    env      = { A = matrix.os, B = "${image}", L = input.level }
    use greet(who = image)
  }
  job b {
    needs     = [a]
    inputs    = ["dist"]
    condition = needs.a.result == "success"
    run "true"
  }
}
"""


def marked(before: str, after: str) -> str:
    """The text with a cursor between two stretches of it."""
    assert before + after in TEXT
    return TEXT.replace(before + after, f"{before}|{after}", 1)


@pytest.mark.parametrize(
    ("before", "after", "count"),
    [
        ("let im", "age", 4),
        ("executor = bo", "x", 2),
        ("use gr", "eet", 2),
        ("echo $w", "ho", 3),
        ("greet(w", "ho = ", 3),
        ("needs     = [", "a]", 3),
        ("needs.", "a.result", 3),
        ('inputs    = ["di', 'st"]', 2),
        ("matrix.o", "s", 2),
        ("input.lev", "el", 2),
        ("[job", "-name]", 2),
    ],
)
def test_all_places_of_a_name(before: str, after: str, count: int) -> None:
    analysis, offset = analysed(marked(before, after))
    found = navigation.references(analysis, offset, (), declaration=True)
    assert len(found) == count
    assert len({span.text for span in found}) == 1
    declared = navigation.definition(analysis, offset)
    assert declared == min(found, key=lambda span: span.start) or before == "let im"


def renamed(before: str, after: str, new: str) -> str:
    analysis, offset = analysed(marked(before, after))
    text = analysis.source.text
    edits = navigation.rename(analysis, offset, new, ())
    for span, replacement in sorted(edits, key=lambda edit: -edit[0].start):
        text = text[: span.start] + replacement + text[span.end :]
    return text


def test_a_rename_changes_every_place_and_leaves_it_right() -> None:
    text = renamed("greet(w", "ho = ", "some-one")
    assert "greet(some-one = image)" in text
    assert 'echo $some_one"' in text
    assert "needs.build.result" in renamed("job ", "a {", "build")


@pytest.mark.parametrize(
    ("before", "after", "new", "why"),
    [
        ("job ", "a {", "b", "already a job"),
        ("let im", "age", "box", "already an executor"),
        ("let im", "age", "1x", "no name"),
        ("job ", "a {", "always", "reserved"),
        ("ru", "n = ", "x", "no name here"),
    ],
)
def test_renames_that_are_refused(before: str, after: str, new: str, why: str) -> None:
    with pytest.raises(navigation.Refused, match=why):
        renamed(before, after, new)


def test_names_across_files(tmp_path: Path) -> None:
    project = Project()
    module, user = str(tmp_path / "m.nxa"), str(tmp_path / "u.nxa")
    project.change(module, Text('let image = "x"\n'))
    using = 'import "./m.nxa" as m\nlet other = m.image\n'
    project.change(user, Text(using))
    first, second = project.analysis(module), project.analysis(user)
    assert first is not None
    assert second is not None
    found = navigation.references(second, using.index("image"), [first], declaration=True)
    assert {(span.source.name, span.text) for span in found} == {(module, "image"), (user, "image")}
    edits = navigation.rename(first, 5, "picture", [second])
    assert [span.source.name for span, _ in edits] == [module, user]


def test_hover_says_what_is_in_force() -> None:
    found = hover(*analysed(marked("job ", "a {")))
    assert found is not None
    for part in ("job a", "Builds it.", "executor: `box`", "timeout: `1m30s`", "2 jobs"):
        assert part in found.text


def test_hover_has_the_schemas_words() -> None:
    found = hover(*analysed(marked("nee", "ds     =")))
    assert found is not None
    assert "The jobs that this one waits for." in found.text


def test_outline_and_folds() -> None:
    analysis, _ = analysed(TEXT + "|")
    entries = outline(analysis)
    assert [one.name for one in entries] == ["image", "box", "greet", "t", "w"]
    assert [one.name for one in entries[-1].inside] == ["level", "a", "b"]
    assert (12, 18, None) in folds(analysis)


def test_comments_and_imports_fold() -> None:
    text = '# One.\n# Two.\n\n# Three.\nimport "std:git" as g\nimport "std:python" as p\n'
    analysis, _ = analysed(text + "let x = 1 # beside\n# four\n#\nlet y = |")
    assert folds(analysis) == [(0, 1, "comment"), (7, 8, "comment"), (4, 5, "imports")]


def test_one_broken_declaration_leaves_the_others() -> None:
    analysis, _ = analysed(TEXT.replace("needs     = [a]", "needs = [") + "|")
    at = analysis.source.text.index("executor = box") + 11
    declared = navigation.definition(analysis, at)
    assert declared is not None
    assert declared.text == "box"
