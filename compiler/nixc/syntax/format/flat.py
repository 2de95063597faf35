"""What things look like on one line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from nixc.syntax.format.tree import WIDTH, Comment, Group, Item, Kind, Part, Text, Word

_TIGHT_BEFORE = {"DOT"}
_TIGHT_AFTER = {"DOT", "NOT"}


def space(before: Part, after: Part) -> str:
    """What stands between two parts of an item on one line."""
    if isinstance(before, Word) and before.kind in _TIGHT_AFTER:
        return ""
    if isinstance(after, Word) and after.kind in _TIGHT_BEFORE:
        return ""
    return "" if isinstance(after, Group) and after.kind is Kind.ARGUMENTS else " "


def of_part(part: Part) -> str | None:
    """A part on one line; None where it takes several."""
    if isinstance(part, Word):
        return part.text
    return part.flat if isinstance(part, Group) else None


def of_parts(parts: Sequence[Part], *, breakable: bool) -> str | None:
    """The parts of an item on one line; None where they take several or too wide a one.

    What cannot be broken takes one, however wide.
    """
    pieces = [of_part(parts[0])]
    for before, part in pairwise(parts):
        pieces += [space(before, part), of_part(part)]
    return _joined(pieces) if breakable else "".join(filter(None, pieces))


def of_group(kind: Kind, items: Sequence[Item], brackets: tuple[str, str]) -> str | None:
    """Brackets with their items on one line; None where they take several or too wide a one."""
    if kind is Kind.BLOCK and items:
        return None
    padding = " " if kind is Kind.OBJECT and items else ""
    pieces: list[str | None] = [brackets[0] + padding]
    for number, item in enumerate(items):
        alone = item.comments or item.trailing
        pieces += [", " if number else "", None if alone else item.flat]
    return _joined([*pieces, padding + brackets[1]])


def head_width(part: Part) -> int:
    """The columns of the first line of a part that takes several."""
    if isinstance(part, Text):
        return len(part.head)
    return 0 if isinstance(part, Comment) else 1


def hugs(group: Group) -> bool:
    """Whether the brackets stand right around their only item, which is in brackets itself.

    `[{` and `f({` are then written on one line, and what they hold is indented once.
    """
    if group.kind in (Kind.BLOCK, Kind.OBJECT) or group.opened or len(group.items) != 1:
        return False
    item = group.items[0]
    if group.header or group.footer or item.comments or item.trailing:
        return False
    *words, last = item.parts
    if not all(isinstance(word, Word) and not word.joins for word in words):
        return False
    return isinstance(last, Text) or (isinstance(last, Group) and not last.is_empty)


def _joined(pieces: Iterable[str | None]) -> str | None:
    kept: list[str] = []
    width = 0
    for piece in pieces:
        width += len(piece or "")
        if piece is None or width > WIDTH:
            return None
        kept.append(piece)
    return "".join(kept)
