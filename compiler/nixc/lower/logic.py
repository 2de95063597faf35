"""Operators among values known now. Conditions with runtime values: `conditions`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from nixc.ir.model import RuntimeText
from nixc.lower import codes
from nixc.lower.context import Context
from nixc.lower.values import BoolV, RuntimeV, Unknown, Value, as_text, sort
from nixc.source import Span
from nixc.syntax import nodes

Operation: TypeAlias = nodes.Not | nodes.Comparison | nodes.And | nodes.Or
Evaluate: TypeAlias = Callable[[nodes.Expression], Value]


def logic(ctx: Context, node: Operation, evaluate: Evaluate) -> Value:
    """The boolean that an operation comes to."""
    if isinstance(node, nodes.Comparison):
        return _comparison(ctx, node, evaluate)
    operands = (node.operand,) if isinstance(node, nodes.Not) else node.operands
    truths = [_truth(ctx, evaluate(operand)) for operand in operands]
    if None in truths:
        return Unknown(node.span)
    if isinstance(node, nodes.Not):
        return BoolV(node.span, not truths[0])
    return BoolV(node.span, all(truths) if isinstance(node, nodes.And) else any(truths))


def _truth(ctx: Context, value: Value) -> bool | None:
    if isinstance(value, BoolV):
        return value.value
    if isinstance(value, RuntimeV):
        _only_at_run_time(ctx, value.span)
    elif not isinstance(value, Unknown):
        message = f"expected a boolean, found {sort(value)}"
        ctx.error(codes.WRONG_TYPE, message, value.span, related=(value.note,))
    return None


def _comparison(ctx: Context, node: nodes.Comparison, evaluate: Evaluate) -> Value:
    left, right = (comparable(ctx, evaluate(side)) for side in (node.left, node.right))
    if left is None or right is None:
        return Unknown(node.span)
    if left.constant is None or right.constant is None:
        _only_at_run_time(ctx, node.span)
        return Unknown(node.span)
    return BoolV(node.span, (left.constant == right.constant) == (node.operator == "=="))


def comparable(ctx: Context, value: Value) -> RuntimeText | None:
    """The text that a side of a comparison is compared as."""
    text = as_text(value)
    if text is None and not isinstance(value, Unknown):
        message = f"{sort(value)} cannot be compared"
        ctx.error(codes.NO_CONDITION, message, value.span, related=(value.note,))
    return text


def _only_at_run_time(ctx: Context, span: Span) -> None:
    message = "this is known only at run time"
    hint = "such values may stand in conditions, `env`, arguments of `use`"
    ctx.error(codes.RUNTIME_VALUE, message, span, help=hint)
