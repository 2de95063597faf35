"""The LALR table: computed by Lark from `nixa.lark`, then kept as JSON in the user's cache.

Computing it costs about a quarter of a second (half of it the import of Lark), reading it back
a millisecond. It is data, not a pickle: a tampered file can at worst misread a workflow.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from hashlib import sha256

from nixc import cachefile
from nixc.records import dataclass
from nixc.resources import grammar_path

#: To be raised when the shape of `Table` changes: older cache files are then passed over.
_FORMAT = 2


@dataclass(frozen=True)
class Rule:
    """A production: what it becomes (its alias or name), its symbol, how many it takes."""

    action: str
    origin: str
    size: int


@dataclass(frozen=True)
class Table:
    """All that lexer and parser need to know of the grammar.

    An action of 0 or more is the state to go to, a negative one `~index` of the rule to reduce.
    """

    states: tuple[Mapping[str, int], ...]
    rules: tuple[Rule, ...]
    #: Start symbol -> (first state, accepting state).
    starts: Mapping[str, tuple[int, int]]
    #: Terminals that are fixed strings: name -> text.
    literals: Mapping[str, str]
    #: Terminals that are patterns, in the order in which they are tried: name -> regexp.
    patterns: Mapping[str, str]
    #: Terminals that the lexer drops.
    ignored: tuple[str, ...]


@cache
def table() -> Table:
    """The table of the grammar that this nixc carries."""
    grammar = (grammar_path() / "nixa.lark").read_bytes()
    name = f"table-{_FORMAT}-{sha256(grammar).hexdigest()[:24]}.json"
    cached = cachefile.read(name)
    if cached is not None:
        try:
            return _decode(cached)
        except (ValueError, TypeError, KeyError):
            pass  # cut off or not ours: computed anew and written over
    computed = compute(grammar.decode())
    cachefile.write(name, json.dumps(vars(computed), default=vars).encode())
    return computed


def compute(grammar: str, *, strict: bool = False) -> Table:
    """Let Lark compute the table; with `strict` every conflict raises (needs `interegular`)."""
    from lark import Lark
    from lark.lexer import PatternStr
    from lark.parsers.lalr_analysis import Shift

    starts = ["file", "expression"]
    lark = Lark(grammar, parser="lalr", lexer="basic", start=starts, strict=strict)
    found = lark.parse_interactive("", start="file").parser_state.parse_conf.parse_table
    index = {rule: number for number, rule in enumerate(lark.rules)}
    # Lark numbers states in no fixed order: here they are numbered as they are reached.
    numbers = {found.start_states[start]: number for number, start in enumerate(starts)}
    states: list[dict[str, int]] = []
    for state in (reached := list(numbers)):
        actions = {}
        for symbol, (kind, argument) in sorted(found.states[state].items()):
            if kind is Shift and argument not in numbers:
                numbers[argument] = len(numbers)
                reached.append(argument)
            actions[str(symbol)] = numbers[argument] if kind is Shift else ~index[argument]
        states.append(actions)
    terminals = sorted(lark.terminals, key=lambda terminal: -terminal.priority)
    fixed = [t for t in terminals if isinstance(t.pattern, PatternStr)]
    return Table(
        states=tuple(states),
        rules=tuple(
            Rule(str(r.alias or r.origin.name), str(r.origin.name), len(r.expansion))
            for r in lark.rules
        ),
        starts={s: (numbers[found.start_states[s]], numbers[found.end_states[s]]) for s in starts},
        literals={str(t.name): t.pattern.value for t in fixed},
        patterns={str(t.name): t.pattern.to_regexp() for t in terminals if t not in fixed},
        ignored=tuple(map(str, lark.ignore_tokens)),
    )


def _decode(data: bytes) -> Table:
    """Read a cached table; raises ValueError, TypeError or KeyError where it is none."""
    raw = json.loads(data)
    return Table(
        states=tuple(raw["states"]),
        rules=tuple(Rule(**rule) for rule in raw["rules"]),
        starts={symbol: (pair[0], pair[1]) for symbol, pair in raw["starts"].items()},
        literals=raw["literals"],
        patterns=raw["patterns"],
        ignored=tuple(raw["ignored"]),
    )
