"""The commands of the server, and lenses, over its wire."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.lsp.conftest import Start
from tests.lsp.records import record
from tests.lsp.wire import Wire

TEXT = """\
# Says hello.
workflow w {
  executor box = oci { image = "debian:12" }
  job a { run "echo from a" }
  job b {
    executor = box
    needs    = [a]
    matrix   = { n = [1, 2] }
    run "true"
  }
}
"""
LOCAL = 'workflow w {\n  job a { run "pwd" }\n  job b {\n    needs = [a]\n    run "true"\n  }\n}\n'
SVG = "{http://www.w3.org/2000/svg}"
COMMANDS = ("nixc.build", "nixc.run", "nixc.runJob", "nixc.showGraph", "nixc.showScript")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "w"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NIXACTIONS_HOME", str(tmp_path / "nixactions"))
    return tmp_path / "nixactions"


def does(wire: Wire, command: str, *arguments: object) -> Any:
    answer = wire.ask("workspace/executeCommand", {"command": command, "arguments": arguments})
    assert "error" not in answer, answer
    return answer["result"]


def refused(wire: Wire, command: str, *arguments: object) -> str:
    answer = wire.ask("workspace/executeCommand", {"command": command, "arguments": arguments})
    assert answer["error"]["code"] == -32803
    message: str = answer["error"]["message"]
    assert "Traceback" not in message
    return message


def test_all_are_offered(start: Start, folder: Path, tmp_path: Path) -> None:
    wire = Wire()
    with wire:
        answer = wire.begin(tmp_path, "utf-16", {})
    assert sorted(answer["capabilities"]["executeCommandProvider"]["commands"]) == sorted(COMMANDS)
    assert answer["capabilities"]["codeLensProvider"] is not None


def test_build_writes_what_is_open(start: Start, folder: Path) -> None:
    path = folder / "a.nxa"
    path.write_text("not what is open")
    wire = start()
    wire.open(path.as_uri(), LOCAL.replace("pwd", "echo unsaved"))
    assert does(wire, "nixc.build", path.as_uri()) == {"out": str(folder / "a.sh")}
    ran = subprocess.run([folder / "a.sh"], cwd=folder, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert "unsaved" in ran.stdout
    assert path.read_text() == "not what is open"
    for out in ("x.sh", str(folder / "x.sh"), (folder / "x.sh").as_uri()):
        assert does(wire, "nixc.build", path.as_uri(), out) == {"out": str(folder / "x.sh")}
        (folder / "x.sh").unlink()


def test_run_and_run_job_give_what_to_start(start: Start, folder: Path) -> None:
    (folder / "sub").mkdir()
    uri = (folder / "sub" / "a b.nxa").as_uri()
    wire = start()
    wire.open(uri, LOCAL)
    for what, arguments, jobs in (
        ("nixc.run", (), ["a", "b"]),
        ("nixc.runJob", ("a",), ["a"]),
    ):
        answer = does(wire, what, uri, *arguments)
        assert answer["cwd"] == str(folder)
        listing = [*answer["command"], "--dry-run"]
        ran = subprocess.run(listing, cwd=answer["cwd"], capture_output=True, text=True)
        assert ran.returncode == 0, ran.stderr
        assert re.findall(r"^\s*\d+\. (\w+) ", ran.stdout, re.MULTILINE) == jobs


def test_the_script_is_shown_though_nothing_is_written(start: Start, folder: Path) -> None:
    uri = (folder / "a.nxa").as_uri()
    wire = start()
    wire.open(uri, LOCAL)
    text = does(wire, "nixc.showScript", uri)["text"]
    ran = subprocess.run(["bash", "-s", "--", "--list"], input=text, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert list(folder.iterdir()) == []


def test_the_graph_with_its_last_run(start: Start, folder: Path, home: Path) -> None:
    record(home, "w", 1, a=("success", 1200), **{"b-n-1": ("success", 5), "b-n-2": ("failure", 7)})
    uri = (folder / "a.nxa").as_uri()
    wire = start("utf-16")
    wire.open(uri, TEXT)
    answer = does(wire, "nixc.showGraph", uri)
    assert answer["workflow"] == "w"
    assert answer["groups"] == [
        {"name": "local", "kind": "local", "jobs": ["a"]},
        {"name": "box", "kind": "oci", "jobs": ["b"]},
    ]
    first, second = answer["jobs"]
    assert first["range"]["start"]["line"] == 3
    assert (first["status"], first["duration_ms"]) == ("success", 1200)
    wanted = {"name": "b", "executor": "box", "needs": ["a"], "uri": uri, "status": "failure"}
    assert wanted.items() <= second.items()
    groups = [g for g in ElementTree.fromstring(answer["svg"]).iter(f"{SVG}g") if g.get("data-job")]
    assert [(g.get("class"), g.get("tabindex"), g.get("role")) for g in groups] == [
        ("job status-success", "0", "link"),
        ("job status-failure", "0", "link"),
    ]
    label = groups[1].get("aria-label")
    assert label == "b on box; matrix n (2): 2 jobs; needs a; last run: failure in 0.0s"


def test_the_graph_follows_edits_and_says_why_it_cannot(start: Start, folder: Path) -> None:
    uri = (folder / "a.nxa").as_uri()
    wire = start()
    wire.open(uri, LOCAL)
    assert [job["status"] for job in does(wire, "nixc.showGraph", uri)["jobs"]] == [None, None]
    wire.change(uri, 2, {"text": LOCAL.replace("[a]", "[x]")})
    assert "a.nxa:4: " in refused(wire, "nixc.showGraph", uri)
    wire.change(uri, 3, {"text": "let a = 1\n"})
    assert refused(wire, "nixc.showGraph", uri) == "there is no workflow in this file"
    wire.change(uri, 4, {"text": LOCAL})
    assert len(does(wire, "nixc.showGraph", uri)["jobs"]) == 2


def test_what_is_refused_is_said_and_no_fault(start: Start, folder: Path) -> None:
    uri = (folder / "a.nxa").as_uri()
    wire = start()
    wire.open(uri, LOCAL)
    shown = []
    for command, arguments, why in (
        ("nixc.runJob", (uri, "nobody"), "there is no job `nobody`"),
        ("nixc.runJob", (uri, 1), "the name of a job"),
        ("nixc.runJob", (uri,), "wrong arguments"),
        ("nixc.run", (), "wrong arguments"),
        ("nixc.run", ((folder / "none.nxa").as_uri(),), "cannot be read"),
        ("nixc.build", (uri, str(folder / "none" / "x.sh")), "cannot write"),
        ("nixc.build", (None,), "a URI"),
        ("nixc.showScript", ((folder / "none.nxa").as_uri(),), "cannot be read"),
    ):
        assert why in refused(wire, command, *arguments), command
        shown.append(why)
    wire.open("untitled:Untitled-1", LOCAL)
    assert "saved" in refused(wire, "nixc.build", "untitled:Untitled-1")
    assert len(does(wire, "nixc.showGraph", "untitled:Untitled-1")["jobs"]) == 2
    wire.change(uri, 2, {"text": LOCAL.replace('"pwd"', '"if"')})
    assert "SC1" in refused(wire, "nixc.run", uri)
    assert wire.said == b""


def test_a_failed_run_is_shown_to_the_user(start: Start, folder: Path) -> None:
    uri = (folder / "a.nxa").as_uri()
    wire = start()
    wire.open(uri, LOCAL)
    params = {"command": "nixc.runJob", "arguments": [uri, "nobody"]}
    wire.request("workspace/executeCommand", params)
    told = wire.wait(lambda one: one.get("method") == "window/showMessage")["params"]
    assert (told["type"], told["message"]) == (
        1,
        "nixc: there is no job `nobody` in the workflow `w`",
    )


def test_lenses_over_the_wire(start: Start, folder: Path, home: Path) -> None:
    record(home, "w", 1, a=("success", 1200))
    uri = (folder / "a.nxa").as_uri()
    wire = start()
    wire.open(uri, TEXT)
    found = wire.ask("textDocument/codeLens", {"textDocument": {"uri": uri}})["result"]
    commands = [one["command"] for one in found]
    starts = [one for one in commands if one["command"].startswith("nixc.")]
    assert [(one["command"], one["arguments"]) for one in starts] == [
        ("nixc.run", [uri]),
        ("nixc.runJob", [uri, "a"]),
        ("nixc.runJob", [uri, "b"]),
    ]
    (shows,) = (one for one in commands if one["command"] == "editor.action.showReferences")
    assert shows["title"] == "1 reference"
    where, place, locations = shows["arguments"]
    assert (where, place) == (uri, {"line": 2, "character": 11})
    assert [(one["uri"], one["range"]["start"]) for one in locations] == [
        (uri, {"line": 5, "character": 15})
    ]
    (last,) = (one for one in commands if one["command"] == "")
    assert last["title"].startswith("✓ success in 1.2s, 2026-01-0")


def test_a_cache_that_is_not_ours_alone_is_said(start: Start, folder: Path, tmp_path: Path) -> None:
    uri = (folder / "a.nxa").as_uri()
    cache = tmp_path / "cache" / "nixc"
    cache.mkdir(parents=True)
    cache.chmod(0o777)
    wire = start()
    wire.open(uri, LOCAL)
    assert "this user's alone" in refused(wire, "nixc.run", uri)
    assert os.listdir(cache) == []
