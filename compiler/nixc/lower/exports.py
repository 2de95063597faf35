"""`exports` of jobs."""

from __future__ import annotations

from nixc.diagnostics import quoted
from nixc.ir.model import Export
from nixc.lower import codes
from nixc.lower.context import Context
from nixc.lower.record import Record
from nixc.schema.names import READ_ONLY, RESERVED


def exports(ctx: Context, fields: Record) -> tuple[Export, ...]:
    """The names that a job passes on; reserved ones are reported and left out."""
    found: dict[str, Export] = {}
    for span, name in fields.texts("exports"):
        why = RESERVED.get(name) or _read_only(name)
        if why is not None:
            message = f"{quoted(name)} cannot be exported: {why}"
            ctx.error(codes.RESERVED_NAME, message, span)
        else:
            found.setdefault(name, Export(span, name))
    return tuple(found.values())


def _read_only(name: str) -> str | None:
    return f"bash keeps it, with {READ_ONLY[name]}" if name in READ_ONLY else None
