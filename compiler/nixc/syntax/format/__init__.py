"""The one layout of a source, for `nixc fmt` and the language server.

The rules of the layout are in docs/decisions.md. It takes time in proportion to the text, nests
as deep as the language does, and prints all tokens and comments in their order.
"""

from __future__ import annotations

from itertools import pairwise

from nixc.records import dataclass
from nixc.source import Source, Span

__all__ = ["Edit", "Formatted", "format_source", "format_text"]


@dataclass(frozen=True)
class Edit:
    """What stands in a span of the source gives way to `text`."""

    span: Span
    text: str


@dataclass(frozen=True)
class Formatted:
    """A source in the one layout.

    `edits` make the same text of it, in order and without overlaps: one for each field, each
    declaration without a block, and each stretch between those that changes. Every choice of
    them leaves the meaning of the source as it is.
    """

    text: str
    edits: tuple[Edit, ...]


def format_source(source: Source) -> Formatted:
    """Lay out a source that `parse` has no syntax errors in."""
    from nixc.syntax.format.grouping import grouped
    from nixc.syntax.format.printer import printed
    from nixc.syntax.format.writer import Place

    text, inner = printed(grouped(source))
    places = [Place(0, 0), *inner, Place(len(source.text), len(text))]
    edits = []
    for first, last in pairwise(places):
        span = Span(source, first.source, last.source)
        written = text[first.written : last.written]
        if span.text != written:
            edits.append(Edit(span, written))
    return Formatted(text, tuple(edits))


def format_text(text: str) -> str:
    """Lay out a text, with LF line ends; one with syntax errors stays as it is."""
    from nixc.syntax import parse

    source = Source("", text.removeprefix("\ufeff").replace("\r\n", "\n"))
    return text if parse(source).diagnostics else format_source(source).text
