"""Calls of actions and templates: what is called, and its parameters bound."""

from __future__ import annotations

from typing import TypeAlias

from nixc.diagnostics import Label
from nixc.ir.model import EnvEntry, RuntimeText
from nixc.lower.arguments import matched, missing
from nixc.lower.coerce import runtime_refused
from nixc.lower.context import Context
from nixc.lower.environment import variable_text
from nixc.lower.evaluate import evaluate
from nixc.lower.lookup import find, wrong_sort
from nixc.lower.scope import Module, Scope
from nixc.lower.values import NullV, RuntimeV, Unknown, Value
from nixc.records import dataclass
from nixc.syntax import nodes

_Called: TypeAlias = nodes.ActionDecl | nodes.TemplateDecl


@dataclass(frozen=True, eq=False)
class Bound:
    """The parameters of a call by name, and the module whose names the body sees."""

    module: Module
    values: dict[str, Value]


def called_action(
    ctx: Context, call: nodes.Call, scope: Scope
) -> tuple[nodes.ActionDecl, Bound] | None:
    """The action that `use` names, with its parameters; None where an error was reported."""
    found = find(ctx, call.callee, scope)
    if found is None:
        return None
    named, home = found
    if not isinstance(named, nodes.ActionDecl):
        wrong_sort(ctx, call.callee, named, "an action")
        return None
    return named, Bound(home.module, _bind(ctx, named, call, scope, home.module))


def called_template(
    ctx: Context, call: nodes.Call, scope: Scope
) -> tuple[nodes.TemplateDecl, Bound] | None:
    """The template that a job is made from, with its parameters."""
    found = find(ctx, call.callee, scope)
    if found is None:
        return None
    named, home = found
    if not isinstance(named, nodes.TemplateDecl):
        wrong_sort(ctx, call.callee, named, "a template")
        return None
    values = _bind(ctx, named, call, scope, home.module)
    for name, value in values.items():
        if isinstance(value, RuntimeV):
            runtime_refused(ctx, value)
            values[name] = Unknown(value.span)
    return named, Bound(home.module, values)


def _bind(
    ctx: Context, named: _Called, call: nodes.Call, scope: Scope, module: Module
) -> dict[str, Value]:
    parameters = {parameter.name.text: parameter for parameter in named.parameters}
    if ctx.garbled.on_line(named.name.span):  # who knows which parameters it has
        for argument in call.arguments:
            evaluate(ctx, argument.value, scope)
        return opaque(named)
    before = ctx.errors
    given = matched(ctx, call, tuple(parameters))
    failed = ctx.errors > before
    values: dict[str, Value] = {}
    for name, parameter in parameters.items():
        if name in given:
            values[name] = evaluate(ctx, given[name][0].value, scope)
        elif parameter.default is not None:
            values[name] = evaluate(ctx, parameter.default, Scope(module))
        else:
            values[name] = Unknown(call.span)
            if not failed:
                label = Label(parameter.span, "declared here without a default")
                missing(ctx, call, name, label)
    return values


def opaque(named: _Called) -> dict[str, Value]:
    """Parameters bound to values that fit everything, to check what nobody uses."""
    return {parameter.name.text: Unknown(parameter.span) for parameter in named.parameters}


def exported(ctx: Context, named: nodes.ActionDecl, bound: Bound) -> tuple[EnvEntry, ...]:
    """The parameters as variables of the script."""
    entries: list[EnvEntry] = []
    for parameter in named.parameters:
        value = bound.values[parameter.name.text]
        text: RuntimeText | None = None
        if not isinstance(value, NullV):
            text = variable_text(ctx, value, runtime=True)
        entries.append(EnvEntry(value.span, variable(parameter.name.text), text))
    return tuple(entries)


def variable(name: str) -> str:
    """The variable of a parameter: its name with `-` as `_`."""
    return name.replace("-", "_")
