"""Which jobs make the artifacts that a job reads."""

from __future__ import annotations

from functools import partial

from nixc.ir import model as ir
from nixc.memo import Memo
from nixc.passes.model import Passed
from nixc.records import replace


def resolve_producers(workflow: ir.Workflow, memo: Memo) -> Passed:
    """Enters the makers of every input, by name. Those that nobody makes have none: a rule
    reports them."""
    found: dict[str, list[str]] = {}
    for job in workflow.jobs:
        for output in job.outputs:
            found.setdefault(output.name, []).append(job.name)
    sorted_makers = {name: tuple(sorted(jobs)) for name, jobs in found.items()}

    def resolved(job: ir.Job) -> ir.Job:
        if not job.inputs:
            return job
        makers = tuple(sorted_makers.get(one.name, ()) for one in job.inputs)
        return memo.of("producers", job, makers, partial(_resolved, job, makers))

    return Passed(replace(workflow, jobs=tuple(resolved(job) for job in workflow.jobs)))


def _resolved(job: ir.Job, makers: tuple[tuple[str, ...], ...]) -> ir.Job:
    pairs = zip(job.inputs, makers, strict=True)
    return replace(job, inputs=tuple(replace(one, producers=jobs) for one, jobs in pairs))
