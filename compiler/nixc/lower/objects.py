"""Objects against blocks and maps."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from nixc.diagnostics import quoted
from nixc.ir.model import ConfigObject, ConfigValue
from nixc.lower import codes
from nixc.lower.context import Context
from nixc.lower.record import Record
from nixc.lower.scalars import formed
from nixc.lower.values import (
    BROKEN,
    BoolV,
    Key,
    ListV,
    NullV,
    NumberV,
    ObjectV,
    TextV,
    Value,
)
from nixc.schema import types as t
from nixc.schema.blocks import BLOCKS
from nixc.schema.executors import EXECUTORS
from nixc.schema.foreign import ADVICE
from nixc.source import Span

Coerce: TypeAlias = Callable[[Value, t.Type], object]


def mapping(ctx: Context, value: ObjectV, wanted: t.MapOf, coerce: Coerce) -> object:
    """An object with free keys, as (key, value) pairs; BROKEN if one is."""
    entries: list[tuple[Key, object]] = []
    for key, content in value.entries:
        if wanted.key_form and not formed(ctx, key.text, wanted.key_form, key.span):
            return BROKEN
        entries.append((key, coerce(content, wanted.value)))
    broken = any(content is BROKEN for _, content in entries)
    return BROKEN if broken else tuple(entries)


def record(ctx: Context, value: ObjectV, block: t.Block, coerce: Coerce) -> Record:
    """An object with the fields of a block."""
    fields = Record(block)
    for key, content in value.entries:
        if key.text in block.by_name:
            keep(ctx, fields, key.text, content.span, typed(content, key.text, block, coerce))
        elif block.rest is not None:
            fields.rest.append((key.text, key.span, coerce(content, block.rest.value)))
        else:
            unknown_field(ctx, fields, key.text, key.span)
    check_complete(ctx, fields, value.span)
    return fields


def typed(value: Value, name: str, block: t.Block, coerce: Coerce) -> object:
    """A field's value: None for an allowed `null`."""
    field = block.by_name[name]
    if field.nullable and isinstance(value, NullV):
        return None
    return coerce(value, field.type)


def keep(ctx: Context, fields: Record, name: str, place: Span, value: object) -> None:
    """Enters a field, or notes that it was wrong."""
    fields.places[name] = place
    if value is BROKEN:
        fields.broken.add(name)
    else:
        fields.values[name] = value


def unknown_field(ctx: Context, fields: Record, name: str, span: Span) -> None:
    """Reports a field that the block does not have."""
    block = fields.block
    nearest = ctx.nearest(name, block.by_name)
    if nearest is not None:
        fields.broken.add(nearest)
    elif _of_another_kind(ctx, block, name, span):
        return
    hint = ctx.meant(name, block.by_name) if nearest else _elsewhere(name, block)
    ctx.error(
        codes.UNKNOWN_FIELD, f"{quoted(block.name)} has no field {quoted(name)}", span, help=hint
    )


def _elsewhere(name: str, block: t.Block) -> str | None:
    if name == "run" and "run" in block.declarations:
        return 'a step is written `run "…"`, without `=`'
    having = [block.name for block in BLOCKS if name in block.by_name]
    return f"it is a field of {quoted(having[0])}" if having else ADVICE.get(name)


def _of_another_kind(ctx: Context, block: t.Block, name: str, span: Span) -> bool:
    if not any(kind.block is block for kind in EXECUTORS):
        return False
    having = [kind.name for kind in EXECUTORS if name in kind.block.by_name]
    if having:
        message = f"{quoted(name)} is a field of {quoted(having[0])}, not of {quoted(block.name)}"
        ctx.error(codes.OTHER_KIND, message, span)
    return bool(having)


def check_complete(ctx: Context, fields: Record, head: Span) -> None:
    """Reports required fields that are missing and fields that exclude one another."""
    for field in fields.block.fields:
        if field.required and field.name not in fields.places and field.name not in fields.broken:
            message = f"{quoted(fields.block.name)} lacks the field {quoted(field.name)}"
            hint = f"for example `{field.example}`" if "\n" not in field.example else None
            ctx.error(codes.MISSING_FIELD, message, head, help=hint)
            fields.broken.add(field.name)
    for constraint in fields.block.constraints:
        if isinstance(constraint, t.Needed):
            _check_needed(ctx, fields, constraint, head)
        else:
            _check_exactly_one(ctx, fields, constraint, head)


def _check_needed(ctx: Context, fields: Record, rule: t.Needed, head: Span) -> None:
    if rule.when in fields.broken:
        return
    given = rule.field in fields.places
    mode = fields.read(rule.when)
    word = str(mode).lower() if isinstance(mode, bool) else f'"{mode}"'
    if mode in rule.values and not given and rule.field not in fields.broken:
        name = fields.block.name
        message = f"`{name}` with `{rule.when} = {word}` needs the field `{rule.field}`"
        ctx.error(codes.MODE_NEEDS, message, head)
    elif mode not in rule.values and given and rule.exclusive:
        message = f"{quoted(rule.field)} has no use with `{rule.when} = {word}`"
        ctx.error(codes.MODE_FORBIDS, message, fields.places[rule.field])


def _check_exactly_one(ctx: Context, fields: Record, rule: t.ExactlyOne, head: Span) -> None:
    given = [name for name in rule.fields if name in fields.places]
    names = " or ".join(f"{quoted(name)}" for name in rule.fields)
    if not given and not fields.broken.intersection(rule.fields):
        ctx.error(codes.MODE_NEEDS, f"{quoted(fields.block.name)} needs {names}", head)
    elif len(given) > 1:
        message = f"only one of {names} may be given"
        ctx.error(codes.MODE_FORBIDS, message, fields.places[given[1]])


def free(value: Value) -> ConfigValue:
    """Any compile-time value as configuration; null as an empty object's absence."""
    match value:
        case TextV():
            return value.text
        case NumberV() | BoolV():
            return value.value
        case ListV():
            return tuple(free(item) for item in value.items)
        case ObjectV():
            return ConfigObject(tuple((key.text, free(content)) for key, content in value.entries))
        case _:
            return ""
