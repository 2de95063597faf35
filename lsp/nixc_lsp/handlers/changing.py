"""Requests whose answers are edits: rename, formatting."""

from __future__ import annotations

from itertools import chain

from lsprotocol import types as lsp

from nixc.syntax.format import format_source
from nixc_lsp.features import actions as code_actions
from nixc_lsp.features import declare_executor, extract_action, navigation, organise_imports
from nixc_lsp.features.on_type import on_type
from nixc_lsp.handlers.reading import others
from nixc_lsp.protocol import Refusal
from nixc_lsp.session import Session


def prepare_rename(session: Session, params: lsp.PrepareRenameParams) -> lsp.Range:
    try:
        return session.convert.range(navigation.renamable(*session.place(params)))
    except navigation.Refused as refused:
        raise Refusal(str(refused)) from None


def rename(session: Session, params: lsp.RenameParams) -> lsp.WorkspaceEdit:
    analysis, offset = session.place(params)
    try:
        found = navigation.rename(analysis, offset, params.new_name, others(session, analysis))
    except navigation.Refused as refused:
        raise Refusal(str(refused)) from None
    changes: dict[str, list[lsp.TextEdit]] = {}
    for span, new in found:
        edit = lsp.TextEdit(session.convert.range(span), new)
        changes.setdefault(session.convert.uri_of(span.source), []).append(edit)
    return lsp.WorkspaceEdit(changes=changes)


def format_document(session: Session, params: lsp.DocumentFormattingParams) -> list[lsp.TextEdit]:
    return _edits(session, params.text_document.uri, None)


def format_range(session: Session, params: lsp.DocumentRangeFormattingParams) -> list[lsp.TextEdit]:
    return _edits(session, params.text_document.uri, params.range)


def format_typed(
    session: Session, params: lsp.DocumentOnTypeFormattingParams
) -> list[lsp.TextEdit]:
    analysis, offset = session.place(params)
    found = on_type(analysis, offset, params.ch)
    return [lsp.TextEdit(session.convert.range(edit.span), edit.text) for edit in found]


def _edits(session: Session, uri: str, within: lsp.Range | None) -> list[lsp.TextEdit]:
    """The edits of the one layout, all or those that lie in a range; none in a broken file."""
    analysis = session.analysis(uri)
    if not analysis.clean:
        return []
    edits = format_source(analysis.source).edits
    if within is not None:
        first = session.convert.offset(analysis.path, within.start)
        last = session.convert.offset(analysis.path, within.end)
        edits = tuple(e for e in edits if e.span.start <= last and e.span.end >= first)
    return [lsp.TextEdit(session.convert.range(edit.span), edit.text) for edit in edits]


def actions(session: Session, params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
    analysis = session.analysis(params.text_document.uri)
    first = session.convert.offset(analysis.path, params.range.start)
    last = session.convert.offset(analysis.path, params.range.end)
    found = chain(
        code_actions.actions(analysis, first, last, session.publisher.current(analysis.path)),
        declare_executor.declared(analysis, first, last),
        extract_action.extracted(analysis, first, last),
        organise_imports.organised(analysis),
    )
    only = params.context.only or ()
    return [
        _action(session, params.text_document.uri, one)
        for one in found
        if not only or any(_is_of(one.kind, kind) for kind in only)
    ]


def _is_of(kind: str, wanted: str) -> bool:
    """Whether a kind is one that a client wants: `refactor` has `refactor.extract` in it."""
    return wanted == "" or kind == wanted or kind.startswith(wanted + ".")


def _action(session: Session, uri: str, one: code_actions.Action) -> lsp.CodeAction:
    edits = [lsp.TextEdit(session.convert.range(span), text) for span, text in one.edits]
    return lsp.CodeAction(
        title=one.title,
        kind=lsp.CodeActionKind(one.kind),
        diagnostics=[session.convert.diagnostic(one.cured)] if one.cured else None,
        is_preferred=one.preferred,
        edit=lsp.WorkspaceEdit(changes={uri: edits}),
    )
