"""Mends brackets that do not match, so that one missing bracket is one error.

Indentation tells what was meant: a `{` whose `}` is indented less than the line that opened it
lacks its own, and a `}` that is indented more than the opening line is one too many.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import islice

from nixc.diagnostics import Label, shortened
from nixc.records import dataclass, field
from nixc.source import Source, Span
from nixc.syntax.errors import Errors
from nixc.syntax.heads import head_length, is_head, stray_braces
from nixc.syntax.tokens import CLOSERS, CONTINUED, END, OPENERS, Token

#: After so many tokens looked at, what is left is mended without a look at the indentation.
_BUDGET = 400_000

#: How many tokens of a line are looked at to see whether a bracket is closed on it.
_LOOK = 200

#: More stray `{` are no slips of the pen.
_MOST_STRAY = 10

_SIGNS = {"LBRACE": "{", "RBRACE": "}", "LPAR": "(", "RPAR": ")", "LSQB": "[", "RSQB": "]"}


def mend_brackets(source: Source, errors: Errors, tokens: list[Token]) -> list[Token]:
    """The tokens with matching brackets; each mended one is reported."""
    budget = _BUDGET
    tokens = _without_stray(source, errors, tokens)
    tokens = _Brackets(source, errors, tokens).mended()
    while True:
        braces = _match_braces(source, tokens)
        budget -= len(tokens)
        if not (braces.unclosed or braces.surplus):
            return tokens
        if budget < 0 or errors.full:
            return _mend_rest(source, errors, tokens, braces)
        mended = _mend_one(source, errors, tokens, braces)
        if mended is None:
            return _mend_rest(source, errors, tokens, braces)
        tokens = mended


def _without_stray(source: Source, errors: Errors, tokens: list[Token]) -> list[Token]:
    """The tokens without a `{` where an entry begins, if some are never closed: none begins so."""
    unclosed = len(_match_braces(source, tokens).unclosed)
    stray = list(islice(stray_braces(tokens), unclosed))
    if len(stray) > _MOST_STRAY:
        return tokens  # nested too deep, or nothing that anybody wrote by hand
    for place in stray:
        span = Span(source, tokens[place].start, tokens[place].end)
        errors.add("NX101", 'unexpected "{"', span)
        errors.doubt_line(span)
    return _edited(tokens, [], set(stray))


def _mend_one(
    source: Source, errors: Errors, tokens: list[Token], braces: _Braces
) -> list[Token] | None:
    """Mend the first brace that the indentation speaks of; None if there is none."""
    if braces.unclosed:
        lacking = braces.lacking
        if lacking is None:
            lacking = _left_behind(source, tokens, braces.unclosed)
        return None if lacking is None else _close_block(source, errors, tokens, lacking)
    closer = braces.surplus[0] if braces.excess is None else braces.excess
    if _is_stray(tokens, closer):
        return _without(source, errors, tokens, [closer])
    opened = _opened(source, errors, tokens, closer)
    if opened is None and braces.excess is not None:
        return _without(source, errors, tokens, [closer])
    return opened


def _is_stray(tokens: list[Token], closer: int) -> bool:
    """Whether a surplus `}` stands before something else on its line, where no block ends."""
    behind = next((token.kind for token in tokens[closer + 1 : closer + 2]), END)
    if behind in CLOSERS or behind in ("NL", "COMMA", END):
        return False
    depth = 0
    for token in islice(tokens, closer + 1, None):
        if token.kind == "NL":
            break
        depth += (token.kind == "LBRACE") - (token.kind == "RBRACE")
        if depth < 0:
            return False  # `job a } run "x" }`: it is the wrong way round
    return True


def _left_behind(source: Source, tokens: list[Token], unclosed: list[int]) -> int | None:
    """The first unclosed `{` after which a line goes back to the indentation of its own."""
    # One pass from the end: how far left any later line begins.
    leftmost = len(source.text)
    found = None
    rest = set(unclosed)
    for index in range(len(tokens) - 1, -1, -1):
        if index in rest and leftmost <= source.indent(tokens[index].start):
            found = index
        if index and tokens[index - 1].kind == "NL" and tokens[index].kind != "NL":
            leftmost = min(leftmost, source.indent(tokens[index].start))
    return found


def _opened(source: Source, errors: Errors, tokens: list[Token], closer: int) -> list[Token] | None:
    """Put in the `{` that a surplus `}` belongs to, if a head without one stands above it."""
    indent = source.indent(tokens[closer].start)
    line_end = closer
    for index in range(closer - 1, -1, -1):
        if tokens[index].kind == "NL":
            line_end = index
        if (index and tokens[index - 1].kind != "NL") or tokens[index].kind == "NL":
            continue
        if source.indent(tokens[index].start) > indent:
            continue
        line = tokens[index:line_end]
        if not is_head([token.kind for token in line]):
            return None
        start = index + head_length([token.kind for token in line])
        last = tokens[start - 1]
        span = Span(source, last.start, last.end)
        errors.add("NX101", f'expected "{{" after "{shortened(span.text)}"', span)
        brace = Token("LBRACE", last.end, last.end)
        return [*tokens[:start], brace, *tokens[start + _is_turned(source, tokens, start) :]]
    return None


def _is_turned(source: Source, tokens: list[Token], place: int) -> bool:
    """Whether there is a `}` where a `{` should be: before a line that is indented more."""
    if tokens[place].kind != "RBRACE" or tokens[place + 1 : place + 2] == []:
        return False
    following = next((t for t in tokens[place + 1 :] if t.kind != "NL"), tokens[-1])
    return source.indent(following.start) > source.indent(tokens[place].start)


class _Brackets:
    """One pass over the tokens that closes each `(` and `[` and drops what closes nothing."""

    def __init__(self, source: Source, errors: Errors, tokens: list[Token]) -> None:
        self._source = source
        self._errors = errors
        self._tokens = tokens
        #: What is open, each with the index before which it ends if it is never closed.
        self._open: list[tuple[Token, int | None]] = []
        self._inserted: list[tuple[int, Token]] = []
        self._dropped: set[int] = set()
        self._previous = ""

    def mended(self) -> list[Token]:
        for index, token in enumerate(self._tokens):
            if token.kind == "NL":
                self._may_end(index)
                continue
            if token.kind in OPENERS:
                if token.kind == "LBRACE":
                    self._may_end(index)  # `action a(x {` means `(x) {`
                self._open.append((token, None))
            elif token.kind in CLOSERS:
                self._close(index, token)
            self._previous = token.kind
        while self._open:
            self._pop(len(self._tokens))
        return _edited(self._tokens, self._inserted, self._dropped)

    def _may_end(self, index: int) -> None:
        """Remember the first place where an open bracket's content could be complete."""
        if not self._open or self._open[-1][1] is not None:
            return
        opener = self._open[-1][0]
        if not _goes_on(self._previous) or self._is_left(index, opener):
            self._open[-1] = (opener, index)

    def _is_left(self, index: int, opener: Token) -> bool:
        """Whether the line behind the opening bracket is not indented more than its own."""
        if self._tokens[index - 1] is not opener or index + 1 >= len(self._tokens):
            return False
        following = self._source.indent(self._tokens[index + 1].start)
        return following <= self._source.indent(opener.start)

    def _close(self, index: int, closer: Token) -> None:
        if closer.kind == "RBRACE" and self._is_within(index):
            unexpected(self._source, self._errors, closer)
            self._dropped.add(index)
            return
        height = self._height_of(CLOSERS[closer.kind], closer.start)
        if height is not None:
            while len(self._open) > height + 1:
                self._pop(index)
            self._open.pop()
        elif closer.kind != "RBRACE":  # surplus braces are judged by indentation, later
            if index - 1 not in self._dropped:
                unexpected(self._source, self._errors, closer)
            self._dropped.add(index)

    def _is_within(self, index: int) -> bool:
        """Whether what is innermost is a `(` or `[` that is closed further on in the line."""
        if not self._open or self._open[-1][0].kind == "LBRACE":
            return False
        opener = self._open[-1][0]
        depth = 0
        for token in self._tokens[index + 1 : index + _LOOK]:
            if token.kind == "NL":
                return False
            depth += (token.kind in OPENERS) - (token.kind in CLOSERS)
            if depth < 0:
                return token.kind == OPENERS[opener.kind]
        return False

    def _height_of(self, opener: str, offset: int) -> int | None:
        """Where on the stack the bracket to close is; a `{` of another line shields the outer."""
        for height in range(len(self._open) - 1, -1, -1):
            kind = self._open[height][0].kind
            if kind == opener:
                return height
            if kind == "LBRACE" and _is_broken(self._source, self._open[height][0].start, offset):
                return None
        return None

    def _pop(self, index: int) -> None:
        """Close what is innermost, and report it."""
        opener, end = self._open.pop()
        if opener.kind == "LBRACE" and index == len(self._tokens):
            return  # judged by indentation, later
        span = Span(self._source, opener.start, opener.end)
        code = "NX102" if opener.kind == "LBRACE" else "NX111"
        self._errors.add(code, f'this "{_SIGNS[opener.kind]}" is never closed', span)
        self._errors.doubt_line(span)
        place = index if end is None else end
        tokens = self._tokens
        offset = tokens[place].start if place < len(tokens) else len(self._source.text)
        self._inserted.append((place, Token(OPENERS[opener.kind], offset, offset)))


def _goes_on(kind: str) -> bool:
    return kind in OPENERS or kind in CONTINUED or kind == "COMMA"


@dataclass
class _Braces:
    """Indices of braces: unclosed `{`, surplus `}`, and what the indentation speaks against."""

    unclosed: list[int] = field(default_factory=list)
    surplus: list[int] = field(default_factory=list)
    lacking: int | None = None
    excess: int | None = None


def _match_braces(source: Source, tokens: list[Token]) -> _Braces:
    found = _Braces()
    for index, token in enumerate(tokens):
        if token.kind == "LBRACE":
            found.unclosed.append(index)
        elif token.kind == "RBRACE" and not found.unclosed:
            found.surplus.append(index)
        elif token.kind == "RBRACE":
            opener = found.unclosed.pop()
            if token.start == token.end:
                continue  # put in by `_close_block`: where it stands says nothing
            if index and tokens[index - 1].kind == "NL":
                _compare(source, tokens, found, opener, index)
            elif found.excess is None and _is_broken(source, tokens[opener].start, token.start):
                found.excess = index  # a `}` within a line closes what was opened on that line
    return found


def _compare(source: Source, tokens: list[Token], found: _Braces, opener: int, closer: int) -> None:
    """Note the first pair whose lines are indented differently."""
    opened = source.indent(tokens[opener].start)
    closed = source.indent(tokens[closer].start)
    if opened > closed and found.lacking is None:
        found.lacking = opener
    if opened < closed and found.excess is None:
        found.excess = closer


def _close_block(source: Source, errors: Errors, tokens: list[Token], opener: int) -> list[Token]:
    """Close a block before the first line that is not indented more than its opening one."""
    _report_unclosed(source, errors, tokens[opener])
    indent = source.indent(tokens[opener].start)
    place = opener + 1
    while place < len(tokens):
        starts_line = tokens[place - 1].kind == "NL" and tokens[place].kind != "NL"
        if starts_line and source.indent(tokens[place].start) <= indent:
            break
        place += 1
    offset = tokens[place].start if place < len(tokens) else len(source.text)
    mended = [Token("RBRACE", offset, offset), Token("NL", offset, offset)]
    return [*tokens[:place], *mended, *tokens[place:]]


def _mend_rest(source: Source, errors: Errors, tokens: list[Token], braces: _Braces) -> list[Token]:
    """Drop surplus `}` and close what is open at the end: that is one error, at the innermost."""
    if braces.unclosed:
        innermost = tokens[braces.unclosed[-1]]
        outer = [tokens[index] for index in braces.unclosed[-2:-5:-1]]
        _report_unclosed(source, errors, innermost, outer)
    offset = len(source.text)
    closers = [Token("RBRACE", offset, offset)] * len(braces.unclosed)
    return _without(source, errors, [*tokens, *closers], braces.surplus)


def _report_unclosed(
    source: Source, errors: Errors, opener: Token, outer: list[Token] | None = None
) -> None:
    labels = tuple(
        Label(Span(source, token.start, token.end), "nor is this one") for token in outer or []
    )
    span = Span(source, opener.start, opener.end)
    errors.add("NX102", 'this "{" is never closed', span, related=labels)
    errors.doubt_line(span)


def _without(source: Source, errors: Errors, tokens: list[Token], places: list[int]) -> list[Token]:
    for before, place in zip([-1, *places], places, strict=False):
        if before != place - 1 or not place:
            unexpected(source, errors, tokens[place])
    return _edited(tokens, [], set(places))


def unexpected(source: Source, errors: Errors, token: Token) -> None:
    """Report a bracket that closes nothing."""
    span = Span(source, token.start, token.end)
    errors.add("NX101", f'unexpected "{_SIGNS[token.kind]}": nothing is open that it closes', span)
    errors.doubt_line(span)


def _edited(
    tokens: list[Token], inserted: list[tuple[int, Token]], dropped: set[int]
) -> list[Token]:
    """The tokens with `inserted` put before their indices, in the order of closing."""
    before: dict[int, list[Token]] = {}
    for place, token in inserted:
        before.setdefault(place, []).append(token)
    edited: list[Token] = []
    for index, token in enumerate(tokens):
        edited += before.get(index, [])
        if index not in dropped:
            edited.append(token)
    return edited + before.get(len(tokens), [])


def _is_broken(source: Source, first: int, last: int) -> bool:
    """Whether a line ends between two offsets."""
    lines = source.line_starts
    return bisect_right(lines, first) != bisect_right(lines, last)
