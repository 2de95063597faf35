"""Running built scripts and reading what they say, event by event."""

from __future__ import annotations

import atexit
import json
import os
import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.conftest import Build
from tests.harness import Place, kill_session

Event = dict[str, Any]


@dataclass(frozen=True)
class Shell:
    """What runs the scripts: a bash, on a machine with or without perl."""

    bash: str
    perl: bool
    #: Whether jobs without an executor of their own get one that copies nothing.
    bare: bool = False

    def __str__(self) -> str:
        if self.bare:
            return f"{self.bash} bare"
        return self.bash if self.perl else f"{self.bash} without perl"

    @property
    def path(self) -> str:
        """PATH of that machine, where any `bash` is this one."""
        return with_bash(self.bash, os.environ["PATH"] if self.perl else without_perl())


#: The one on PATH, and those that the environment lists. With perl one process writes all output,
#: without it each job's filter does.
BASHES = ["bash", *filter(None, os.environ.get("NIXC_TEST_BASHES", "").split(":"))]
SHELLS = [Shell(bash, perl) for bash in BASHES for perl in (True, False)]
BARE_SHELLS = [Shell(bash, perl=True, bare=True) for bash in BASHES]


@dataclass(frozen=True)
class Run:
    """How a script ended, and what it printed, as bytes."""

    status: int
    stdout: bytes
    stderr: str

    @property
    def text(self) -> str:
        return self.stdout.decode("utf-8")

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @property
    def events(self) -> list[Event]:
        """The events of a run with `--log-format json`; every line must be a JSON object."""
        lines = self.stdout.decode("utf-8").split("\n")
        assert lines.pop() == "", "the last line is not ended"
        return [_event(line) for line in lines]

    def of(self, event: str, job: str | None = None, step: str | None = None) -> list[Event]:
        """The events of one kind, of one job or step if given."""
        return [
            each
            for each in self.events
            if each["event"] == event
            and (job is None or each.get("job") == job)
            and (step is None or each.get("step") == step)
        ]

    @property
    def jobs(self) -> dict[str, str]:
        """How each job ended; each must have ended once."""
        ends = [(each["job"], each["status"]) for each in self.of("job_end")]
        assert len(dict(ends)) == len(ends), f"a job ended twice: {ends}"
        return dict(ends)

    def steps(self, job: str) -> dict[str, str]:
        """How each step of a job ended, in order."""
        return {each["step"]: each["status"] for each in self.of("step_end", job)}

    def output(self, job: str | None = None, step: str | None = None) -> list[str]:
        """The lines that steps printed."""
        return [each["message"] for each in self.of("output", job, step)]

    def reason(self, job: str) -> str:
        """Why a job ended as it did."""
        (end,) = self.of("job_end", job)
        return str(end.get("reason", ""))

    def warnings(self) -> list[str]:
        return [each["message"] for each in self.of("warning")]


def _event(line: str) -> Event:
    event = json.loads(line)
    assert isinstance(event, dict)
    assert {"timestamp", "workflow", "run", "event"} <= event.keys(), line
    return event


class Running:
    """A script under way, in a session of its own."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process

    def send(self, number: signal.Signals) -> None:
        """A signal to the script alone, as `kill` sends it."""
        self.process.send_signal(number)

    def end(self, timeout: float = 60) -> Run:
        """Waits for the end; kills all and fails after `timeout` seconds."""
        try:
            out, err = self.process.communicate(None, timeout)
        except subprocess.TimeoutExpired:
            kill_session(self.process.pid)
            out, err = self.process.communicate()
            said = (out + err).decode("utf-8", "replace")
            raise AssertionError(f"the script hung for {timeout} s; it printed:\n{said}") from None
        return Run(self.process.returncode, out, err.decode("utf-8", "backslashreplace"))


class Flow:
    """Builds texts and runs what comes of them with one shell, in the test's own directories."""

    def __init__(self, place: Place, build: Build, shell: Shell) -> None:
        self.place = place
        self.build = build
        self.shell = shell.bash
        self.path = shell.path
        self.bare = shell.bare

    def _text(self, text: str) -> str:
        if not self.bare or "executor" in text:
            return text
        bare = "executor = local { copyRepo = false }"
        return re.sub(r"\bjob ([\w-]+) \{", rf"job \1 {{\n{bare}\n", text)

    def __call__(
        self,
        text: str | Path,
        *arguments: str,
        env: Mapping[str, str] | None = None,
        format: str = "json",
        cwd: Path | None = None,
        timeout: float = 60,
    ) -> Run:
        """Runs a workflow (or a script that is built already) to its end."""
        return self.start(text, *arguments, env=env, format=format, cwd=cwd).end(timeout)

    def start(
        self,
        text: str | Path,
        *arguments: str,
        env: Mapping[str, str] | None = None,
        format: str = "json",
        cwd: Path | None = None,
        stdout: int = subprocess.PIPE,
        prepare: Callable[[], None] | None = None,
    ) -> Running:
        """Starts a workflow; `prepare` is called in the new process."""
        script = self.build(self._text(text)) if isinstance(text, str) else text
        options = ["--log-format", format] if format else []
        process = subprocess.Popen(
            [self.shell, str(script), *options, *arguments],
            cwd=cwd or self.place.repo,
            env=self.place.environment({"PATH": self.path, **(env or {})}),
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.PIPE,
            start_new_session=True,
            preexec_fn=prepare or heed_signals,
        )
        return Running(process)

    def say(self, path: str, text: str = "") -> Path:
        """Writes a file of the repository."""
        file = self.place.repo / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file


def with_bash(bash: str, path: str) -> str:
    """PATH with another bash before all that it has."""
    return path if bash == "bash" else f"{_folder_of(bash)}:{path}"


@cache
def _folder_of(bash: str) -> str:
    """A directory with a bash and nothing else; it lasts as long as this process."""
    folder = tempfile.TemporaryDirectory(prefix="nixc-bash-")
    atexit.register(folder.cleanup)
    Path(folder.name, "bash").symlink_to(bash)
    return folder.name


@cache
def without_perl() -> str:
    """A directory for PATH with links to all that PATH has, but no perl.

    It lasts as long as this process.
    """
    folder = tempfile.TemporaryDirectory(prefix="nixc-path-")
    atexit.register(folder.cleanup)
    for directory in os.environ["PATH"].split(":"):
        for tool in Path(directory).glob("*") if directory else ():
            link = Path(folder.name, tool.name)
            if not re.match(r"perl[0-9.]*$", tool.name) and not link.is_symlink():
                link.symlink_to(tool)
    return folder.name


def heed_signals() -> None:
    """What a terminal's shell gives its children: a runner may have ignored some of these."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)


def wait_for(found: Callable[[], object], what: str, timeout: float = 30) -> None:
    """Returns as soon as `found()` is true."""
    end = time.monotonic() + timeout
    while not found():
        if time.monotonic() > end:
            raise AssertionError(f"waited {timeout} s for {what}")
        time.sleep(0.02)


def processes_with(marker: str) -> list[str]:
    """The command lines of living processes that hold a text (this one's tools aside)."""
    listing = subprocess.run(
        ["ps", "-eo", "stat=,args="], capture_output=True, text=True, errors="replace"
    )
    return [
        line for line in listing.stdout.splitlines() if marker in line and not line.startswith("Z")
    ]
