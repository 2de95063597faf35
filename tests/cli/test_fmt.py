"""`nixc fmt`: what it writes where, and how it ends."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from nixc import driver
from tests.cli.conftest import Nixc
from tests.harness import ROOT
from tests.syntax.meaning import untidied

UNTIDY = "let a=1\n"
TIDY = "let a = 1\n"
BROKEN = "let a =\n"


def test_a_file(nixc: Nixc, folder: Path) -> None:
    (folder / "a.nxa").write_text(UNTIDY)
    ran = nixc("fmt", "a.nxa")
    assert (ran.status, ran.stdout, ran.stderr) == (0, "", "")
    assert (folder / "a.nxa").read_text() == TIDY
    assert os.listdir(folder) == ["a.nxa"]


def test_directories_are_searched(nixc: Nixc, folder: Path) -> None:
    for name in ("b/one.nxa", "b/c/two.nxa", "b/.hidden/three.nxa", "b/four.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(UNTIDY)
    assert nixc("fmt", ".").status == 0
    changed = {
        path.name for path in folder.rglob("*.*") if path.is_file() and path.read_text() == TIDY
    }
    assert changed == {"one.nxa", "two.nxa"}


def test_only_what_changes_is_written(nixc: Nixc, folder: Path) -> None:
    (folder / "a.nxa").write_text(TIDY)
    before = (folder / "a.nxa").stat()
    assert nixc("fmt", "a.nxa").status == 0
    after = (folder / "a.nxa").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_mode_and_link_stay(nixc: Nixc, folder: Path) -> None:
    (folder / "real").mkdir()
    real, link = folder / "real" / "a.nxa", folder / "link.nxa"
    real.write_text(UNTIDY)
    real.chmod(0o741)
    link.symlink_to("real/a.nxa")
    assert nixc("fmt", "link.nxa").status == 0
    assert link.is_symlink()
    assert real.read_text() == TIDY
    assert stat.S_IMODE(real.stat().st_mode) == 0o741


def test_check_names_what_would_change(nixc: Nixc, folder: Path) -> None:
    (folder / "a.nxa").write_text(UNTIDY)
    (folder / "b.nxa").write_text(TIDY)
    ran = nixc("fmt", "--check", ".", "-", stdin=UNTIDY)
    assert (ran.status, ran.lines, ran.stderr) == (1, ["./a.nxa", "<stdin>"], "")
    assert (folder / "a.nxa").read_text() == UNTIDY
    assert nixc("fmt", "--check", "b.nxa").status == 0


def test_diff_shows_what_would_change(nixc: Nixc, folder: Path) -> None:
    (folder / "a.nxa").write_text(UNTIDY)
    ran = nixc("fmt", "--diff", "a.nxa")
    assert (ran.status, ran.stderr) == (0, "")
    assert ran.lines == ["--- a.nxa", "+++ a.nxa", "@@ -1 +1 @@", "-let a=1", "+let a = 1"]
    assert (folder / "a.nxa").read_text() == UNTIDY
    both = nixc("fmt", "--check", "--diff", "a.nxa")
    assert (both.status, both.stdout) == (1, ran.stdout)


@pytest.mark.parametrize(
    "text", [UNTIDY, "a=1", "\ufeffa=1\r\nb=2\r\n", 'a="\x0c\u2028"\n', "#\n\n\na = 1\n# x"]
)
def test_a_diff_is_a_patch(
    nixc: Nixc, folder: Path, needs_tool: Callable[[str], str], text: str
) -> None:
    git = needs_tool("git")
    file = folder / "a.nxa"
    file.write_bytes(text.encode())
    patch = nixc("fmt", "--diff", "a.nxa").stdout
    ran = subprocess.run([git, "apply", "-p0"], cwd=folder, input=patch.encode())
    assert ran.returncode == 0
    patched = file.read_bytes()
    file.write_bytes(text.encode())
    assert nixc("fmt", "a.nxa").status == 0
    assert file.read_bytes() == patched != text.encode()


def test_standard_input(nixc: Nixc) -> None:
    for text in (UNTIDY, TIDY):
        ran = nixc("fmt", "-", stdin=text)
        assert (ran.status, ran.stdout, ran.stderr) == (0, TIDY, "")
    ran = nixc("fmt", "-", stdin=BROKEN)
    assert (ran.status, ran.stdout) == (1, "")
    assert " --> <stdin>:1:7\n" in ran.stderr


def test_dos_files_become_plain(nixc: Nixc, folder: Path) -> None:
    (folder / "a.nxa").write_bytes(b"\xef\xbb\xbflet a = 1\r\n")
    assert nixc("fmt", "--check", "a.nxa").status == 1
    assert nixc("fmt", "a.nxa").status == 0
    assert (folder / "a.nxa").read_bytes() == TIDY.encode()


@pytest.mark.parametrize("data", [BROKEN.encode(), b"a=1 # \xff\n", b"a=1 # \0\n"])
def test_a_file_with_syntax_errors_stays(nixc: Nixc, folder: Path, data: bytes) -> None:
    (folder / "a.nxa").write_bytes(data)
    (folder / "b.nxa").write_text(UNTIDY)
    ran = nixc("fmt", "a.nxa", "b.nxa")
    assert (ran.status, ran.stdout) == (1, "")
    assert "error[NX1" in ran.stderr
    assert " --> a.nxa:1:" in ran.stderr
    assert (folder / "a.nxa").read_bytes() == data
    assert (folder / "b.nxa").read_text() == TIDY


def test_what_cannot_be_read(nixc: Nixc, folder: Path) -> None:
    (folder / "b.nxa").write_text(UNTIDY)
    ran = nixc("fmt", "a.nxa", "b.nxa")
    assert (ran.status, ran.stdout) == (2, "")
    assert ran.stderr == "nixc: cannot read a.nxa: No such file or directory\n"
    assert (folder / "b.nxa").read_text() == TIDY
    assert nixc("fmt").status == 2


def test_what_cannot_be_written(nixc: Nixc, folder: Path) -> None:
    os.mkfifo(folder / "pipe.nxa")
    writer = subprocess.Popen(["sh", "-c", "echo a=1 > pipe.nxa"], cwd=folder)
    ran = nixc("fmt", "pipe.nxa")
    assert writer.wait() == 0
    reason = "it is no file; to format a stream, name it `-`"
    assert (ran.status, ran.stderr) == (2, f"nixc: cannot write pipe.nxa: {reason}\n")


def test_the_built_scripts_stay(nixc: Nixc, folder: Path) -> None:
    shutil.copytree(ROOT / "examples", folder / "examples")
    for path in folder.rglob("*.nxa"):
        path.write_text(untidied(path.read_text(), Random(1)))
    sources = sorted((folder / "examples").glob("*.nxa"))
    before = [driver.build(str(path), shellcheck=False).script for path in sources]
    assert nixc("fmt", "--check", ".").status == 1
    assert nixc("fmt", ".").status == 0
    assert nixc("fmt", "--check", ".").status == 0
    after = [driver.build(str(path), shellcheck=False).script for path in sources]
    assert None not in after
    assert before == after
