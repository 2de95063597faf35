"""What a client sets, is shown while it waits, and calls off."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nixc.records import names_of
from nixc_lsp.settings import Settings, of_options, settings
from tests.harness import ROOT
from tests.lsp.conftest import Start
from tests.lsp.test_server import WORKFLOW, codes, until
from tests.lsp.wire import Wire

UNQUOTED = WORKFLOW.replace('"true"', '"ls $x"')
MATRIX = WORKFLOW.replace("run", "matrix = { v = [1, 2] }\n    run")


@pytest.mark.parametrize("given", [None, 1, [], {}, {"shellcheck": "no"}, {"other": False}])
def test_what_is_no_setting_is_passed_over(given: object) -> None:
    assert settings(given, Settings()) == Settings()
    assert of_options(given) == of_options({"nixc": given}) == Settings()


def hints(wire: Wire, uri: str) -> list[str]:
    whole = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
    params = {"textDocument": {"uri": uri}, "range": whole}
    return [one["label"] for one in wire.ask("textDocument/inlayHint", params)["result"]]


def test_settings_of_a_notification(start: Start, tmp_path: Path) -> None:
    wire, uri = start(), (tmp_path / "w" / "a.nxa").as_uri()
    wire.open(uri, UNQUOTED)
    until(wire, uri, ["SC2086", "SC2154"])
    wire.notify("workspace/didChangeConfiguration", {"settings": {"nixc": {"shellcheck": False}}})
    until(wire, uri, [])
    wire.notify("workspace/didChangeConfiguration", {"settings": None})
    until(wire, uri, ["SC2086", "SC2154"])
    wire.change(uri, 2, {"text": MATRIX})
    assert hints(wire, uri) == ["2 jobs"]
    wire.notify("workspace/didChangeConfiguration", {"settings": {"nixc": {"inlayHints": False}}})
    assert hints(wire, uri) == []


@pytest.mark.parametrize("options", [{"shellcheck": False}, {"nixc": {"shellcheck": False}}])
def test_settings_to_begin_with(start: Start, tmp_path: Path, options: dict[str, Any]) -> None:
    wire, uri = start(options=options), (tmp_path / "w" / "a.nxa").as_uri()
    wire.open(uri, UNQUOTED)
    until(wire, uri, [])
    wire.notify("workspace/didChangeConfiguration", {"settings": {"nixc": {"shellcheck": True}}})
    until(wire, uri, ["SC2086", "SC2154"])
    wire.notify("workspace/didChangeConfiguration", {"settings": None})
    until(wire, uri, [])


def test_settings_that_are_asked_for(start: Start, tmp_path: Path) -> None:
    capabilities = {"configuration": True, "didChangeConfiguration": {"dynamicRegistration": True}}
    wire, uri = start(workspace=capabilities), (tmp_path / "w" / "a.nxa").as_uri()
    seen: list[dict[str, Any]] = []

    def asked(message: dict[str, Any]) -> bool:
        seen.append(message)
        return message.get("method") == "workspace/configuration"

    wire.answers["workspace/configuration"] = [{"shellcheck": False}]
    assert wire.wait(asked)["params"]["items"] == [{"section": "nixc"}]
    registered = [m for m in seen if m.get("method") == "client/registerCapability"]
    (registration,) = registered[0]["params"]["registrations"]
    assert registration["method"] == "workspace/didChangeConfiguration"
    wire.open(uri, UNQUOTED)
    assert wire.told(uri, 1) == []
    with pytest.raises(TimeoutError):
        wire.told(uri, None, seconds=2)
    wire.answers["workspace/configuration"] = [{"shellcheck": True}]
    wire.notify("workspace/didChangeConfiguration", {"settings": None})
    until(wire, uri, ["SC2086", "SC2154"])


def test_progress_of_a_look_at_many_files(start: Start, tmp_path: Path) -> None:
    job = '  job j{} {{\n    matrix = {{ v = [1, 2, 3] }}\n    run "true"\n  }}\n'
    text = "workflow w {\n" + "".join(map(job.format, range(80))) + "}\n"
    for number in range(40):
        (tmp_path / "w" / f"{number}.nxa").parent.mkdir(exist_ok=True)
        (tmp_path / "w" / f"{number}.nxa").write_text(text)
    wire = start(window={"workDoneProgress": True})
    kinds: list[str] = []

    def ended(message: dict[str, Any]) -> bool:
        if message.get("method") == "$/progress":
            kinds.append(message["params"]["value"]["kind"])
        return kinds[-1:] == ["end"]

    wire.wait(ended)
    assert kinds[0] == "begin"
    assert set(kinds[1:-1]) == {"report"}


def test_progress_of_a_request(start: Start, tmp_path: Path) -> None:
    wire, uri = start(textDocument={"diagnostic": {}}), (tmp_path / "w" / "a.nxa").as_uri()
    wire.open(uri, WORKFLOW)
    wire.request("workspace/diagnostic", {"previousResultIds": [], "workDoneToken": "t"})
    told = [wire.wait(lambda one: one.get("method") == "$/progress")["params"] for _ in range(3)]
    assert [(one["token"], one["value"]["kind"]) for one in told] == [
        ("t", "begin"),
        ("t", "report"),
        ("t", "end"),
    ]


def test_what_is_called_off_leaves_no_trace(start: Start, tmp_path: Path) -> None:
    wire, uri = start(), (tmp_path / "w" / "a.nxa").as_uri()
    wire.open(uri, WORKFLOW)
    assert wire.told(uri, 1) == []
    place = {"textDocument": {"uri": uri}, "position": {"line": 1, "character": 7}}
    number = wire.request("textDocument/hover", place)
    wire.notify("$/cancelRequest", {"id": number})
    wire.notify("$/cancelRequest", {"id": 4711})
    answer = wire.wait(lambda message: message.get("id") == number)
    assert answer.get("error", {"code": -32800})["code"] == -32800
    wire.change(uri, 2, {"text": WORKFLOW.replace("run", "needs = [b]\n    run")})
    assert codes(wire.told(uri, 2)) == ["NX206"]
    assert wire.said == b""


def test_the_settings_are_documented() -> None:
    page = (ROOT / "docs" / "language-server.md").read_text()
    extension = json.loads((ROOT / "editors" / "vscode" / "package.json").read_text())
    properties = extension["contributes"]["configuration"]["properties"]
    for name in names_of(Settings()):
        assert f"| `nixc.{name}` | `true` |" in page
        assert properties[f"nixc.{name}"]["default"] is getattr(Settings(), name)
