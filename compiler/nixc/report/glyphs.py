"""How source text looks in a terminal: its width in cells, and nothing that moves the cursor."""

from __future__ import annotations

import unicodedata

TAB_WIDTH = 4

#: What a left-out stretch of a long line is shown as.
ELLIPSIS = "..."


def glyph(character: str) -> str:
    """What is printed for one character of source.

    Control and format characters (escape sequences, bidirectional overrides) would let a source
    redraw the terminal or lie about its own order, so a visible stand-in is shown.
    """
    if character == "\t":
        return " " * TAB_WIDTH
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
        return "\ufffd"
    return character


def cells(text: str) -> int:
    """The number of terminal cells of printed text."""
    if text.isascii():
        return len(text)
    return sum(_cells_of(character) for character in text)


def shown(text: str) -> str:
    """The text as it is printed, each character by its glyph."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(glyph, text))


def _cells_of(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
