"""Where declarations and fields stand, however deep."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nixc.source import Span
from nixc.syntax import nodes


def spans(entries: Iterable[nodes.Entry]) -> Iterator[Span]:
    """The span of every declaration, field and key of an object, outer ones first."""
    for entry in entries:
        yield entry.span
        match entry:
            case nodes.Field() | nodes.Let() | nodes.ExecutorDecl():
                yield from _inside(entry.value)
            case nodes.Import() | nodes.RunDecl():
                pass
            case _:
                yield from spans(entry.body)


def _inside(value: nodes.Expression) -> Iterator[Span]:
    match value:
        case nodes.ExecutorValue():
            yield from spans(value.fields)
        case nodes.ListValue():
            for item in value.items:
                yield from _inside(item)
        case nodes.ObjectValue():
            for entry in value.entries:
                yield entry.span
                yield from _inside(entry.value)
        case _:
            pass
