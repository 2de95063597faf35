"""Diagnostics for clients that ask for them."""

from __future__ import annotations

from hashlib import sha256

from lsprotocol import types as lsp

from nixc_lsp.convert import path_of
from nixc_lsp.progress import Told
from nixc_lsp.session import Session


def of_document(
    session: Session, params: lsp.DocumentDiagnosticParams
) -> lsp.DocumentDiagnosticReport:
    items = _items(session, path_of(params.text_document.uri))
    state = _state(items)
    if state == params.previous_result_id:
        return lsp.RelatedUnchangedDocumentDiagnosticReport(result_id=state)
    return lsp.RelatedFullDocumentDiagnosticReport(items=items, result_id=state)


def of_workspace(
    session: Session, params: lsp.WorkspaceDiagnosticParams
) -> lsp.WorkspaceDiagnosticReport:
    before = {path_of(one.uri): one.value for one in params.previous_result_ids}
    reports: list[lsp.WorkspaceDocumentDiagnosticReport] = []
    roots, told = session.project.roots, None
    if params.work_done_token is not None:
        told = Told(session.server, params.work_done_token, "nixc: checking the workspace")
    for number, path in enumerate(roots):
        if told is not None:
            told.at(number, len(roots))
        items = _items(session, path)
        state, uri, version = _state(items), session.convert.uri(path), session.versions.get(path)
        if before.get(path) == state:
            reports.append(lsp.WorkspaceUnchangedDocumentDiagnosticReport(uri, state, version))
        else:
            reports.append(
                lsp.WorkspaceFullDocumentDiagnosticReport(uri, items, version, result_id=state)
            )
    if told is not None:
        told.end()
    return lsp.WorkspaceDiagnosticReport(reports)


def _items(session: Session, path: str) -> list[lsp.Diagnostic]:
    return session.convert.diagnostics(path, session.publisher.current(path))


def _state(items: list[lsp.Diagnostic]) -> str:
    return sha256(repr(items).encode("utf-8", "backslashreplace")).hexdigest()[:16]
