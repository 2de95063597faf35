"""Conditions: what they say, and what the language adds to them."""

from __future__ import annotations

import re

from nixc.diagnostics import quoted, shortened
from nixc.ir import model as ir
from nixc.lower import codes
from nixc.lower.coerce import coerce
from nixc.lower.context import Context
from nixc.lower.environment import UNKNOWN
from nixc.lower.evaluate import evaluate
from nixc.lower.logic import comparable
from nixc.lower.providers import function_arguments, unknown_function
from nixc.lower.scope import Scope
from nixc.lower.scripts import script
from nixc.lower.values import BoolV, CallV, RuntimeV, TextV, Unknown, Value, sort
from nixc.records import dataclass
from nixc.schema.functions import CONDITION_BY_NAME
from nixc.schema.names import RESULTS, ROOTS
from nixc.source import Span
from nixc.syntax import nodes
from nixc.syntax.oneline import one_line

_QUOTED = re.compile(rf"\s*!?\s*({'|'.join(CONDITION_BY_NAME)})\s*\(.*", re.DOTALL)


@dataclass(frozen=True, eq=False)
class Written:
    """A condition as in force, and as the user wrote it, on one line."""

    condition: ir.Condition
    text: str


def default(span: Span) -> Written:
    """What holds where no condition is given."""
    return Written(ir.StatusCondition(span, ir.Status.SUCCESS), "success()")


def condition(ctx: Context, node: nodes.Expression, scope: Scope) -> Written | None:
    """The condition of a field; None where an error was reported."""
    lowered = _condition(ctx, node, scope)
    if lowered is None:
        return None
    text = one_line(node.span)
    if not _decides_alone(lowered):
        success = ir.StatusCondition(node.span, ir.Status.SUCCESS)
        lowered = ir.AllCondition(node.span, (success, lowered))
    return Written(lowered, text)


def _decides_alone(condition: ir.Condition) -> bool:
    """Whether it names a status function or reads a `needs.X.result`."""
    match condition:
        case ir.StatusCondition():
            return True
        case ir.CompareCondition():
            return _reads_result(condition.left) or _reads_result(condition.right)
        case ir.TruthCondition():
            return _reads_result(condition.value)
        case ir.NotCondition():
            return _decides_alone(condition.operand)
        case ir.AllCondition() | ir.AnyCondition():
            return any(_decides_alone(operand) for operand in condition.operands)
        case ir.ChangedCondition() | ir.ShellCondition():
            return False


def _reads_result(text: ir.RuntimeText) -> bool:
    return any(isinstance(part, ir.NeedsResult) for part in text.parts)


def _condition(ctx: Context, node: nodes.Expression, scope: Scope) -> ir.Condition | None:
    match node:
        case nodes.Not():
            operand = _condition(ctx, node.operand, scope)
            return operand and ir.NotCondition(node.span, operand)
        case nodes.And() | nodes.Or():
            return _joined(ctx, node, scope)
        case nodes.Comparison():
            return _comparison(ctx, node, scope)
        case nodes.Call():
            return _call(ctx, node, scope)
        case nodes.String() | nodes.LiteralString() | nodes.RawText():
            return _shell(ctx, node, scope)
        case _:
            return _valued(ctx, node, evaluate(ctx, node, scope), scope)


def _joined(ctx: Context, node: nodes.And | nodes.Or, scope: Scope) -> ir.Condition | None:
    """Wrong operands become what may be true or not: what the others read is read all the same."""
    operands = [
        _condition(ctx, operand, scope) or ir.TruthCondition(operand.span, UNKNOWN)
        for operand in node.operands
    ]
    join = ir.AllCondition if isinstance(node, nodes.And) else ir.AnyCondition
    return join(node.span, tuple(operands))


def _comparison(ctx: Context, node: nodes.Comparison, scope: Scope) -> ir.Condition | None:
    if any(_is_negated(ctx, node, side) for side in (node.left, node.right)):
        return None
    left, right = (comparable(ctx, evaluate(ctx, side, scope)) for side in (node.left, node.right))
    if left is None or right is None:
        return None
    _check_result(ctx, left, right, node.right.span)
    _check_result(ctx, right, left, node.left.span)
    return ir.CompareCondition(node.span, left, right, node.operator == "!=")


def _is_negated(ctx: Context, node: nodes.Comparison, side: nodes.Expression) -> bool:
    """Whether a side is `!` of a value known at run time: reported, for it is no text."""
    if not isinstance(side, nodes.Not) or not isinstance(side.operand, nodes.Reference):
        return False
    if side.operand.names[0].text not in ROOTS:
        return False
    message = f"{quoted(side.span.text)} is a condition, and texts are compared"
    hint = f"`!` binds tighter than `{node.operator}`: `!(… {node.operator} …)` negates it all"
    ctx.error(codes.NO_CONDITION, message, side.span, help=hint)
    return True


def _check_result(ctx: Context, read: ir.RuntimeText, other: ir.RuntimeText, span: Span) -> None:
    """Reports a comparison of `needs.X.result` with what is no result."""
    if len(read.parts) != 1 or not isinstance(read.parts[0], ir.NeedsResult):
        return
    if other.constant is not None and other.constant not in RESULTS:
        message = f"no result is {quoted(other.constant)}: {', '.join(RESULTS)}"
        ctx.error(codes.NO_SUCH_RESULT, message, span, help=ctx.meant(other.constant, RESULTS))


def _call(ctx: Context, node: nodes.Call, scope: Scope) -> ir.Condition | None:
    function = CONDITION_BY_NAME.get(node.callee.span.text)
    if function is None:
        unknown_function(ctx, node, tuple(CONDITION_BY_NAME), "function")
        return None
    arguments = function_arguments(
        ctx, CallV(node.span, node, scope), function, lambda v, of: coerce(ctx, v, of)
    )
    if arguments is None:
        return None
    if function.name != "changed":
        return ir.StatusCondition(node.span, ir.Status(function.name))
    globs = arguments["globs"]
    assert isinstance(globs, tuple)
    return ir.ChangedCondition(node.span, globs)


def _shell(ctx: Context, node: nodes.Expression, scope: Scope) -> ir.Condition | None:
    text = script(ctx, node, scope, tagged=False)
    if text is None:
        return None
    if _QUOTED.fullmatch(text.text):
        message = "a condition in quotes is run by bash"
        hint = f"write {quoted(text.text.strip())} without quotes"
        ctx.error(codes.QUOTED_CONDITION, message, node.span, help=hint)
        return None
    return ir.ShellCondition(node.span, text)


def _truth(ctx: Context, value: RuntimeV, span: Span) -> ir.Condition | None:
    if _reads_result(value.text):
        hint = f'compare it: `{shortened(value.span.text)} == "success"`'
        ctx.error(codes.NO_SUCH_RESULT, "a job's result is no boolean", value.span, help=hint)
        return None
    return ir.TruthCondition(span, value.text)


def _valued(
    ctx: Context, node: nodes.Expression, value: Value, scope: Scope
) -> ir.Condition | None:
    match value:
        case BoolV():
            truth = ir.RuntimeText(("true" if value.value else "false",))
            return ir.TruthCondition(node.span, truth)
        case RuntimeV():
            return _truth(ctx, value, node.span)
        case TextV():
            return _shell(ctx, node, scope)
        case Unknown():
            return None
        case _:
            message = f"expected a condition, found {sort(value)}"
            ctx.error(codes.NO_CONDITION, message, value.span, related=(value.note,))
            return None
