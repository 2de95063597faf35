"""Which jobs make the artifacts that a job reads."""

from __future__ import annotations

from nixc.ir import model as ir
from nixc.passes.model import Passed
from nixc.records import replace


def resolve_producers(workflow: ir.Workflow) -> Passed:
    """Enters the makers of every input, by name. Those that nobody makes have none: a rule
    reports them."""
    makers: dict[str, list[str]] = {}
    for job in workflow.jobs:
        for output in job.outputs:
            makers.setdefault(output.name, []).append(job.name)
    sorted_makers = {name: tuple(sorted(jobs)) for name, jobs in makers.items()}

    def resolved(job: ir.Job) -> ir.Job:
        if not job.inputs:
            return job
        inputs = (replace(one, producers=sorted_makers.get(one.name, ())) for one in job.inputs)
        return replace(job, inputs=tuple(inputs))

    return Passed(replace(workflow, jobs=tuple(resolved(job) for job in workflow.jobs)))
