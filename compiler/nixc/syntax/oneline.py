"""An expression on one line: the same for every layout that the user may give it."""

from __future__ import annotations

from nixc.source import Source, Span
from nixc.syntax import rawtext
from nixc.syntax.errors import Errors
from nixc.syntax.layout import lay_out
from nixc.syntax.lexer import lex
from nixc.syntax.tokens import CLOSERS, CONTINUED, OPENERS, Token

_SEPARATORS = {"NL", "COMMA"}
_NO_SPACE_AFTER = {"LPAR", "LSQB", "NOT", "DOT"}
_NO_SPACE_BEFORE = {"RPAR", "RSQB", "COMMA", "DOT"}
#: A `(` behind anything else holds arguments.
_BEFORE_PARENTHESES = CONTINUED | set(OPENERS) | {"COMMA"}


def one_line(span: Span) -> str:
    """The expression in a span, without comments; white space in raw texts is one blank."""
    tokens = lay_out(lex(span.base, Errors(), span.first, span.last).tokens).tokens
    text, before, separated = "", "", False
    for token in tokens:
        if token.kind in _SEPARATORS:
            separated = True
            continue
        if separated and token.kind not in CLOSERS:
            text, before = text + ",", "COMMA"
        separated = False
        text += _space(before, token.kind) + _written(span.base, token)
        before = token.kind
    return text


def _space(before: str, kind: str) -> str:
    if not before or before in _NO_SPACE_AFTER or kind in _NO_SPACE_BEFORE:
        return ""
    if (before, kind) == ("LBRACE", "RBRACE"):
        return ""
    return "" if kind == "LPAR" and before not in _BEFORE_PARENTHESES else " "


def _written(source: Source, token: Token) -> str:
    text = source.text[token.start : token.end]
    if token.kind != "TEXT":
        return text
    quotes = '"' * (len(text) - len(text.lstrip('"')))
    decoded = rawtext.raw_text(Span(source, token.start, token.end), len(quotes), Errors())
    return quotes + " ".join(decoded.value.split()) + quotes
