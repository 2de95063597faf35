"""Where text comes from: a named source and spans within it.

Offsets are code points into :attr:`Source.text`, which has LF line ends and no BOM.
Lines and columns are 1-based, columns in code points, as the tools page fixes them.

What was read of some lines is right wherever these lines stand. So they may be a source of their
own, a :class:`Piece`, in which spans count from its beginning: when lines come or go above it, it
is told where it stands now, and all spans in it stand there.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from typing import ClassVar

from nixc.records import dataclass


@dataclass(frozen=True)
class Position:
    """A place in a source: 1-based line, 1-based column in code points."""

    line: int
    column: int


@dataclass(frozen=True, eq=False)
class Source:
    """One `.nxa` text. Sources are compared by identity: each file is loaded once."""

    #: The name that diagnostics show: the path as the user gave it, or `<stdin>`.
    name: str
    text: str
    #: The source that this one is a piece of, and the offset at which it stands there.
    whole: ClassVar[Source | None] = None
    offset: ClassVar[int] = 0

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        """Offset of the first character of each line."""
        starts = [0]
        find = self.text.find
        at = find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = find("\n", at + 1)
        return tuple(starts)

    def position(self, offset: int) -> Position:
        """The line and column of an offset (0 to `len(text)`)."""
        line = bisect_right(self.line_starts, offset)
        return Position(line, offset - self.line_starts[line - 1] + 1)

    def line_start(self, offset: int) -> int:
        """The offset at which the line of an offset begins."""
        return self.line_starts[bisect_right(self.line_starts, offset) - 1]

    def indent(self, offset: int) -> int:
        """The indentation of the line of an offset, in characters; what is before the offset."""
        start = end = self.line_start(offset)
        while end < offset and self.text[end] in " \t":
            end += 1
        return end - start

    def line(self, number: int) -> str:
        """The text of a 1-based line, without its line break."""
        start = self.line_starts[number - 1]
        end = self.line_starts[number] - 1 if number < len(self.line_starts) else len(self.text)
        return self.text[start:end]


class Piece(Source):
    """Whole lines of a source that are read by themselves. Until it is told where it stands, it is
    the source of its spans itself."""

    def stand(self, whole: Source, offset: int) -> None:
        """Takes its place, in the stead of the one before: its spans move with it."""
        self.__dict__.update(whole=whole, offset=offset)


@dataclass(frozen=True, eq=False)
class Span:
    """A stretch of a source: `start` inclusive, `end` exclusive, in code points.

    `first` and `last` are the same, counted in `base`: the source, or a piece of it.
    """

    base: Source
    first: int
    last: int

    # Sets and mappings of findings ask for these so often that it shows.
    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Span):
            return NotImplemented  # Python asks the other one
        return (self.base, self.first, self.last) == (other.base, other.first, other.last)

    def __hash__(self) -> int:
        return hash((self.base, self.first, self.last))

    @property
    def source(self) -> Source:
        return self.base.whole or self.base

    @property
    def start(self) -> int:
        return self.base.offset + self.first

    @property
    def end(self) -> int:
        return self.base.offset + self.last

    @property
    def text(self) -> str:
        return self.base.text[self.first : self.last]

    def to(self, other: Span) -> Span:
        """The span from the start of this one to the end of `other`. It moves no more if they
        are in two pieces."""
        if self.base is other.base:
            return Span(self.base, self.first, other.last)
        return Span(self.source, self.start, other.end)

    def beginning(self, length: int) -> Span:
        """Its first characters, so many."""
        return Span(self.base, self.first, self.first + length)

    def ending(self, length: int) -> Span:
        """Its last characters, so many."""
        return Span(self.base, self.last - length, self.last)

    def holds(self, other: Span) -> bool:
        """Whether all of another span is within this one."""
        same = self.source is other.source
        return same and self.start <= other.start and other.end <= self.end


@dataclass(frozen=True)
class TextMap:
    """Maps offsets of a decoded text (escapes, removed indentation) back to its source.

    `anchors` holds (offset in the decoded text, offset in the source) for the start of every
    run, ascending, the first at decoded offset 0. A run is taken over unchanged, or it is one of
    `wholes`: an escape or an interpolation, which another anchor ends.
    """

    #: The source, or a piece of it: what offsets "in the source" count in.
    base: Source
    anchors: tuple[tuple[int, int], ...]
    #: Decoded offsets of the runs that stand for something else in the source.
    wholes: frozenset[int] = frozenset()

    def locate(self, offset: int) -> int:
        """The source offset of an offset in the decoded text."""
        decoded, original = self.anchors[self._run(offset)]
        return original if decoded in self.wholes else original + offset - decoded

    def span(self, start: int, end: int) -> Span:
        """The source span of a decoded stretch; never empty where the text is not."""
        first = self.locate(start)
        last = self._behind(end - 1) if end > start else first
        return Span(self.base, first, max(first, last))

    def _behind(self, offset: int) -> int:
        """The source offset behind a character of the decoded text."""
        run = self._run(offset)
        whole = self.anchors[run][0] in self.wholes
        return self.anchors[run + 1][1] if whole else self.locate(offset) + 1

    def _run(self, offset: int) -> int:
        return bisect_right(self.anchors, (offset, len(self.base.text) + 1)) - 1
