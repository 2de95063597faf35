"""A text cut into lines that can be read by themselves: declarations, and the jobs of a workflow.

Where to cut is guessed by the indentation, whatever strings and brackets there are. Whether a guess
is right shows when the piece is read (:mod:`nixc.syntax.memory`): it is what it is in the whole if
it has no mistake, its brackets match and its texts close, for no token but a text goes beyond its
line. A piece begins with the comments above what it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOP = re.compile(r"\n(?=[A-Za-z_])")
_HEAD = re.compile(r"workflow\b[^\n#\"']*\{[ \t]*(?:#[^\n]*)?\n")
#: Lines that say nothing, and the indentation of the first one that does.
_INDENT = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*([ \t]*)(?=[A-Za-z_])")
#: In a workflow that begins at the edge, the first line like this is its end.
_END = "\n}"


class Cut(NamedTuple):
    """Whole lines of a text, and what they are: entries of a file or of a workflow (`inner`), or
    the `head` or `tail` of a workflow."""

    sort: str
    start: int
    end: int


def cut(text: str) -> Iterator[Cut]:
    """Cuts a text, none of which is left out."""
    start = 0
    lines = [match.end() for match in _TOP.finditer(text)]
    if text[:1].isidentifier():
        lines.insert(0, 0)
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else None
        end = len(text) if following is None else _above(text, following, line)
        yield from _declaration(text, start, line, end)
        start = end
    if start < len(text):
        yield Cut("entries", start, len(text))


def _declaration(text: str, start: int, line: int, end: int) -> Iterator[Cut]:
    """What begins at `line`, with the comments above it from `start` on."""
    head = _HEAD.match(text, line, end)
    last = text.find(_END, head.end() - 1, end) + 1 if head else 0
    if head is None or not last:
        yield Cut("entries", start, end)
        return
    yield Cut("head", start, head.end())
    yield from _inner(text, head.end(), last)
    yield Cut("tail", last, end)


def _inner(text: str, start: int, end: int) -> Iterator[Cut]:
    """The body of a workflow, cut before each line that is indented as its first one."""
    indent = _INDENT.match(text, start, end)
    if indent and indent[1]:
        bound = indent.end()
        for match in re.compile(rf"\n{indent[1]}(?=[A-Za-z_])").finditer(text, bound, end):
            line = _above(text, match.start() + 1, bound)
            yield Cut("inner", start, line)
            start, bound = line, match.end()
    if start < end:
        yield Cut("inner", start, end)


def _above(text: str, line: int, bound: int) -> int:
    """Where the blank lines and comments above a line begin; not before `bound`."""
    while line > bound:
        before = text.rfind("\n", 0, line - 1) + 1
        said = text[before : line - 1].lstrip(" \t")
        if before < bound or (said and said[0] != "#"):
            break
        line = before
    return line
