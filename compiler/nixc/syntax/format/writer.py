"""Lines of text, with the comments behind them and the places that they came from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple


class Place(NamedTuple):
    """Two offsets that belong together: of the source, and of what is written."""

    source: int
    written: int


class _Mark(NamedTuple):
    source: int
    line: int
    #: The column in that line; None for its end.
    column: int | None


class Writer:
    """Writes lines one by one; nothing before the current one changes."""

    def __init__(self) -> None:
        self.indent = 0
        self._lines: list[str] = []
        self._line = ""
        self._comments: dict[int, str] = {}
        self._marks: list[_Mark] = []

    @property
    def column(self) -> int:
        """Where the next character goes, counted from 0."""
        return len(self._line) or self.indent

    def write(self, text: str) -> None:
        """Add to the current line; white space at its beginning is dropped."""
        if self._line:
            self._line += text
        elif text := text.lstrip(" "):
            self._line = " " * self.indent + text

    def newline(self, indent: int) -> None:
        """Begin a line, unless the current one is still empty."""
        if self._line:
            self._lines.append(self._line.rstrip(" "))
            self._line = ""
        self.indent = indent

    def blank(self) -> None:
        """A blank line before the current, still empty one."""
        self._lines.append("")

    def text(self, lines: Sequence[str]) -> None:
        """Whole lines as they are, below what the current one has; the last stays current."""
        self._lines += [self._line, *lines[:-1]]
        self._line = lines[-1]

    def comment(self, text: str) -> None:
        """A comment behind the current line, or on it if it is empty. A new line must follow."""
        if self._line:
            self._comments[len(self._lines)] = text
        else:
            self.write(text)

    def mark_start(self, source: int) -> None:
        """The current, still empty line is where this offset of the source went."""
        self._marks.append(_Mark(source, len(self._lines), self.indent))

    def mark_end(self, source: int) -> None:
        """The end of the current line is where this offset of the source went."""
        self._marks.append(_Mark(source, len(self._lines), None))

    def finish(self) -> tuple[str, list[Place]]:
        """All that was written, and the places of the marks in it."""
        self.newline(0)
        for run in self._comment_runs():
            column = max(len(self._lines[number]) for number in run) + 2
            for number in run:
                self._lines[number] = self._lines[number].ljust(column) + self._comments[number]
        lengths = [len(line) + 1 for line in self._lines]
        starts = list(accumulate(lengths, initial=0))
        places = []
        for mark in self._marks:
            column = len(self._lines[mark.line]) if mark.column is None else mark.column
            places.append(Place(mark.source, starts[mark.line] + column))
        return "".join(line + "\n" for line in self._lines), places

    def _comment_runs(self) -> Iterator[list[int]]:
        """Numbers of lines directly below each other, equally indented, with comments behind."""
        run: list[int] = []
        for number in self._comments:
            if run and (number != run[-1] + 1 or self._indent(number) != self._indent(run[-1])):
                yield run
                run = []
            run.append(number)
        if run:
            yield run

    def _indent(self, number: int) -> int:
        line = self._lines[number]
        return len(line) - len(line.lstrip(" "))
