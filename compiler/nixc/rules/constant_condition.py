"""A condition, or a part of one, that is the same in every run: written with literals only, a
value compared with itself, or `failure()` in the first step of a job.

    step "upload" {
      condition = "main" == "main"
      run       = "./upload.sh"
    }

Leave it out, or compare with what was meant.

    step "upload" {
      condition = env.BRANCH == "main"
      run       = "./upload.sh"
    }
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from nixc.diagnostics import Diagnostic, Severity
from nixc.ir import model as ir
from nixc.ir.walk import atoms, steps
from nixc.records import replace
from nixc.rules.constants import literal
from nixc.rules.model import Facts, Rule
from nixc.rules.never_runs import never

CODE = "NX708"


def check(facts: Facts) -> Iterable[Diagnostic]:
    for jobs in facts.declared.values():
        yield from facts.memo.of(CODE, jobs[0], None, partial(_found, jobs[0]))


def _found(job: ir.Job) -> tuple[Diagnostic, ...]:
    found = [] if never(job) else [*_constant(job.condition)]
    found += (one for step in steps(job) for one in _constant(step.condition))
    return (*found, *_first(job))


def _first(job: ir.Job) -> Iterable[Diagnostic]:
    """`failure()` in the first step, or in the steps of a first group."""
    for step in steps(replace(job, steps=job.steps[:1])):
        for atom in atoms(step.condition):
            if isinstance(atom, ir.StatusCondition) and atom.status is ir.Status.FAILURE:
                message = "this is always false: no step before this one could fail"
                yield Diagnostic(CODE, Severity.WARNING, message, atom.span)


def _constant(condition: ir.Condition) -> Iterable[Diagnostic]:
    for atom in atoms(condition):
        outcome = literal(atom)
        if outcome is not None:
            message = f"this is always {'true' if outcome else 'false'}"
            yield Diagnostic(CODE, Severity.WARNING, message, atom.span)


RULE = Rule(CODE, "constant condition", check)
