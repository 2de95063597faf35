"""Diagnostics as text for people, laid out as rustc does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from nixc.diagnostics import Diagnostic, Label, Severity
from nixc.records import dataclass
from nixc.report.glyphs import shown
from nixc.report.snippet import Marked, marked_lines
from nixc.source import Span

#: The most characters of a message that are shown.
MAX_MESSAGE = 300

_COLOURS = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.INFO: "1;36"}
_FRAME = "1;34"
_BOLD = "1"
_SECOND = "1;34"


@dataclass(frozen=True)
class Paint:
    """Wraps text in terminal colours, or leaves it alone."""

    colour: bool

    def __call__(self, codes: str, text: str) -> str:
        return f"\x1b[{codes}m{text}\x1b[0m" if self.colour and text else text


def render(diagnostics: Sequence[Diagnostic], *, colour: bool) -> str:
    """All diagnostics, each followed by a blank line, and a closing count; empty for none."""
    if not diagnostics:
        return ""
    paint = Paint(colour)
    blocks = [_block(diagnostic, paint) for diagnostic in diagnostics]
    return "\n".join([*blocks, summary(diagnostics) + "\n"])


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """How many of each severity: `1 error, 2 warnings`."""
    counts = Counter(diagnostic.severity for diagnostic in diagnostics)
    return ", ".join(
        _counted(counts[severity], noun)
        for severity, noun in (
            (Severity.ERROR, "error"),
            (Severity.WARNING, "warning"),
            (Severity.INFO, "note"),
        )
        if counts[severity]
    )


def _message(text: str) -> str:
    """A message as it is printed: it may quote a name that is a megabyte long."""
    return shown(text if len(text) <= MAX_MESSAGE else text[:MAX_MESSAGE] + "…")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")


def _block(diagnostic: Diagnostic, paint: Paint) -> str:
    """One diagnostic: heading, places, help."""
    colour = _COLOURS[diagnostic.severity]
    heading = paint(colour, f"{diagnostic.severity.value}[{diagnostic.code}]")
    lines = [heading + paint(_BOLD, f": {_message(diagnostic.message)}")]
    places = [Label(diagnostic.span, ""), *diagnostic.related]
    gutter = max(len(str(m.number)) for place in places for m in marked_lines(place.span))
    lines += _place(places[0], gutter, "-->", "^", colour, paint)
    for label in places[1:]:
        lines += _place(label, gutter, ":::", "-", _SECOND, paint)
    if diagnostic.help is not None:
        lines += _help(diagnostic.help, gutter, paint)
    return "\n".join(lines) + "\n"


def _place(
    label: Label, gutter: int, arrow: str, mark: str, colour: str, paint: Paint
) -> list[str]:
    """Where a span is, its lines, and what is to be said about it."""
    pad = " " * gutter
    bar = paint(_FRAME, f"{pad} |")
    lines = [paint(_FRAME, f"{pad}{arrow}") + f" {where(label.span)}", bar]
    marked = marked_lines(label.span)
    for index, line in enumerate(marked):
        if index and line.number > marked[index - 1].number + 1:
            lines.append(paint(_FRAME, "..."))
        message = label.message if index == len(marked) - 1 else ""
        lines += [
            _source(line, gutter, paint),
            bar + _underline(line, mark, message, colour, paint),
        ]
    return lines


def where(span: Span) -> str:
    """`file:line:column` of a span's start."""
    position = span.source.position(span.start)
    return f"{shown(span.source.name)}:{position.line}:{position.column}"


def _source(line: Marked, gutter: int, paint: Paint) -> str:
    number = paint(_FRAME, f"{line.number:>{gutter}} |")
    return f"{number} {line.text}" if line.text else number


def _underline(line: Marked, mark: str, message: str, colour: str, paint: Paint) -> str:
    marks = paint(colour, mark * line.length + (f" {_message(message)}" if message else ""))
    return " " + " " * line.indent + marks


def _help(text: str, gutter: int, paint: Paint) -> list[str]:
    """The help, its further lines set below its first."""
    pad = " " * gutter
    first, *rest = map(shown, text.splitlines() or [""])
    lines = [paint(_FRAME, f"{pad} |"), paint(_FRAME, f"{pad} =") + paint(_BOLD, " help: ") + first]
    return lines + [f"{pad}         {line}" for line in rest]
