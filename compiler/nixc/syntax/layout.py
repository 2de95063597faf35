"""Which line breaks separate entries, and whether the brackets match.

Works without look-ahead, so that the grammar needs none: a line break stays a token only in a
file, a block or an object, and only where an entry could have ended.
"""

from __future__ import annotations

from nixc.records import dataclass, field
from nixc.syntax.heads import HEADS
from nixc.syntax.tokens import CLOSERS, CONTINUED, OPENERS, Token

#: Levels of nesting that a file may have.
MAX_NESTING = 200

_NO_BREAK_AFTER = CONTINUED | set(OPENERS) | {"COMMA", "NL"}
#: Behind these an entry may begin; at the beginning of a file, its first token stands for them.
_BEGINNING = frozenset(("NL", "COMMA", "LBRACE")) | HEADS


@dataclass(frozen=True)
class Layout:
    """The tokens that the parser sees; what is wrong with the brackets, if anything."""

    tokens: list[Token]
    balanced: bool
    #: The bracket or `!` that is one level too deep.
    too_deep: Token | None = None
    #: Where entries begin with the word of a declaration and `=`: the indices of the latter.
    assigned: list[int] = field(default_factory=list)


def lay_out(tokens: list[Token], depth: int = 0) -> Layout:
    """Drop the line breaks that are blanks; stop at what is nested too deep, `depth` brackets
    around it counted."""
    kept: list[Token] = []
    assigned: list[int] = []
    open_kinds: list[str] = []
    depths = [depth]
    nots, balanced, previous = 0, True, "NL"
    for token in tokens:
        kind = token.kind
        if kind == "NL":
            if previous in _NO_BREAK_AFTER or (open_kinds and open_kinds[-1] != "LBRACE"):
                continue
        elif kind == "NOT" or kind in OPENERS:
            nots += 1
            if depths[-1] + nots > MAX_NESTING:
                return Layout([], balanced, token)
            if kind != "NOT":
                open_kinds.append(kind)
                depths.append(depths[-1] + nots)
                nots = 0
        else:
            nots = 0
            if kind in CLOSERS:
                balanced = _close(open_kinds, CLOSERS[kind]) and balanced
                del depths[len(open_kinds) + 1 :]
            elif kind == "ASSIGN" and previous in HEADS and kept[-2:][0].kind in _BEGINNING:
                assigned.append(len(kept))
        kept.append(token)
        previous = kind
    return Layout(kept, balanced and not open_kinds, assigned=assigned)


def _close(open_kinds: list[str], opener: str) -> bool:
    """Take the innermost `opener` and what is open in it off the stack; whether that was none."""
    if open_kinds and open_kinds[-1] == opener:
        open_kinds.pop()
        return True
    if opener in open_kinds:
        while open_kinds.pop() != opener:
            pass
    return False
