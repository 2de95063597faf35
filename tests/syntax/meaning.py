"""What must stay when a source is laid out anew."""

from __future__ import annotations

from random import Random

from nixc.records import is_record, names_of
from nixc.source import Source, Span, TextMap
from nixc.syntax import entries, parse
from nixc.syntax.errors import Errors
from nixc.syntax.lexer import lex
from nixc.syntax.tokens import CONTINUED

_PASSED = (CONTINUED - {"NOT"}) | {"NL", "COMMA"}


def meaning(text: str) -> object:
    """The tree of a text, documentation included, without places and comments."""
    result = parse(Source("x.nxa", text))
    assert result.diagnostics == ()
    return _bare(result.file.entries)


def _bare(value: object) -> object:
    if isinstance(value, tuple):
        return [_bare(each) for each in value]
    if isinstance(value, Span | TextMap):
        return None
    if is_record(value):
        inner = [getattr(value, name) for name in names_of(value)]
        return [type(value).__name__, *map(_bare, inner)]
    return value


def reading_order(text: str) -> list[str]:
    """The tokens and comments of a text in their order: no comment has passed a word or a bracket.

    Commas, `=` and binary operators are left out: a comment before one may go behind it. Of a raw
    text only its place counts; what it says is in `meaning`.
    """
    source = Source("x.nxa", text)
    lexed = lex(source, Errors())
    found = [(start, text[start:end].rstrip()) for start, end in lexed.comments]
    for kind, start, end in lexed.tokens:
        if kind not in _PASSED:
            found.append((start, kind if kind == "TEXT" else text[start:end]))
    return [each for _, each in sorted(found)]


def commented(text: str) -> set[tuple[str, int]]:
    """Each comment on a line of its own, with the number of the entry that it stands above: the one
    whose documentation it is, or in which it silences codes."""
    source = Source("x.nxa", text)
    file = parse(source).file
    numbers: dict[int, int] = {}
    for number, span in enumerate(entries.spans(file.entries)):
        numbers.setdefault(span.start, number)
    lines = text.split("\n")
    found = set()
    for comment in file.comments:
        line = source.position(comment.span.start).line
        if not lines[line - 1].lstrip(" \t").startswith("#"):
            continue
        while lines[line : line + 1] and lines[line].lstrip(" \t").startswith("#"):
            line += 1
        if lines[line : line + 1]:
            start = source.line_starts[line] + len(lines[line]) - len(lines[line].lstrip(" \t"))
            if start in numbers:
                found.add((comment.text.rstrip(), numbers[start]))
    return found


def untidied(text: str, random: Random) -> str:
    """A text with other white space between its tokens; its lines stay lines."""
    source = Source("x.nxa", text)
    lexed = lex(source, Errors())
    pieces = [(start, end) for _, start, end in lexed.tokens] + lexed.comments
    blanks = ("", " ", "   ", "\t")
    written = ""
    for start, end in sorted(pieces):
        is_break = text[start:end] == "\n"
        written += text[start:end] + random.choice(blanks if is_break else blanks[1:])
    return written + "\n" * random.randrange(3)
