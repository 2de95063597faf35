"""A job whose condition never holds.

    job cleanup {
      condition = failure()
      run "./clean.sh"
    }

`failure()` speaks of the jobs that a job needs; without `needs` there is none that could fail.
Add them, or correct the condition.

    job test {
      run "make test"
    }
    job cleanup {
      needs     = [test]
      condition = failure()
      run "./clean.sh"
    }
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from nixc.diagnostics import Diagnostic, Severity, quoted
from nixc.ir import model as ir
from nixc.rules.constants import holds, literal
from nixc.rules.model import Facts, Rule

CODE = "NX707"


def check(facts: Facts) -> Iterable[Diagnostic]:
    for jobs in facts.declared.values():
        job = jobs[0]
        if facts.doubtful(job.name, "needs"):
            continue
        if facts.memo.of(CODE, job, None, partial(never, job)):
            message = f"the job {quoted(job.name)} can never run"
            yield Diagnostic(CODE, Severity.WARNING, message, job.condition.span)


def never(job: ir.Job) -> bool:
    """Whether the job's condition can never hold."""
    return holds(job.condition, partial(_fact, job)) is False


def _fact(job: ir.Job, atom: ir.Condition) -> bool | None:
    if isinstance(atom, ir.StatusCondition):
        if atom.status is ir.Status.ALWAYS:
            return True
        return False if atom.status is ir.Status.FAILURE and not job.needs else None
    return literal(atom)


RULE = Rule(CODE, "job that can never run", check)
