"""The VS Code extension: its types, its grammar, its package, and itself in a real VS Code.

The last one wants code-server, which `.ci/editors` installs into a cache; `.ci/run` calls it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness import ROOT

EXTENSION = ROOT / "editors" / "vscode"
#: The most that the packed extension may have, in bytes (the tools page).
MOST = 500_000
#: The developer's own cache, as it is named before the tests get one of theirs.
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The extension, checked, built, its grammar tested, and packed; a copy of one's own."""
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed")
    copy = tmp_path_factory.mktemp("vsix") / "nixc.vsix"
    with (EXTENSION / "package-lock.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # other workers of pytest want the same
        _install()
        ran = _npm("package")
        assert ran.returncode == 0, ran.stdout + ran.stderr
        shutil.copy(EXTENSION / "dist" / "nixc.vsix", copy)
    return copy


def _install() -> None:
    """Packages from npm, as the lock file names them; nothing where they are there."""
    installed = EXTENSION / "node_modules" / ".package-lock.json"
    lock = EXTENSION / "package-lock.json"
    if installed.exists() and installed.stat().st_mtime >= lock.stat().st_mtime:
        return
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    ran = subprocess.run(command, cwd=EXTENSION, capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    installed.touch()


def _npm(script: str) -> subprocess.CompletedProcess[str]:
    command = ["npm", "run", "--silent", script]
    return subprocess.run(command, cwd=EXTENSION, capture_output=True, text=True, timeout=300)


def _code_server() -> str:
    """The program that `.ci/editors` has installed; it is not fetched in the midst of tests."""
    if not list((CACHE / "nixc-ci").glob("code-server-*/complete")):
        pytest.skip("code-server is not installed (.ci/editors does it)")
    environment = {**os.environ, "XDG_CACHE_HOME": str(CACHE)}
    ran = subprocess.run(
        [ROOT / ".ci" / "editors"], env=environment, capture_output=True, text=True, check=True
    )
    return ran.stdout.strip()


def test_the_package_is_small(package: Path) -> None:
    assert package.stat().st_size < MOST


def test_the_grammar_colours_what_it_should(package: Path) -> None:
    ran = _npm("test:grammar")
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_a_real_vs_code(package: Path, needs_tool: Callable[[str], str], tmp_path: Path) -> None:
    server, browser = _code_server(), needs_tool("chromium")
    nixc = Path(sys.executable).with_name("nixc")
    command = ["node", "test/editor.mjs", server, browser, str(nixc), str(package), str(tmp_path)]
    ran = subprocess.run(command, cwd=EXTENSION, capture_output=True, text=True, timeout=600)
    print(ran.stdout, ran.stderr)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_lock_names_no_registry() -> None:
    assert '"resolved"' not in (EXTENSION / "package-lock.json").read_text(encoding="utf-8")
