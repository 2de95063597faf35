"""One source -> its tree: lexer, layout, brackets, parser, in this order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from nixc.diagnostics import Diagnostic
from nixc.source import Source, Span
from nixc.syntax import nodes
from nixc.syntax.balance import mend_brackets
from nixc.syntax.build import Builder
from nixc.syntax.comments import Documentation, comment
from nixc.syntax.errors import Errors
from nixc.syntax.heads import assigned
from nixc.syntax.layout import MAX_NESTING, Layout, lay_out
from nixc.syntax.lexer import lex
from nixc.syntax.parser import parse_expression, parse_file
from nixc.syntax.tokens import END, Lexed, Token

if TYPE_CHECKING:
    from nixc.syntax.kept import Kept

#: A mended brace may leave a `)` or `]` without its partner: so often it is gone over again.
_MENDINGS = 4


def read(
    source: Source, depth: int = 0, kept: Iterable[Kept] = ()
) -> tuple[nodes.File, tuple[Diagnostic, ...]]:
    """The tree of a source with what could be read of it, and its syntax errors by place.

    `depth` is how many brackets are open around it, `kept` entries that may be those of before.
    """
    errors = Errors()
    lexed = lex(source, errors)
    return read_tokens(source, lexed, errors, depth, kept)


def read_tokens(
    source: Source, lexed: Lexed, errors: Errors, depth: int = 0, kept: Iterable[Kept] = ()
) -> tuple[nodes.File, tuple[Diagnostic, ...]]:
    """As :func:`read`, where the tokens are there already, and `errors` has what is wrong with
    them."""
    tokens = _laid_out(source, lexed, errors, depth)
    comments = tuple(comment(source, start, end) for start, end in lexed.comments)
    builder = Builder(source, lexed, errors, Documentation(source, comments), read_expression)
    entries: list[nodes.Entry] = []
    if tokens is not None:
        end = len(source.text)
        same = {one.start: one for one in kept if one.stands_in(lexed)}
        entries = parse_file(source, [*tokens, Token(END, end, end)], builder, errors, same)
    file = nodes.File(Span(source, 0, len(source.text)), tuple(entries), comments)
    return file, errors.sorted()


def read_expression(
    source: Source, start: int, end: int
) -> tuple[nodes.Expression, tuple[Diagnostic, ...]]:
    """The expression in a stretch of a source, which ends before a `}`."""
    errors = Errors()
    missing = nodes.Missing(Span(source, start, end))
    lexed = lex(source, errors, start, end)
    tokens = _laid_out(source, lexed, errors)
    if tokens is None:
        return missing, errors.sorted()
    builder = Builder(source, lexed, errors, Documentation(source, ()), read_expression)
    expression = parse_expression(source, [*tokens, Token(END, end, end + 1)], builder, errors)
    return missing if expression is None else expression, errors.sorted()


def _laid_out(source: Source, lexed: Lexed, errors: Errors, depth: int = 0) -> list[Token] | None:
    """The tokens that the parser sees; None if they are nested too deep, which is reported."""
    layout = lay_out(lexed.tokens, depth)
    tokens = lexed.tokens
    for _ in range(_MENDINGS):
        if layout.balanced or layout.too_deep is not None:
            break
        tokens = mend_brackets(source, errors, tokens)
        layout = lay_out(tokens, depth)
    if _is_too_deep(source, layout, errors) or not layout.balanced:
        return None
    return _without_assignments(source, layout, errors)


def _without_assignments(source: Source, layout: Layout, errors: Errors) -> list[Token]:
    """The tokens without a `=` that stands in the head of a block, which is reported."""
    tokens = layout.tokens
    surplus = {place for place in layout.assigned if assigned(source, tokens, place)}
    if not surplus:
        return tokens
    for place in sorted(surplus):
        word, sign = tokens[place - 1 : place + 1]
        span = Span(source, sign.start, sign.end)
        errors.add("NX101", f'unexpected "=" after "{source.text[word.start : word.end]}"', span)
    return [token for place, token in enumerate(tokens) if place not in surplus]


def _is_too_deep(source: Source, layout: Layout, errors: Errors) -> bool:
    token = layout.too_deep
    if token is not None:
        span = Span(source, token.start, token.end)
        errors.only("NX107", f"nested more than {MAX_NESTING} levels deep", span)
    return token is not None
