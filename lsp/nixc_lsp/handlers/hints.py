"""Inlay hints."""

from __future__ import annotations

from lsprotocol import types as lsp

from nixc_lsp.features.hints import hints
from nixc_lsp.session import Session


def shown(session: Session, params: lsp.InlayHintParams) -> list[lsp.InlayHint]:
    if not session.settings.inlayHints:
        return []
    analysis = session.analysis(params.text_document.uri)
    first = session.convert.offset(analysis.path, params.range.start)
    last = session.convert.offset(analysis.path, params.range.end)
    return [
        lsp.InlayHint(
            session.convert.place(analysis.source, one.offset),
            one.label,
            tooltip=lsp.MarkupContent(lsp.MarkupKind.Markdown, one.more),
            padding_left=True,
        )
        for one in hints(analysis)
        if first <= one.offset <= last
    ]
