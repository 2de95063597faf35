"""An input is made by a job that is not upstream: whether it is there in time is a race.

    job test {
      outputs = { coverage = "coverage/" }
      run "make test"
    }
    job report {
      inputs = ["coverage"]
      run "./report.sh"
    }

Wait for the job that makes it: `needs = [test]`.

    job test {
      outputs = { coverage = "coverage/" }
      run "make test"
    }
    job report {
      needs  = [test]
      inputs = ["coverage"]
      run "./report.sh"
    }
"""

from __future__ import annotations

from collections.abc import Iterable

from nixc.diagnostics import Diagnostic, Label, Severity, quoted
from nixc.ir import model as ir
from nixc.ir.groups import declared_name
from nixc.rules.model import Facts, Rule
from nixc.rules.upstream import Upstream

CODE = "NX404"


def check(facts: Facts) -> Iterable[Diagnostic]:
    upstream = Upstream(facts)
    for job in facts.workflow.jobs:
        for one in job.inputs:
            if not one.producers or upstream.has(job, one.producers):
                continue
            missing = upstream.missing(job, one.producers)
            partly = len(missing) < len(one.producers)
            yield _race(job, one, facts.jobs[missing[0]], partly)


def _race(job: ir.Job, one: ir.ArtifactInput, maker: ir.Job, partly: bool) -> Diagnostic:
    name, reader = declared_name(maker), declared_name(job)
    if partly:
        name = maker.name
    message = (
        f"{quoted(one.name)} is made by {quoted(name)}, which is not upstream of {quoted(reader)}"
    )
    hint: str | None = f"add {quoted(name)} to `needs`"
    if name == reader:
        message, hint = f"{quoted(one.name)} is made by this job itself", None
    place = next(output.span for output in maker.outputs if output.name == one.name)
    label = Label(place, "it is made here")
    return Diagnostic(CODE, Severity.ERROR, message, one.span, hint, (label,))


RULE = Rule(CODE, "artifact of a job that is not upstream", check)
