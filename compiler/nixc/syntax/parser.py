"""The LALR automaton: tokens -> nodes, by the table that Lark computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from nixc.records import dataclass
from nixc.source import Source, Span
from nixc.syntax import nodes
from nixc.syntax.build import Builder, Parts
from nixc.syntax.errors import Errors
from nixc.syntax.recovery import Stopped, recover
from nixc.syntax.stack import Stack
from nixc.syntax.table import table
from nixc.syntax.tokens import END, Token

if TYPE_CHECKING:
    from nixc.syntax.kept import Kept


@dataclass(frozen=True)
class _Production:
    """A rule with what makes its value; None passes its first part on."""

    origin: str
    size: int
    build: Callable[[Builder, Parts, Span], Any] | None


@cache
def _productions() -> list[_Production]:
    return [
        _Production(rule.origin, rule.size, getattr(Builder, rule.action, None))
        for rule in table().rules
    ]


@cache
def _chains() -> dict[tuple[int, int, str], int]:
    """Where productions that only pass a part on lead: the state below the part, the part's own
    and the next terminal -> the part's state at last. An expression is passed on six times."""
    return {}


def _passed_on(chains: dict[tuple[int, int, str], int], below: int, state: int, kind: str) -> int:
    """Follows one chain, and remembers it."""
    states, productions = table().states, _productions()
    chain = (below, state, kind)
    while (action := states[state].get(kind, 0)) < 0:
        production = productions[~action]
        if production.size != 1 or production.build is not None:
            break
        state = states[below][production.origin]
    chains[chain] = state
    return state


def parse_file(
    source: Source,
    tokens: list[Token],
    builder: Builder,
    errors: Errors,
    kept: Mapping[int, Kept],
) -> list[nodes.Entry]:
    """The entries of a file; broken ones are reported and left out. Brackets must match.

    `kept` are entries that were read before, by the offset at which they may be taken over.
    """
    stack = Stack("file")
    try:
        entries: list[nodes.Entry] = _run(source, tokens, builder, errors, stack, kept)
    except Stopped:
        entries = stack.values[0] if stack.values and isinstance(stack.values[0], list) else []
    return entries


def parse_expression(
    source: Source, tokens: list[Token], builder: Builder, errors: Errors
) -> nodes.Expression | None:
    """One expression; None if it is broken, which is then reported."""
    try:
        expression: nodes.Expression = _run(
            source, tokens, builder, errors, Stack("expression"), {}
        )
    except Stopped:
        return None
    return expression


def _run(
    source: Source,
    tokens: list[Token],
    builder: Builder,
    errors: Errors,
    stack: Stack,
    kept: Mapping[int, Kept],
) -> Any:
    """Shift and reduce until all is one value. Raises Stopped where there is no going on."""
    table_states, productions, chains = table().states, _productions(), _chains()
    accepting = stack.accepting
    states, values, starts, ends = stack.states, stack.values, stack.starts, stack.ends
    place = 0
    token = tokens[0]
    while True:
        action = table_states[states[-1]].get(token.kind)
        if action is None:
            place = recover(source, tokens, place, stack, errors)
            token = tokens[place]
        elif kept and token.start in kept and (behind := _taken(kept, tokens, place, stack)):
            place, token = behind, tokens[behind]
        elif action >= 0:
            states.append(action)
            values.append(token)
            starts.append(token.start)
            ends.append(token.end)
            place += 1
            token = tokens[place]
        else:
            production = productions[~action]
            size = production.size
            if size == 1 and production.build is None:
                chain = (states[-2], states[-1], token.kind)
                states[-1] = chains.get(chain) or _passed_on(chains, *chain)
            else:
                if size == 1 and production.build is not None:
                    span = Span(source, starts[-1], ends[-1])
                    values[-1] = production.build(builder, values[-1:], span)
                    states.pop()
                elif size:
                    span = Span(source, starts[-size], ends[-1])
                    parts = values[-size:]
                    value = production.build(builder, parts, span) if production.build else parts[0]
                    del states[-size:], values[-size:], starts[-size:], ends[-size:]
                    values.append(value)
                    starts.append(span.first)
                    ends.append(span.last)
                else:
                    values.append([])
                    starts.append(token.start)
                    ends.append(token.start)
                states.append(table_states[states[-1]][production.origin])
            if states[-1] == accepting and token.kind == END:
                return values[-1]


def _taken(kept: Mapping[int, Kept], tokens: list[Token], place: int, stack: Stack) -> int:
    """Puts the entry of before on the stack that stands at `place`, if it is still the same and
    an entry may stand there; the place behind it, or 0."""
    goto = table().states[stack.states[-1]].get("entry")
    one = kept[tokens[place].start]
    behind = one.end(tokens, place) if goto is not None else 0
    if goto is not None and behind:
        stack.push(goto, one.entry, tokens[place].start, tokens[behind - 1].end)
    return behind
