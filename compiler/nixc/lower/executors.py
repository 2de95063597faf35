"""Executors: kinds with their fields, declared or written where they are used."""

from __future__ import annotations

import re

from nixc.diagnostics import quoted
from nixc.ir import model as ir
from nixc.lower import codes
from nixc.lower.coerce import coerce, wrong
from nixc.lower.context import Context, Pending, listed
from nixc.lower.evaluate import evaluate
from nixc.lower.fields import Layer, lower_fields
from nixc.lower.record import Item, Record
from nixc.lower.scope import Scope
from nixc.lower.scripts import script
from nixc.lower.smells import unpinned_image
from nixc.lower.values import BROKEN, ExecutorV, Key, Unknown, Value, as_text
from nixc.records import replace
from nixc.schema.executors import BY_NAME, OTHER_WORDS
from nixc.schema.types import Block, ExecutorT, Field, Shell
from nixc.syntax import nodes


def executor(ctx: Context, node: nodes.Expression, scope: Scope) -> ir.Executor | None:
    """The executor that an expression names or describes; None where an error was reported."""
    return executor_of(ctx, evaluate(ctx, node, scope), scope)


def executor_of(ctx: Context, value: Value, scope: Scope) -> ir.Executor | None:
    """The executor that a value is; names of inline ones get the matrix values they used."""
    if isinstance(value, Unknown):
        return None
    if not isinstance(value, ExecutorV):
        wrong(ctx, value, ExecutorT())
        return None
    match value.node:
        case nodes.ExecutorDecl():
            return declared(ctx, value.node, value.scope)
        case nodes.Name():
            return _bare(ctx, value)
        case nodes.ExecutorValue():
            return _inline(ctx, value.node, value.scope)


def declared(ctx: Context, node: nodes.ExecutorDecl, scope: Scope) -> ir.Executor | None:
    """A declared executor, lowered once."""
    if id(node) in ctx.open_executors:
        message = f"the executor {quoted(node.name.text)} is defined by itself"
        ctx.error(codes.CIRCULAR_LET, message, node.name.span)
        return None
    if id(node) not in ctx.executors:
        ctx.open_executors.add(id(node))
        with ctx.deeper(node.name) as fits:
            ctx.executors[id(node)] = _declared(ctx, node, scope) if fits else None
        ctx.open_executors.remove(id(node))
    return ctx.executors[id(node)]


def _declared(ctx: Context, node: nodes.ExecutorDecl, scope: Scope) -> ir.Executor | None:
    value = evaluate(ctx, node.value, scope)
    name = node.name.text
    if isinstance(value, ExecutorV) and isinstance(value.node, nodes.ExecutorValue):
        found = _configured(ctx, value.node, value.scope, name)
    else:
        found = executor_of(ctx, value, scope)
        found = found and replace(found, name=name)
    return found and replace(found, span=node.name.span)


def _bare(ctx: Context, value: ExecutorV) -> ir.Executor | None:
    """A kind without fields: one executor however often it is written."""
    assert isinstance(value.node, nodes.Name)
    kind = value.node
    key = id(BY_NAME[kind.text])
    if key not in ctx.executors:
        empty = nodes.ExecutorValue(kind.span, kind, ())
        before = ctx.errors
        found = _configured(ctx, empty, value.scope, kind.text)
        if ctx.errors > before:
            return None
        ctx.executors[key] = found
    return ctx.executors[key]


def local(ctx: Context, head: nodes.Name, scope: Scope) -> ir.Executor:
    """Where jobs run that name no executor."""
    found = _bare(ctx, ExecutorV(head.span, nodes.Name(head.span, "local"), scope))
    assert found is not None
    return found


def _inline(ctx: Context, node: nodes.ExecutorValue, scope: Scope) -> ir.Executor | None:
    ctx.axes_read.clear()
    found = _configured(ctx, node, scope, node.kind.text)
    if found is None or found.name != node.kind.text or not ctx.axes_read:
        return found
    parts = [found.name]
    for axis in sorted(ctx.axes_read):
        text = as_text((scope.matrix or {})[axis])
        parts += [axis, (text and text.constant) or ""]
    return replace(found, name=re.sub(r"[^A-Za-z0-9._-]", "-", "-".join(parts)))


def _configured(
    ctx: Context, node: nodes.ExecutorValue, scope: Scope, name: str
) -> ir.Executor | None:
    kind = BY_NAME.get(node.kind.text)
    if kind is None:
        meant = OTHER_WORDS.get(node.kind.text)
        hint = f"did you mean `{meant}`?" if meant else ctx.meant(node.kind.text, BY_NAME)
        hint = hint or f"there are {listed(BY_NAME, 'and')}"
        message = f"unknown executor kind {quoted(node.kind.text)}"
        ctx.error(codes.UNKNOWN_KIND, message, node.kind.span, help=hint)
        return None
    if not kind.available:
        ctx.pending.append(Pending(node.kind.span, kind.name))
    before = ctx.errors
    layers = (Layer(node.fields, scope),)
    fields = lower_fields(
        ctx, kind.block, layers, node.kind.span, lambda f, n, s: _field(ctx, f, n, s)
    )
    if ctx.errors > before:
        return None
    unpinned_image(ctx, fields)
    return ir.Executor(node.span, fields.text("name") or name, kind.name, _config(fields))


def _field(ctx: Context, field: Field, node: nodes.Expression, scope: Scope) -> object:
    if isinstance(field.type, Shell):
        return script(ctx, node, scope, tagged=field.type.tagged) or BROKEN
    return coerce(ctx, evaluate(ctx, node, scope), field.type, field.runtime)


# --- configurations --------------------------------------------------------------------


def _config(fields: Record) -> tuple[tuple[str, ir.ConfigValue], ...]:
    """All fields but the name that have a value, by name."""
    values = _values(fields)
    values.pop("name", None)
    return tuple(sorted(values.items()))


def _values(fields: Record) -> dict[str, ir.ConfigValue]:
    block: Block = fields.block
    found = {field.name: fields.read(field.name) for field in block.fields}
    return {name: _value(value) for name, value in found.items() if value is not None}


def _value(value: object) -> ir.ConfigValue:
    match value:
        case Item():
            return _value(value.value)
        case Record():
            return ir.ConfigObject(tuple(sorted(_values(value).items())))
        case tuple() if value and all(_is_entry(item) for item in value):
            return ir.ConfigObject(tuple((key.text, _value(item)) for key, item in value))
        case tuple():
            return tuple(_value(item) for item in value)
        case ir.RuntimeText() if value.constant is not None:
            return value.constant
        case str() | int() | ir.RuntimeText() | ir.Script() | ir.ConfigObject():
            return value
        case _:
            raise AssertionError(f"no configuration: {value!r}")


def _is_entry(item: object) -> bool:
    return isinstance(item, tuple) and len(item) == 2 and isinstance(item[0], Key)
