"""Text -> syntax tree, never an exception: what is wrong with a text is a diagnostic.

`decode` makes a source of bytes, `parse` a tree of a source. The parser itself is imported when
it is first needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nixc.diagnostics import Diagnostic
from nixc.records import dataclass
from nixc.source import Source
from nixc.syntax import nodes
from nixc.syntax.decode import decode

if TYPE_CHECKING:
    from nixc.syntax.memory import Memory
    from nixc.syntax.tokens import Lexed

__all__ = ["ParseResult", "decode", "parse"]


@dataclass(frozen=True)
class ParseResult:
    """The tree of all that could be read, and the syntax errors by place."""

    file: nodes.File
    diagnostics: tuple[Diagnostic, ...]
    #: All tokens, where a memory was at hand and these were needed.
    lexed: Lexed | None = None


def parse(source: Source, memory: Memory | None = None) -> ParseResult:
    """Parse one source. Broken entries are reported and left out, the others are kept.

    Errors in the `${…}` of a string are in the string's `problems`: whether they are any is only
    known where it is known whether the string is shell text.

    `memory` is of the texts that this one was before: what is the same in it is not read again.
    """
    from nixc.syntax.reading import read

    if memory is None:
        return ParseResult(*read(source))
    return ParseResult(*memory.read(source), memory.lexed)
