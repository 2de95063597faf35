"""What works, but will hardly be meant: warnings that need the places of fields."""

from __future__ import annotations

from nixc.diagnostics import Label, quoted, shortened
from nixc.lower import codes
from nixc.lower.context import Context
from nixc.lower.record import Record
from nixc.lower.values import duration_text


def single_attempt(ctx: Context, fields: Record) -> None:
    """A `retry` that never tries again."""
    own = fields.record("retry")
    if own is None or "maxAttempts" in own.broken or (own.number("maxAttempts") or 1) > 1:
        return
    place = own.places.get("maxAttempts", fields.places["retry"])
    hint = "`retry = null` switches retries off"
    ctx.warning(codes.SINGLE_ATTEMPT, "one attempt is no retry", place, help=hint)


def long_step(ctx: Context, fields: Record, job: Record | None) -> None:
    """A step that may take longer than its job."""
    own, whole = fields.number("timeout"), job.number("timeout") if job else None
    if own is None or job is None or whole is None or own <= whole:
        return
    message = f"the job ends after {duration_text(whole)}, before this timeout"
    label = Label(job.places["timeout"], "the job's")
    ctx.warning(codes.LONG_STEP, message, fields.places["timeout"], related=(label,))


def unpinned_image(ctx: Context, fields: Record) -> None:
    """An image whose content changes with time."""
    image = fields.values.get("image")
    if not isinstance(image, str) or "@" in image:
        return
    name, colon, tag = image.rpartition("/")[2].partition(":")
    if name and (not colon or tag == "latest"):
        message = f"{quoted(image)} has no fixed version"
        hint = f"name one: `{shortened(image.removesuffix(':latest'))}:VERSION`"
        ctx.warning(codes.UNPINNED_IMAGE, message, fields.places["image"], help=hint)
