"""A line that says what takes so long, on a terminal only."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

#: Seconds that nobody wonders about.
DELAY = 1.0

_ERASE = "\r\x1b[K"


@contextmanager
def patience(doing: str) -> Iterator[None]:
    """Shows `doing` while the block runs, from the first second on; leaves nothing behind."""
    stream = sys.stderr
    # The stream is None where its descriptor is closed.
    if stream is None or not stream.isatty():
        yield
        return
    shown = threading.Event()

    def show() -> None:
        shown.set()
        stream.write(f"nixc: {doing} ...")
        stream.flush()

    timer = threading.Timer(DELAY, show)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        if shown.is_set():
            stream.write(_ERASE)
            stream.flush()
