"""A source as the formatter sees it: brackets, what they hold, and every comment at its place.

The tree is made of tokens, not of syntax nodes: all of them are printed again in their order, so
that nothing can get lost or change its meaning. What is laid out anew is the white space, and the
commas and line breaks between items.

Its parts are named tuples: each build formats its source, for the hash in the script, and the
classes of dataclasses take a millisecond each to make.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple, TypeAlias

#: Columns that a line should keep to.
WIDTH = 100
#: Columns of one level of indentation.
STEP = 2


class Kind(Enum):
    """What a pair of brackets is."""

    #: No brackets at all: the whole file.
    FILE = auto()
    #: `{ … }` of a declaration.
    BLOCK = auto()
    #: `{ … }` of a value.
    OBJECT = auto()
    LIST = auto()
    #: `( … )` of arguments or parameters.
    ARGUMENTS = auto()
    #: `( … )` around an expression.
    PARENTHESES = auto()


class Comment(NamedTuple):
    """`# …` without white space at its end."""

    start: int
    end: int
    text: str
    #: Something stands before it on its line.
    beside: bool
    #: There is a blank line above.
    blank: bool


class Word(NamedTuple):
    """A token that stays on one line."""

    kind: str
    start: int
    end: int
    text: str

    @property
    def joins(self) -> bool:
        """Whether it is `&&` or `||`."""
        return self.kind in ("AND", "OR")


class Text(NamedTuple):
    """A raw text of several lines."""

    start: int
    end: int
    #: What stands on its first line, the opening quotes included.
    head: str
    lines: tuple[str, ...]
    #: The lines' indentation is not part of the text and may change with what is around.
    movable: bool
    #: The closing quotes, if they stand alone on their line and that one may be moved.
    closing: str


class Group(NamedTuple):
    """A pair of brackets with what is in it."""

    kind: Kind
    start: int
    end: int
    opener: str
    closer: str
    #: The kind of the word that the declaration of a block begins with.
    keyword: str
    items: tuple[Item, ...]
    #: A comment behind the opening bracket, on its line.
    header: Comment | None
    #: The comments above the closing bracket.
    footer: tuple[Comment, ...]
    #: There is a line break behind the opening bracket.
    opened: bool
    #: All of it on one line, where that is possible in WIDTH columns.
    flat: str | None

    @property
    def is_empty(self) -> bool:
        return not (self.items or self.header or self.footer)


Part: TypeAlias = Word | Text | Group | Comment


class Item(NamedTuple):
    """An entry of a file, block or object; an element of a list; an argument or parameter."""

    start: int
    end: int
    #: The comment lines above.
    comments: tuple[Comment, ...]
    #: Comments among the parts stand where a line break may, after a `=` for one.
    parts: tuple[Part, ...]
    #: The comment behind it, on its last line.
    trailing: Comment | None
    #: There is a blank line above it (between it and its comments, if it has any).
    blank: bool
    #: All of it on one line, its own comments aside, where that is possible in WIDTH columns or
    #: nothing else is.
    flat: str | None
    #: Whether it can be put on several lines.
    breakable: bool
    #: The kind of operator behind which it is broken: of `&&` and `||` the one that binds less.
    joint: str

    @property
    def key(self) -> str | None:
        """The name of a field; None for what is none."""
        match self.parts:
            case (Word(text=key), Word(kind="ASSIGN"), *_):
                return key
        return None
