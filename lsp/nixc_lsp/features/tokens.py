"""What every word of a file is, for highlighting: by the tokens before it, and by what it names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from nixc.ir.model import Interpreter
from nixc.schema.declarations import DECLARATIONS
from nixc.schema.executors import BY_NAME
from nixc.schema.functions import CONDITION_BY_NAME, PROVIDER_BY_NAME
from nixc.schema.names import ROOTS
from nixc.schema.types import Choice, ConditionT, ExecutorT, Shell, Type, Union
from nixc.source import Source, Span, TextMap
from nixc.syntax import rawtext, strings
from nixc.syntax.errors import Errors
from nixc.syntax.lexer import lex
from nixc.syntax.tokens import CONTINUED, Lexed, Token
from nixc_lsp import shell
from nixc_lsp.analysis import Analysis
from nixc_lsp.legend import Modifier, TokenType
from nixc_lsp.place import Frame, framed, parameter_type, wanted
from nixc_lsp.symbols import Occurrence


class Piece(NamedTuple):
    """A stretch of the source within a line; `type` is None where nothing is said of it."""

    start: int
    end: int
    type: TokenType | None
    modifiers: tuple[Modifier, ...] = ()


_WORDS = frozenset(one.word for one in DECLARATIONS)
_CONSTANTS = frozenset(("TRUE", "FALSE", "NULL"))
_COMPARISONS = frozenset(("EQUALS", "DIFFERS"))
_TEXTS = frozenset(("STRING", "LITERAL", "TEXT"))
_SHELLS = (Interpreter.BASH.value, Interpreter.SH.value)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_QUOTES = re.compile('"+')
_ESCAPE = re.compile(r"\\(?:u\{\w*\}|.)")

_SORTS: dict[str, TokenType] = {
    "import": "namespace",
    "workflow": "namespace",
    "let": "variable",
    "executor": "class",
    "action": "function",
    "template": "macro",
    "parameter": "parameter",
    "job": "event",
    "input": "property",
    "axis": "property",
    "artifact": "label",
}


def tokens(analysis: Analysis) -> list[Piece]:
    """The pieces that are something, in order, none over another, each within a line."""
    source = analysis.source
    comments = [Piece(start, end, "comment") for start, end in analysis.lexed.comments]
    words = sorted([*comments, *_pieces(source, analysis.lexed)])
    named = [_named(analysis, one) for one in analysis.occurrences]
    found = (one for one in _overlaid(words, named) if one.type is not None)
    return [line for one in found for line in _lines(source, one)]


def _named(analysis: Analysis, one: Occurrence) -> Piece:
    symbol = one.symbol
    modifiers: list[Modifier] = []
    if symbol.span == one.span:
        modifiers.append("declaration")
    if symbol.sort in ("let", "input", "axis"):
        modifiers.append("readonly")
    if analysis.loader.is_standard(symbol.span.source):
        modifiers.append("defaultLibrary")
    return Piece(one.span.start, one.span.end, _SORTS[symbol.sort], tuple(modifiers))


def _pieces(source: Source, lexed: Lexed, *, expression: bool = False) -> Iterator[Piece]:
    """What the tokens of a file or an expression are by themselves."""
    kinds = ["NL", *(token.kind for token in lexed.tokens), "NL"]
    for number, (token, frame) in enumerate(framed(source, lexed, expression=expression), 1):
        around = kinds[number - 1], kinds[number + 1]
        if token.kind in _TEXTS:
            compared = not _COMPARISONS.isdisjoint(around)
            key = around[1] == "ASSIGN" and not frame.entry
            kind = None if compared or key else _wanted(source, frame)
            yield from _text(source, lexed, token, kind, key=key)
        elif token.kind in ("NUMBER", "DURATION"):
            yield Piece(token.start, token.end, "number")
        elif token.kind in CONTINUED:
            yield Piece(token.start, token.end, "operator")
        elif _NAME.fullmatch(source.text, token.start, token.end):
            yield _word(source, token, frame, around)


def _wanted(source: Source, frame: Frame) -> Type | None:
    """The type of what stands here. `run` takes a script."""
    if frame.opener == "LPAR":  # of calls, or around an expression
        return parameter_type(frame.callee, None)
    if [token.kind for token in frame.entry] == ["RUN"]:
        return Shell(tagged=True)
    return wanted(source, frame)


def _word(source: Source, token: Token, frame: Frame, around: tuple[str, str]) -> Piece:
    """A word by its place; what it names, if anything, counts more."""
    text = source.text[token.start : token.end]
    before, after = around
    own: tuple[TokenType | None, tuple[Modifier, ...]] = (None, ())
    if before == "DOT":
        own = ("property", ())
    elif after == "ASSIGN" and not frame.entry:
        own = ("parameter" if frame.opener == "LPAR" else "property", ())
    elif token.kind in _CONSTANTS or _is_keyword(text, frame):
        own = ("keyword", ())
    elif after == "LPAR" and (text in CONDITION_BY_NAME or text in PROVIDER_BY_NAME):
        own = ("function", ("defaultLibrary",))
    elif text in BY_NAME and isinstance(_wanted(source, frame), ExecutorT):
        own = ("class", ("defaultLibrary",))
    elif text in ROOTS and after == "DOT":
        own = ("variable", ("defaultLibrary",))
    return Piece(token.start, token.end, *own)


def _is_keyword(text: str, frame: Frame) -> bool:
    if not frame.entry:
        return text in _WORDS and frame.opener in ("", "LBRACE")
    return text == "as" and [token.kind for token in frame.entry[:1]] == ["IMPORT"]


# --- texts ------------------------------------------------------------------------------


def _text(
    source: Source, lexed: Lexed, token: Token, kind: Type | None, *, key: bool
) -> Iterable[Piece]:
    """A text: its quotes and what is between them. Scripts are shell text where they are."""
    if key:
        return [Piece(token.start, token.end, "property")]
    whole = [Piece(token.start, token.end, "string")]
    if token.kind == "TEXT":
        return _raw(source, lexed, token)
    if isinstance(kind, Choice) or _has_choice(kind):
        return [Piece(token.start, token.end, "enumMember")]
    start, end = token.start + 1, token.end - lexed.unclosed.get(token.start, 1)
    if isinstance(kind, Shell | ConditionT):
        origin = TextMap(source, ((0, start),))
        text = source.text[start:end]
        if token.kind == "STRING":
            decoded = strings.decoded_text(source, start, end, Errors())
            origin, text = decoded.map, decoded.value
        inside = [Piece(start, end, None)] if end > start else []
        return _overlaid(_overlaid(whole, inside), _shell(text, origin))
    return _overlaid(whole, _inside(source, start, end)) if token.kind == "STRING" else whole


def _has_choice(kind: Type | None) -> bool:
    return isinstance(kind, Union) and any(isinstance(one, Choice) for one in kind.options)


def _inside(source: Source, start: int, end: int) -> Iterator[Piece]:
    """The escapes and expressions of a string."""
    for first, last, is_expression in strings.stretches(source.text, start, end):
        if is_expression:
            closed = last - (source.text[last - 1] == "}" and last - first > 2)
            yield Piece(first, first + 2, "operator")
            inner = lex(source, Errors(), first + 2, closed)
            under = [Piece(first + 2, closed, None)] if closed > first + 2 else []
            yield from _overlaid(under, _pieces(source, inner, expression=True))
            if closed < last:
                yield Piece(closed, last, "operator")
        else:
            for match in _ESCAPE.finditer(source.text, first, last):
                yield Piece(*match.span(), "operator")


def _raw(source: Source, lexed: Lexed, token: Token) -> Iterator[Piece]:
    """A raw text. Other languages than the shell's are left to the editor's own grammars."""
    opening = _QUOTES.match(source.text, token.start, token.end)
    assert opening is not None
    closing = lexed.unclosed.get(token.start, opening.end() - token.start)
    node = rawtext.raw_text(Span(source, token.start, token.end), closing, Errors())
    yield Piece(*opening.span(), "string")
    if node.tag is not None:
        yield Piece(node.tag.span.start, node.tag.span.end, "keyword")
    if node.tag is None or node.tag.text in _SHELLS:
        yield from _shell(node.value, node.map)
    if closing and token.end - closing >= opening.end():
        yield Piece(token.end - closing, token.end, "string")


def _shell(text: str, origin: TextMap) -> list[Piece]:
    found = []
    for start, end, sort in shell.pieces(text):
        span = origin.span(start, end)
        found.append(Piece(span.start, span.end, sort))
    return found


# --- stretches --------------------------------------------------------------------------


def _overlaid(under: Sequence[Piece], over: Iterable[Piece]) -> list[Piece]:
    """Both, in order, with what is under cut where something is over it."""
    found: list[Piece] = []
    rest = iter(under)
    current = next(rest, None)
    for upper in over:
        while current is not None and current.start < upper.end:
            if current.start < upper.start:
                found.append(current._replace(end=min(current.end, upper.start)))
            if current.end > upper.end:
                current = current._replace(start=upper.end)
            else:
                current = next(rest, None)
        found.append(upper)
    if current is not None:
        found.append(current)
    found.extend(rest)
    return found


def _lines(source: Source, piece: Piece) -> Iterator[Piece]:
    start = piece.start
    if source.text.find("\n", start, piece.end) < 0:
        yield from (piece,) if piece.end > start else ()
        return
    for line in source.text[piece.start : piece.end].split("\n"):
        if line:
            yield piece._replace(start=start, end=start + len(line))
        start += len(line) + 1
