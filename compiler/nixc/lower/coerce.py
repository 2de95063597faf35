"""Values to what a field of the schema takes. One wrong value is one error."""

from __future__ import annotations

from nixc.lower import codes
from nixc.lower.context import Context
from nixc.lower.describe import described, right_form
from nixc.lower.environment import variables
from nixc.lower.objects import free, mapping, record
from nixc.lower.providers import provider
from nixc.lower.record import Item
from nixc.lower.scalars import choice, duration, number, opened, text
from nixc.lower.values import (
    BROKEN,
    BoolV,
    CallV,
    DurationV,
    ListV,
    NullV,
    NumberV,
    ObjectV,
    RuntimeV,
    TextV,
    Unknown,
    Value,
    as_text,
    sort,
)
from nixc.schema import types as t

_SHAPES: dict[type[t.Type], tuple[type[Value], ...]] = {
    t.Str: (TextV, RuntimeV),
    t.Choice: (TextV,),
    t.Int: (NumberV,),
    t.Bool: (BoolV,),
    t.DurationT: (DurationV,),
    t.ListOf: (ListV,),
    t.MapOf: (ObjectV,),
    t.ObjectOf: (ObjectV,),
    t.EnvMap: (ObjectV,),
    t.ProviderT: (CallV,),
    t.Shell: (TextV,),
    t.Free: (TextV, NumberV, BoolV, NullV, ListV, ObjectV),
}


def coerce(ctx: Context, value: Value, wanted: t.Type, runtime: bool = False) -> object:
    """The value as the type has it, or BROKEN; durations in milliseconds, lists as tuples."""
    if isinstance(value, Unknown):
        return BROKEN
    if isinstance(value, RuntimeV) and not runtime:
        return runtime_refused(ctx, value)
    if isinstance(wanted, t.Union):
        return _union(ctx, value, wanted, runtime)
    if not isinstance(value, _SHAPES.get(type(wanted), ())):
        return wrong(ctx, value, wanted)
    if isinstance(value, ListV | ObjectV | CallV):
        return _compound(ctx, value, wanted, runtime)
    return _scalar(ctx, value, wanted)


def _union(ctx: Context, value: Value, wanted: t.Union, runtime: bool) -> object:
    for option in wanted.options:
        if isinstance(value, _SHAPES[type(option)]):
            return coerce(ctx, value, option, runtime)
    return wrong(ctx, value, wanted)


def _scalar(ctx: Context, value: Value, wanted: t.Type) -> object:
    match wanted:
        case t.Choice() if isinstance(value, TextV):
            found = choice(ctx, value, wanted)
        case t.Str() if isinstance(value, TextV):
            found = text(ctx, value, wanted)
        case t.Int() if isinstance(value, NumberV):
            found = number(ctx, value, wanted)
        case t.DurationT() if isinstance(value, DurationV):
            found = duration(ctx, value, wanted)
        case t.Str():
            found = as_text(value)
            if found and wanted.form and not opened(ctx, found, wanted.form, value.span):
                return BROKEN
        case _:
            found = free(value)
    return found


def _compound(
    ctx: Context, value: ListV | ObjectV | CallV, wanted: t.Type, runtime: bool
) -> object:
    match wanted:
        case t.ListOf() if isinstance(value, ListV):
            return _list(ctx, value, wanted, runtime)
        case t.MapOf() if isinstance(value, ObjectV):
            return mapping(ctx, value, wanted, lambda v, of: coerce(ctx, v, of, runtime))
        case t.ObjectOf() if isinstance(value, ObjectV):
            return record(ctx, value, wanted.block, lambda v, of: coerce(ctx, v, of, runtime))
        case t.EnvMap() if isinstance(value, ObjectV):
            return variables(ctx, value, runtime=runtime)
        case t.ProviderT() if isinstance(value, CallV):
            return provider(ctx, value, lambda v, of: coerce(ctx, v, of))
        case _:
            return free(value)


def _list(ctx: Context, value: ListV, wanted: t.ListOf, runtime: bool) -> object:
    items = [coerce(ctx, item, wanted.item, runtime) for item in value.items]
    if len(items) < wanted.minimum:
        message = "the list must not be empty"
        ctx.error(codes.OUT_OF_RANGE, message, value.span, related=(value.note,))
        return BROKEN
    if BROKEN in items:
        return BROKEN
    return tuple(Item(one.span, item) for one, item in zip(value.items, items, strict=True))


def runtime_refused(ctx: Context, value: RuntimeV) -> object:
    """Reports a runtime value where only a compile-time one can stand."""
    ctx.error(
        codes.RUNTIME_VALUE,
        "this is known only at run time, the field needs a value known now",
        value.span,
        help="such values may stand in conditions, `env` values and arguments of `use`",
        related=(value.note,),
    )
    return BROKEN


def wrong(ctx: Context, value: Value, wanted: t.Type) -> object:
    """Reports a value of a wrong type."""
    code = codes.BAD_DURATION if isinstance(wanted, t.DurationT) else codes.WRONG_TYPE
    message = f"expected {described(wanted)}, found {sort(value)}"
    hint = right_form(value, wanted)
    ctx.error(code, message, value.span, help=hint, related=(value.note,))
    return BROKEN
