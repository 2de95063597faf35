"""The one layout while a file is being typed: behind a `}`, and above a new line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nixc.source import Source, Span
from nixc.syntax.format import Edit, format_source
from nixc.syntax.format.tree import STEP
from nixc.syntax.tokens import CLOSERS, OPENERS, Token
from nixc_lsp.analysis import Analysis
from nixc_lsp.nearby import place_in


def on_type(analysis: Analysis, offset: int, typed: str) -> list[Edit]:
    """What follows from a `}` or a line break that was typed right before an offset.

    What was finished by it is laid out where the file is right; its line is indented anyway.
    """
    if place_in(analysis, offset).inside is not None:
        return []
    if typed == "}":
        return _closed(analysis, offset)
    return _new_line(analysis, offset)


def _closed(analysis: Analysis, offset: int) -> list[Edit]:
    open_ones = list(_open_at(analysis.lexed.tokens, offset - 1))
    closes = any(t.end == offset and t.kind == "RBRACE" for t in analysis.lexed.tokens)
    if not closes or not open_ones:
        return []
    if analysis.clean:
        return _within(analysis.source, open_ones[-1].start, offset - 1)
    return _indented(analysis.source, offset - 1, open_ones[:-1])


def _new_line(analysis: Analysis, offset: int) -> list[Edit]:
    source = analysis.source
    start = source.line_start(offset)
    open_ones = list(_open_at(analysis.lexed.tokens, start))
    edits: list[Edit] = []
    if analysis.clean and start:
        edits = _within(source, open_ones[-1].start if open_ones else 0, start - 1)
    behind = [t for t in analysis.lexed.tokens if t.start >= start][:1]
    if behind and behind[0].kind in CLOSERS:
        open_ones = open_ones[:-1]
    return [*edits, *_indented(source, offset, open_ones)]


def _open_at(tokens: Iterable[Token], offset: int) -> Iterator[Token]:
    """The brackets that are open at an offset."""
    stack: list[Token] = []
    for token in tokens:
        if token.start >= offset:
            break
        if token.kind in OPENERS:
            stack.append(token)
        elif token.kind in CLOSERS and stack:
            stack.pop()
    yield from stack


def _indented(source: Source, offset: int, open_ones: Iterable[Token]) -> list[Edit]:
    """The white space at the start of a line by the brackets that are open there."""
    start = source.line_start(offset)
    if source.text[start:offset].strip(" \t"):
        return []
    end = start
    while source.text[end : end + 1] in (" ", "\t"):
        end += 1
    lines = {source.position(token.start).line for token in open_ones}
    return _trimmed(Edit(Span(source, start, end), " " * (STEP * len(lines))))


def _within(source: Source, start: int, end: int) -> list[Edit]:
    """The edits of the layout that change nothing beyond a stretch."""
    edits = (small for edit in format_source(source).edits for small in _trimmed(edit))
    return [one for one in edits if start <= one.span.start and one.span.end <= end]


def _trimmed(edit: Edit) -> list[Edit]:
    """An edit without what it leaves as it is at its ends."""
    old, new = edit.span.text, edit.text
    if old == new:
        return []
    first, most = 0, min(len(old), len(new))
    while first < most and old[first] == new[first]:
        first += 1
    last = 0
    while last < most - first and old[-1 - last] == new[-1 - last]:
        last += 1
    span = Span(edit.span.source, edit.span.start + first, edit.span.end - last)
    return [Edit(span, new[first : len(new) - last])]
