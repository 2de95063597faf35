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

import re
from collections.abc import Iterable

from nixc.diagnostics import Diagnostic, Severity, quoted
from nixc.ir import model as ir
from nixc.lower.context import Context, listed
from nixc.lower.inputs import fits
from nixc.rules.model import Facts, Rule
from nixc.source import Span

CODE = "NX709"
_AXIS = re.compile(r"matrix\.[\w-]+\s*[!=]=[^!=]+\Z")
_AROUND = " \t\n\"'"
_TRUE = ir.RuntimeText(("true",))


def check(facts: Facts) -> Iterable[Diagnostic]:
    found = [
        atom
        for job in facts.workflow.jobs
        for atom in facts.conditions(job)
        if isinstance(atom, ir.CompareCondition | ir.TruthCondition)
    ]
    yield from _of_axes(one for one in found if isinstance(one, ir.CompareCondition))
    inputs = {one.name: one for one in facts.workflow.inputs}
    for atom in found if inputs else ():
        if isinstance(atom, ir.CompareCondition):
            yield from _compared(inputs, atom.left, atom.right, atom)
            yield from _compared(inputs, atom.right, atom.left, atom)
        else:
            yield from _compared(inputs, atom.value, _TRUE, atom)


def _of_axes(compared: Iterable[ir.CompareCondition]) -> Iterable[Diagnostic]:
    """Comparisons of `matrix.axis` that hold, or do not, for each combination of every job."""
    by_place: dict[Span, list[ir.CompareCondition]] = {}
    for one in compared:
        if _AXIS.match(one.span.text):
            by_place.setdefault(one.span, []).append(one)
    for span, ones in by_place.items():
        pairs = [(one.left.constant, one.right.constant) for one in ones]
        if any(left == right or left is None or right is None for left, right in pairs):
            continue
        left, right = re.split("[!=]=", span.text)
        message = f"{quoted(left.strip())} is never {quoted(right.strip(_AROUND))}"
        yield Diagnostic(CODE, Severity.WARNING, message, span)


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
