"""A terminal for tests: what a script writes goes through an emulator, as a person would see it."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping

import pyte

from tests.e2e.runs import Flow, heed_signals
from tests.harness import kill_session


class Terminal:
    """A script under way in a terminal that is its controlling one."""

    def __init__(
        self,
        flow: Flow,
        text: str,
        *arguments: str,
        env: Mapping[str, str] | None = None,
        columns: int = 80,
        rows: int = 24,
    ) -> None:
        script = flow.build(text)
        self.screen = pyte.HistoryScreen(columns, rows, history=5000, ratio=0.001)
        self.stream = pyte.ByteStream(self.screen)
        self.written = b""
        self.master, slave = pty.openpty()
        self.resize(columns, rows)
        env = {"PATH": flow.path, "TERM": "xterm-256color", "LANG": "C.UTF-8", **(env or {})}
        self.process = subprocess.Popen(
            [flow.shell, str(script), *arguments],
            cwd=flow.place.repo,
            env=flow.place.environment(env),
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            preexec_fn=_take_terminal,
        )
        os.close(slave)

    def resize(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.resize(rows, columns)

    def type(self, keys: bytes) -> None:
        os.write(self.master, keys)

    @property
    def display(self) -> list[str]:
        """The lines in view, without blanks at their ends and empty lines at the bottom."""
        return _trimmed(self.screen.display)

    @property
    def all(self) -> list[str]:
        """The same with what was scrolled out of view."""
        top = [
            "".join(line[column].data for column in range(max(line, default=-1) + 1))
            for line in self.screen.history.top
        ]
        return _trimmed([*top, *self.screen.display])

    def wait(self, seen: Callable[[list[str]], object], timeout: float = 30) -> list[str]:
        """Reads on until what is in view is what is waited for; gives that."""
        deadline = time.monotonic() + timeout
        while not seen(self.display):
            if not self._read(deadline):
                said = "\n".join(self.all)
                raise AssertionError(f"never seen; the terminal shows:\n{said}")
        return self.display

    def end(self, timeout: float = 60) -> int:
        """Reads to the end; gives the exit status."""
        deadline = time.monotonic() + timeout
        while self._read(deadline):
            pass
        try:
            return self.process.wait(max(1.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            kill_session(self.process.pid)
            raise AssertionError("the script hung:\n" + "\n".join(self.all)) from None

    def _read(self, deadline: float) -> bool:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([self.master], [], [], left)[0]:
            return False
        try:
            data = os.read(self.master, 65536)
        except OSError:
            # What Linux says once nobody has the other end any more.
            return False
        self.written += data
        self.stream.feed(data)
        return bool(data)


def _take_terminal() -> None:
    heed_signals()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _trimmed(lines: list[str]) -> list[str]:
    lines = [line.rstrip() for line in lines]
    while lines and not lines[-1]:
        lines.pop()
    return lines
