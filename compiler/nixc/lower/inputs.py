"""Inputs of the workflow."""

from __future__ import annotations

import re
from functools import partial
from typing import Literal, cast

from nixc.diagnostics import Label, quoted, shortened
from nixc.ir.model import Input, input_variable
from nixc.lower import codes
from nixc.lower.coerce import coerce
from nixc.lower.context import Context, Surroundings, listed
from nixc.lower.evaluate import evaluate
from nixc.lower.fields import Layer, check_places, lower_fields
from nixc.lower.record import Record
from nixc.lower.scope import Scope
from nixc.schema.blocks import INPUT
from nixc.source import Span
from nixc.syntax import nodes


def lower_inputs(
    ctx: Context, declared: dict[str, nodes.InputDecl], scope: Scope, around: Surroundings
) -> tuple[Input, ...]:
    """The inputs in order."""
    variables: dict[str, nodes.InputDecl] = {}
    for node in declared.values():
        variable = input_variable(node.name.text)
        other = variables.setdefault(variable, node)
        if other is not node:
            label = Label(other.name.span, "the other one")
            message = f"two inputs become `${shortened(variable)}`"
            ctx.error(codes.COLLISION, message, node.name.span, related=(label,))
    return tuple(
        ctx.once(("input", node), around, partial(_input, ctx, node, scope), node.name.span)
        for node in declared.values()
    )


def _input(ctx: Context, node: nodes.InputDecl, scope: Scope) -> Input:
    check_places(ctx, INPUT, node.body)
    fields = lower_fields(
        ctx,
        INPUT,
        (Layer(node.body, scope),),
        node.name.span,
        lambda field, value, scope: coerce(ctx, evaluate(ctx, value, scope), field.type),
    )
    options = tuple(text for _, text in fields.texts("options"))
    kind = cast(Literal["string", "number", "boolean", "choice"], fields.text("type"))
    default = _default(fields)
    _check(ctx, fields, kind, options, default, node.name.span)
    return Input(
        span=node.name.span,
        name=node.name.text,
        doc=fields.text("description") or node.doc,
        type=kind,
        options=options,
        default=default,
        required=fields.flag("required"),
    )


def _default(fields: Record) -> str | None:
    value = fields.read("default")
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)


def _check(
    ctx: Context,
    fields: Record,
    kind: str,
    options: tuple[str, ...],
    default: str | None,
    head: Span,
) -> None:
    if {"type", "options"} & fields.broken or ctx.garbled.touches(head):
        return
    if kind == "choice" and not options:
        message = "an input of the type `choice` needs `options`"
        ctx.error(codes.MISSING_FIELD, message, fields.places.get("type", head))
    elif kind != "choice" and options:
        message = f'`options` belong to `type = "choice"`, this is `"{kind}"`'
        ctx.error(codes.BAD_DEFAULT, message, fields.places["options"])
    elif default is not None and not fits(default, kind, options):
        message = f"{quoted(default)} is not {_wanted(kind, options)}"
        ctx.error(codes.BAD_DEFAULT, message, fields.places["default"])


def fits(text: str, kind: str, options: tuple[str, ...]) -> bool:
    """Whether an input of this kind can have the value."""
    if kind == "choice":
        return text in options
    if kind == "boolean":
        return text in ("true", "false")
    return kind == "string" or re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text) is not None


def _wanted(kind: str, options: tuple[str, ...]) -> str:
    if kind == "choice":
        return f"one of the options: {listed(options)}"
    return "`true` or `false`" if kind == "boolean" else "a number"
