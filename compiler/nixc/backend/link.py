"""Which runtime files a script carries: those that the roots require, by their headers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from nixc.resources import runtime_path

_REQUIRES = re.compile(r"^# Requires:(.*)$", re.MULTILINE)
#: Headers that speak to tools and to readers of the single file.
_HEADER = re.compile(r"^# (?:Requires:|shellcheck shell=).*\n", re.MULTILINE)


def linked(roots: Iterable[str]) -> str:
    """The text of `roots` (as `core/main.sh`) and all they require, each file once, in order.

    Raises FileNotFoundError for a file that is not there.
    """
    base = runtime_path()
    order: dict[str, None] = {}
    for root in roots:
        _visit(base, root, order)
    return "\n".join(_HEADER.sub("", _read(base / name)).strip("\n") + "\n" for name in order)


def _visit(base: Path, name: str, order: dict[str, None], path: tuple[str, ...] = ()) -> None:
    if name in order or name in path:
        return
    for required in requirements(_read(base / name)):
        _visit(base, required, order, (*path, name))
    order[name] = None


def requirements(text: str) -> list[str]:
    """The files that a runtime file's `# Requires:` header names."""
    found = _REQUIRES.search(text)
    return found.group(1).split() if found else []


@cache
def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
