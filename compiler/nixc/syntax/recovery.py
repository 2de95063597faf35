"""Going on after a syntax error: mend what one token mends, else give up one entry.

Each call of `recover` either gets the parser past the broken token or gives it a place further
on, so a file has at most as many errors as tokens.
"""

from __future__ import annotations

from typing import NamedTuple

from nixc.diagnostics import shortened
from nixc.source import Source, Span
from nixc.syntax.errors import Errors
from nixc.syntax.expected import ENTRY, complaint, shown
from nixc.syntax.mending import Edit, declared, mended
from nixc.syntax.partial import kept
from nixc.syntax.stack import Stack
from nixc.syntax.table import table
from nixc.syntax.tokens import CLOSERS, CONTINUED, END, OPENERS, Token

#: So many errors at one place mean that going on does not get anywhere.
_STUCK = 10

#: What is given up as a whole; the parser goes on behind it.
_UNITS = ("entry", "object_entry", "field", "item", "argument", "parameter")
_IN_BRACES = _UNITS[:3]


class Stopped(Exception):
    """There is no going on: too many errors, or nothing that could be given up."""


class _Unit(NamedTuple):
    """What is to be given up: its symbol, how much of the stack is before it, what it opened."""

    symbol: str
    height: int
    depth: int


def recover(source: Source, tokens: list[Token], place: int, stack: Stack, errors: Errors) -> int:
    """Report the token at `place`; the place to go on at. May edit tokens and stack."""
    offset, count = stack.last_error
    stack.last_error = (tokens[place].start, count + 1 if offset == tokens[place].start else 1)
    if stack.last_error[1] > _STUCK:
        raise Stopped
    if _is_value_on_next_line(source, tokens, place):
        unit = _unit(stack)
        if unit and unit.symbol in _IN_BRACES and not unit.depth:
            return _resume_at_line(source, tokens, place - 1, stack, errors, unit)
    if _is_misspelt(source, tokens, place, stack, errors):
        return place - 1
    edit = mended(source, tokens, place, stack)
    _report(source, tokens, place, stack, errors, edit)
    if edit is not None:
        tokens[place : place + edit.removed] = edit.inserted
        return place
    stack.settle()
    unit = _unit(stack)
    if unit is None:
        raise Stopped
    return _give_up(source, tokens, place, stack, unit)


def _report(
    source: Source,
    tokens: list[Token],
    place: int,
    stack: Stack,
    errors: Errors,
    edit: Edit | None,
) -> None:
    token = tokens[place]
    if token.kind in CLOSERS and token.start == token.end:
        return  # a bracket that was missing: reported at its opening one
    if errors.is_reported(token.start):
        return
    before = place - 1
    while before >= 0 and tokens[before].start == tokens[before].end:
        before -= 1
    previous = tokens[before] if before >= 0 else None
    wanted = stack.acceptable()
    if stack.accepts(["RUN", "STRING"]):
        wanted.add(ENTRY)
    found = complaint(source, previous, token, wanted)
    advice = "names stand without quotes" if edit and edit.is_unquoted else found.help
    at = previous if previous and found.at_previous else token
    errors.add(found.code, found.message, Span(source, at.start, at.end), advice)
    if errors.full:
        raise Stopped


def _is_misspelt(
    source: Source, tokens: list[Token], place: int, stack: Stack, errors: Errors
) -> bool:
    """Whether the entry began with almost a keyword, which is then reported and made one."""
    unit = _unit(stack)
    if unit is None or unit.symbol != "entry" or unit.height != len(stack.values) - 1:
        return False
    meant = declared(source, tokens, place - 1)
    if meant is None:
        return False
    span = Span(source, tokens[place - 1].start, tokens[place - 1].end)
    words = " ".join(shortened(source.text[t.start : t.end]) for t in meant[1:])
    advice = f'did you mean "{table().literals[meant[0].kind]}{" " * bool(words)}{words}"?'
    errors.add("NX101", f'unknown declaration "{shortened(span.text)}"', span, advice)
    if errors.full:
        raise Stopped
    stack.cut(unit.height)
    tokens[place - 1 : place] = meant
    return True


def _is_value_on_next_line(source: Source, tokens: list[Token], place: int) -> bool:
    """Whether the token before was taken for a value because a line ended with `=`.

    In `needs =` and then, on the next line, `timeout = 1h`, the error shows at the second `=`.
    """
    if place < 2 or tokens[place - 2].kind not in CONTINUED:
        return False
    operator, value = tokens[place - 2], tokens[place - 1]
    is_word = source.text[value.start : value.start + 1].isidentifier()
    return is_word and "\n" in source.text[operator.end : value.start]


def _resume_at_line(
    source: Source, tokens: list[Token], place: int, stack: Stack, errors: Errors, unit: _Unit
) -> int:
    """Report the value that is missing before the line at `place`, and read that line anew."""
    operator = tokens[place - 1]
    message = f"expected a value after {shown(source, operator)}"
    errors.add("NX110", message, Span(source, operator.start, operator.end))
    if errors.full:
        raise Stopped
    tokens.insert(place, Token("NL", operator.end, operator.end))
    return _give_up(source, tokens, place, stack, unit)


def _unit(stack: Stack) -> _Unit | None:
    """The innermost unit that the parser is in."""
    states = table().states
    depth = 0
    for height in range(len(stack.values), -1, -1):
        goto = states[stack.states[height]]
        for symbol in _UNITS:
            if symbol in goto and depth >= 0:  # below 0: in a bracket that is closed by now
                return _Unit(symbol, height, depth)
        value = stack.values[height - 1] if height else None
        if isinstance(value, Token):
            depth += (value.kind in OPENERS) - (value.kind in CLOSERS)
    return None


def _give_up(source: Source, tokens: list[Token], place: int, stack: Stack, unit: _Unit) -> int:
    """Put what is known of the unit in its place; where the parser goes on behind it."""
    ends = ("NL", "COMMA") if unit.symbol in _IN_BRACES else ("COMMA",)
    stop = _unit_end(tokens, place, unit.depth, ends)
    if unit.symbol == "entry" and unit.height < len(stack.values):
        stop = _block_end(source, tokens, stack.starts[unit.height], stop)
    parts = stack.values[unit.height :]
    start = stack.starts[unit.height] if parts else tokens[stop].start
    end = max(start, tokens[stop - 1].end if stop else start)
    value = kept(unit.symbol, parts, Span(source, start, end))
    stack.cut(unit.height)
    stack.push(table().states[stack.states[-1]][unit.symbol], value, start, end)
    return stop


def _unit_end(tokens: list[Token], place: int, depth: int, ends: tuple[str, ...]) -> int:
    """The separator or closing bracket behind what began `depth` brackets further out."""
    while True:
        kind = tokens[place].kind
        if kind == END or (depth == 0 and (kind in CLOSERS or kind in ends)):
            return place
        depth += (kind in OPENERS) - (kind in CLOSERS)
        place += 1


def _block_end(source: Source, tokens: list[Token], start: int, stop: int) -> int:
    """The end of the lines below an entry that are indented more, as a text without quotes is."""
    indent = source.indent(start)
    while tokens[stop].kind == "NL" and tokens[stop + 1].kind not in CLOSERS:
        following = tokens[stop + 1]
        if following.kind == END or source.indent(following.start) <= indent:
            break
        stop = _unit_end(tokens, stop + 1, 0, ("NL",))
    return stop
