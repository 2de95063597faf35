"""Which edit of a token or two lets the parser go on at a broken place."""

from __future__ import annotations

from difflib import get_close_matches
from typing import NamedTuple

from nixc.source import Source
from nixc.syntax.heads import DECLARING, holds_declarations, opens_block
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

#: What comes behind a keyword, as far as it tells which one it is.
_SHAPES = (
    ("workflow", ("NAME", "LBRACE")),
    ("job", ("NAME", "LBRACE")),
    ("job", ("NAME", "ASSIGN")),
    ("input", ("NAME", "LBRACE")),
    ("step", ("STRING", "LBRACE")),
    ("action", ("NAME", "LPAR")),
    ("template", ("NAME", "LPAR")),
    ("let", ("NAME", "ASSIGN")),
    ("executor", ("NAME", "ASSIGN")),
    ("import", ("STRING", "AS")),
    ("run", ("STRING",)),
    ("use", ("NAME", "LPAR")),
    ("parallel", ("LBRACE",)),
)

#: What stands between others; UNKNOWN is what the language does not know, as `:`.
_SIGNS = frozenset(("ASSIGN", "COMMA", "DOT", UNKNOWN))

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
    # Where all goes well without it, a sign is one too many, and nothing is missing before it;
    # but between two commas there may be an item that is not written yet.
    doubled = token.kind == "COMMA" and place and tokens[place - 1].kind == "COMMA"
    if token.kind in _SIGNS and not doubled and stack.accepts(_kinds(tokens, place + 1, 4)):
        return Edit(1, [])
    typed = _kinds(tokens, place + 1, 2) == ["NAME", "ASSIGN"] and stack.accepts(["ASSIGN"])
    if typed and source.text[token.start : token.end] == ":":
        return Edit(2, [])  # the type of a name, as other languages have it
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


def declared(source: Source, tokens: list[Token], place: int) -> list[Token] | None:
    """What the word at `place` may be instead: a keyword, or a keyword and a name run together."""
    word = tokens[place]
    if word.kind != "NAME":
        return None
    text = source.text[word.start : word.end]
    kinds = tuple(token.kind for token in tokens[place + 1 : place + 3])
    if kinds[:1] == ("LPAR",) and not opens_block(tokens, place):
        return None
    fitting = [k for k, shape in _SHAPES if kinds[: len(shape)] == shape]
    if "action" in fitting and not opens_block(tokens, place):
        fitting = ["use"]
    near = get_close_matches(text, fitting, 1)
    if near:
        return [Token(near[0].upper(), word.start, word.end)]
    for keyword, shape in _SHAPES:
        plural = text == f"{keyword}s"  # of another language
        if text.startswith(keyword) and not plural and ("NAME", *kinds[: len(shape) - 1]) == shape:
            middle = word.start + len(keyword)
            return [Token(keyword.upper(), word.start, middle), Token("NAME", middle, word.end)]
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
    offset = tokens[place - 1].end if place else token.start
    declares = place > 0 and tokens[place - 1].kind in DECLARING
    for kinds in _INSERTIONS:
        # What is in a block with an unknown head is not to be read as an executor's fields.
        if kinds[0] == "ASSIGN" and (declares or following == ["NAME", "LBRACE"]):
            continue
        if kinds[0] == "ASSIGN" and holds_declarations(tokens, place):
            continue
        # `name(…)` is a declaration or a step that lacks its word: no field, and one error.
        if kinds[0] == "ASSIGN" and token.kind == "LPAR":
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
