"""The codes of syntax errors, and the collector that stops at a hundred of them."""

from __future__ import annotations

from typing import NamedTuple

from nixc.diagnostics import Diagnostic, Label, Severity
from nixc.source import Span


class ErrorCode(NamedTuple):
    """A code's lasting name (kebab-case) and its title, one line."""

    name: str
    title: str


CODES: dict[str, ErrorCode] = {
    "NX101": ErrorCode("unexpected-token", "Something stands where the language does not have it"),
    "NX102": ErrorCode("unclosed-block", "A `{` has no matching `}`"),
    "NX103": ErrorCode("unclosed-string", "A string does not end on its line"),
    "NX104": ErrorCode("unclosed-text", "A raw text has no closing quotes"),
    "NX105": ErrorCode("unknown-escape", "A string holds an escape that does not exist"),
    "NX106": ErrorCode("unknown-language-tag", "A raw text's tag names no known interpreter"),
    "NX107": ErrorCode("nesting-too-deep", "More than 200 levels of nesting"),
    "NX108": ErrorCode("not-utf8", "The file holds bytes that are not UTF-8"),
    "NX109": ErrorCode("nul-character", "A NUL character, which no shell can hold"),
    "NX110": ErrorCode("expected-value", "A value is missing"),
    "NX111": ErrorCode("unclosed-bracket", "A `(` or `[` has no matching bracket"),
    "NX112": ErrorCode("malformed-number", "Neither an integer nor a duration"),
    "NX113": ErrorCode("chained-comparison", "Comparisons cannot be chained"),
    "NX114": ErrorCode("malformed-interpolation", "A `${…}` in a string holds no expression"),
}

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
