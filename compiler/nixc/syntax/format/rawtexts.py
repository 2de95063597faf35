"""Raw texts of several lines: moved with what is around them, if that leaves the text the same."""

from __future__ import annotations

from nixc.source import Source, Span
from nixc.syntax import nodes, rawtext
from nixc.syntax.errors import Errors
from nixc.syntax.format.tree import STEP, Text


def text(source: Source, start: int, end: int) -> Text:
    """The raw text in a stretch of a source that has a line break in it."""
    written = source.text[start:end]
    quotes = '"' * (len(written) - len(written.lstrip('"')))
    decoded = _decoded(source, start, end, quotes)
    head = quotes + _tag(decoded)
    lines = decoded.value.split("\n")
    closing = quotes if not lines[-1] else ""
    lines[-1:] = [] if closing else [lines[-1] + quotes]
    moved = Text(start, end, head, tuple(lines), True, closing)
    if _is_same(moved, decoded, quotes):
        return moved
    first, *others = written.split("\n")
    return Text(start, end, first, tuple(others), False, "")


def placed(moved: Text, indent: int) -> list[str]:
    """The lines of a text in a line with so much indentation, but for its first."""
    if not moved.movable:
        return list(moved.lines)
    inner = " " * (indent + STEP)
    lines = [inner + line if line else "" for line in moved.lines]
    return [*lines, " " * indent + moved.closing] if moved.closing else lines


def _is_same(moved: Text, decoded: nodes.RawText, quotes: str) -> bool:
    """Whether the moved text says what the one in the source says."""
    source = Source("", "\n".join([moved.head, *placed(moved, 0)]))
    again = _decoded(source, 0, len(source.text), quotes)
    return (again.value, _tag(again)) == (decoded.value, _tag(decoded))


def _tag(text: nodes.RawText) -> str:
    return text.tag.text if text.tag else ""


def _decoded(source: Source, start: int, end: int, quotes: str) -> nodes.RawText:
    return rawtext.raw_text(Span(source, start, end), len(quotes), Errors())
