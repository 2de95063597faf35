"""The layout while typing."""

from __future__ import annotations

from pathlib import Path

import pytest

from nixc.syntax.format import format_text
from nixc_lsp.features.on_type import on_type
from tests.lsp.conftest import Start
from tests.lsp.cursor import analysed


def typed(text: str) -> str:
    """The text after what stands before the cursor was typed; its `|` is where it was."""
    analysis, offset = analysed(text)
    source = analysis.source.text
    changed = source[:offset] + "|" + source[offset:]
    for edit in sorted(on_type(analysis, offset, source[offset - 1]), key=lambda e: -e.span.start):
        start, end = (at + (at > offset) for at in (edit.span.start, edit.span.end))
        assert end <= offset or not source[offset : edit.span.end].strip(" \t")
        changed = changed[:start] + edit.text + changed[end:]
    return changed


def test_a_closed_block_is_laid_out_and_nothing_else() -> None:
    found = typed('let  x=1\nworkflow w {\n job a {\n  run   "true"\n timeout=1m\n  }|\n\n\n}\n')
    block = '  job a {\n    run "true"\n    timeout = 1m\n  }|\n'
    assert 'let  x=1\nworkflow w {\n job a {\n    run "true"\n    timeout = 1m\n  }' in found
    assert block.split("\n", 1)[1].replace("|", "") in found.replace("|", "")


def test_a_closing_brace_goes_below_its_declaration_in_a_broken_file() -> None:
    found = typed("workflow w {\n  job a {\n    run x =\n      }|\n")
    assert found.replace("|", "").endswith("\n  }\n")


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("workflow w {\n|", "  "),
        ("workflow w {\n  job a {\n|\n  }\n}\n", "    "),
        ("workflow w {\n  job a {\n    needs = [\n|", "      "),
        ("workflow w {\n  job a {\n|}\n}", "  }"),
        ("let x = 1\n   |", ""),
        ('workflow w {\n  run """\n |', " "),
    ],
)
def test_a_new_line_is_indented(text: str, last: str) -> None:
    found = typed(text).replace("|", "")
    number = text[: text.index("|")].count("\n")
    assert found.split("\n")[number] == last


def test_what_is_above_a_new_line_is_laid_out() -> None:
    found = typed('workflow w {\n  job a {\n    run    "true"\n|\n  }\n  job   b { }\n}\n')
    assert '    run "true"\n' in found
    assert "job   b" in found


@pytest.mark.parametrize("text", ["|", "}|", "]}|", '"}|', "# }|", "\n|", '"""\n|', "{\n}\n}|"])
def test_nothing_breaks_it(text: str) -> None:
    for character in ("}", "\n"):
        on_type(*analysed(text), character)


def test_over_the_wire(start: Start, tmp_path: Path) -> None:
    wire, uri = start(), (tmp_path / "w" / "a.nxa").as_uri()
    text = 'workflow w {\n  job a {\n   run "true"\n  }\n}'
    wire.open(uri, text)
    params = {
        "textDocument": {"uri": uri},
        "position": {"line": 4, "character": 1},
        "ch": "}",
        "options": {"tabSize": 2, "insertSpaces": True},
    }
    (edit,) = wire.ask("textDocument/onTypeFormatting", params)["result"]
    assert edit["newText"] == " "
    assert edit["range"]["start"]["line"] == 2
    assert format_text(text).startswith(text.replace("   run", "    run"))
