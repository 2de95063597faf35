"""Any request at any place of any text, over the wire: no accident, and the server goes on."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types as lsp

from nixc_lsp.server import HANDLERS
from tests.harness import ROOT
from tests.lsp.conftest import Start
from tests.lsp.wire import Wire

#: All that the server answers; what begins with these are notifications.
TOLD = ("textDocument/did", "workspace/did")
METHODS = sorted(method for method in HANDLERS if not method.startswith(TOLD))

SOURCES = [path.read_text() for path in sorted((ROOT / "examples").glob("*.nxa"))]
#: What is put into the texts beside parts of themselves.
ODD = [
    "😀",
    "\r\n",
    "\0",
    '"',
    '"""',
    "${",
    "}",
    "{",
    "[",
    "\\",
    "\t",
    "é",
    "#",
    "= 5m",
    "use std:",
]


def mangled(chance: random.Random) -> str:
    """An example with a few parts lost, doubled, moved or put in."""
    text = chance.choice(SOURCES)
    for _ in range(chance.randrange(6)):
        start = chance.randrange(len(text) + 1)
        end = min(len(text), start + chance.randrange(60))
        new = chance.choice(["", text[start:end] * 2, chance.choice(ODD), *ODD[:3]])
        text = text[:start] + new + text[end:]
    return text


def params(uri: str, text: str, chance: random.Random) -> dict[str, Any]:
    """The fields of all requests together: each takes its own."""

    def place() -> dict[str, int]:
        lines = text.split("\n")
        line = chance.randrange(len(lines) + 2)
        width = len(lines[line]) if line < len(lines) else 3
        return {"line": line, "character": chance.randrange(width + 3)}

    start, end = sorted((place(), place()), key=lambda one: (one["line"], one["character"]))
    span = {"start": start, "end": end}
    name = chance.choice(["", "a", "j_1", "workflow", "ü", "a b", "x" * 300])
    item = {"name": name, "kind": 12, "uri": uri, "range": span, "selectionRange": span}
    return {
        "textDocument": {"uri": uri},
        "position": start,
        "positions": [start, end],
        "range": span,
        "context": {
            "includeDeclaration": True,
            "diagnostics": [],
            "triggerKind": 1,
            "isRetrigger": False,
        },
        "options": {"tabSize": 2, "insertSpaces": True},
        "newName": name,
        "query": name,
        "ch": chance.choice(["\n", "}"]),
        "item": item,
        "previousResultId": name,
        "previousResultIds": [{"uri": uri, "value": name}],
        "command": name,
        "arguments": [uri, name],
    }


def no_accident(wire: Wire, method: str, asked: dict[str, Any], text: str) -> None:
    error = wire.ask(method, asked).get("error", {"code": None})
    fine = {None, lsp.LSPErrorCodes.RequestFailed.value, lsp.ErrorCodes.InvalidParams.value}
    assert error["code"] in fine, (method, error, asked, text)


@pytest.mark.parametrize("seed", range(4))
def test_any_request_at_any_place_of_a_broken_text(start: Start, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    wire, uri = start(chance.choice(["utf-8", "utf-16", "utf-32"])), (tmp_path / "w/a.nxa").as_uri()
    wire.open(uri, "")
    for version in range(2, 60):
        text = mangled(chance)
        wire.change(uri, version, {"text": text})
        for method in chance.sample(METHODS, 6):
            no_accident(wire, method, params(uri, text, chance), text)
    wire.change(uri, 60, {"text": "workflow w {\n  job a { nothing = 1 }\n}\n"})
    found = wire.told(uri, 60)
    assert [one["code"] for one in found][:1] == ["NX203"]
    assert wire.said == b""


def test_a_request_with_wrong_parameters_is_answered(start: Start) -> None:
    wire = start()
    for wrong in ({}, {"textDocument": 5}, {"textDocument": {"uri": None}, "position": [1]}, None):
        answer = wire.ask("textDocument/hover", wrong)
        assert answer["error"]["code"] == lsp.ErrorCodes.InvalidParams.value, answer
    assert wire.ask("workspace/symbol", {"query": ""})["result"] == []
    assert wire.ask("nixc/none", {})["error"]["code"] == lsp.ErrorCodes.MethodNotFound.value
