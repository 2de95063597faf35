"""Where an offset of a file stands. Where the syntax is right, what comes before it and is complete
is passed over: the tree knows it, and only the lines around the offset are cut into tokens."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from nixc.source import Source
from nixc.syntax import nodes
from nixc.syntax.errors import Errors
from nixc.syntax.lexer import lex
from nixc_lsp.analysis import Analysis
from nixc_lsp.place import Frame, Place, beginning, passed, place


def place_in(analysis: Analysis, offset: int) -> Place:
    """As :func:`nixc_lsp.place.place` of all tokens of the file."""
    source, frames = analysis.source, beginning()
    if not analysis.clean:
        return place(source, analysis.lexed, offset, frames)
    # What ends above the line ends before a line break, which ends the entry.
    line = source.line_start(offset)
    start, left = _passed(source, frames, analysis.file.entries, line, 0)
    if left and isinstance(left[0], nodes.WorkflowDecl):
        body = left[0].body
        if body and body[0].span.end < line:
            head = lex(source, Errors(), start, body[0].span.start)
            place(source, head, body[0].span.start, frames)
            start, left = _passed(source, frames, body, line, start)
    return place(source, lex(source, Errors(), start, _stop(source, left, offset)), offset, frames)


def _passed(
    source: Source, frames: list[Frame], entries: Sequence[nodes.Entry], line: int, start: int
) -> tuple[int, Sequence[nodes.Entry]]:
    """Takes the entries that end before an offset for written; where they end, and the others."""
    count = bisect_left(entries, line, key=lambda entry: entry.span.end)
    if not count:
        return start, entries
    passed(source, frames[-1], (one.span.start for one in entries[:count]))
    return entries[count - 1].span.end, entries[count:]


def _stop(source: Source, entries: Sequence[nodes.Entry], offset: int) -> int:
    """The end of the offset's line, and of all that begins on it or before."""
    found = source.text.find("\n", offset)
    stop = len(source.text) if found < 0 else found
    for entry in entries:
        if entry.span.start > stop:
            break
        stop = max(stop, entry.span.end)
    return stop
