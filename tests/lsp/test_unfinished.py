"""Files that are being typed: every answer is one, and the last text counts."""

from __future__ import annotations

import random
import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from nixc.syntax.format import format_source
from nixc_lsp.analysis import diagnostics
from nixc_lsp.features import (
    completion,
    declare_executor,
    extract_action,
    hierarchy,
    hints,
    hover,
    navigation,
    on_type,
    organise_imports,
    outline,
    tokens,
)
from nixc_lsp.project import Project
from nixc_lsp.text import Text
from tests.harness import ROOT
from tests.lsp.conftest import Start

EXAMPLES = sorted((ROOT / "examples").glob("*.nxa"))

#: Requests about a place; what refuses with a reason is left out.
AT = ("completion", "hover", "definition", "documentHighlight")
#: Requests about a whole document.
OF = ("documentSymbol", "foldingRange", "diagnostic", "semanticTokens/full")


def in_order(found: list[tokens.Piece]) -> None:
    assert all(one.start < one.end for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: str(path.stem))
def test_features_answer_at_any_place_of_any_prefix(path: Path) -> None:
    text = path.read_text()
    chance = random.Random(path.stem)
    project = Project()
    for _ in range(12):
        cut = chance.randrange(len(text) + 1)
        rest = text[cut + chance.randrange(40) :] if chance.random() < 0.5 else ""
        project.change(str(path), Text(text[:cut] + rest))
        analysis = project.analysis(str(path))
        assert analysis is not None
        diagnostics([analysis], {})
        outline.outline(analysis)
        outline.folds(analysis)
        in_order(tokens.tokens(analysis))
        hints.hints(analysis)
        list(organise_imports.organised(analysis))
        for offset in {cut, *(chance.randrange(len(analysis.source.text) + 1) for _ in range(9))}:
            completion.complete(analysis, offset)
            hover.hover(analysis, offset)
            hierarchy.at(analysis, offset)
            on_type.on_type(analysis, offset, chance.choice("}\n"))
            list(declare_executor.declared(analysis, offset, offset))
            list(extract_action.extracted(analysis, offset, offset))
            navigation.references(analysis, offset, (), declaration=True)
        if analysis.clean:
            format_source(analysis.source)
    project.change(str(path), Text(text))
    analysis = project.analysis(str(path))
    assert analysis is not None
    assert analysis.findings == ()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: str(path.stem))
def test_typing_an_example_character_by_character(start: Start, tmp_path: Path, path: Path) -> None:
    """No answer is an error, nothing is logged, and at the end nothing of before is still told."""
    text = path.read_text()
    shutil.copytree(path.parent / "lib", tmp_path / "w" / "lib")
    uri = (tmp_path / "w" / "a.nxa").as_uri()
    wire = start(textDocument={"rename": {"prepareSupport": True}})
    wire.open(uri, "")
    document = {"textDocument": {"uri": uri}}
    line = column = version = 0
    for version, character in enumerate(text, 2):
        place = {"line": line, "character": column}
        change = {"range": {"start": place, "end": place}, "text": character}
        wire.change(uri, version, change)
        line, column = (line + 1, 0) if character == "\n" else (line, column + 1)
        if version % 7 == 0:
            after = {"position": {"line": line, "character": column}}
            answers = [
                *(wire.ask(f"textDocument/{what}", {**document, **after}) for what in AT),
                *(wire.ask(f"textDocument/{what}", document) for what in OF),
            ]
            assert [one["error"] for one in answers if "error" in one] == []
    assert wire.ask("textDocument/diagnostic", document)["result"]["items"] == []
    while wire.told(uri, version):
        pass
    assert wire.said == b""
