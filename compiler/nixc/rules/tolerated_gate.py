"""A job with `continueOnError` that others wait for the success of: they run whatever it does.

    job lint {
      continueOnError = true
      run "make lint"
    }
    job deploy {
      needs = [lint]
      run "./deploy.sh"
    }

Take `continueOnError` off, or say in the other job what is meant, such as `condition = always()`
or `needs.lint.result == "success"`.

    job lint {
      continueOnError = true
      run "make lint"
    }
    job deploy {
      needs     = [lint]
      condition = needs.lint.result == "success"
      run "./deploy.sh"
    }
"""

from __future__ import annotations

from collections.abc import Iterable

from nixc.diagnostics import Diagnostic, Label, Severity, quoted
from nixc.ir import model as ir
from nixc.ir.groups import declared_name
from nixc.ir.walk import atoms
from nixc.rules.model import Facts, Rule

CODE = "NX706"


def check(facts: Facts) -> Iterable[Diagnostic]:
    for name, jobs in facts.declared.items():
        for need in jobs[0].needs if _gates(jobs[0]) else ():
            needed = facts.jobs[need.jobs[0]]
            if needed.continue_on_error:
                other = declared_name(needed)
                message = f"{quoted(other)} holds nobody up: it has `continueOnError`"
                label = Label(needed.span, f"{quoted(name)} waits for its success")
                yield Diagnostic(CODE, Severity.WARNING, message, need.span, related=(label,))


def _gates(job: ir.Job) -> bool:
    """Whether the job runs only if what it needs went well."""
    statuses = [one for one in atoms(job.condition) if isinstance(one, ir.StatusCondition)]
    return bool(statuses) and all(one.status is ir.Status.SUCCESS for one in statuses)


RULE = Rule(CODE, "gate that is always open", check)
