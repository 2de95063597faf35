"""A source line with an underline below, cut around the underlined part where it is long."""

from __future__ import annotations

from nixc.records import dataclass
from nixc.report.glyphs import ELLIPSIS, cells, shown
from nixc.source import Span

#: The most characters of a source line that are shown.
MAX_LINE = 160
#: How many characters stay before the underlined part of a long line.
LEAD = 40


@dataclass(frozen=True)
class Marked:
    """One source line as printed, with the cells to underline."""

    number: int
    text: str
    #: Cells before the underline, and its length; at least one cell is underlined.
    indent: int
    length: int


def marked_lines(span: Span) -> tuple[Marked, ...]:
    """The lines to show for a span: one, or its first and its last."""
    start = span.source.position(span.start)
    end = span.source.position(max(span.start, span.end))
    if start.line == end.line:
        return (_mark(span, start.line, start.column - 1, end.column - 1),)
    first = _mark(span, start.line, start.column - 1, len(span.source.line(start.line)))
    last_text = span.source.line(end.line)
    blanks = len(last_text) - len(last_text.lstrip())
    if end.column - 1 <= blanks:
        return (first,)
    return (first, _mark(span, end.line, blanks, end.column - 1))


def _mark(span: Span, number: int, start: int, end: int) -> Marked:
    """Marks the characters `start` to `end` (0-based) of a line."""
    line = span.source.line(number)
    left, right = _window(len(line), start, end)
    before = (ELLIPSIS if left else "") + shown(line[left:start])
    inside = shown(line[start : min(end, right)])
    after = shown(line[max(start, min(end, right)) : right])
    tail = ELLIPSIS if right < len(line) else ""
    text = (before + inside + after + tail).rstrip()
    return Marked(number, text, cells(before), max(1, cells(inside)))


def _window(length: int, start: int, end: int) -> tuple[int, int]:
    """The stretch of a line of `length` characters that is shown around `start` to `end`."""
    if length <= MAX_LINE:
        return 0, length
    left = max(0, min(start - LEAD, length - MAX_LINE))
    if end <= MAX_LINE - LEAD:
        left = 0
    return left, min(length, left + MAX_LINE)
