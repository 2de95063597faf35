"""Between the protocol and the server's own: places, files, diagnostics."""

from __future__ import annotations

import os
from collections.abc import Iterable
from urllib.parse import quote, unquote, urlsplit

from lsprotocol import types as lsp

from nixc import diagnostics as nixc
from nixc.source import Source, Span
from nixc_lsp.project import Project
from nixc_lsp.text import Encoding, Point, Text

_SEVERITIES = {
    nixc.Severity.ERROR: lsp.DiagnosticSeverity.Error,
    nixc.Severity.WARNING: lsp.DiagnosticSeverity.Warning,
    nixc.Severity.INFO: lsp.DiagnosticSeverity.Information,
}


def path_of(uri: str) -> str:
    """The path that a URI names, links followed.

    What is no file (not saved yet, or an old version) gets a name of its own in the same folder,
    so that its imports are found.
    """
    parts = urlsplit(uri)
    path = unquote(parts.path)
    if parts.scheme != "file":
        path = os.path.join(os.path.dirname(path), f".{parts.scheme}.{os.path.basename(path)}")
    return os.path.realpath(path)


def uri_of(path: str) -> str:
    return "file://" + quote(path)


class Converter:
    """Knows the client's units and its documents."""

    def __init__(self, project: Project, encoding: Encoding) -> None:
        self.project = project
        self.encoding = encoding
        #: As the client writes them: it need not be as we would.
        self.uris: dict[str, str] = {}

    def uri(self, path: str) -> str:
        return self.uris.get(path) or uri_of(path)

    def uri_of(self, source: Source) -> str:
        return self.uri(self.project.path_of(source))

    def text(self, source: Source) -> Text:
        return self.project.text(self.project.path_of(source))

    def offset(self, path: str, place: lsp.Position) -> int:
        """The offset of a place in the source of a file."""
        text = self.project.text(path)
        return text.offset(Point(place.line, place.character), self.encoding)

    def place(self, source: Source, offset: int) -> lsp.Position:
        return self._place(self.text(source), offset)

    def range(self, span: Span, text: Text | None = None) -> lsp.Range:
        """Where a span is; `text` is that of its document, for those who have many."""
        text = self.text(span.source) if text is None else text
        return lsp.Range(self._place(text, span.start), self._place(text, span.end))

    def location(self, span: Span) -> lsp.Location:
        return lsp.Location(self.uri_of(span.source), self.range(span))

    def diagnostics(self, path: str, found: Iterable[nixc.Diagnostic]) -> list[lsp.Diagnostic]:
        """What was found in a file."""
        found = tuple(found)
        text = self.project.text(path) if found else None
        return [self._diagnostic(one, text) for one in found]

    def diagnostic(self, one: nixc.Diagnostic) -> lsp.Diagnostic:
        return self._diagnostic(one, None)

    def _diagnostic(self, one: nixc.Diagnostic, text: Text | None) -> lsp.Diagnostic:
        page = nixc.docs(one.code)
        return lsp.Diagnostic(
            range=self.range(one.span, text),
            message=one.message + (f"\nhelp: {one.help}" if one.help else ""),
            severity=_SEVERITIES[one.severity],
            code=one.code,
            code_description=lsp.CodeDescription(page) if page else None,
            source="shellcheck" if one.code.startswith("SC") else "nixc",
            related_information=[
                lsp.DiagnosticRelatedInformation(self.location(label.span), label.message)
                for label in one.related
            ]
            or None,
        )

    def _place(self, text: Text, offset: int) -> lsp.Position:
        point = text.point(offset, self.encoding)
        return lsp.Position(point.line, point.character)
