"""Jobs as a hierarchy of calls: one that needs others calls them."""

from __future__ import annotations

from collections.abc import Iterator

from nixc.records import dataclass
from nixc.source import Span
from nixc_lsp.analysis import Analysis
from nixc_lsp.effective import JobInForce, job, jobs
from nixc_lsp.features import navigation


@dataclass(frozen=True, eq=False)
class Call:
    """Another job, and where a need of it, or its need of this one, is written in the file."""

    job: JobInForce
    places: tuple[Span, ...]


def at(analysis: Analysis, offset: int) -> JobInForce | None:
    """The job that is named at an offset."""
    found = navigation.at(analysis, offset)
    if found is None or found.symbol.sort != "job":
        return None
    return job(analysis, found.symbol.name)


def needed(analysis: Analysis, job: JobInForce) -> Iterator[Call]:
    """The jobs that a job needs."""
    for other in jobs(analysis):
        places = _places(analysis, job, other)
        if places is not None:
            yield Call(other, places)


def needing(analysis: Analysis, job: JobInForce) -> Iterator[Call]:
    """The jobs that need a job."""
    for other in jobs(analysis):
        places = _places(analysis, other, job)
        if places is not None:
            yield Call(other, places)


def _places(analysis: Analysis, one: JobInForce, other: JobInForce) -> tuple[Span, ...] | None:
    """Where one job's need of another is written; None where there is none."""
    named = {member.name for member in other.members}
    needs = [need for need in one.members[0].needs if not named.isdisjoint(need.jobs)]
    if not needs:
        return None
    # The needs of a template may stand in another file.
    own = tuple(need.span for need in needs if need.span.source is analysis.source)
    return own or (one.node.name.span,)
