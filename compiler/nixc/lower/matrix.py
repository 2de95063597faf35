"""Matrices: combinations by GitHub's rule, and the names of their jobs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import product
from math import prod
from typing import TypeAlias

from nixc.diagnostics import Label, quoted
from nixc.lower import codes
from nixc.lower.coerce import coerce, wrong
from nixc.lower.context import Context
from nixc.lower.objects import record
from nixc.lower.values import ListV, ObjectV, TextV, Unknown, Value, as_text
from nixc.records import dataclass
from nixc.schema.objects import MATRIX
from nixc.schema.types import ObjectOf
from nixc.source import Span, TextMap

#: More combinations than this are refused.
LIMIT = 10_000

Combination: TypeAlias = dict[str, Value]


@dataclass(frozen=True, eq=False)
class Matrix:
    """An expanded matrix. Each combination goes with the suffix of its job's name."""

    combinations: tuple[tuple[str, Combination], ...]
    max_parallel: int | None
    fail_fast: bool


def expand(ctx: Context, value: Value) -> Matrix | None:
    """The combinations of a `matrix`; None where they cannot be known, or are wrong."""
    if not isinstance(value, ObjectV):
        if not isinstance(value, Unknown):
            wrong(ctx, value, ObjectOf(MATRIX))
        return None
    before = ctx.errors
    fields = record(ctx, value, MATRIX, lambda v, of: coerce(ctx, v, of))
    axes = {key.text: _items(v) for key, v in value.entries if key.text not in MATRIX.by_name}
    _check_axes(ctx, value)
    given = {key.text: _objects(v) for key, v in value.entries if key.text in MATRIX.by_name}
    if ctx.errors > before or _unknown(value) or not _countable(ctx, axes, value.span):
        return None
    kept = excluded(axes, given.get("exclude", []))
    found = included(kept, frozenset(axes), given.get("include", []))
    if not found:
        ctx.error(codes.BAD_MATRIX, "the matrix has no combination", value.span)
        return None
    return Matrix(_filled(found), fields.number("maxParallel"), fields.flag("failFast"))


def _unknown(value: Value) -> bool:
    match value:
        case ObjectV():
            return any(_unknown(content) for _, content in value.entries)
        case ListV():
            return any(_unknown(item) for item in value.items)
        case _:
            return isinstance(value, Unknown)


def _items(value: Value) -> tuple[Value, ...]:
    return value.items if isinstance(value, ListV) else ()


def _objects(value: Value) -> list[Combination]:
    objects = (item for item in _items(value) if isinstance(item, ObjectV))
    return [{key.text: content for key, content in one.entries} for one in objects]


def _check_axes(ctx: Context, value: ObjectV) -> None:
    """Reports axes that are no names or become one variable, and unknown ones in `exclude`."""
    variables: dict[str, str] = {}
    axes = {key.text for key, _ in value.entries} - set(MATRIX.by_name)
    for key, content in value.entries:
        if key.text in axes:
            _check_axis(ctx, key.text, key.span, variables)
            _check_values(ctx, _items(content))
        for item in _items(content) if key.text in ("include", "exclude") else ():
            for inner, _ in item.entries if isinstance(item, ObjectV) else ():
                if key.text == "include" and inner.text not in variables.values():
                    _check_axis(ctx, inner.text, inner.span, variables)
                elif inner.text not in axes and key.text == "exclude":
                    hint = ctx.meant(inner.text, axes)
                    message = f"unknown matrix axis {quoted(inner.text)}"
                    ctx.error(codes.UNKNOWN_AXIS, message, inner.span, help=hint)


def _check_values(ctx: Context, values: Iterable[Value]) -> None:
    """Reports values of an axis that give their jobs one name, each at the second."""
    seen: dict[str, Value] = {}
    for value in values:
        if isinstance(value, Unknown):
            continue
        text = axis_text(value)
        first = seen.setdefault(_as_name(text), value)
        if first is value:
            continue
        message = f"{quoted(text)} is given twice"
        if axis_text(first) != text:
            message = f"{quoted(axis_text(first))} and {quoted(text)} give jobs one name"
        label = Label(first.span, "the first one")
        ctx.error(codes.COLLISION, message, value.span, related=(label,))


def _check_axis(ctx: Context, axis: str, span: Span, variables: dict[str, str]) -> None:
    if axis in MATRIX.by_name:
        ctx.error(codes.BAD_NAME, f"{quoted(axis)} is a field of `matrix`, no axis", span)
        return
    variable = axis.upper().replace("-", "_")
    name = quoted(f"$MATRIX_{variable}")
    if not re.fullmatch(r"[A-Z0-9_]+", variable):
        message = f"{quoted(axis)} cannot be an axis: {name} is no variable"
        ctx.error(codes.BAD_NAME, message, span)
        return
    other = variables.setdefault(variable, axis)
    if other != axis:
        message = f"the axes {quoted(other)} and {quoted(axis)} both become {name}"
        ctx.error(codes.COLLISION, message, span)


def _countable(ctx: Context, axes: Mapping[str, tuple[Value, ...]], span: Span) -> bool:
    count = prod(len(items) for items in axes.values())
    if count > LIMIT:
        message = f"the matrix has {count} combinations, more than {LIMIT}"
        ctx.error(codes.BAD_MATRIX, message, span)
    return count <= LIMIT


# --- GitHub's rule ------------------------------------------------------------------------


def excluded(
    axes: Mapping[str, tuple[Value, ...]], exclude: Iterable[Combination]
) -> list[Combination]:
    """The cartesian product without the combinations that have all values of an exclusion."""
    if not axes:
        return []
    all_of = [dict(zip(axes, values, strict=True)) for values in product(*axes.values())]
    rules = [_texts(rule) for rule in exclude]
    return [one for one in all_of if not any(rule.items() <= _texts(one).items() for rule in rules)]


def included(
    combinations: list[Combination], axes: frozenset[str], include: Iterable[Combination]
) -> list[tuple[tuple[str, ...], Combination]]:
    """Adds each inclusion to the combinations whose original values it does not change, else
    as a combination of its own. Each goes with the keys that name it."""
    extended = [dict(one) for one in combinations]
    originals = [_texts(one) for one in combinations]
    added: list[tuple[tuple[str, ...], Combination]] = []
    for rule in include:
        wanted = {key: text for key, text in _texts(rule).items() if key in axes}
        matching = [i for i, one in enumerate(originals) if wanted.items() <= one.items()]
        for index in matching:
            extended[index].update({key: v for key, v in rule.items() if key not in axes})
        if not matching:
            added.append((tuple(sorted(rule)), dict(rule)))
    return [(tuple(sorted(axes)), one) for one in extended] + added


def _texts(combination: Combination) -> dict[str, str]:
    return {key: axis_text(value) for key, value in combination.items()}


def axis_text(value: Value) -> str:
    """The text that a value of an axis counts as."""
    text = as_text(value)
    return (text.constant if text else None) or ""


def _filled(
    found: list[tuple[tuple[str, ...], Combination]],
) -> tuple[tuple[str, Combination], ...]:
    """Gives each combination every axis, empty where it has none, and its name's suffix."""
    keys = dict.fromkeys(key for _, one in found for key in one)
    samples = {key: next(one[key] for _, one in found if key in one) for key in keys}
    empty = {key: _empty(value.span) for key, value in samples.items()}
    return tuple((suffix(naming, one), {**empty, **one}) for naming, one in found)


def _empty(span: Span) -> TextV:
    return TextV(span, "", TextMap(span.base, ((0, span.first),)))


def suffix(axes: Iterable[str], combination: Combination) -> str:
    """`-axis-value` for each axis, `-` for what a name may not hold."""
    text = "".join(f"-{axis}-{axis_text(combination[axis])}" for axis in axes)
    return _as_name(text)


def _as_name(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "-", text)
