"""Objects of variables: `env`, and what `static` gives."""

from __future__ import annotations

from nixc.diagnostics import quoted
from nixc.ir.model import EnvEntry, RuntimeText
from nixc.lower import codes
from nixc.lower.context import Context
from nixc.lower.values import (
    Key,
    NullV,
    ObjectV,
    RuntimeV,
    Unknown,
    Value,
    as_text,
    sort,
)
from nixc.schema.names import ALWAYS_SET, READ_ONLY
from nixc.schema.types import VARIABLE
from nixc.source import Span

#: Stands for the text of a variable that is not known, or was wrong.
UNKNOWN = RuntimeText(())


def variables(ctx: Context, value: ObjectV, *, runtime: bool) -> object:
    """The entries in order; those whose names were wrong are left out."""
    entries: list[EnvEntry] = []
    for key, content in value.entries:
        if not _may_be_set(ctx, key):
            continue
        if isinstance(content, NullV):
            entries.append(EnvEntry(key.span, key.text, None))
            continue
        entries.append(EnvEntry(key.span, key.text, variable_text(ctx, content, runtime=runtime)))
    return tuple(entries)


def _may_be_set(ctx: Context, key: Key) -> bool:
    if not is_variable(ctx, key.text, key.span):
        return False
    if key.text == "CI":
        ctx.warning(codes.SETS_CI, "`CI` is always `true`", key.span, help="leave it out")
    elif key.text in READ_ONLY:
        message = f"{quoted(key.text)} cannot be set: bash keeps it, with {READ_ONLY[key.text]}"
        ctx.error(codes.ALWAYS_SET, message, key.span)
        return False
    elif key.text in ALWAYS_SET:
        message = f"{quoted(key.text)} is always set: it holds {ALWAYS_SET[key.text]}"
        ctx.error(codes.ALWAYS_SET, message, key.span)
        return False
    return True


def is_variable(ctx: Context, name: str, span: Span) -> bool:
    """Whether a name can be a variable's; reported if not."""
    if name.isascii() and name.isidentifier():
        return True
    message = f"{quoted(name)} is not {VARIABLE.name}"
    hint = "letters, digits and `_`, no digit first"
    ctx.error(codes.BAD_NAME, message, span, help=hint)
    return False


def variable_text(ctx: Context, value: Value, *, runtime: bool) -> RuntimeText:
    """The text that a variable gets; `UNKNOWN` where it fits everything, or an error was
    reported: the variable is there all the same."""
    text = as_text(value)
    if isinstance(value, Unknown):
        return UNKNOWN
    if text is None:
        message = f"a variable is a text, not {sort(value)}"
        ctx.error(codes.WRONG_TYPE, message, value.span, related=(value.note,))
    elif isinstance(value, RuntimeV) and not runtime:
        message = "this is known only at run time"
        ctx.error(codes.RUNTIME_VALUE, message, value.span, related=(value.note,))
    elif "\0" in (text.constant or ""):
        ctx.error(codes.BAD_FORM, "a variable cannot hold a NUL character", value.span)
    else:
        return text
    return UNKNOWN


def merged(*levels: tuple[EnvEntry, ...]) -> tuple[EnvEntry, ...]:
    """The entries of all levels by name; the last one wins, at the first one's place."""
    entries: dict[str, EnvEntry] = {}
    for level in levels:
        for entry in level:
            entries[entry.name] = entry
    return tuple(entries.values())
