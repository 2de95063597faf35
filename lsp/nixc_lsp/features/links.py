"""Imports as links to the files that they name, and the brackets around a place."""

from __future__ import annotations

from nixc.source import Span
from nixc.syntax import nodes
from nixc.syntax.tokens import CLOSERS, OPENERS
from nixc_lsp.analysis import Analysis


def links(analysis: Analysis) -> list[tuple[Span, str]]:
    """The paths of imports, without quotes, and the file that each leads to."""
    found = []
    for entry in analysis.file.entries:
        file = analysis.imported(entry) if isinstance(entry, nodes.Import) else None
        if file is not None and isinstance(entry, nodes.Import):
            path = entry.path.span
            inside = Span(path.source, path.start + 1, path.end - 1)
            found.append((inside, file.span.source.name))
    return found


def around(analysis: Analysis, offset: int) -> list[Span]:
    """The stretches around a place that belong together, the smallest first: the word, what
    stands between brackets, the brackets too, the file."""
    source = analysis.source
    found: list[Span] = []
    stack: list[int] = []
    for token in analysis.lexed.tokens:
        if token.start <= offset <= token.end and token.kind not in ("NL", *OPENERS, *CLOSERS):
            found.append(Span(source, token.start, token.end))
        if token.kind in OPENERS:
            stack.append(token.start)
        elif token.kind in CLOSERS and stack:
            start = stack.pop()
            if start < offset <= token.end - 1:
                found += [Span(source, start + 1, token.start), Span(source, start, token.end)]
    whole = [*found, Span(source, 0, len(source.text))]
    ordered = sorted(whole, key=lambda span: span.end - span.start)
    kept: list[Span] = []
    for span in ordered:
        grows = not kept or (span.start <= kept[-1].start and span.end >= kept[-1].end)
        if grows and (not kept or (span.start, span.end) != (kept[-1].start, kept[-1].end)):
            kept.append(span)
    return kept
