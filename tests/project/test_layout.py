"""What holds for the repository as a whole."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness import ROOT

#: Texts that end users of a checkout read or run; nothing here may know one machine.
SUFFIXES = {".py", ".sh", ".bash", ".bats", ".md", ".toml", ".nxa", ".lark", ".j2", ""}


def tracked() -> list[Path]:
    """Every file of the project: as git has them, or all of an unpacked source archive."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if listing.returncode == 0:
        paths = [ROOT / name for name in listing.stdout.split("\0") if name]
    else:
        paths = list(ROOT.rglob("*"))
    return [path for path in paths if path.is_file() and path.suffix in SUFFIXES]


def test_layers_are_kept() -> None:
    lint_imports = Path(sys.executable).with_name("lint-imports")
    ran = subprocess.run([lint_imports, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_no_machine_is_named() -> None:
    patterns = re.compile(
        r"/work/(main|shared)|/opt/pypi|pyenv|index-url|extra-index|registry\.npmjs|pypi\.org/simple"
    )
    this = Path(__file__).resolve()
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in tracked()
        if path != this
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1)
        if patterns.search(line)
    ]
    assert found == []


@pytest.mark.parametrize("name", [".ci/run", ".ci/venv"])
def test_scripts_can_be_started(name: str) -> None:
    assert (ROOT / name).stat().st_mode & 0o111


def test_the_changelog_names_this_version() -> None:
    from nixc import __version__

    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
