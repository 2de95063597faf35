"""Collects syntax errors, and stops at a hundred of them. Their codes: :mod:`nixc.syntax.pages`."""

from __future__ import annotations

from nixc.diagnostics import Diagnostic, Label, Severity
from nixc.source import Span

#: What these say of a line is doubtful if a string or a bracket on it does not end.
_DOUBTFUL = frozenset(("NX101", "NX102", "NX110", "NX111", "NX113"))

#: After so many syntax errors the rest of a file is not read.
LIMIT = 100


class Errors:
    """Collects the syntax errors of one file; ignores what comes after the limit."""

    def __init__(self) -> None:
        self._found: list[Diagnostic] = []
        self._doubtful_lines: set[int] = set()

    @property
    def full(self) -> bool:
        return len(self._found) >= LIMIT

    def doubt_line(self, span: Span) -> None:
        """Leave out what else could be said of the line on which the span begins."""
        self._doubtful_lines.add(span.source.position(span.start).line)

    def is_reported(self, offset: int) -> bool:
        """Whether an error begins at this place."""
        return any(found.span.start == offset for found in self._found)

    def add(
        self,
        code: str,
        message: str,
        span: Span,
        help: str | None = None,
        related: tuple[Label, ...] = (),
    ) -> None:
        """Note an error; the one that reaches the limit says so."""
        line = span.source.position(span.start).line
        if self.full or (code in _DOUBTFUL and line in self._doubtful_lines):
            return
        if code == "NX103":
            self._doubtful_lines.add(line)
        if len(self._found) == LIMIT - 1:
            message += f" (the {LIMIT}th syntax error: the rest of the file is not read)"
        self._found.append(Diagnostic(code, Severity.ERROR, message, span, help, related))

    def only(self, code: str, message: str, span: Span) -> None:
        """Replace all that was found: where this error is, the others mean nothing."""
        self._found = [Diagnostic(code, Severity.ERROR, message, span)]

    def sorted(self) -> tuple[Diagnostic, ...]:
        return tuple(sorted(self._found, key=lambda found: (found.span.start, found.span.end)))
