"""A condition, or a part of one, that is the same in every run: written with literals only, or a
value compared with itself.

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

from nixc.diagnostics import Diagnostic, Severity
from nixc.ir import model as ir
from nixc.ir.walk import atoms, steps
from nixc.rules.constants import literal
from nixc.rules.model import Facts, Rule
from nixc.rules.never_runs import never

CODE = "NX708"


def check(facts: Facts) -> Iterable[Diagnostic]:
    for jobs in facts.declared.values():
        if not never(jobs[0]):
            yield from _constant(jobs[0].condition)
        for step in steps(jobs[0]):
            yield from _constant(step.condition)


def _constant(condition: ir.Condition) -> Iterable[Diagnostic]:
    for atom in atoms(condition):
        outcome = literal(atom)
        if outcome is not None:
            message = f"this is always {'true' if outcome else 'false'}"
            yield Diagnostic(CODE, Severity.WARNING, message, atom.span)


RULE = Rule(CODE, "constant condition", check)
