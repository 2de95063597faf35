"""The server as a process: what it tells, and when."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import converters
from pytest_lsp import client_capabilities

from tests.lsp.conftest import Start
from tests.lsp.wire import Wire

WORKFLOW = """\
workflow w {
  job a {
    run "true"
  }
}
"""
WRONG = WORKFLOW.replace("run", "needs = [b]\n    run")
TEXT = {"start": {"line": 2, "character": 9}, "end": {"line": 2, "character": 13}}


def codes(found: list[dict[str, Any]]) -> list[str]:
    return [one["code"] for one in found]


def until(wire: Wire, uri: str, wanted: list[str]) -> None:
    """Waits until a document is told to have these codes."""
    while codes(wire.told(uri, None)) != wanted:
        pass


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "w"


def test_mistakes_are_told_for_each_version(start: Start, folder: Path) -> None:
    wire, uri = start(), (folder / "a.nxa").as_uri()
    wire.open(uri, WRONG)
    (found,) = wire.told(uri, 1)
    assert (found["code"], found["severity"], found["source"]) == ("NX206", 1, "nixc")
    assert found["range"] == {
        "start": {"line": 2, "character": 13},
        "end": {"line": 2, "character": 14},
    }
    wire.change(uri, 2, {"text": WORKFLOW})
    assert wire.told(uri, 2) == []


@pytest.mark.parametrize(("encoding", "column"), [("utf-8", 25), ("utf-16", 23), ("utf-32", 22)])
def test_columns_are_the_clients(start: Start, folder: Path, encoding: str, column: int) -> None:
    wire, uri = start(encoding), (folder / "a.nxa").as_uri()
    wire.open(uri, 'workflow w {\r\n  env = { "A" = "😀", B = b }\r\n}\r\n')
    (found,) = wire.told(uri, 1)
    assert found["range"]["start"] == {"line": 1, "character": column + 3}


def test_shellcheck_follows_and_what_it_said_stays(start: Start, folder: Path) -> None:
    wire, uri = start(), (folder / "a.nxa").as_uri()
    wire.open(uri, WORKFLOW.replace('"true"', '"ls $x"'))
    assert wire.told(uri, 1) == []
    found = wire.told(uri, 1)
    assert "SC2086" in codes(found)
    assert "shellcheck.net" in found[0]["codeDescription"]["href"]
    # The next version is told what is known at once.
    wire.change(uri, 2, {"text": "# more\n" + WORKFLOW.replace('"true"', '"ls $x"')})
    again = wire.told(uri, 2)
    assert codes(again) == codes(found)
    assert again[0]["range"]["start"]["line"] == found[0]["range"]["start"]["line"] + 1


def test_a_module_and_who_imports_it(start: Start, folder: Path) -> None:
    module, user, unopened = folder / "m.nxa", folder / "a.nxa", folder / "b.nxa"
    module.write_text('let image = "x"\n')
    importing = 'import "./m.nxa" as m\n' + WORKFLOW.replace(
        "run", "env = { I = m.image }\n    run"
    )
    user.write_text(importing)
    unopened.write_text(importing)
    wire = start()
    wire.open(user.as_uri(), importing)
    assert wire.told(user.as_uri(), 1) == []
    wire.open(module.as_uri(), 'let picture = "x"\n')
    until(wire, user.as_uri(), ["NX201"])
    until(wire, unopened.as_uri(), ["NX201"])
    # Closed, the file on disk counts again.
    wire.notify("textDocument/didClose", {"textDocument": {"uri": module.as_uri()}})
    until(wire, user.as_uri(), [])
    module.unlink()
    gone = {"changes": [{"uri": module.as_uri(), "type": 3}]}
    wire.notify("workspace/didChangeWatchedFiles", gone)
    until(wire, user.as_uri(), ["NX212"])


def test_clients_that_ask_are_answered_and_told_nothing(start: Start, folder: Path) -> None:
    wire, uri = start(textDocument={"diagnostic": {}}), (folder / "a.nxa").as_uri()
    wire.open(uri, WRONG)
    ask = {"textDocument": {"uri": uri}}
    report = wire.ask("textDocument/diagnostic", ask)["result"]
    assert codes(report["items"]) == ["NX206"]
    same = {**ask, "previousResultId": report["resultId"]}
    assert wire.ask("textDocument/diagnostic", same)["result"]["kind"] == "unchanged"
    whole = wire.ask("workspace/diagnostic", {"previousResultIds": []})["result"]["items"]
    assert [(one["uri"], codes(one["items"])) for one in whole] == [(uri, ["NX206"])]


def test_after_many_edits_the_last_text_counts(start: Start, folder: Path) -> None:
    wire, uri = start(), (folder / "a.nxa").as_uri()
    wire.open(uri, WORKFLOW)
    chance = random.Random(1)
    text = '"true"'
    for version in range(2, 60):
        new = '"😀' + chance.choice("abc") * chance.randrange(5) + '"'
        end = {"line": 2, "character": 8 + len(text.encode("utf-16-le")) // 2}
        place = {"start": {"line": 2, "character": 8}, "end": end}
        wire.change(uri, version, {"range": place, "text": new})
        text = new
    place = {"start": {"line": 2, "character": 8}, "end": {"line": 2, "character": 8}}
    wire.change(uri, 60, {"range": place, "text": "nothing "})
    (found,) = wire.told(uri, 60)
    assert found["range"]["start"]["line"] == 2
    assert found["code"].startswith("NX1")


def test_a_request_that_fails_is_an_error_and_the_server_goes_on(
    start: Start, folder: Path
) -> None:
    wire, uri = start(), (folder / "a.nxa").as_uri()
    answer = wire.ask("textDocument/diagnostic", {"textDocument": {"uri": "file:///none/x.nxa"}})
    assert "items" in answer.get("result", {}) or "error" in answer
    assert "error" in wire.ask("workspace/executeCommand", {"command": "none"})
    wire.change("file:///never/opened.nxa", 2, {"text": ""})
    wire.open(uri, WRONG)
    assert codes(wire.told(uri, 1)) == ["NX206"]


def test_what_it_can_do_is_offered(tmp_path: Path) -> None:
    with Wire() as wire:
        offered = wire.begin(tmp_path, "utf-8", {})["capabilities"]
    assert offered["positionEncoding"] == "utf-8"
    tokens = offered["semanticTokensProvider"]
    assert (tokens["full"], tokens["range"]) == ({"delta": True}, True)
    assert {"keyword", "comment"} <= set(tokens["legend"]["tokenTypes"])
    assert offered["documentOnTypeFormattingProvider"] == {
        "firstTriggerCharacter": "}",
        "moreTriggerCharacter": ["\n"],
    }
    kinds = offered["codeActionProvider"]["codeActionKinds"]
    assert kinds == ["quickfix", "refactor.extract", "source.organizeImports"]
    for what in ("inlayHint", "callHierarchy", "foldingRange", "signatureHelp", "documentLink"):
        assert offered[f"{what}Provider"]


def test_it_ends_as_it_is_told(start: Start) -> None:
    wire = start()
    assert wire.ask("shutdown", None)["result"] is None
    wire.notify("exit", None)
    assert wire.process.wait(10) == 0
    assert wire.said == b""


def test_a_wrong_address_is_said() -> None:
    with Wire(str(Wire.NIXC), "lsp", "--tcp", "nowhere") as wire:
        assert wire.process.wait(20) == 2


def test_requests_over_the_wire(start: Start, folder: Path) -> None:
    wire, uri = start(), (folder / "a.nxa").as_uri()
    wire.open(uri, WRONG.replace("[b]", "[a]") + 'let  é = "😀"\n')
    document = {"textDocument": {"uri": uri}}
    at = {**document, "position": {"line": 1, "character": 6}}
    hover = wire.ask("textDocument/hover", at)["result"]
    assert "job a" in hover["contents"]["value"]
    items = wire.ask(
        "textDocument/completion", {**document, "position": {"line": 0, "character": 0}}
    )
    assert "workflow" in [one["label"] for one in items["result"]["items"]]
    places = wire.ask("textDocument/references", {**at, "context": {"includeDeclaration": True}})
    assert [one["range"]["start"]["line"] for one in places["result"]] == [1, 2]
    edit = wire.ask("textDocument/rename", {**at, "newName": "b"})["result"]["changes"][uri]
    assert {one["newText"] for one in edit} == {"b"}
    refused = wire.ask("textDocument/rename", {**at, "newName": "success"})["error"]
    assert "reserved" in refused["message"]
    assert wire.ask("workspace/symbol", {"query": "A"})["result"][0]["name"] == "a"
    options = {**document, "options": {"tabSize": 2, "insertSpaces": True}}
    assert wire.ask("textDocument/formatting", options)["result"] == []
    wire.change(uri, 2, {"text": "workflow w {\r\n  job a {\r\n    run    'true'\r\n  }\r\n}\r\n"})
    (edit,) = wire.ask("textDocument/formatting", options)["result"]
    assert edit["newText"] == "run 'true'"
    assert edit["range"]["end"] == {"line": 2, "character": 17}


@pytest.mark.parametrize("client", ["visual-studio-code", "neovim"])
def test_clients_as_they_describe_themselves(start: Start, folder: Path, client: str) -> None:
    described = converters.get_converter().unstructure(client_capabilities(client))
    described.pop("general", None)
    wire, uri = start(**described), (folder / "a.nxa").as_uri()
    wire.open(uri, WRONG.replace("[b]", "[lnit]").replace("}\n}", "}\n  job lint { run 'x' }\n}"))
    document = {"textDocument": {"uri": uri}}
    if described["textDocument"].get("diagnostic"):
        found = wire.ask("textDocument/diagnostic", document)["result"]["items"]
    else:
        found = wire.told(uri, 1)
    assert codes(found) == ["NX206"]
    within = {**document, "range": found[0]["range"], "context": {"diagnostics": found}}
    actions = wire.ask("textDocument/codeAction", within)["result"]
    assert [one["title"] for one in actions] == ["write `lint`"]
    (at,) = wire.ask(
        "textDocument/selectionRange", {**document, "positions": [{"line": 2, "character": 14}]}
    )["result"]
    assert at["range"]["start"] == {"line": 2, "character": 13}
    assert wire.ask("textDocument/documentLink", document)["result"] == []
    wire.change(uri, 2, {"text": "workflow w { job a { condition = changed("})
    here = {**document, "position": {"line": 0, "character": 41}}
    (shown,) = wire.ask("textDocument/signatureHelp", here)["result"]["signatures"]
    assert shown["label"] == "changed(globs)"
    assert wire.said == b""
