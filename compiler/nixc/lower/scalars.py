"""Single values against the limits of their type."""

from __future__ import annotations

import re

from nixc.diagnostics import Label, quoted
from nixc.ir.model import RuntimeText
from nixc.lower import codes
from nixc.lower.context import Context, Pending, listed
from nixc.lower.values import BROKEN, DurationV, NumberV, TextV, duration_text
from nixc.schema import types as t
from nixc.source import Span


def number(ctx: Context, value: NumberV, wanted: t.Int) -> object:
    if wanted.minimum <= value.value <= wanted.maximum:
        return value.value
    bound = f"at least {wanted.minimum}"
    if value.value > wanted.maximum:
        bound = f"at most {wanted.maximum}"
    message = f"{value.value} is out of range: {bound}"
    ctx.error(codes.OUT_OF_RANGE, message, value.span, related=(value.note,))
    return BROKEN


def duration(ctx: Context, value: DurationV, wanted: t.DurationT) -> object:
    if wanted.minimum <= value.milliseconds < 2**53:
        return value.milliseconds
    message = f"the duration must be at least {duration_text(wanted.minimum)}"
    if value.milliseconds >= 2**53:
        message = "the duration is too long"
    ctx.error(codes.OUT_OF_RANGE, message, value.span, related=(value.note,))
    return BROKEN


def choice(ctx: Context, value: TextV, wanted: t.Choice) -> object:
    if value.text not in wanted.values:
        hint = ctx.meant(value.text, wanted.values)
        message = f"unknown value {quoted(value.text)}: expected {listed(wanted.values)}"
        ctx.error(codes.UNKNOWN_VALUE, message, value.span, help=hint, related=(value.note,))
        return BROKEN
    if value.text in wanted.pending:
        ctx.pending.append(Pending(value.span, value.text))
    return value.text


def text(ctx: Context, value: TextV, wanted: t.Str) -> object:
    if wanted.form is not None and not formed(ctx, value.text, wanted.form, value.span, value.note):
        return BROKEN
    return value.text


def formed(ctx: Context, content: str, form: t.Form, span: Span, note: Label | None = None) -> bool:
    """Whether a text has the form; reported if not."""
    if "\0" in content or not re.fullmatch(form.pattern, content):
        message = f"{quoted(content)} is not {form.name}" if content else f"expected {form.name}"
        hint = f"for example `{form.example}`"
        ctx.error(codes.BAD_FORM, message, span, help=hint, related=(note,))
        return False
    if form.inside and _leaves(content):
        message = f"{quoted(content)} leaves the job's directory"
        ctx.error(codes.BAD_PATH, message, span, related=(note,))
        return False
    return True


def opened(ctx: Context, content: RuntimeText, form: t.Form, span: Span) -> bool:
    """Whether a text known only at run time may begin as it does; reported if not."""
    first = content.parts[0] if content.parts else ""
    if isinstance(first, str) and first.startswith("-"):
        return formed(ctx, first, form, span)
    return True


def _leaves(path: str) -> bool:
    depth = 0
    for part in path.split("/"):
        depth += -1 if part == ".." else part not in ("", ".")
        if depth < 0:
            return True
    return path.startswith("/")
