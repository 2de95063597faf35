"""Documents that are opened, edited and closed, files and folders that come and go."""

from __future__ import annotations

from lsprotocol import types as lsp

from nixc_lsp.convert import path_of
from nixc_lsp.session import Session
from nixc_lsp.settings import SECTION
from nixc_lsp.text import Point, Text


def opened(session: Session, params: lsp.DidOpenTextDocumentParams) -> None:
    document = params.text_document
    path = path_of(document.uri)
    session.convert.uris[path] = document.uri
    session.versions[path] = document.version
    session.publisher.touch(session.project.change(path, Text(document.text)))
    _look_at_disk(session)


def changed(session: Session, params: lsp.DidChangeTextDocumentParams) -> None:
    path = path_of(params.text_document.uri)
    text = session.project.open[path]
    for change in params.content_changes:
        if isinstance(change, lsp.TextDocumentContentChangePartial):
            start, end = change.range.start, change.range.end
            text = text.edited(
                Point(start.line, start.character),
                Point(end.line, end.character),
                change.text,
                session.convert.encoding,
            )
        else:
            text = Text(change.text)
    session.versions[path] = params.text_document.version
    session.publisher.touch(session.project.change(path, text))


def closed(session: Session, params: lsp.DidCloseTextDocumentParams) -> None:
    path = path_of(params.text_document.uri)
    session.versions.pop(path, None)
    session.tokens.pop(path, None)
    session.publisher.touch(session.project.change(path, None))


def saved(session: Session, params: lsp.DidSaveTextDocumentParams) -> None:
    # Not every client tells of files that it has not open.
    _look_at_disk(session)


def watched(session: Session, params: lsp.DidChangeWatchedFilesParams) -> None:
    for change in params.changes:
        path = path_of(change.uri)
        if change.type == lsp.FileChangeType.Deleted:
            session.project.unopened.discard(path)
        elif change.type == lsp.FileChangeType.Created:
            session.project.unopened.add(path)
        session.publisher.touch(session.project.forget(path))


def folders(session: Session, params: lsp.DidChangeWorkspaceFoldersParams) -> None:
    session.look_below([folder.uri for folder in params.event.added])
    gone = [path_of(folder.uri) + "/" for folder in params.event.removed]
    lost = [p for p in session.project.unopened if p.startswith(tuple(gone))] if gone else []
    session.project.unopened.difference_update(lost)
    session.publisher.touch(lost)


def configured(session: Session, params: lsp.DidChangeConfigurationParams) -> None:
    if session.can("workspace", "configuration"):
        session.fetch_settings()
    else:
        given = params.settings
        session.set(given.get(SECTION) if isinstance(given, dict) else None)


def _look_at_disk(session: Session) -> None:
    for path in session.project.outdated():
        session.publisher.touch(session.project.forget(path))
