"""Where strings and texts without closing quotes were meant to end.

A text without its closing quotes runs into the opening ones of the next, so the lexer notices
only at the last text of the file. Which one is to blame shows in the layout: closing quotes that
stand where a value opens were not meant to close.
"""

from __future__ import annotations

import re

from nixc.source import Source, Span
from nixc.syntax.errors import Errors
from nixc.syntax.tokens import CLOSERS, OPENERS, Lexed, Token

#: How many characters of a line are looked at to tell what it is.
_LOOK = 200

#: How many characters a string over several lines may have beyond its first one.
_LONGEST = 2000

_QUOTES = re.compile('"+')
_SIGNS = {")": "RPAR", "]": "RSQB", "}": "RBRACE"}


def bare_string_end(text: str, tokens: list[Token], token: Token) -> int:
    """Where an unclosed string ends: before closing brackets that match openers of its line."""
    open_kinds = _open_on_line(text, tokens, token.start)
    end = token.end
    rest = text[token.start + 1 : end].rstrip()
    if rest.endswith(" {"):
        return token.start + len(rest) - 1
    while rest and open_kinds and rest[-1] in ")]}, ":
        sign = _SIGNS.get(rest[-1])
        if sign and CLOSERS[sign] != open_kinds[0]:
            break
        open_kinds = open_kinds[1:] if sign else open_kinds
        rest = rest[:-1]
        end = token.start + 1 + len(rest)
    return end


def lines_end(text: str, token: Token, limit: int) -> int | None:
    """Where a string ends that was written over several lines; None if it was not.

    That is behind the next double quote, if what follows on its line can follow a string.
    """
    if text[token.start] != '"':
        return None
    quote = text.find('"', token.end, min(limit, token.end + _LONGEST))
    if quote < 0 or text[quote - 1] == "\\":
        return None
    rest = text[quote + 1 : _line_end(text, quote, limit)].strip()
    goes_on = rest[:1] in (",", ")", "]", "}") and rest.count('"') % 2 == 0
    return quote + 1 if goes_on or not rest else None


def _open_on_line(text: str, tokens: list[Token], offset: int) -> list[str]:
    """Kinds of the brackets opened on the line before `offset` and not closed, outermost first."""
    line_start = text.rfind("\n", 0, offset) + 1
    found: list[str] = []
    first = len(tokens)
    while first and tokens[first - 1].start >= line_start:
        first -= 1
    for token in tokens[first:]:
        if token.kind in OPENERS:
            found.append(token.kind)
        elif token.kind in CLOSERS and found:
            found.pop()
    return found


def mend_texts(source: Source, errors: Errors, lexed: Lexed, start: int, end: int) -> int:
    """Note the text that is to blame for the unclosed one at `start`; where to lex on."""
    text = source.text
    last = Token("TEXT", start, end)
    known = [t for t in lexed.tokens if t.kind == "TEXT" and t.start not in lexed.unclosed]
    blamed = next((t for t in known if _closes_at_an_opening(text, t)), None)
    halved = _halved_opening(text, lexed.tokens, [*known, last])
    if halved:
        return _note(source, errors, lexed, *halved)
    blamed = blamed or last
    quotes = _run_of_quotes(text, blamed.start)
    stop, cut = _layout_end(text, blamed.start, end)
    message = "this text has no closing quotes"
    return _note(source, errors, lexed, Token("TEXT", blamed.start, stop), cut, message, quotes)


def _note(
    source: Source,
    errors: Errors,
    lexed: Lexed,
    token: Token,
    cut: int,
    message: str,
    quotes: int,
) -> int:
    """Put a broken text in the place of all tokens from its start on."""
    errors.add("NX104", message, Span(source, token.start, token.start + quotes))
    while lexed.tokens and lexed.tokens[-1].start >= token.start:
        lexed.tokens.pop()
    while lexed.comments and lexed.comments[-1][0] >= token.start:
        lexed.comments.pop()
    lexed.tokens.append(token)
    lexed.unclosed[token.start] = cut
    return token.end


def _closes_at_an_opening(text: str, token: Token) -> bool:
    quotes = token.end - _run_of_quotes(text, token.start)
    head = _line_before(text, quotes).rstrip()
    opens = head.endswith(("=", "(", "[", ",")) or head.split()[-1:] == ["run"]
    return opens and "\n" in text[token.start : token.end] and _ends_line(text, token.end)


def _halved_opening(
    text: str, tokens: list[Token], texts: list[Token]
) -> tuple[Token, int, str, int] | None:
    """Of a text opened with two quotes: the token it should be, its closing quotes, a message."""
    for closing in texts:
        quotes = _run_of_quotes(text, closing.start)
        if _line_before(text, closing.start).strip() or not _ends_line(
            text, closing.start + quotes
        ):
            continue
        for token in reversed(tokens):
            if token.kind == "TEXT" and token.start < closing.start:
                break
            empty = token.kind == "STRING" and token.end - token.start == 2
            if empty and token.start < closing.start and _ends_line(text, token.end):
                meant = Token("TEXT", token.start, closing.start + quotes)
                return meant, quotes, "a text opens with three quotes or more, not with two", 2
    return None


def _layout_end(text: str, start: int, limit: int) -> tuple[int, int]:
    """Where a text without closing quotes ends by its indentation, and the quotes there.

    That is before the first line that is indented less than its first one: its first
    line alone if something stands beside the opening quotes.
    """
    line_end = _line_end(text, start, limit)
    if not _ends_line(text, start + _run_of_quotes(text, start)):
        return line_end, 0
    before = _line_before(text, start)
    outer = len(before) - len(before.lstrip())
    indent: int | None = None
    position = line_end
    while position < limit:
        following = _line_end(text, position + 1, limit)
        line = text[position + 1 : following]
        width = len(line) - len(line.lstrip())
        if line.strip():
            if indent is None and width < outer and line.strip()[0] in "})]":
                return line_end, 0  # nothing was written into it yet
            indent = width if indent is None else indent
            if not line.strip().strip('"'):
                return following, len(line.strip())
            if width < indent:
                return position, 0
        position = following
    return limit, 0


def _line_before(text: str, offset: int) -> str:
    """What stands on the line before `offset`: the end of it, where it is long."""
    first = max(0, offset - _LOOK)
    return text[max(first, text.rfind("\n", first, offset) + 1) : offset]


def _line_end(text: str, offset: int, limit: int) -> int:
    found = text.find("\n", offset, limit)
    return limit if found < 0 else found


def _ends_line(text: str, offset: int) -> bool:
    """Whether nothing but a language tag stands between `offset` and the end of its line."""
    rest = text[offset : _line_end(text, offset, min(len(text), offset + _LOOK))].strip()
    return not rest or rest.isidentifier()


def _run_of_quotes(text: str, offset: int) -> int:
    match = _QUOTES.match(text, offset)
    return len(match.group()) if match else 0
