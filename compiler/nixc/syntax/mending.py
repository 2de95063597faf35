"""Which edit of a token or two lets the parser go on at a broken place."""

from __future__ import annotations

from typing import NamedTuple

from nixc.source import Source
from nixc.syntax.stack import Stack
from nixc.syntax.tokens import CLOSERS, END, OPENERS, UNKNOWN, Token

#: Kinds that, put before the broken token, may mend it, in the order in which they are tried.
#: A NULL without width stands for a missing value, a NAME without width for a missing name.
_INSERTIONS = (
    ("NL",),
    ("COMMA",),
    ("ASSIGN",),
    ("NULL",),
    ("NAME",),
    ("LPAR", "RPAR"),
    ("ASSIGN", "NULL"),
    ("LBRACE", "RBRACE"),
)

#: Behind these a `=` is hardly what is missing, though they may be a field's name.
_DECLARING = frozenset(
    ("IMPORT", "LET", "ACTION", "TEMPLATE", "WORKFLOW", "INPUT", "JOB", "STEP", "RUN", "USE")
)

#: What was written -> what may have been meant.
_CONFUSED = {":": "ASSIGN", "==": "ASSIGN", "=": "EQUALS", "&": "AND", "|": "OR"}


class Edit(NamedTuple):
    """Take out so many tokens at the broken place and put these there."""

    removed: int
    inserted: list[Token]
    is_unquoted: bool = False


def mended(source: Source, tokens: list[Token], place: int, stack: Stack) -> Edit | None:
    """The first edit after which the next tokens can be read, or None."""
    token = tokens[place]
    if token.kind == "NL" and tokens[place + 1].kind == "LBRACE" and stack.accepts(["LBRACE"]):
        return Edit(1, [])
    replaced = _replaced(source, token)
    if replaced and stack.accepts([replaced.kind, *_kinds(tokens, place + 1, 1)]):
        return Edit(1, [replaced], replaced.kind == "NAME")
    inserted = _inserted(tokens, place, stack)
    if inserted:
        return Edit(0, inserted)
    fixed = token.kind in OPENERS or token.kind in CLOSERS or token.kind in ("NL", END)
    if not fixed and stack.accepts(_kinds(tokens, place + 1, 2)):
        return Edit(1, [])
    return None


def _replaced(source: Source, token: Token) -> Token | None:
    """The token that was meant, if it looks like one: a quoted name, a sign of other languages."""
    text = source.text[token.start : token.end]
    if token.kind in ("STRING", "LITERAL"):
        inner = text[1:-1]
        is_name = inner.isascii() and inner.replace("-", "_").isidentifier()
        return Token("NAME", token.start + 1, token.end - 1 if is_name else token.start + 1)
    kind = _CONFUSED.get(text)
    return Token(kind, token.start, token.end) if kind else None


def _inserted(tokens: list[Token], place: int, stack: Stack) -> list[Token]:
    """Tokens without width that make the broken one readable; none if there are no such."""
    token = tokens[place]
    if token.kind == UNKNOWN:
        return []
    following = _kinds(tokens, place, 2)
    offset = tokens[place - 1].end if place else 0
    declares = place > 0 and tokens[place - 1].kind in _DECLARING
    for kinds in _INSERTIONS:
        if declares and kinds[0] == "ASSIGN":
            continue
        if stack.accepts([*kinds, *following]):
            return [Token(kind, offset, offset) for kind in kinds]
    return []


def _kinds(tokens: list[Token], place: int, count: int) -> list[str]:
    """The kinds of the next tokens; of less than `count` where a line or bracket ends."""
    kinds: list[str] = []
    for token in tokens[place : place + count]:
        kinds.append(token.kind)
        if token.kind in CLOSERS or token.kind in ("NL", END):
            break
    return kinds
