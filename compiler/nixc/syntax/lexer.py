"""Text -> tokens, by the terminals of the grammar, and by what stands in for broken ones."""

from __future__ import annotations

import re
from functools import cache

from nixc.records import dataclass
from nixc.source import Source, Span
from nixc.syntax.errors import Errors
from nixc.syntax.table import table
from nixc.syntax.tokens import UNKNOWN, Lexed, Token
from nixc.syntax.unclosed import bare_string_end, lines_end, mend_texts

# A text of other languages: to be tried before the grammar's terminals, two of which it would be.
_FOREIGN = {"BAD_QUOTES": r"'''[\s\S]*?'''"}

# What none of the grammar's terminals matches. The names of those that stand for a terminal
# begin with BAD_: they are reported here and then count as that terminal.
_BROKEN = {
    "BAD_NUMBER": r"-?[0-9][A-Za-z0-9_.]*",
    "BAD_TEXT": r'"{3,}[\s\S]*',
    "BAD_STRING": r'"[^"\\\n]*(?:\\.[^"\\\n]*)*\\?',
    "BAD_LITERAL": r"'[^'\n]*",
    UNKNOWN: r"""[^\s\w"'#{}()\[\],.=!&|-]+|[\s\S]""",
}


@dataclass(frozen=True)
class _Scanner:
    pattern: re.Pattern[str]
    #: Words and signs -> terminal.
    fixed: dict[str, str]
    ignored: frozenset[str]


@cache
def _scanner() -> _Scanner:
    grammar = table()
    signs = sorted((s for s in grammar.literals.values() if not s.isalpha()), key=len, reverse=True)
    patterns = {**_FOREIGN, **grammar.patterns, "SIGN": "|".join(map(re.escape, signs)), **_BROKEN}
    return _Scanner(
        re.compile("|".join(f"(?P<{name}>{regexp})" for name, regexp in patterns.items())),
        {text: name for name, text in grammar.literals.items()},
        frozenset(grammar.ignored),
    )


def lex(source: Source, errors: Errors, start: int = 0, end: int | None = None) -> Lexed:
    """The tokens of a stretch of a source, without an end token."""
    lexed = Lexed()
    position: int | None = start
    end = len(source.text) if end is None else end
    while position is not None and not errors.full:
        position = _scan(source, errors, lexed, position, end)
    return lexed


def _scan(source: Source, errors: Errors, lexed: Lexed, start: int, end: int) -> int | None:
    """Append tokens up to the end, or up to something unclosed: then where to go on."""
    scanner, text, tokens = _scanner(), source.text, lexed.tokens
    fixed, ignored = scanner.fixed, scanner.ignored
    for match in scanner.pattern.finditer(text, start, end):
        kind = match.lastgroup or UNKNOWN
        if kind in ignored:
            if kind == "COMMENT":
                lexed.comments.append(match.span())
            continue
        if kind == "NAME" or kind == "SIGN":
            tokens.append(Token(fixed.get(match.group(), kind), *match.span()))
        elif not kind.startswith("BAD_"):
            tokens.append(Token(kind, *match.span()))
        elif kind == "BAD_NUMBER":
            tokens.append(Token("NUMBER", *match.span()))
        elif kind == "BAD_QUOTES":
            span = Span(source, match.start(), match.start() + 3)
            errors.add("NX101", "unexpected '''", span, 'several lines stand between """ and """')
            tokens.append(Token("LITERAL", *match.span()))
        elif kind == "BAD_TEXT":
            return mend_texts(source, errors, lexed, match.start(), end)
        else:
            return _unclosed_string(source, errors, lexed, Token(kind[4:], *match.span()), end)
    return None


def _unclosed_string(source: Source, errors: Errors, lexed: Lexed, token: Token, end: int) -> int:
    stop = bare_string_end(source.text, lexed.tokens, token)
    quote = source.text[token.start]
    last = lines_end(source.text, token, end)
    errors.add(
        "NX103",
        f"this string has no closing {quote} on its line",
        Span(source, token.start, stop if last is None else token.end),
        'several lines of text stand between """ and """' if quote == '"' else None,
    )
    lexed.tokens.append(Token(token.kind, token.start, last or stop))
    lexed.unclosed[token.start] = 0 if last is None else 1
    return last or stop
