"""Conditions whose outcome is known from the way they are written."""

from __future__ import annotations

import re
from collections.abc import Callable

from nixc.ir import model as ir
from nixc.ir.walk import plain_text

#: A truth or a comparison that is written with literals only: values of lets, parameters and
#: axes differ from job to job, and are no smell.
_LITERAL = re.compile(r'true|false|("[^"$]*"|\'[^\']*\'|\d+)\s*[!=]=\s*("[^"$]*"|\'[^\']*\'|\d+)')


def literal(atom: ir.Condition) -> bool | None:
    """The outcome of a condition written with literals only, or of a value compared with itself;
    None for others."""
    if isinstance(atom, ir.CompareCondition) and atom.left.constant is None:
        same = plain_text(atom.left) == plain_text(atom.right)
        return not atom.negated if same else None
    if not _LITERAL.fullmatch(atom.span.text):
        return None
    if isinstance(atom, ir.TruthCondition):
        return atom.value.constant == "true"
    if isinstance(atom, ir.CompareCondition):
        return (atom.left.constant == atom.right.constant) != atom.negated
    return None


def holds(condition: ir.Condition, known: Callable[[ir.Condition], bool | None]) -> bool | None:
    """The outcome by three-valued logic, given what is known of its atoms."""
    match condition:
        case ir.NotCondition():
            inner = holds(condition.operand, known)
            return None if inner is None else not inner
        case ir.AllCondition():
            outcomes = [holds(one, known) for one in condition.operands]
            return False if False in outcomes else None if None in outcomes else True
        case ir.AnyCondition():
            outcomes = [holds(one, known) for one in condition.operands]
            return True if True in outcomes else None if None in outcomes else False
        case _:
            return known(condition)
