"""Fixtures for all tests.

`build` compiles a text, `run_script` runs what came of it; both work in `place`, a directory of
the test's own. A test that lacks a tool is skipped by name (`needs_tool`); where NIXC_NO_SKIPS=1,
as in CI, a skipped test fails the run.
"""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Mapping
from pathlib import Path
from textwrap import dedent
from typing import Protocol

import pytest

from tests.harness import Place, Ran, run_process

# Shells have what they start in the background ignore Ctrl-C, and its children too: tests send it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


class Build(Protocol):
    """Compiles a workflow; fails the test where there are errors."""

    def __call__(self, text: str, *, name: str = "ci", shellcheck: bool = False) -> Path: ...


class RunScript(Protocol):
    """Runs a built script in the test's repository with a clean environment."""

    def __call__(
        self,
        script: Path,
        *arguments: str,
        env: Mapping[str, str] | None = None,
        stdin: str | None = None,
        timeout: float = 60,
    ) -> Ran: ...


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test reads or fills the developer's own cache."""
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture
def build(place: Place) -> Build:
    """The text (indentation removed) is written beside the repository and compiled in-process."""

    def build(text: str, *, name: str = "ci", shellcheck: bool = False) -> Path:
        from nixc import driver
        from nixc.report import text as text_report

        source = place.root / f"{name}.nxa"
        source.write_text(dedent(text), encoding="utf-8")
        result = driver.build(str(source), shellcheck=shellcheck)
        assert result.script is not None, text_report.render(result.diagnostics, colour=False)
        script = place.root / f"{name}.sh"
        script.write_text(result.script, encoding="utf-8")
        script.chmod(0o755)
        return script

    return build


@pytest.fixture
def run_script(place: Place) -> RunScript:
    def run(
        script: Path,
        *arguments: str,
        env: Mapping[str, str] | None = None,
        stdin: str | None = None,
        timeout: float = 60,
    ) -> Ran:
        command = ["bash", script, *arguments]
        environment = place.environment(env or {})
        return run_process(command, cwd=place.repo, env=environment, stdin=stdin, timeout=timeout)

    return run


@pytest.fixture
def needs_tool() -> Callable[[str], str]:
    """Gives the path of a tool, or skips the test with the tool's name."""

    def find(name: str) -> str:
        path = shutil.which(name)
        if path is None:
            pytest.skip(f"{name} is not installed")
        return path

    return find


def pytest_sessionfinish(session: pytest.Session) -> None:
    if os.environ.get("NIXC_NO_SKIPS") != "1" or session.exitstatus != pytest.ExitCode.OK:
        return
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and reporter.stats.get("skipped"):
        reporter.write_line("NIXC_NO_SKIPS=1: a skipped test counts as failed here", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
