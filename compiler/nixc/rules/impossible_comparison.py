"""An input is compared with a value that it cannot have, or used as a boolean that it cannot be.

    input environment {
      type    = "choice"
      options = ["staging", "production"]
    }
    job deploy {
      condition = input.environment == "prod"
      run "./deploy.sh"
    }

Compare it with one of its options.

    input environment {
      type    = "choice"
      options = ["staging", "production"]
    }
    job deploy {
      condition = input.environment == "production"
      run "./deploy.sh"
    }
"""

from __future__ import annotations

from collections.abc import Iterable

from nixc.diagnostics import Diagnostic, Severity, quoted
from nixc.ir import model as ir
from nixc.ir.walk import atoms, steps
from nixc.lower.context import Context, listed
from nixc.lower.inputs import fits
from nixc.rules.model import Facts, Rule

CODE = "NX709"
_TRUE = ir.RuntimeText(("true",))


def check(facts: Facts) -> Iterable[Diagnostic]:
    inputs = {one.name: one for one in facts.workflow.inputs}
    if not inputs:
        return
    for job in facts.workflow.jobs:
        for condition in (job.condition, *(step.condition for step in steps(job))):
            for atom in atoms(condition):
                if isinstance(atom, ir.CompareCondition):
                    yield from _compared(inputs, atom.left, atom.right, atom)
                    yield from _compared(inputs, atom.right, atom.left, atom)
                elif isinstance(atom, ir.TruthCondition):
                    yield from _compared(inputs, atom.value, _TRUE, atom)


def _compared(
    inputs: dict[str, ir.Input], read: ir.RuntimeText, other: ir.RuntimeText, at: ir.Condition
) -> Iterable[Diagnostic]:
    reference, text = read.parts[0] if len(read.parts) == 1 else None, other.constant
    if not isinstance(reference, ir.InputRef) or text is None or reference.name not in inputs:
        return
    one = inputs[reference.name]
    if one.type == "choice" and not one.options:  # reported where it is declared
        return
    if fits(text, one.type, one.options) or (not text and one.default is None):
        return
    hint = Context().meant(text, one.options)
    if hint is None and one.options:
        hint = f"its options are {listed(one.options, 'and')}"
    message = f"the input {quoted(one.name)} is never {quoted(text)}"
    yield Diagnostic(CODE, Severity.WARNING, message, at.span, hint)


RULE = Rule(CODE, "comparison that can never hold", check)
