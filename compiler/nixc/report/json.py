"""Diagnostics as one JSON array for programs; the shape is fixed by the tools page."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TypedDict

from nixc.diagnostics import Diagnostic, Label, docs


class Related(TypedDict):
    """A second place."""

    file: str
    line: int
    column: int
    message: str


class Entry(TypedDict):
    """One diagnostic: 1-based lines, columns in code points, the end exclusive."""

    code: str
    severity: str
    message: str
    file: str
    line: int
    column: int
    endLine: int
    endColumn: int
    help: str | None
    related: list[Related]
    docs: str | None


def render(diagnostics: Iterable[Diagnostic]) -> str:
    """The array, one diagnostic a line, in plain ASCII so that no locale can spoil it."""
    lines = [json.dumps(entry(diagnostic)) for diagnostic in diagnostics]
    return "[" + ",".join(f"\n  {line}" for line in lines) + ("\n]\n" if lines else "]\n")


def entry(diagnostic: Diagnostic) -> Entry:
    """One diagnostic as JSON has it."""
    span = diagnostic.span
    start = span.source.position(span.start)
    end = span.source.position(max(span.start, span.end))
    return Entry(
        code=diagnostic.code,
        severity=diagnostic.severity.value,
        message=diagnostic.message,
        file=span.source.name,
        line=start.line,
        column=start.column,
        endLine=end.line,
        endColumn=end.column,
        help=diagnostic.help,
        related=[_related(label) for label in diagnostic.related],
        docs=docs(diagnostic.code),
    )


def _related(label: Label) -> Related:
    start = label.span.source.position(label.span.start)
    return Related(
        file=label.span.source.name,
        line=start.line,
        column=start.column,
        message=label.message,
    )
