"""`nixc build --watch`: builds again on changes, however a file is saved."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nixc import watch
from tests.cli.conftest import NIXC, Nixc

MAIN = 'import "./lib.nxa" as lib\nworkflow w {\n  job j {\n    use lib.hello()\n  }\n}\n'
LIB = 'action hello() {\n  run = "echo WORD"\n}\n'

#: Seconds after which a build that should have come has not: the machine may be busy.
PATIENCE = 60


class Watcher:
    """A `nixc build --watch` that runs; what it says goes to a file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said = folder / "said"
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(
                [NIXC, "build", "--no-shellcheck", "--watch", "ci.nxa"], cwd=folder, stderr=said
            )

    def builds(self) -> int:
        """How many builds have ended."""
        return self.said.read_text().count("waiting for changes")

    def after(self, change: Callable[[], object]) -> str:
        """The script after the build that a change causes."""
        before = self.builds()
        change()
        self.wait_for(before + 1)
        script = self.folder / "ci.sh"
        return script.read_text() if script.exists() else ""

    def wait_for(self, builds: int) -> None:
        end = time.monotonic() + PATIENCE
        while self.builds() < builds:
            assert self.process.poll() is None, self.said.read_text()
            assert time.monotonic() < end, self.said.read_text()
            time.sleep(0.05)


@pytest.fixture
def watcher(folder: Path) -> Iterator[Watcher]:
    (folder / "ci.nxa").write_text(MAIN)
    (folder / "lib.nxa").write_text(LIB)
    running = Watcher(folder)
    running.wait_for(1)
    yield running
    running.process.kill()
    running.process.wait()


def test_it_builds_again(watcher: Watcher, folder: Path) -> None:
    """In place, by a rename as editors do, and after a time without the file."""
    assert "echo WORD" in (folder / "ci.sh").read_text()
    main, lib = folder / "ci.nxa", folder / "lib.nxa"

    script = watcher.after(lambda: lib.write_text(LIB.replace("WORD", "written")))
    assert "echo written" in script

    def rename() -> None:
        (folder / "lib.nxa~").write_text(LIB.replace("WORD", "renamed"))
        os.replace(folder / "lib.nxa~", lib)

    assert "echo renamed" in watcher.after(rename)

    assert "echo renamed" in watcher.after(lib.unlink)
    assert "NX212" in watcher.said.read_text()
    script = watcher.after(lambda: lib.write_text(LIB.replace("WORD", "again")))
    assert "echo again" in script

    assert "echo again" in watcher.after(main.unlink)
    assert "cannot read ci.nxa" in watcher.said.read_text()
    script = watcher.after(lambda: main.write_text(MAIN.replace("job j", "job other")))
    assert "other" in script


def test_errors_leave_the_old_script(watcher: Watcher, folder: Path) -> None:
    before = (folder / "ci.sh").read_bytes()
    script = watcher.after(lambda: (folder / "ci.nxa").write_text("workflow w {\n"))
    assert script.encode() == before
    said = watcher.said.read_text()
    assert "error[NX" in said
    assert "ci.sh is left as it was" in said


def test_an_interrupt_ends_it(watcher: Watcher) -> None:
    watcher.process.send_signal(signal.SIGINT)
    assert watcher.process.wait(PATIENCE) == 130
    assert "Traceback" not in watcher.said.read_text()


def test_it_starts_with_what_is_not_there_yet(folder: Path) -> None:
    running = Watcher(folder)
    try:
        running.wait_for(1)
        (folder / "lib.nxa").write_text(LIB)
        assert "echo WORD" in running.after(lambda: (folder / "ci.nxa").write_text(MAIN))
    finally:
        running.process.kill()
        running.process.wait()


@pytest.mark.parametrize("arguments", [["-"], ["ci.nxa", "-o", "-"]])
def test_what_cannot_be_watched(nixc: Nixc, arguments: list[str]) -> None:
    ran = nixc("build", "--watch", *arguments, stdin="")
    assert ran.status == 2
    assert "--watch needs a FILE" in ran.stderr


def test_a_stamp_tells_states_apart(tmp_path: Path) -> None:
    path = tmp_path / "a"
    states = {watch.stamp(str(path))}
    path.write_text("a")
    states.add(watch.stamp(str(path)))
    path.write_text("ab")
    states.add(watch.stamp(str(path)))
    (tmp_path / "b").write_text("ab")
    os.replace(tmp_path / "b", path)
    states.add(watch.stamp(str(path)))
    assert len(states) == 4
    assert watch.stamp(str(tmp_path / "no\0name")) is None
