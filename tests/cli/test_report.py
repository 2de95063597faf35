"""`nixc report`: tells of runs that scripts made."""

from __future__ import annotations

import json
import os
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.conftest import Nixc
from tests.harness import Ran

KINDS = ("junit", "json", "html", "trace")

WORKFLOW = r"""
workflow ci {
  job build { run "echo made; true" }
  job test {
    needs = [build]
    step "unit" {
      run = "for i in $(seq 30); do echo line $i; done; printf 'é \\033[31mred\\007\\n'; exit 4"
    }
  }
}
"""


@pytest.fixture
def runs(nixc: Nixc, folder: Path, tmp_path: Path) -> Path:
    """Where the record of one run is."""
    folder.joinpath("ci.nxa").write_text(WORKFLOW)
    options = [f"--report={kind}={folder / kind}" for kind in KINDS]
    assert nixc("run", "--no-shellcheck", "ci.nxa", "--", *options).status == 1
    return tmp_path / "nixactions" / "runs"


def name_of(runs: Path) -> str:
    (run,) = runs.iterdir()
    return run.name


def test_text(nixc: Nixc, runs: Path) -> None:
    ran = nixc("report", "last")
    assert (ran.status, ran.stderr) == (0, "")
    head, _, *rows = ran.lines
    assert head.startswith("ci: failure, ")
    assert head.endswith(f"({name_of(runs)})")
    assert [row.split()[0] for row in rows if "  " in row and "|" not in row] == [
        *("success", "success", "failure", "failure")
    ]
    assert "Critical path: build, test" in rows
    at = rows.index("test / unit: exit status 4")
    assert rows[at + 1 :] == [*[f"  | line {n}" for n in range(12, 31)], "  | é red\ufffd"]


@pytest.mark.parametrize("kind", KINDS)
def test_it_says_what_the_script_says(nixc: Nixc, folder: Path, runs: Path, kind: str) -> None:
    for run in (name_of(runs), runs / name_of(runs), "last"):
        assert nixc("report", run, "--format", kind).stdout == folder.joinpath(kind).read_text()
    assert nixc("report", "last", "--format", kind, "-o", "made").stdout == ""
    assert folder.joinpath("made").read_bytes() == folder.joinpath(kind).read_bytes()


def test_a_directory_elsewhere_without_a_plan(nixc: Nixc, folder: Path, runs: Path) -> None:
    """What an older version left, or what was taken from another machine."""
    moved = folder / "a=b"
    (runs / name_of(runs)).rename(moved)
    (moved / "plan").unlink()
    whole = json.loads(nixc("report", "a=b", "--format", "json").stdout)
    assert [job["name"] for job in whole["jobs"]] == ["build", "test"]
    assert whole["source"] is None
    assert (
        ElementTree.fromstring(nixc("report", "a=b", "--format", "junit").stdout).tag
        == "testsuites"
    )


def test_last_is_the_newest_of_all_workflows(nixc: Nixc, runs: Path) -> None:
    (first,) = runs.iterdir()
    what = '"workflow":"w","run":"%s","event":"workflow_start"'
    head = '{"timestamp":"2026-01-01T00:00:00.000Z",' + what + "}\n"
    for name in ("z-20000101T000000-9-9", "a-29991231T235959-1-1", "not-a-run"):
        (runs / name).mkdir()
        (runs / name / "events.jsonl").write_text(head % name)
    (runs / "b-29991231T235959-1-2").mkdir()
    assert "a-29991231T235959-1-1" in nixc("report", "last").lines[0]
    other = runs / "c-29991231T235959-1-1"
    other.mkdir()
    (other / "events.jsonl").write_text(head % other.name)
    os.utime(other / "events.jsonl", (1, 1))
    assert "a-29991231T235959-1-1" in nixc("report", "last").lines[0]
    assert first.name in nixc("report", first.name).lines[0]


def refused(ran: Ran) -> str:
    assert (ran.status, ran.stdout) == (2, "")
    return ran.stderr


def test_what_cannot_be_reported(nixc: Nixc, folder: Path, runs: Path) -> None:
    assert "there is no run ci-1" in refused(nixc("report", "ci-1"))
    assert f"the last one is {name_of(runs)}" in refused(nixc("report", "ci-1"))
    assert "there is no run" in refused(nixc("report", "last", env={"NIXACTIONS_HOME": "/none"}))
    assert "--format" in refused(nixc("report", "last", "--format", "pdf"))
    assert "cannot run awk" in refused(nixc("report", "last", env={"PATH": str(folder)}))
    assert "cannot write" in refused(nixc("report", "last", "-o", "none/x"))
