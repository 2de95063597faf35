"""Comments, and which of them document a declaration."""

from __future__ import annotations

from bisect import bisect_right

from nixc.source import Source, Span
from nixc.syntax import nodes


def comment(source: Source, start: int, end: int) -> nodes.Comment:
    text = source.text[start + 1 : end]
    return nodes.Comment(Span(source, start, end), text.removeprefix(" "))


class Documentation:
    """Finds the comment lines right above a declaration."""

    def __init__(self, source: Source, comments: tuple[nodes.Comment, ...]) -> None:
        self._text = source.text
        self._lines = source.line_starts
        # By the offset at which the line below begins; comments beside code are none.
        self._above = {
            found.span.last + 1: found
            for found in comments
            if self._is_blank(self._line_start(found.span.first), found.span.first)
        }

    def above(self, offset: int) -> str | None:
        """The text of the comment lines above the declaration that begins at `offset`."""
        line = self._line_start(offset)
        if line not in self._above or not self._is_blank(line, offset):
            return None
        lines: list[str] = []
        while (found := self._above.get(line)) is not None:
            if not found.text.startswith("nixc:"):
                lines.append(found.text.rstrip())
            line = self._line_start(found.span.first)
        return "\n".join(reversed(lines)) or None

    def _line_start(self, offset: int) -> int:
        return self._lines[bisect_right(self._lines, offset) - 1]

    def _is_blank(self, start: int, end: int) -> bool:
        return not self._text[start:end].strip()
