"""The lowered fields of a block, read by name with the type that the schema promises."""

from __future__ import annotations

from typing import TypeVar

from nixc.ir.model import Script
from nixc.records import dataclass
from nixc.schema.types import Block
from nixc.source import Span

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Item:
    """An item of a list, with its place."""

    span: Span
    value: object


class Record:
    """Values by field. A field that was left out, or was wrong, reads as its default."""

    def __init__(self, block: Block) -> None:
        self.block = block
        self.values: dict[str, object] = {}
        #: Where the value of each given field stands.
        self.places: dict[str, Span] = {}
        #: Fields that were given, but wrong; nothing should be concluded from their absence.
        self.broken: set[str] = set()
        #: Keys beyond the block's fields, in order.
        self.rest: list[tuple[str, Span, object]] = []

    def has(self, name: str) -> bool:
        """Whether the field was given and is no `null`."""
        return self.values.get(name) is not None

    def read(self, name: str) -> object:
        if name in self.values:
            return self.values[name]
        return self.block.by_name[name].default

    def _typed(self, name: str, wanted: type[T]) -> T | None:
        value = self.read(name)
        if value is None:
            return None
        if not isinstance(value, wanted):
            raise AssertionError(f"{self.block.name}.{name} holds {value!r}")
        return value

    def text(self, name: str) -> str | None:
        return self._typed(name, str)

    def number(self, name: str) -> int | None:
        return self._typed(name, int)

    def flag(self, name: str) -> bool:
        return self._typed(name, bool) or False

    def items(self, name: str) -> tuple[object, ...]:
        value: tuple[object, ...] | None = self._typed(name, tuple)
        return value or ()

    def texts(self, name: str) -> tuple[tuple[Span, str], ...]:
        """The items of a list of texts, with their places."""
        items = [item for item in self.items(name) if isinstance(item, Item)]
        return tuple((item.span, item.value) for item in items if isinstance(item.value, str))

    def record(self, name: str) -> Record | None:
        return self._typed(name, Record)

    def script(self, name: str) -> Script | None:
        return self._typed(name, Script)
