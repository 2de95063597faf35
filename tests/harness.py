"""What end-to-end tests are made of: compile a text, run the script on its own."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

#: The checkout.
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Ran:
    """How a process ended; a signal's number is negative, as subprocess has it."""

    status: int
    stdout: str
    stderr: str

    @property
    def lines(self) -> list[str]:
        """The lines of standard output."""
        return self.stdout.splitlines()


@dataclass(frozen=True)
class Place:
    """A directory of its own for one test: repository, home, temporary files, run records."""

    root: Path
    #: The directory that scripts are started in: the repository of the run.
    repo: Path = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "repo", self.root / "repo")
        for name in ("repo", "home", "tmp", "nixactions"):
            (self.root / name).mkdir()

    @property
    def runs(self) -> Path:
        """Where runs leave their records: one directory each."""
        return self.root / "nixactions" / "runs"

    @property
    def workspaces(self) -> Path:
        """Where the jobs of a run have their directories while it lasts."""
        return self.root / "tmp" / "nixactions"

    def environment(self, extra: Mapping[str, str]) -> dict[str, str]:
        """All that a script sees: PATH and four directories, and what the test adds."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.root / "home"),
            "TMPDIR": str(self.root / "tmp"),
            "NIXACTIONS_HOME": str(self.root / "nixactions"),
            **extra,
        }


def run_process(
    command: Sequence[object],
    *,
    cwd: Path,
    env: Mapping[str, str],
    stdin: str | None = None,
    timeout: float = 60,
) -> Ran:
    """Runs a command in a session of its own; one that hangs is killed with all it started.

    Raises AssertionError with the output so far after `timeout` seconds.
    """
    process = subprocess.Popen(
        [str(word) for word in command],
        cwd=cwd,
        env=dict(env),
        stdin=subprocess.PIPE if stdin is not None else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        out, err = process.communicate(stdin.encode() if stdin is not None else None, timeout)
    except subprocess.TimeoutExpired:
        kill_session(process.pid)
        out, err = process.communicate()
        said = (out + err).decode("utf-8", "replace")
        raise AssertionError(f"{command[0]} hung for {timeout} s; it printed:\n{said}") from None
    return Ran(process.returncode, _text(out), _text(err))


def _text(data: bytes) -> str:
    # Not universal newlines: a test of output wants to see a carriage return.
    return data.decode("utf-8", "backslashreplace")


def kill_session(leader: int) -> None:
    """Kills every process of a session: jobs have groups of their own within it."""
    listing = subprocess.run(["ps", "-eo", "pid=,sess="], capture_output=True, text=True)
    for line in listing.stdout.splitlines():
        pid, session = map(int, line.split())
        if session == leader:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
