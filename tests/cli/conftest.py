"""Runs nixc as users do: a process, its arguments, what it prints and how it ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import pytest

from tests.harness import Ran, run_process

NIXC = Path(sys.executable).with_name("nixc")


class Nixc(Protocol):
    """Runs `nixc ARGUMENTS` in the test's directory."""

    def __call__(
        self,
        *arguments: str | Path,
        stdin: str | None = None,
        env: Mapping[str, str] | None = None,
        timeout: float = 60,
    ) -> Ran: ...


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where nixc is started; caches and temporary files are elsewhere."""
    path = tmp_path / "folder"
    path.mkdir()
    return path


@pytest.fixture
def nixc(folder: Path, tmp_path: Path) -> Nixc:
    def run(
        *arguments: str | Path,
        stdin: str | None = None,
        env: Mapping[str, str] | None = None,
        timeout: float = 60,
    ) -> Ran:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "XDG_CACHE_HOME": os.environ["XDG_CACHE_HOME"],
            "NIXACTIONS_HOME": str(tmp_path / "nixactions"),
            **(env or {}),
        }
        command = [NIXC, *arguments]
        ran = run_process(command, cwd=folder, env=environment, stdin=stdin, timeout=timeout)
        assert "Traceback" not in ran.stdout + ran.stderr
        assert "internal error" not in ran.stderr
        return ran

    return run
