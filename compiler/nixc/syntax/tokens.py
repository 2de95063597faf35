"""What the lexer gives: tokens, comments, and which texts it found unclosed."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from nixc.records import dataclass, field

#: The kind of the token after the last one.
END = "$END"
#: The kind of what no terminal matches.
UNKNOWN = "UNKNOWN"

OPENERS = {"LBRACE": "RBRACE", "LPAR": "RPAR", "LSQB": "RSQB"}
CLOSERS = {closer: opener for opener, closer in OPENERS.items()}
#: Line breaks after these are blanks.
CONTINUED = frozenset({"ASSIGN", "EQUALS", "DIFFERS", "AND", "OR", "NOT"})


class Token(NamedTuple):
    """A terminal's name and its place, in code points."""

    kind: str
    start: int
    end: int


@dataclass
class Lexed:
    """Tokens with all line breaks, and the places of comments aside."""

    tokens: list[Token] = field(default_factory=list)
    comments: list[tuple[int, int]] = field(default_factory=list)
    #: Start of each broken string or text -> how many of its last characters are quotes.
    unclosed: dict[int, int] = field(default_factory=dict)

    @cached_property
    def comments_at(self) -> frozenset[int]:
        """Where comments begin; to be asked when there are no more to come."""
        return frozenset(start for start, _ in self.comments)
