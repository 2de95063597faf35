"""`exports` of jobs."""

from __future__ import annotations

from nixc.diagnostics import quoted
from nixc.lower import codes
from nixc.lower.context import Context
from nixc.lower.record import Record
from nixc.schema.names import RESERVED


def exports(ctx: Context, fields: Record) -> tuple[str, ...]:
    """The names that a job passes on; reserved ones are reported and left out."""
    found: list[str] = []
    for span, name in fields.texts("exports"):
        if name in RESERVED:
            message = f"{quoted(name)} cannot be exported: {RESERVED[name]}"
            ctx.error(codes.RESERVED_NAME, message, span)
        else:
            found.append(name)
    return tuple(dict.fromkeys(found))
