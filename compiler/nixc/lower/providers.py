"""Calls of `envFrom` providers and other functions of the schema, against their parameters."""

from __future__ import annotations

from typing import cast

from nixc.diagnostics import quoted
from nixc.ir import model as ir
from nixc.lower import codes
from nixc.lower.arguments import matched, missing
from nixc.lower.context import Context, listed
from nixc.lower.evaluate import evaluate
from nixc.lower.objects import Coerce
from nixc.lower.record import Item, Record
from nixc.lower.scripts import script
from nixc.lower.values import BROKEN, CallV
from nixc.schema.functions import CONDITION_BY_NAME, PROVIDER_BY_NAME, Function, Parameter
from nixc.schema.types import Shell
from nixc.syntax import nodes


def providers(fields: Record) -> tuple[ir.Provider, ...]:
    """The providers of a block, in order."""
    items = (item.value for item in fields.items("envFrom") if isinstance(item, Item))
    return tuple(one for one in items if isinstance(one, ir.Provider))


def provider(ctx: Context, call: CallV, coerce: Coerce) -> object:
    """The provider that a call names, with its arguments checked."""
    function = PROVIDER_BY_NAME.get(call.node.callee.span.text)
    if function is None:
        unknown_function(ctx, call.node, tuple(PROVIDER_BY_NAME), "provider")
        return BROKEN
    arguments = function_arguments(ctx, call, function, coerce)
    if arguments is None or not _all_set(ctx, arguments.get("values")):
        return BROKEN
    values = cast(dict[str, ir.ProviderValue], arguments)
    return ir.Provider(call.node.span, function.name, tuple(values.items()))


def _all_set(ctx: Context, entries: object) -> bool:
    """Whether no variable of `static` is `null`; reported if one is."""
    unset = [one for one in entries if one.value is None] if isinstance(entries, tuple) else []
    for one in unset:
        message = f"a provider cannot unset {quoted(one.name)}"
        hint = f"`env = {{ {one.name} = null }}` can"
        ctx.error(codes.WRONG_TYPE, message, one.span, help=hint)
    return not unset


def unknown_function(ctx: Context, call: nodes.Call, known: tuple[str, ...], what: str) -> None:
    """Reports a call of something that is not there."""
    name = call.callee.span.text
    hint = ctx.meant(name, known) or f"there are {listed(known, 'and')}"
    if name in CONDITION_BY_NAME:
        hint = "condition functions stand in conditions only"
    elif name in PROVIDER_BY_NAME:
        hint = "providers stand in `envFrom` only"
    ctx.error(codes.UNKNOWN_FUNCTION, f"unknown {what} {quoted(name)}", call.callee.span, help=hint)


def function_arguments(
    ctx: Context, call: CallV, function: Function, coerce: Coerce
) -> dict[str, object] | None:
    """The arguments of a function of the schema by parameter; None if one is wrong."""
    before = ctx.errors
    names = [parameter.name for parameter in function.parameters]
    variadic = any(parameter.variadic for parameter in function.parameters)
    given = matched(ctx, call.node, names, variadic)
    values: dict[str, object] = {}
    for parameter in function.parameters:
        arguments = given.get(parameter.name, [])
        lowered = tuple(_argument(ctx, one, parameter, call, coerce) for one in arguments)
        values[parameter.name] = lowered if parameter.variadic else (*lowered, parameter.default)[0]
        if parameter.required and not arguments and ctx.errors == before:
            missing(ctx, call.node, parameter.name)
    return None if ctx.errors > before or BROKEN in values.values() else values


def _argument(
    ctx: Context, argument: nodes.Argument, parameter: Parameter, call: CallV, coerce: Coerce
) -> object:
    if isinstance(parameter.type, Shell):
        return script(ctx, argument.value, call.scope, tagged=False) or BROKEN
    return coerce(evaluate(ctx, argument.value, call.scope), parameter.type)
