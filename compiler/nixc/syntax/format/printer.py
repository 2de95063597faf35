"""The formatter's tree -> lines."""

from __future__ import annotations

from itertools import pairwise

from nixc.syntax.format import flat, rawtexts
from nixc.syntax.format.alignment import breaks, key_widths
from nixc.syntax.format.tree import STEP, WIDTH, Comment, Group, Item, Kind, Part, Text, Word
from nixc.syntax.format.writer import Place, Writer

_ENTRIES = (Kind.FILE, Kind.BLOCK, Kind.OBJECT)


def printed(file: Group) -> tuple[str, list[Place]]:
    """The text of a file, and where its declarations and fields begin and end."""
    out = Writer()
    _items(out, file)
    return out.finish()


def _items(out: Writer, group: Group) -> None:
    """The items and the last comments of a group, each on lines of its own."""
    indent = out.indent
    widths = key_widths(group.items, indent) if group.kind in _ENTRIES else [0] * len(group.items)
    before: Item | None = None
    for item, width in zip(group.items, widths, strict=True):
        if before and _is_apart(before, item, group, indent):
            out.blank()
        _item(out, item, width, group.kind)
        out.newline(indent)
        before = item
    for number, comment in enumerate(group.footer):
        _comment_line(out, comment, first=not (number or group.items))


def _is_apart(before: Item, item: Item, group: Group, indent: int) -> bool:
    """Whether there is a blank line between two items."""
    blanks = [comment.blank for comment in item.comments] + [item.blank]
    if blanks[0] or any(blanks) or group.kind not in (Kind.FILE, Kind.BLOCK):
        return blanks[0]
    if group.kind is Kind.BLOCK and group.keyword != "WORKFLOW":
        return False
    return any(each.key is None and breaks(each, indent) for each in (before, item))


def _item(out: Writer, item: Item, width: int, kind: Kind) -> None:
    """An item with its comments, on a line of its own; `width` is what its key has to fill."""
    is_marked = kind in (Kind.FILE, Kind.BLOCK)
    if is_marked:
        out.mark_start(item.start)
    for number, comment in enumerate(item.comments):
        _comment_line(out, comment, first=not number)
    if item.comments and item.blank:
        out.blank()
    comma = "," if kind in (Kind.LIST, Kind.ARGUMENTS) else ""
    _parts(out, item, len(comma), width)
    out.write(comma)
    if item.trailing:
        out.comment(item.trailing.text)
    if is_marked:
        out.mark_end(item.end)


def _comment_line(out: Writer, comment: Comment, *, first: bool) -> None:
    indent = out.indent
    if comment.blank and not first:
        out.blank()
    out.write(comment.text)
    out.newline(indent)


def _parts(out: Writer, item: Item, after: int, width: int = 0) -> None:
    """The parts of an item; `after` columns follow it on its last line."""
    key = item.key or ""
    padding = " " * (width - len(key))
    text = item.flat
    if text is not None:
        is_wide = out.column + len(padding) + len(text) + after > WIDTH
        if not (is_wide and item.breakable):
            out.write(key + padding + text[len(key) :] if padding else text)
            return
    inner = out.indent + STEP
    for at, part in enumerate(item.parts):
        if at:
            out.write(flat.space(item.parts[at - 1], part))
        if isinstance(part, Group):
            _group(out, part, _rest(item, at, after))
        else:
            _part(out, part, inner)
        if not at:
            out.write(padding)
        if _is_joint(item, part) and not isinstance(item.parts[at + 1], Comment):
            out.newline(inner)


def _rest(item: Item, at: int, after: int) -> int:
    """The columns that follow a part on its line, as far as that is known."""
    columns = 0
    for before, part in pairwise(item.parts[at : at + WIDTH]):
        columns += len(flat.space(before, part))
        text = flat.of_part(part)
        if text is None:
            return columns + flat.head_width(part)
        columns += len(text)
        if columns > WIDTH or _is_joint(item, part):
            return columns
    return columns + after


def _is_joint(item: Item, part: Part) -> bool:
    """Whether a part of a broken item ends its line."""
    return isinstance(part, Word) and part.kind == item.joint


def _part(out: Writer, part: Word | Text | Comment, inner: int) -> None:
    match part:
        case Word():
            out.write(part.text)
        case Text():
            indent = out.indent
            out.write(part.head)
            out.text(rawtexts.placed(part, indent))
        case Comment():
            if not part.beside:
                out.newline(inner)
            out.comment(part.text)
            out.newline(inner)


def _group(out: Writer, group: Group, after: int) -> None:
    """Brackets with what is in them; `after` columns follow on the last line."""
    if group.flat is not None and (
        out.column + len(group.flat) + after <= WIDTH or not group.items
    ):
        out.write(group.flat)
        return
    out.write(group.opener)
    if flat.hugs(group):
        _parts(out, group.items[0], len(group.closer) + after)
    else:
        indent = out.indent
        if group.header:
            out.comment(group.header.text)
        out.newline(indent + STEP)
        _items(out, group)
        out.newline(indent)
    out.write(group.closer)
