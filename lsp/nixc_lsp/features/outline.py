"""The declarations of a file as a tree, and the stretches of it that can be folded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from nixc.records import dataclass
from nixc.source import Span
from nixc.syntax import nodes
from nixc.syntax.tokens import CLOSERS, OPENERS
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


class Fold(NamedTuple):
    """First and last lines, from 0."""

    first: int
    last: int
    kind: Literal["comment", "imports"] | None = None


def folds(analysis: Analysis) -> list[Fold]:
    """What stands between brackets or quotes, runs of comments and of imports."""
    found = [*_brackets(analysis), *_comments(analysis), *_imports(analysis)]
    return [one for one in found if one.last > one.first]


def _brackets(analysis: Analysis) -> Iterator[Fold]:
    line = analysis.source.position
    stack: list[int] = []
    for token in analysis.lexed.tokens:
        if token.kind in OPENERS:
            stack.append(token.start)
        elif token.kind in CLOSERS and stack:
            yield Fold(line(stack.pop()).line - 1, line(token.start).line - 2)
        elif token.kind == "TEXT":
            yield Fold(line(token.start).line - 1, line(token.end).line - 2)


def _comments(analysis: Analysis) -> Iterator[Fold]:
    """Comments that have their lines to themselves."""
    source = analysis.source
    lines = (source.position(start).line for start, _ in analysis.lexed.comments)
    yield from _runs((n for n in lines if source.line(n).lstrip().startswith("#")), "comment")


def _imports(analysis: Analysis) -> Iterator[Fold]:
    imports = (e.span.start for e in analysis.file.entries if isinstance(e, nodes.Import))
    yield from _runs((analysis.source.position(start).line for start in imports), "imports")


def _runs(lines: Iterable[int], kind: Literal["comment", "imports"]) -> Iterator[Fold]:
    """Lines, from 1 and in order, that follow one another."""
    found: list[Fold] = []
    for line in lines:
        if found and found[-1].last == line - 2:
            found[-1] = found[-1]._replace(last=line - 1)
        else:
            found.append(Fold(line - 1, line - 1, kind))
    yield from found
