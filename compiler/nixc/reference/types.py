"""Types of fields as data and in words, and default values as they would be written."""

from __future__ import annotations

from nixc.exhaustive import assert_never
from nixc.reference import shape
from nixc.schema import types as t


def described(wanted: t.Type) -> shape.Type:
    """A type as data."""
    match wanted:
        case t.Str():
            return _text(wanted.form)
        case t.Int():
            return _number(wanted)
        case t.Choice():
            return _choice(wanted)
        case t.ListOf():
            item = described(wanted.item)
            words = f"a list, each {item['words']}"
            return {"kind": "list", "words": words, "item": item, "minimum": wanted.minimum}
        case t.MapOf():
            value = described(wanted.value)
            words = f"an object: {wanted.key} = {value['words']}"
            return {"kind": "map", "words": words, "key": wanted.key, "value": value}
        case t.ObjectOf():
            words = f"an object `{wanted.block.name}`"
            return {"kind": "object", "words": words, "object": block(wanted.block)}
        case t.Union():
            options = [described(option) for option in wanted.options]
            words = " or ".join(dict.fromkeys(option["words"] for option in options))
            return {"kind": "union", "words": words, "options": options}
        case _:
            kind, words = _PLAIN[type(wanted)]
            return {"kind": kind, "words": words}


_PLAIN: dict[type[t.Type], tuple[str, str]] = {
    t.Bool: ("boolean", "`true` or `false`"),
    t.DurationT: ("duration", "a duration"),
    t.Shell: ("shell", "shell text"),
    t.ConditionT: ("condition", "a condition"),
    t.EnvMap: ("env", "an object of variables"),
    t.ExecutorT: ("executor", "an executor"),
    t.JobRefs: ("jobs", "a list of jobs"),
    t.ProviderT: ("provider", "a provider"),
    t.Free: ("any", "any value"),
}


def _text(form: t.Form | None) -> shape.Type:
    if form is None:
        return {"kind": "text", "words": "a text"}
    return {"kind": "text", "words": form.name, "pattern": form.pattern}


def _choice(wanted: t.Choice) -> shape.Type:
    *first, last = (f'`"{value}"`' for value in wanted.values)
    words = f"{', '.join(first)} or {last}" if first else last
    return {
        "kind": "choice",
        "words": words,
        "values": list(wanted.values),
        "pending": list(wanted.pending),
    }


def _number(wanted: t.Int) -> shape.Type:
    unbounded = t.Int()
    words = "a whole number"
    if wanted.minimum > unbounded.minimum:
        words += f" from {wanted.minimum}"
    if wanted.maximum < unbounded.maximum:
        words += f" to {wanted.maximum}"
    return {
        "kind": "integer",
        "words": words,
        "minimum": wanted.minimum,
        "maximum": wanted.maximum,
    }


def block(one: t.Block) -> shape.Block:
    """A block with its fields as data."""
    return {
        "name": one.name,
        "doc": one.doc,
        "declarations": list(one.declarations),
        "fields": [_field(field) for field in one.fields],
        "rest": described(one.rest) if one.rest else None,
        "constraints": [_constraint(constraint) for constraint in one.constraints],
        "example": one.example,
    }


def _field(field: t.Field) -> shape.Field:
    return {
        "name": field.name,
        "type": described(field.type),
        "doc": field.doc,
        "default": written(field.default, field.type),
        "required": field.required,
        "nullable": field.nullable,
        "phase": "run" if field.runtime else "compile",
        "merges": field.merges,
        "available": field.available,
        "example": field.example,
    }


def _constraint(constraint: t.Constraint) -> shape.Constraint:
    match constraint:
        case t.Needed(field, when, values, exclusive):
            wanted = " or ".join(f"`{written(value, t.Str())}`" for value in values)
            words = f"`{field}` is required where `{when}` is {wanted}"
            words += ", and wrong elsewhere." if exclusive else "."
            return {"kind": "needed", "fields": [field, when], "words": words}
        case t.ExactlyOne(fields):
            words = " and ".join(f"`{field}`" for field in fields)
            words = f"One of {words} is required, and only one."
            return {"kind": "exactlyOne", "fields": list(fields), "words": words}
        case _:
            assert_never(constraint)


def written(value: t.DefaultValue, wanted: t.Type) -> str | None:
    """A default as it would be written in a file; None where there is none."""
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case int():
            return _duration(value) if isinstance(wanted, t.DurationT) else str(value)
        case str():
            bare = isinstance(wanted, t.ConditionT | t.ExecutorT)
            return value if bare else f'"{value}"'
        case _:
            return "[]" if isinstance(wanted, t.ListOf | t.JobRefs) else "{ }"


def _duration(milliseconds: int) -> str:
    for unit, size in (("h", 3_600_000), ("m", 60_000), ("s", 1000)):
        if milliseconds and milliseconds % size == 0:
            return f"{milliseconds // size}{unit}"
    return f"{milliseconds}ms"
