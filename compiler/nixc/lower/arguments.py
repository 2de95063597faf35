"""Arguments to parameters: of actions, templates, condition functions and providers."""

from __future__ import annotations

from collections.abc import Sequence

from nixc.diagnostics import Label, quoted
from nixc.lower import codes
from nixc.lower.context import Context, listed
from nixc.syntax import nodes


def matched(
    ctx: Context, call: nodes.Call, names: Sequence[str], variadic: bool = False
) -> dict[str, list[nodes.Argument]]:
    """The arguments by parameter; unknown and repeated ones are reported and left out.

    Where `variadic`, the last parameter takes all positional arguments from its place on.
    """
    found: dict[str, list[nodes.Argument]] = {}
    known = frozenset(names)
    for index, argument in enumerate(call.arguments):
        name = _parameter(ctx, call, argument, index, names, variadic)
        if name is None:
            continue
        if name not in known:
            _unknown(ctx, call, argument, name, names)
        elif name in found and not (variadic and name == names[-1] and argument.name is None):
            label = Label(found[name][0].span, "first given here")
            message = f"the argument {quoted(name)} is given twice"
            ctx.error(codes.REPEATED_ARGUMENT, message, argument.span, related=(label,))
        else:
            found.setdefault(name, []).append(argument)
    return found


def _parameter(
    ctx: Context,
    call: nodes.Call,
    argument: nodes.Argument,
    index: int,
    names: Sequence[str],
    variadic: bool,
) -> str | None:
    if argument.name is not None:
        return argument.name.text
    if index and call.arguments[index - 1].name is not None:
        message = "a positional argument cannot stand after a named one"
        ctx.error(codes.REPEATED_ARGUMENT, message, argument.span)
        return None
    if index < len(names):
        return names[index]
    if variadic:
        return names[-1]
    count = "no arguments" if not names else f"{len(names)} argument{'s' * (len(names) > 1)}"
    message = f"{quoted(call.callee.span.text)} takes {count}"
    ctx.error(codes.UNKNOWN_ARGUMENT, message, argument.span)
    return None


def _unknown(
    ctx: Context, call: nodes.Call, argument: nodes.Argument, name: str, names: Sequence[str]
) -> None:
    hint = ctx.meant(name, names)
    if hint is None and names:
        hint = f"it takes {listed(names, 'and')}"
    message = f"{quoted(call.callee.span.text)} has no parameter {quoted(name)}"
    span = argument.name.span if argument.name else argument.span
    ctx.error(codes.UNKNOWN_ARGUMENT, message, span, help=hint)


def missing(ctx: Context, call: nodes.Call, name: str, declared: Label | None = None) -> None:
    """Reports a parameter that has neither an argument nor a default."""
    message = f"{quoted(call.callee.span.text)} needs the argument {quoted(name)}"
    ctx.error(codes.MISSING_ARGUMENT, message, call.span, related=(declared,))
