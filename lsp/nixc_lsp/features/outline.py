"""The declarations of a file as a tree, and the stretches of it that can be folded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nixc.records import dataclass
from nixc.source import Span
from nixc.syntax import nodes
from nixc_lsp.analysis import Analysis
from nixc_lsp.symbols import SORTS


@dataclass(frozen=True, eq=False)
class Entry:
    """A declaration; `name` is the part to be shown as chosen."""

    sort: str
    name: str
    span: Span
    selection: Span
    inside: tuple[Entry, ...]


def outline(analysis: Analysis) -> list[Entry]:
    """What is declared in a file."""
    return list(_entries(analysis.file.entries))


def _entries(entries: Iterable[nodes.Entry]) -> Iterator[Entry]:
    for entry in entries:
        inside = tuple(_entries(getattr(entry, "body", ())))
        match entry:
            case nodes.Import():
                yield Entry("import", entry.alias.text, entry.span, entry.alias.span, ())
            case nodes.StepDecl():
                name = entry.name.span if entry.name else _start(entry.span)
                text = entry.name.span.text[1:-1] if entry.name else "step"
                yield Entry("step", text or "step", entry.span, name, inside)
            case nodes.Field() | nodes.RunDecl() | nodes.UseDecl() | nodes.ParallelDecl():
                yield from inside
            case _:
                sort = SORTS[type(entry)]
                yield Entry(sort, entry.name.text, entry.span, entry.name.span, inside)


def _start(span: Span) -> Span:
    return Span(span.source, span.start, min(span.end, span.start + 4))


def folds(analysis: Analysis) -> list[tuple[int, int]]:
    """First and last lines, from 0, of what stands between brackets or quotes, of runs of
    comments."""
    found: list[tuple[int, int]] = []
    line = analysis.source.position
    stack: list[int] = []
    for token in analysis.lexed.tokens:
        if token.kind in ("LBRACE", "LSQB", "LPAR"):
            stack.append(token.start)
        elif token.kind in ("RBRACE", "RSQB", "RPAR") and stack:
            found.append((line(stack.pop()).line - 1, line(token.start).line - 2))
        elif token.kind == "TEXT":
            found.append((line(token.start).line - 1, line(token.end).line - 2))
    return [(first, last) for first, last in found if last > first]
