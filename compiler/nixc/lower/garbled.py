"""What a file's syntax errors leave in doubt, so that one mistake is one error.

What the parser could not read shows in the layout: a line with a syntax error, and the lines below
it that are indented more, belong together.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cached_property

from nixc.diagnostics import Diagnostic
from nixc.lower import codes
from nixc.source import Source, Span

_SIGNS = re.compile(r"[\"'(){}\[\]]")
_WORD = re.compile(r"[A-Za-z_][\w-]*")
_DECLARED = re.compile(r"\b(?:job|let|executor|action|template|input|as)[ \t]+([A-Za-z_][\w-]*)")
_NAMELESS = re.compile(r"[ \t]*(job|input|action|template|let|executor)[ \t]*[({=]")
#: What declares -> what is said of names that it could have declared.
_SORTS = {
    "job": codes.UNKNOWN_JOB,
    "input": codes.UNKNOWN_INPUT,
    **dict.fromkeys(("action", "template", "let", "executor"), codes.UNKNOWN_NAME),
}
#: What is said of entries that lost the block they stood in.
_OF_ENTRIES = frozenset((codes.MISPLACED, codes.UNKNOWN_FIELD))
#: What is said of names whose declaration could not be read.
_OF_NAMES = frozenset(
    (
        codes.UNKNOWN_NAME,
        codes.UNKNOWN_JOB,
        codes.UNKNOWN_INPUT,
        codes.UNKNOWN_AXIS,
        codes.WRONG_SORT,
        codes.UNKNOWN_ARGUMENT,
    )
)


class Garbled:
    """The lines with syntax errors of one source."""

    def __init__(self, syntax: Iterable[Diagnostic]) -> None:
        spans = [found.span for found in syntax]
        self._source: Source | None = spans[0].source if spans else None
        self._lines = sorted({span.source.position(span.start).line for span in spans})
        self._blocks = [self._block(line) for line in self._lines]
        self._doubted: set[str] = set()
        #: How many declarations lack their names, by the code of what those who use them get.
        self._nameless = self._count_nameless()

    def __bool__(self) -> bool:
        """Whether there is anything to ask for."""
        return self._source is not None or bool(self._doubted) or bool(self._nameless)

    def doubt(self, name: str) -> None:
        """Note a name that was meant to be declared: that it is unknown is no other mistake."""
        self._doubted.add(name)

    def miss_name(self, word: str) -> None:
        """Note a declaration without its name: as many unknown ones of its sort are explained."""
        self._nameless[_SORTS[word]] += 1

    def _placed(self) -> Iterable[tuple[int, range]]:
        return zip(self._lines, self._blocks, strict=True)

    def _count_nameless(self) -> Counter[str]:
        lines = [self._source.line(line) for line in self._lines] if self._source else []
        heads = [_NAMELESS.match(line) for line in lines]
        found = Counter(_SORTS[head[1]] for head in heads if head)
        # A head that is missing altogether may have been any declaration's.
        lost = sum(block[-1] == line > block[0] for line, block in self._placed())
        return found + Counter(dict.fromkeys(_SORTS.values(), lost))

    def explains(self, code: str, span: Span) -> bool:
        """Whether an error will be the consequence of a syntax error."""
        if code == codes.BAD_FORM and "\0" in span.text:
            return True  # such a character is reported where the file is read
        name = span.text
        if code in _OF_NAMES and name in self._doubted:
            return True
        if self._nameless[code] > 0:
            self._nameless[code] -= 1
            self._doubted.add(name)
            return True
        if span.source is not self._source:
            return False
        line = span.source.position(span.start).line
        if line in self._lines:
            return True
        if code == codes.MISSING_FIELD:
            return self.touches(span)
        if code in _OF_NAMES:
            return name in self._declared
        return code in _OF_ENTRIES and any(line in block for block in self._blocks)

    def on_line(self, span: Span) -> bool:
        """Whether there is a syntax error on the line on which a span begins."""
        return span.source is self._source and span.source.position(span.start).line in self._lines

    def touches(self, head: Span) -> bool:
        """Whether there is a syntax error in the block that begins on the line of `head`."""
        if self._source is None or head.source is not self._source:
            return False
        block = self._block(head.source.position(head.start).line)
        return any(line in block for line in self._lines)

    def _block(self, first: int) -> range:
        """A line with those below it that are indented more, by number."""
        if self._source is None:
            return range(0)
        if self._source.line(first).lstrip().startswith("}"):
            return self._headless(first)
        indent, last = _indent(self._source, first), first
        for number in range(first + 1, len(self._source.line_starts) + 1):
            width = _indent(self._source, number)
            if width is not None and width <= (indent or 0):
                break
            last = number
        return range(first, last + 1)

    def _headless(self, last: int) -> range:
        """The lines of a block whose head is missing, up to the `}` that closes nothing."""
        assert self._source is not None
        indent, first = _indent(self._source, last) or 0, last
        while first > 1 and (_indent(self._source, first - 1) or indent + 1) > indent:
            first -= 1
        return range(first, last + 1)

    @cached_property
    def _declared(self) -> frozenset[str]:
        """The words of garbled lines, and what is named where a declaration was meant."""
        if self._source is None:
            return frozenset()
        lines = [self._source.line(line) for line in self._lines]
        # A sign too many may stand in the middle of a name.
        lines += [_SIGNS.sub("", line) for line in lines]
        words = (word for line in lines for word in _WORD.findall(line))
        return frozenset((*words, *_DECLARED.findall(self._source.text)))


def _indent(source: Source, number: int) -> int | None:
    """The indentation of a line; None of one that is blank."""
    line = source.line(number)
    return len(line) - len(line.lstrip()) if line.strip() else None
