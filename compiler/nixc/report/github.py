"""Diagnostics as the workflow commands that GitHub turns into annotations.

Source: "Workflow commands for GitHub Actions", setting an error, a warning, a notice message.
"""

from __future__ import annotations

from collections.abc import Sequence

from nixc.diagnostics import Diagnostic, Severity
from nixc.report.around import Around
from nixc.report.glyphs import shown
from nixc.source import Span

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(diagnostics: Sequence[Diagnostic], around: Around) -> str:
    """One command a line."""
    return "".join(_command(found, around) for found in diagnostics)


def _command(found: Diagnostic, around: Around) -> str:
    page = around.page(found.code)
    properties = {
        "file": around.path(found.span.source.name).as_posix(),
        **_place(found.span),
        "title": f"{found.code}: {page.title}" if page else found.code,
    }
    words = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{_COMMANDS[found.severity]} {words}::{_data(_message(found, around))}\n"


def _place(span: Span) -> dict[str, int]:
    """Lines, and columns where both are on one line: the runner refuses them elsewhere."""
    start, end = span.source.position(span.start), span.source.position(max(span.start, span.end))
    lines = {"line": start.line, "endLine": end.line}
    if start.line != end.line:
        return lines
    return {**lines, "col": start.column, "endColumn": end.column}


def _message(found: Diagnostic, around: Around) -> str:
    """The message with the second places and the help, each on a line of its own."""
    lines = [found.message]
    for label in found.related:
        source = label.span.source
        position = source.position(label.span.start)
        lines.append(f"{around.path(source.name)}:{position.line}: {label.message}")
    if found.help is not None:
        lines.append(f"help: {found.help}")
    return "\n".join("\n".join(map(shown, line.splitlines())) for line in lines)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
