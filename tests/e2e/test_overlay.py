"""copyRepo = "overlay": a mount where one can be had, else a copy with a warning."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.e2e.runs import Flow, Run, wait_for
from tests.harness import Place

BASH = '"""'


def job(run: str, more: str = "") -> str:
    return f"""
        workflow w {{
          job j {{
            executor = local {{ copyRepo = "overlay" }}
            {more}
            run {BASH}
              {run}
            {BASH}
          }}
        }}
        """


@cache
def can_mount() -> bool:
    """Whether this machine and user can mount an overlay where the tests are."""
    with tempfile.TemporaryDirectory() as name:
        for part in ("lower", "upper", "work", "merged"):
            Path(name, part).mkdir()
        options = "lowerdir=lower,upperdir=upper,workdir=work"
        command = ["mount", "-t", "overlay", "-o", options, "overlay", "merged"]
        if subprocess.run(command, cwd=name, capture_output=True).returncode != 0:
            return False
        subprocess.run(["umount", f"{name}/merged"], check=True)
        return True


@pytest.fixture(autouse=True)
def nothing_stays_mounted(place: Place) -> Iterator[None]:
    """Other tests mount at the same time, in other places."""
    yield
    lines = Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if f"{place.root}/" in line] == []


def copied(run: Run) -> bool:
    """Was the repository copied? Only with a warning, and only where that was to be expected."""
    warnings = [each for each in run.warnings() if "the repository is copied" in each]
    return len(warnings) == 1


def test_the_repository_as_it_is(flow: Flow) -> None:
    repo = flow.place.repo
    for name in (".dot", "a b/c", "line\nbreak", "-dash", "gone"):
        flow.say(name, name)
    (repo / "a b/c").chmod(0o754)
    (repo / "link").symlink_to("a b/c")
    run = flow(
        job(
            "ls -A | wc -l | tr -d ' '; ls -l 'a b/c' | cut -c1-10; cat link; echo; rm gone;"
            " echo new > .dot; touch made; ls -ld . | cut -c1-10"
        )
    )
    assert run.jobs == {"j": "success"}, run.text
    assert run.output("j") == ["7", "-rwxr-xr--", "a b/c", "drwx------"]
    assert copied(run) != can_mount()
    assert (repo / ".dot").read_text() == ".dot"
    assert (repo / "gone").exists()
    assert not (repo / "made").exists()
    assert list(flow.place.workspaces.iterdir()) == []


def test_artifacts_and_jobs_of_their_own(flow: Flow) -> None:
    flow.say("file", "original\n")
    run = flow(
        """
        workflow w {
          executor o = local { copyRepo = "overlay" }
          job a {
            executor = o
            outputs  = { x = "out" }
            run "echo changed > file; mkdir out; cp file out/"
          }
          job b {
            executor = o
            needs    = [a]
            inputs   = ["x"]
            run "cat file out/file"
          }
        }
        """
    )
    assert run.output("b") == ["original", "changed"]


def test_a_kept_workspace_holds_files_and_no_mount(flow: Flow) -> None:
    flow.say("file", "original\n")
    flow(job("touch made"), "--keep-workspace")
    (kept,) = flow.place.workspaces.glob("*/local/jobs/j")
    assert sorted(path.name for path in kept.iterdir()) == ["file", "made"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_cancelled(flow: Flow, number: signal.Signals) -> None:
    running = flow.start(job("touch begun; (sleep 600 &) ; sleep 600"))
    wait_for(lambda: list(flow.place.workspaces.glob("*/local/jobs/j/begun")), "the step to begin")
    running.send(number)
    assert running.end().status == 128 + number
    assert list(flow.place.workspaces.iterdir()) == []


def test_a_killed_run_is_unmounted_by_gc(flow: Flow) -> None:
    flow.say("file", "original\n")
    script = flow.build(job("touch begun; sleep 600"))
    running = flow.start(script)
    wait_for(lambda: list(flow.place.workspaces.glob("*/local/jobs/j/begun")), "the step to begin")
    running.send(signal.SIGKILL)
    running.process.wait()
    assert flow(script, "--gc", format="").status == 0
    running.end()
    assert list(flow.place.workspaces.iterdir()) == []
    assert (flow.place.repo / "file").read_text() == "original\n"


@pytest.mark.parametrize("inside", ["TMPDIR", "NIXACTIONS_HOME", "ignore"])
def test_where_something_is_to_be_left_out_it_is_copied(flow: Flow, inside: str) -> None:
    repo = flow.place.repo
    flow.say("file")
    env = {"TMPDIR": str(repo), "NIXACTIONS_HOME": str(repo / "home"), "ignore": ""}
    if inside == "ignore":
        flow.say(".nxaignore", ".nxaignore\ngone\n")
        flow.say("gone")
    run = flow(job("ls -A"), env={} if inside == "ignore" else {inside: env[inside]})
    assert run.output("j") == ["file"]
    assert copied(run)


def test_a_temporary_directory_that_is_an_overlay_itself(flow: Flow, tmp_path: Path) -> None:
    """As in a container: the upper directory may not lie on one."""
    if not can_mount():
        # Then every run is one that cannot mount.
        assert copied(flow(job("true")))
        return
    for part in ("lower", "upper", "work", "merged"):
        (tmp_path / part).mkdir()
    options = "lowerdir=lower,upperdir=upper,workdir=work"
    merged = tmp_path / "merged"
    command = ["mount", "-t", "overlay", "-o", options, "overlay", "merged"]
    subprocess.run(command, cwd=tmp_path, check=True)
    try:
        flow.say("file")
        run = flow(job("ls -A; touch made"), env={"TMPDIR": str(merged)})
        assert run.output("j") == ["file"]
        assert copied(run)
    finally:
        subprocess.run(["umount", str(merged)], check=True)


@pytest.mark.parametrize("name", ["with blank", "a,b:c", "back\\slash", "quote'\"", "é*", "a\nb"])
def test_odd_directories(flow: Flow, name: str) -> None:
    here = flow.place.repo / name
    temporary = flow.place.root / f"tmp {name}"
    here.mkdir()
    temporary.mkdir()
    (here / "file").touch()
    run = flow(job("ls -A"), cwd=here, env={"TMPDIR": str(temporary)})
    assert run.output("j") == ["file"]
    assert copied(run) != can_mount()
    assert os.listdir(temporary / "nixactions") == []
