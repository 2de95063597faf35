"""The words of a shell text, with the variables whose values are put into them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nixc.records import dataclass

_PIECE = re.compile(
    r"'[^']*'?|\\.|\$'(?:\\.|[^'\\])*'?|(?P<quote>\")|\$\((?P<inner>)|`(?P<tick>[^`]*)`?"
    r"|\$\{(?P<braced>[A-Za-z_]\w*)(?P<how>[^}\"]*)\}?|\$\{[^}]*\}?|\$(?P<plain>[A-Za-z_]\w*)"
    r"|[^\s;|&()<>'\"\\$`]+|\$",
    re.DOTALL,
)


@dataclass(frozen=True)
class Word:
    """A word as written, and the variables whose values are put into it: name, start, end."""

    text: str
    start: int
    variables: tuple[tuple[str, int, int], ...] = ()


def word_at(text: str, start: int) -> Word:
    """The word that begins at an offset; empty where none does."""
    at = start
    found: list[tuple[str, int, int]] = []
    while piece := _PIECE.match(text, at):
        begin, at = piece.end(), piece.end()
        if piece["quote"]:
            at = behind(text, begin, '"')
            found += variables(text, begin, at)
        elif piece["inner"] is not None:
            at = behind(text, begin, ")")
        else:
            found += _shown(piece)
    return Word(text[start:at], start, tuple(found))


def variables(text: str, start: int, stop: int) -> Iterator[tuple[str, int, int]]:
    """The variables in a double-quoted stretch, those of substitutions left out."""
    at = start
    while at < stop:
        piece = _PIECE.match(text, at, stop) if text[at] in "\\$`" else None
        if piece is None:
            at += 1
        elif piece["inner"] is not None:
            at = behind(text, piece.end(), ")")
        else:
            yield from _shown(piece)
            at = piece.end()


def _shown(piece: re.Match[str]) -> Iterator[tuple[str, int, int]]:
    """The variable whose value a piece shows: `${X:+…}` shows another one's."""
    name = piece["plain"] or piece["braced"]
    if name and not re.match(r":?\+", piece["how"] or ""):
        yield name, piece.start(), piece.end()


def behind(text: str, at: int, closer: str) -> int:
    """Behind the `"` or `)` that closes what was opened before `at`; the end if nothing does."""
    open_ = [closer]
    while at < len(text) and open_:
        letter, quoted = text[at], open_[-1] == '"'
        if letter == open_[-1]:
            open_.pop()
        elif letter == "\\":
            at += 1
        elif text.startswith("$(", at):
            open_.append(")")
            at += 1
        elif letter == '"' or (letter == "(" and not quoted):
            open_.append('"' if letter == '"' else ")")
        elif letter == "'" and not quoted:
            end = text.find("'", at + 1)
            at = end if end > 0 else len(text)
        at += 1
    return min(at, len(text))
