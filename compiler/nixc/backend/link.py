"""Which runtime files a script carries: those that the roots require, by their headers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path, PurePath

from nixc.backend.quote import quote
from nixc.resources import runtime_path

_REQUIRES = re.compile(r"^# Requires:(.*)$", re.MULTILINE)
#: Headers that speak to tools and to readers of the single file.
_FUNCTION = re.compile(r"^(nxa_\w+)\(\)", re.MULTILINE)
_HEADER = re.compile(r"^# (?:Requires:|shellcheck shell=).*\n", re.MULTILINE)


def linked(roots: Iterable[str]) -> str:
    """The text of `roots` (as `core/main.sh`) and all they require, each file once, in order.

    Raises FileNotFoundError for a file that is not there.
    """
    return "\n".join(_part(name, text) for name, text in _files(roots).items())


def functions(roots: Iterable[str]) -> list[str]:
    """The names of all functions in `roots` and all they require. Raises as `linked` does."""
    return [name for text in _files(roots).values() for name in _FUNCTION.findall(text)]


def _part(name: str, text: str) -> str:
    """A file as it stands in the script: shell as it is, another language in a variable."""
    text = _HEADER.sub("", text).strip("\n")
    if name.endswith(".sh"):
        return f"{text}\n"
    # collector.pl: NXA_COLLECTOR_PL
    variable = f"NXA_{PurePath(name).name}".upper().replace(".", "_")
    return f"# shellcheck disable=SC1003,SC2016  # not shell\n{variable}={quote(text)}\n"


def _files(roots: Iterable[str]) -> dict[str, str]:
    base = runtime_path()
    order: dict[str, None] = {}
    for root in roots:
        _visit(base, root, order)
    return {name: _read(base / name) for name in order}


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
