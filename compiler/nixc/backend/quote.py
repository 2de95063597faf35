"""The only place where text becomes shell: a :class:`Word` is safe to stand in a script."""

from __future__ import annotations

import re
from collections.abc import Iterable

from nixc.records import dataclass

#: What stays bare. Words would be safe, too, but `done` or `test` in an array read as mistakes.
_NUMBER = re.compile(r"[0-9]+", re.ASCII)

#: Characters that bash 3 doubles in the elements of an array, unless they are the result of an
#: expansion: U+0001 and U+007F, which it uses itself. They stand within single quotes.
_DOUBLED = {"\1": "'\"$(printf '\\001')\"'", "\x7f": "'\"$(printf '\\177')\"'"}

#: Between the items of a list that travels in one word.
_SEPARATOR = "\037"
_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", _SEPARATOR: "\\0037"})


@dataclass(frozen=True)
class Word:
    """One shell word, quoted. Made by :func:`quote`, :func:`variable` and :func:`joined` only."""

    shell: str

    def __str__(self) -> str:
        return self.shell


def quote(text: str) -> Word:
    """The word whose value is `text`, byte for byte. Raises ValueError for a NUL."""
    if "\0" in text:
        raise ValueError("a shell word cannot hold a NUL")
    if _NUMBER.fullmatch(text):
        return Word(text)
    return Word("'" + text.replace("'", "'\\''") + "'")


def variable(reference: str) -> Word:
    """The value of a variable or array element, empty if it is unset.

    `reference` is a name or `NAME[number]`; raises ValueError for anything else.
    """
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*(\[[0-9]+\])?", reference, re.ASCII):
        raise ValueError(f"no variable: {reference!r}")
    return Word(f'"${{{reference}-}}"')


def joined(words: Iterable[Word]) -> Word:
    """Words side by side as one word; without any, the empty word."""
    return Word("".join(word.shell for word in words) or "''")


def packed(items: Iterable[str]) -> str:
    """A list of texts as one text: with the runtime's separator between, and its escapes."""
    return _SEPARATOR.join(item.translate(_ESCAPES) for item in items)


def array(items: Iterable[str]) -> Word:
    """The elements of an array assignment, without the parentheses."""
    return Word(" ".join(_element(item) for item in items))


def _element(item: str) -> str:
    word = quote(item).shell
    if "\1" in word or "\x7f" in word:
        for character, read in _DOUBLED.items():
            word = word.replace(character, read)
    return word
