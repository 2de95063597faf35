"""What is in force without being written where it counts: few words beside the text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from nixc.lower.values import duration_text
from nixc.records import dataclass
from nixc_lsp.analysis import Analysis
from nixc_lsp.effective import JobInForce, Level, jobs


@dataclass(frozen=True, eq=False)
class Hint:
    """Words behind an offset, and what a client shows of them when asked."""

    offset: int
    label: str
    more: str


def hints(analysis: Analysis) -> list[Hint]:
    """How many jobs a matrix makes, what a job takes over, who makes an artifact that is read."""
    known = jobs(analysis)
    names = {member.name: one.name for one in known for member in one.members}
    found = [hint for one in known for hint in (*_at_head(one), *_at_inputs(analysis, one, names))]
    return sorted(found, key=lambda hint: hint.offset)


def _at_head(job: JobInForce) -> Iterator[Hint]:
    at = job.node.name.span.end
    if job.members[0].matrix is not None:
        count = len(job.members)
        names = ", ".join(f"`{one.name}`" for one in job.members)
        yield Hint(at, f"{count} job{'s' * (count != 1)}", names)
    level = _elsewhere(job, "retry")
    if level is not None and job.retry is not None:
        yield Hint(at, f"retry: {job.retry.max_attempts} attempts", f"said by the {level.name}")
    level, timeout = _elsewhere(job, "timeout"), job.members[0].timeout
    if level is not None and timeout is not None and level.name != "workflow":
        yield Hint(at, f"timeout: {duration_text(timeout)}", f"said by the {level.name}")


def _elsewhere(job: JobInForce, field: str) -> Level | None:
    """The level that gives a field where the job itself does not."""
    level = job.giving(field)
    return None if level is job.levels[0] else level


def _at_inputs(analysis: Analysis, job: JobInForce, names: Mapping[str, str]) -> Iterator[Hint]:
    """`names` has the declared job of each job."""
    seen: set[int] = set()
    for artifact in (artifact for member in job.members for artifact in member.inputs):
        span = artifact.span
        makers = dict.fromkeys(names[name] for name in artifact.producers if name in names)
        if span.source is analysis.source and makers and span.end not in seen:
            seen.add(span.end)
            yield Hint(span.end, f"from {', '.join(makers)}", f"`{artifact.name}`")
