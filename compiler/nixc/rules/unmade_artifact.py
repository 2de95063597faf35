"""An input names an artifact that no job makes.

    job test {
      outputs = { coverage = "coverage/" }
      run "make test"
    }
    job report {
      needs  = [test]
      inputs = ["covrage"]
      run "./report.sh"
    }

Correct the name, or add it to the `outputs` of the job that should make it.

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

from nixc.diagnostics import Diagnostic, Severity, quoted
from nixc.lower.context import Context
from nixc.rules.model import Facts, Rule

CODE = "NX403"


def check(facts: Facts) -> Iterable[Diagnostic]:
    if facts.any_doubtful("outputs"):
        return
    made = {output.name for job in facts.workflow.jobs for output in job.outputs}
    hints = Context()
    for job in facts.workflow.jobs:
        for one in job.inputs:
            if not one.producers:
                message = f"no job makes the artifact {quoted(one.name)}"
                hint = hints.meant(one.name, made)
                yield Diagnostic(CODE, Severity.ERROR, message, one.span, hint)


RULE = Rule(CODE, "artifact that no job makes", check)
