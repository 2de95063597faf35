"""Expressions to values. Runtime references become texts with open parts."""

from __future__ import annotations

from nixc.diagnostics import Label, quoted
from nixc.ir.model import RuntimeRef, RuntimeText
from nixc.lower import codes
from nixc.lower.context import Context
from nixc.lower.logic import Operation, logic
from nixc.lower.lookup import find, wrong_sort
from nixc.lower.roots import root_value
from nixc.lower.scope import Named, Scope
from nixc.lower.values import (
    BoolV,
    CallV,
    DurationV,
    ExecutorV,
    Key,
    ListV,
    NullV,
    NumberV,
    ObjectV,
    RuntimeV,
    TextV,
    Unknown,
    Value,
    as_text,
    moved,
    sort,
)
from nixc.schema.names import ROOTS
from nixc.source import TextMap
from nixc.syntax import nodes

#: Characters of a text that is put together; more is a mistake, or meant to exhaust us.
_LONGEST = 1_000_000


def evaluate(ctx: Context, node: nodes.Expression, scope: Scope) -> Value:
    """The value of an expression; Unknown where an error was reported."""
    value: Value
    match node:
        case nodes.String():
            value = _string(ctx, node, scope)
        case nodes.LiteralString():
            value = TextV(node.span, node.value, node.map)
        case nodes.RawText():
            value = TextV(node.span, node.value, node.map, node.tag)
        case nodes.Reference():
            value = _reference(ctx, node, scope)
        case (
            nodes.ListValue()
            | nodes.ObjectValue()
            | nodes.Not()
            | nodes.Comparison()
            | nodes.And()
            | nodes.Or()
        ):
            with ctx.nested(node.span) as fits:
                value = _compound(ctx, node, scope) if fits else Unknown(node.span)
        case nodes.ExecutorValue():
            value = ExecutorV(node.span, node, scope)
        case nodes.Call():
            value = CallV(node.span, node, scope)
        case _:
            value = _plain(ctx, node)
    return value


def _compound(
    ctx: Context, node: nodes.ListValue | nodes.ObjectValue | Operation, scope: Scope
) -> Value:
    match node:
        case nodes.ListValue():
            return ListV(node.span, tuple(evaluate(ctx, item, scope) for item in node.items))
        case nodes.ObjectValue():
            return _object(ctx, node, scope)
        case _:
            return logic(ctx, node, lambda operand: evaluate(ctx, operand, scope))


def _plain(
    ctx: Context,
    node: nodes.Number | nodes.Duration | nodes.Boolean | nodes.Null | nodes.Missing,
) -> Value:
    match node:
        case nodes.Number():
            return NumberV(node.span, node.value)
        case nodes.Duration():
            return DurationV(node.span, node.milliseconds)
        case nodes.Boolean():
            return BoolV(node.span, node.value)
        case nodes.Null():
            return NullV(node.span)
        case nodes.Missing():
            ctx.errors += 1
            return Unknown(node.span)


# --- texts ---------------------------------------------------------------------------


def _string(ctx: Context, node: nodes.String, scope: Scope) -> Value:
    if len(node.parts) == 1 and isinstance(only := node.parts[0], nodes.TextPart):
        return TextV(node.span, only.value, only.map)
    if node.problems:
        ctx.errors += len(node.problems)
        ctx.findings.extend(node.problems)
        return Unknown(node.span)
    parts: list[str | RuntimeRef] = []
    anchors: list[tuple[int, int]] = []
    wholes: set[int] = set()
    length, known = 0, True
    for part in node.parts:
        if isinstance(part, nodes.TextPart):
            anchors += ((length + at, offset) for at, offset in part.map.anchors)
            wholes.update(length + at for at in part.map.wholes)
            parts.append(part.value)
            length += len(part.value)
            continue
        piece = _interpolated(ctx, part, scope)
        known = known and piece is not None
        parts += piece.parts if piece else ()
        if piece and piece.constant:
            anchors.append((length, part.span.first))
            wholes.add(length)
            length += len(piece.constant)
    if length > _LONGEST:
        message = f"the text has {length} characters, more than {_LONGEST}"
        ctx.error(codes.OUT_OF_RANGE, message, node.span)
        known = False
    if not known:
        return Unknown(node.span)
    anchors.append((length, node.span.last - 1))
    text = RuntimeText(tuple(parts))
    if text.constant is None:
        return RuntimeV(node.span, text)
    origin = TextMap(node.span.base, tuple(anchors), frozenset(wholes))
    return TextV(node.span, text.constant, origin)


def _interpolated(ctx: Context, part: nodes.Interpolation, scope: Scope) -> RuntimeText | None:
    value = evaluate(ctx, part.expression, scope)
    text = as_text(value)
    if text is None and not isinstance(value, Unknown):
        message = f"{sort(value)} cannot stand in a text"
        ctx.error(codes.WRONG_TYPE, message, value.span, related=(value.note,))
    return text


# --- objects ---------------------------------------------------------------------------


def _object(ctx: Context, node: nodes.ObjectValue, scope: Scope) -> Value:
    first: dict[str, Key] = {}
    entries: list[tuple[Key, Value]] = []
    for entry in node.entries:
        key = _key(ctx, entry.key, scope)
        value = evaluate(ctx, entry.value, scope)
        if key is None:
            continue
        if key.text in first:
            label = Label(first[key.text].span, "first given here")
            message = f"{quoted(key.text)} is given twice"
            ctx.error(codes.REPEATED_FIELD, message, key.span, related=(label,))
            continue
        first[key.text] = key
        entries.append((key, value))
    return ObjectV(node.span, tuple(entries))


def _key(
    ctx: Context, node: nodes.Name | nodes.String | nodes.LiteralString, scope: Scope
) -> Key | None:
    if isinstance(node, nodes.Name):
        return Key(node.span, node.text)
    value = evaluate(ctx, node, scope)
    if isinstance(value, TextV):
        return Key(node.span, value.text)
    if isinstance(value, RuntimeV):
        message = "a key cannot hold a value known only at run time"
        ctx.error(codes.RUNTIME_VALUE, message, value.span)
    return None


# --- references --------------------------------------------------------------------------


def _reference(ctx: Context, node: nodes.Reference, scope: Scope) -> Value:
    name = node.names[0].text
    if name in ROOTS:
        return root_value(ctx, node, scope)
    if len(node.names) == 1 and name in scope.locals:
        value = scope.locals[name]
        return moved(value, value.span, Label(node.span, f"{quoted(name)} stands here"))
    found = find(ctx, node, scope)
    if found is None:
        return Unknown(node.span)
    return _named_value(ctx, node, *found)


def _named_value(ctx: Context, node: nodes.Reference, named: Named | str, scope: Scope) -> Value:
    match named:
        case nodes.Let():
            value = let_value(ctx, named, scope)
            return moved(value, node.span, Label(value.span, "this is its value"))
        case nodes.ExecutorDecl():
            return ExecutorV(node.span, named, scope)
        case str():
            return ExecutorV(node.span, node.names[0], scope)
        case _:
            wrong_sort(ctx, node, named, "a value")
            return Unknown(node.span)


def let_value(ctx: Context, let: nodes.Let, scope: Scope) -> Value:
    """The value of a let, evaluated once."""
    if id(let) not in ctx.lets:
        ctx.lets[id(let)] = None
        with ctx.deeper(let.name) as fits:
            value = evaluate(ctx, let.value, scope) if fits else Unknown(let.value.span)
        open_part = _open_part(value)
        if open_part is not None:
            message = f"the let {quoted(let.name.text)} holds a value known only at run time"
            hint = "a let is a constant; such values may stand in conditions and `env`"
            ctx.error(codes.RUNTIME_VALUE, message, open_part.span, help=hint)
            value = Unknown(value.span)
        ctx.lets[id(let)] = value
    known = ctx.lets[id(let)]
    if known is None:
        message = f"the let {quoted(let.name.text)} is defined by itself"
        ctx.error(codes.CIRCULAR_LET, message, let.name.span)
        known = ctx.lets[id(let)] = Unknown(let.value.span)
    return known


def _open_part(value: Value) -> RuntimeV | None:
    """The first part of a value that is known only at run time."""
    match value:
        case RuntimeV():
            return value
        case ListV():
            parts = [_open_part(item) for item in value.items]
        case ObjectV():
            parts = [_open_part(content) for _, content in value.entries]
        case _:
            return None
    return next((part for part in parts if part is not None), None)
