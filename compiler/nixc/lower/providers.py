"""Calls of `envFrom` providers and other functions of the schema, against their parameters."""

from __future__ import annotations

from dataclasses import dataclass

from nixc.diagnostics import quoted
from nixc.lower import codes
from nixc.lower.arguments import matched, missing
from nixc.lower.context import Context, listed
from nixc.lower.evaluate import evaluate
from nixc.lower.objects import Coerce
from nixc.lower.scripts import script
from nixc.lower.values import BROKEN, CallV
from nixc.schema.functions import CONDITION_BY_NAME, PROVIDER_BY_NAME, Function, Parameter
from nixc.schema.types import Shell
from nixc.syntax import nodes


@dataclass(frozen=True, eq=False)
class ProviderCall:
    """A provider with its arguments by parameter; a variadic one's are a tuple."""

    function: Function
    arguments: tuple[tuple[str, object], ...]


def provider(ctx: Context, call: CallV, coerce: Coerce) -> object:
    """The provider that a call names, with its arguments checked."""
    function = PROVIDER_BY_NAME.get(call.node.callee.span.text)
    if function is None:
        unknown_function(ctx, call.node, tuple(PROVIDER_BY_NAME), "provider")
        return BROKEN
    arguments = function_arguments(ctx, call, function, coerce)
    return BROKEN if arguments is None else ProviderCall(function, tuple(arguments.items()))


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
