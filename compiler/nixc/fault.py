"""Faults of nixc itself, as its users are told of them."""

from __future__ import annotations

import platform
import traceback
from pathlib import Path

from nixc import __version__

_PACKAGE = Path(__file__).resolve().parent

#: How many places of a long way down to a fault are worth reporting.
_PLACES = 8


def describe(error: Exception) -> str:
    """What to tell the user about an error that should not have been, with what to report."""
    what = f"{type(error).__name__}: {error}".rstrip(": ")
    lines = [
        f"nixc: internal error: {what}",
        "  This is a fault of nixc, not of your workflow. Please report it, with the workflow if",
        "  you can, and these lines:",
        f"  nixc {__version__}, Python {platform.python_version()}, {platform.system()}",
    ]
    return "\n".join(lines + [f"  at {place}" for place in _way_to(error)])


def _way_to(error: Exception) -> list[str]:
    """The places on the way from nixc's command line to an error, the innermost last."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [index for index, frame in enumerate(frames) if _is_ours(frame.filename)]
    # What stands between nixc's own places is the command line library.
    below = frames[ours[-1] + 1 :] if ours else frames
    kept = [frames[index] for index in ours] + list(below)
    return [f"{_short(f.filename)}:{f.lineno} in {f.name}" for f in kept][-_PLACES:]


def _is_ours(path: str) -> bool:
    return Path(path).resolve().is_relative_to(_PACKAGE)


def _short(path: str) -> str:
    """A file's path below the package, or only its name: no paths of the user's are reported."""
    try:
        return f"nixc/{Path(path).relative_to(_PACKAGE).as_posix()}"
    except ValueError:
        return Path(path).name
