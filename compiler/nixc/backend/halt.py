"""Ending the calls of other programs whose answer is wanted no more."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Halted(Exception):
    """The answer is wanted no more."""


class Halt:
    """Ends calls from another thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._wanted = False

    def now(self) -> None:
        """Ends what runs, and whatever would be started later."""
        with self._lock:
            self._wanted = True
            for process in self._running:
                process.kill()

    @contextmanager
    def ending(self, process: subprocess.Popen[bytes]) -> Iterator[None]:
        """Within it the process may be ended. Raises Halted behind it if it was."""
        with self._lock:
            self._running.add(process)
            if self._wanted:
                process.kill()
        try:
            yield
        finally:
            with self._lock:
                self._running.discard(process)
        self.refuse()

    def refuse(self) -> None:
        """Raises Halted once nothing is wanted any more."""
        if self._wanted:
            raise Halted
