"""What the compiler has to say, as data. How it looks is the business of `nixc.report`."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from nixc.records import dataclass, field
from nixc.source import Span

#: The most characters of a user's text that a message quotes.
_MAX_QUOTED = 40
_ESCAPES = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}


def shortened(text: str) -> str:
    """A text of the user's as messages hold it: on one line, and cut, for it may be a megabyte
    long. What cannot be printed is written as a string of the language has it."""
    cut = text if len(text) <= _MAX_QUOTED else text[:_MAX_QUOTED] + "…"
    return cut if cut.isprintable() else "".join(map(_printable, cut))


def _printable(character: str) -> str:
    if character.isprintable():
        return character
    return _ESCAPES.get(character) or f"\\u{{{ord(character):X}}}"


def quoted(text: str) -> str:
    """A text of the user's as messages quote it."""
    return f"`{shortened(text)}`"


def docs(code: str) -> str | None:
    """Where on the web a code is explained: ShellCheck has a page for each of its own."""
    return f"https://www.shellcheck.net/wiki/{code}" if code.startswith("SC") else None


class Severity(Enum):
    """How grave a finding is: errors fail `check` and `build`, warnings fail `--strict`."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True)
class Label:
    """A second place that explains a diagnostic."""

    span: Span
    message: str


@dataclass(frozen=True)
class Fix:
    """A replacement that cures a diagnostic; `replacement` goes where `span` is."""

    title: str
    span: Span
    replacement: str


@dataclass(frozen=True)
class Diagnostic:
    """One finding. `code` is `NX` and three digits, or ShellCheck's own `SC` code."""

    code: str
    severity: Severity
    message: str
    span: Span
    help: str | None = None
    related: tuple[Label, ...] = ()
    fixes: tuple[Fix, ...] = field(default=())


class Findings:
    """Collects diagnostics; the same code, span and message is kept once."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, Span, str], Diagnostic] = {}

    def add(self, diagnostic: Diagnostic) -> None:
        self._found.setdefault((diagnostic.code, diagnostic.span, diagnostic.message), diagnostic)

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        for diagnostic in diagnostics:
            self.add(diagnostic)

    def error(
        self,
        code: str,
        message: str,
        span: Span,
        *,
        help: str | None = None,
        related: tuple[Label, ...] = (),
    ) -> None:
        self.add(Diagnostic(code, Severity.ERROR, message, span, help, related))

    def warning(
        self,
        code: str,
        message: str,
        span: Span,
        *,
        help: str | None = None,
        related: tuple[Label, ...] = (),
    ) -> None:
        self.add(Diagnostic(code, Severity.WARNING, message, span, help, related))

    @property
    def all(self) -> tuple[Diagnostic, ...]:
        """In the order in which they were found."""
        return tuple(self._found.values())

    @property
    def has_errors(self) -> bool:
        return any(found.severity is Severity.ERROR for found in self._found.values())

    def sorted(self) -> tuple[Diagnostic, ...]:
        """By file in the order of first mention, then by place, then by code."""
        order: dict[str, int] = {}
        for found in self._found.values():
            order.setdefault(found.span.source.name, len(order))
        return tuple(
            sorted(
                self._found.values(),
                key=lambda d: (order[d.span.source.name], d.span.start, d.span.end, d.code),
            )
        )
