"""The call hierarchy of jobs."""

from __future__ import annotations

from lsprotocol import types as lsp

from nixc_lsp.analysis import Analysis
from nixc_lsp.effective import JobInForce
from nixc_lsp.features import hierarchy
from nixc_lsp.session import Session


def prepare(
    session: Session, params: lsp.CallHierarchyPrepareParams
) -> list[lsp.CallHierarchyItem] | None:
    analysis, offset = session.place(params)
    job = hierarchy.at(analysis, offset)
    return [_item(session, job)] if job else None


def outgoing(
    session: Session, params: lsp.CallHierarchyOutgoingCallsParams
) -> list[lsp.CallHierarchyOutgoingCall]:
    analysis, job = _named(session, params.item)
    return [
        lsp.CallHierarchyOutgoingCall(_item(session, one.job), _ranges(session, one))
        for one in (hierarchy.needed(analysis, job) if job else ())
    ]


def incoming(
    session: Session, params: lsp.CallHierarchyIncomingCallsParams
) -> list[lsp.CallHierarchyIncomingCall]:
    analysis, job = _named(session, params.item)
    return [
        lsp.CallHierarchyIncomingCall(_item(session, one.job), _ranges(session, one))
        for one in (hierarchy.needing(analysis, job) if job else ())
    ]


def _named(session: Session, item: lsp.CallHierarchyItem) -> tuple[Analysis, JobInForce | None]:
    """The job of an item as the file is now."""
    analysis = session.analysis(item.uri)
    offset = session.convert.offset(analysis.path, item.selection_range.start)
    return analysis, hierarchy.at(analysis, offset)


def _item(session: Session, job: JobInForce) -> lsp.CallHierarchyItem:
    count = len(job.members)
    return lsp.CallHierarchyItem(
        name=job.name,
        kind=lsp.SymbolKind.Event,
        detail=f"{count} jobs" if count > 1 else "job",
        uri=session.convert.uri_of(job.node.span.source),
        range=session.convert.range(job.node.span),
        selection_range=session.convert.range(job.node.name.span),
    )


def _ranges(session: Session, call: hierarchy.Call) -> list[lsp.Range]:
    return [session.convert.range(span) for span in call.places]
