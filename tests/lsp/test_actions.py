"""Cures that are offered, and what becomes of the text."""

from __future__ import annotations

from pathlib import Path

from nixc.backend import shellcheck
from nixc_lsp.analysis import Analysis, diagnostics, questions
from nixc_lsp.features.actions import Action, actions
from nixc_lsp.features.links import around, links
from tests.lsp.cursor import analysed

HEAD = 'workflow w {\n  job lint {\n    run "true"\n  }\n  job it {\n'


def offered(text: str) -> tuple[Analysis, list[Action]]:
    analysis, offset = analysed(text)
    asked = questions([analysis])
    answers = dict(zip(asked, shellcheck.findings(asked), strict=True))
    found = diagnostics([analysis], answers)[analysis.source]
    return analysis, list(actions(analysis, offset, offset, found))


def after(text: str, title: str) -> str:
    """The text after an action, which must leave nothing to be done."""
    analysis, found = offered(text)
    (action,) = (one for one in found if one.title == title)
    changed = analysis.source.text
    for span, new in sorted(action.edits, key=lambda edit: -edit[0].start):
        changed = changed[: span.start] + new + changed[span.end :]
    assert offered(changed + "|")[0].findings == ()
    return changed


def test_a_misspelt_name_is_mended() -> None:
    text = HEAD + '    needs = [lnit|]\n    run "true"\n  }\n}\n'
    assert "needs = [lint]" in after(text, "write `lint`")


def test_a_misspelt_field_is_mended() -> None:
    text = HEAD + '    ned|s = [lint]\n    run "true"\n  }\n}\n'
    assert "needs = [lint]" in after(text, "write `needs`")


def test_a_misspelt_import_keeps_its_quotes() -> None:
    text = 'import "std:pyhton|" as python\n' + HEAD + "    use python.test()\n  }\n}\n"
    assert '"std:python" as' in after(text, "write `std:python`")


def test_a_job_that_is_read_becomes_a_need() -> None:
    read = '    condition = needs.li|nt.result == "success"\n    run "true"\n  }\n}\n'
    assert "needs = [lint]\n    condition" in after(HEAD + read, "add `lint` to `needs`")
    first = HEAD.replace("job it", 'job more {\n    run "true"\n  }\n  job it')
    changed = after(first + "    needs = [more]\n" + read, "add `lint` to `needs`")
    assert "needs = [more, lint]" in changed


def test_a_finding_is_silenced_where_it_stands() -> None:
    text = HEAD + '    step "x" {\n      run = "ls $(pw|d)"\n    }\n  }\n}\n'
    changed = after(text, "ignore SC2046 here")
    assert '      # nixc: ignore=SC2046\n      run = "ls' in changed
    assert offered(changed.replace("pwd", "pw|d"))[1] == []


def test_errors_of_nixc_are_not_silenced() -> None:
    _, found = offered(HEAD + '    needs = [nowhere|]\n    run "true"\n  }\n}\n')
    assert found == []


def test_imports_are_links(tmp_path: Path) -> None:
    (tmp_path / "m.nxa").write_text("let x = 1\n")
    analysis, _ = analysed('import "./m.nxa" as m\nimport "./none.nxa" as n\n|', tmp_path)
    ((span, path),) = links(analysis)
    assert (span.text, path) == ("./m.nxa", str(tmp_path / "m.nxa"))


def test_what_is_around_grows() -> None:
    found = [span.text for span in around(*analysed("let a = [f(b|c), 1]"))]
    assert found == ["bc", "(bc)", "f(bc), 1", "[f(bc), 1]", "let a = [f(bc), 1]"]
