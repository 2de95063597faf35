"""Waits until files change, by looking at them several times a second.

Looking works on every file system, shared folders of virtual machines included, and whatever an
editor does to save: write in place, or move a new file over the old one.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from typing import TypeAlias

#: What tells one state of a file from another: its inode, its size, when it was changed. None
#: where there is no file.
Stamp: TypeAlias = tuple[int, int, int] | None

#: Seconds between two looks.
_PAUSE = 0.3
#: Seconds without a change after which a save is taken to be finished.
_SETTLED = 0.1


def stamp(path: str) -> Stamp:
    """The state of a file; links are followed."""
    try:
        state = os.stat(path)
    except (OSError, ValueError):
        return None
    return state.st_ino, state.st_size, state.st_mtime_ns


def wait(stamps: Mapping[str, Stamp]) -> None:
    """Returns when a file is no longer what its stamp says, and its changes have ended."""
    while (now := {path: stamp(path) for path in stamps}) == stamps:
        time.sleep(_PAUSE)
    settled = False
    while not settled:
        time.sleep(_SETTLED)
        before, now = now, {path: stamp(path) for path in stamps}
        settled = before == now
