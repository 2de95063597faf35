"""Which fields stand so that their `=` are below each other.

Neighbours are fields on lines directly below each other: no blank line, comment or other
declaration is in between, and all but the last are on one line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from nixc.syntax.format.tree import WIDTH, Item


def key_widths(items: Sequence[Item], indent: int) -> list[int]:
    """For each item the columns that its key has to fill; 0 for what is no field."""
    widths: list[int] = []
    for run in _runs(items, lambda item: item.flat is None):
        width = _widest(run)

        def is_broken(item: Item, width: int = width) -> bool:
            return breaks(item, indent + width - len(item.key or ""))

        # A field that is too wide beside the others takes several lines, and ends its run: those
        # behind it are then as they would be had the author broken it.
        for neighbours in _runs(run, is_broken):
            widths += [_widest(neighbours)] * len(neighbours)
    return widths


def breaks(item: Item, column: int) -> bool:
    """Whether an item that begins in this column takes several lines."""
    return item.flat is None or (item.breakable and column + len(item.flat) > WIDTH)


def _runs(items: Sequence[Item], ends: Callable[[Item], bool]) -> Iterator[list[Item]]:
    """Cut items into runs of neighbours; whatever is no field is one of its own."""
    run: list[Item] = []
    for item in items:
        apart = item.comments or item.blank or item.key is None
        if run and (apart or run[-1].key is None or ends(run[-1])):
            yield run
            run = []
        run.append(item)
    if run:
        yield run


def _widest(run: Sequence[Item]) -> int:
    return max(len(item.key or "") for item in run)
