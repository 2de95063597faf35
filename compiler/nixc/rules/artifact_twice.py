r"""Two jobs make one artifact: which of them a reader gets would be chance.

    job linux {
      outputs = { app = "build/app" }
      run "make linux"
    }
    job mac {
      outputs = { app = "build/app" }
      run "make mac"
    }

Give each a name of its own, or make it one job with a `matrix`, whose artifacts are kept apart.

    job build {
      matrix  = { system = ["linux", "mac"] }
      outputs = { app = "build/app" }
      run "make \"$MATRIX_SYSTEM\""
    }
"""

from __future__ import annotations

from collections.abc import Iterable

from nixc.diagnostics import Diagnostic, Label, Severity, quoted
from nixc.ir.groups import declared_name
from nixc.ir.model import ArtifactOutput
from nixc.rules.model import Facts, Rule

CODE = "NX405"


def check(facts: Facts) -> Iterable[Diagnostic]:
    first: dict[str, tuple[str, ArtifactOutput]] = {}
    jobs = sorted(facts.workflow.jobs, key=lambda job: job.span.start)
    for job in jobs:
        for output in job.outputs:
            owner, known = first.setdefault(output.name, (declared_name(job), output))
            other = declared_name(job)
            if owner != other:
                makers = f"{quoted(owner)} and {quoted(other)}"
                message = f"two jobs make the artifact {quoted(output.name)}: {makers}"
                label = Label(known.span, f"{quoted(owner)} makes it here")
                yield Diagnostic(CODE, Severity.ERROR, message, output.span, related=(label,))


RULE = Rule(CODE, "artifact made by two jobs", check)
