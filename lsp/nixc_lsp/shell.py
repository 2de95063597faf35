"""What the words of shell text are, by Pygments's lexer: it takes unfinished text, too."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from functools import lru_cache

from nixc_lsp.legend import TokenType

#: Texts whose pieces are kept: after an edit, all but one are as before.
_KEPT = 512
#: Longer texts are left without: no lexer of regular expressions is linear in all of them.
_LONGEST = 50_000
_LINE = re.compile(r"[^\n]+")
_WORD = re.compile(r"[A-Za-z_]\w*")


@lru_cache(_KEPT)
def pieces(text: str) -> tuple[tuple[int, int, TokenType], ...]:
    """The keywords, built-ins, variables, strings, comments and operators, each within a line;
    variables are without their `$`."""
    from pygments.lexers.shell import BashLexer

    if len(text) > _LONGEST:
        return ()
    # Its comments end with a line break.
    lexed = BashLexer().get_tokens_unprocessed(f"{text}\n")
    return tuple(piece for start, kind, value in lexed for piece in _of(start, kind, value))


def _of(start: int, kind: object, value: str) -> Iterator[tuple[int, int, TokenType]]:
    sort = _sort(kind, value)
    if sort is None:
        return
    begin = int(sort == "variable" and value[:1] == "$" and bool(_WORD.match(value, 1)))
    for line in _LINE.finditer(value, begin):
        if line[0].strip():
            yield start + line.start(), start + line.end(), sort


def _sort(kind: object, value: str) -> TokenType | None:
    from pygments.token import Comment, Keyword, Name, Number, Operator, String

    table: tuple[tuple[Container[object], TokenType], ...] = (
        (Comment, "comment"),
        (Keyword, "keyword" if _WORD.fullmatch(value) else "operator"),
        (Name.Builtin, "function"),
        (Name.Variable, "variable"),
        (String.Interpol, "operator"),
        (String, "string"),
        (Number, "number"),
        (Operator, "operator"),
    )
    return next((sort for parent, sort in table if kind in parent), None)
