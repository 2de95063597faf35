"""Code lenses: requests, and commands that a click starts."""

from __future__ import annotations

from lsprotocol import types as lsp

from nixc.exhaustive import assert_never
from nixc_lsp.features import lenses as found
from nixc_lsp.features.lastrun import last_run
from nixc_lsp.handlers.reading import others
from nixc_lsp.session import Session

#: VS Code's own; its extension turns the arguments into what it wants. Other clients know it, too.
SHOW_REFERENCES = "editor.action.showReferences"


def lenses(session: Session, params: lsp.CodeLensParams) -> list[lsp.CodeLens]:
    uri = params.text_document.uri
    analysis = session.analysis(uri)
    return [
        lsp.CodeLens(session.convert.range(one.span), command=_command(session, uri, one))
        for one in found.lenses(analysis, others(session, analysis), last_run(analysis))
    ]


def _command(session: Session, uri: str, lens: found.Lens) -> lsp.Command:
    match lens.does:
        case None:
            return lsp.Command(lens.title, command="")
        case found.Run(None):
            return lsp.Command(lens.title, command="nixc.run", arguments=[uri])
        case found.Run(job):
            return lsp.Command(lens.title, command="nixc.runJob", arguments=[uri, job])
        case found.References(spans):
            place = session.convert.range(lens.span).start
            locations = [session.convert.location(span) for span in spans]
            return lsp.Command(lens.title, SHOW_REFERENCES, arguments=[uri, place, locations])
        case never:
            assert_never(never)
