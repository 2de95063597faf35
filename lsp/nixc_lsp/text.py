"""The text of a document as the client has it, and its way to the compiler's source and back.

A client counts lines and, in its own units, characters of a line; lines end with LF, CRLF or CR.
The compiler counts code points of a text with LF line ends and no BOM.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from enum import Enum
from functools import cached_property

from nixc.records import dataclass

_LINE_END = re.compile(r"\r\n|\r|\n")
_LINE = re.compile(r"[^\r\n]*")
_SURROGATE = re.compile("[\ud800-\udfff]")


class Encoding(Enum):
    """The units that a client counts in; the values are the protocol's."""

    UTF8 = "utf-8"
    UTF16 = "utf-16"
    UTF32 = "utf-32"

    def units(self, text: str) -> int:
        """How many units a text has."""
        if self is Encoding.UTF32 or text.isascii():
            return len(text)
        return sum(self._width(character) for character in text)

    def index(self, text: str, units: int) -> int:
        """How many characters of a text so many units are; a half one counts as whole."""
        if self is Encoding.UTF32 or text.isascii():
            return max(0, min(units, len(text)))
        for index, character in enumerate(text):
            if units <= 0:
                return index
            units -= self._width(character)
        return len(text)

    def _width(self, character: str) -> int:
        code = ord(character)
        if self is Encoding.UTF16:
            return 1 + (code > 0xFFFF)
        return 1 + (code > 0x7F) + (code > 0x7FF) + (code > 0xFFFF)


@dataclass(frozen=True)
class Point:
    """A place as the protocol has it: line and character from 0, characters in its units."""

    line: int
    character: int


@dataclass(frozen=True, eq=False)
class Text:
    """One version of a document. Texts are compared by identity."""

    raw: str

    def edited(self, start: Point, end: Point, new: str, encoding: Encoding) -> Text:
        """The text with what stands between two places replaced."""
        first, last = sorted((self._offset(start, encoding), self._offset(end, encoding)))
        edited = Text(self.raw[:first] + new + self.raw[last:])
        if "\r" not in edited.raw:
            edited.__dict__["_starts"] = self._moved(first, last, new)
        return edited

    def _moved(self, first: int, last: int, new: str) -> list[int]:
        """Where lines begin once what stands from `first` to `last` is replaced: LF ends them."""
        before = self._starts[: bisect_right(self._starts, first)]
        inside = [first + match.end() for match in _LINE_END.finditer(new)]
        more = len(new) - (last - first)
        behind = self._starts[bisect_right(self._starts, last) :]
        return [*before, *inside, *(at + more for at in behind)]

    def offset(self, point: Point, encoding: Encoding) -> int:
        """The offset in the source of a place; the nearest one where there is no such place."""
        raw = self._offset(point, encoding)
        return max(0, raw - self._bom - bisect_right(self._dropped, raw - 1))

    def point(self, offset: int, encoding: Encoding) -> Point:
        """The place of an offset in the source."""
        raw = offset + self._bom
        if self._dropped:
            raw += bisect_right(self._kept, offset)
        line = bisect_right(self._starts, raw) - 1
        return Point(line, encoding.units(self.raw[self._starts[line] : raw]))

    @cached_property
    def bytes(self) -> bytes:
        """As a file has it. Half characters, which a client may send, become U+FFFD."""
        return _SURROGATE.sub("\ufffd", self.raw).encode()

    def _offset(self, point: Point, encoding: Encoding) -> int:
        if point.line >= len(self._starts):
            return len(self.raw)
        start = self._starts[max(0, point.line)]
        line = _LINE.match(self.raw, start)
        assert line is not None
        return start + encoding.index(line[0], point.character)

    @cached_property
    def _bom(self) -> int:
        return int(self.raw.startswith("\ufeff"))

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in _LINE_END.finditer(self.raw))]

    @cached_property
    def _dropped(self) -> list[int]:
        """Where a CR stands that the source leaves out, in the text."""
        if "\r\n" not in self.raw:
            return []
        return [match.start() for match in re.finditer("\r\n", self.raw)]

    @cached_property
    def _kept(self) -> list[int]:
        """The offsets in the source behind each CR that was left out, its LF passed over."""
        return [at - self._bom - number + 1 for number, at in enumerate(self._dropped)]
