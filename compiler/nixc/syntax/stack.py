"""The parser's stack, and what it would accept next."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nixc.syntax.table import table
from nixc.syntax.tokens import END


class Stack:
    """States with the values and places of what led to them; `states` has one more, the first."""

    def __init__(self, start: str) -> None:
        first, self.accepting = table().starts[start]
        #: Where the last error was, and how many there were at that place.
        self.last_error = (-1, 0)
        self.states: list[int] = [first]
        self.values: list[Any] = []
        self.starts: list[int] = []
        self.ends: list[int] = []

    def push(self, state: int, value: Any, start: int, end: int) -> None:
        self.states.append(state)
        self.values.append(value)
        self.starts.append(start)
        self.ends.append(end)

    def cut(self, height: int) -> None:
        """Drop all above the first `height` values."""
        del (
            self.states[height + 1 :],
            self.values[height:],
            self.starts[height:],
            self.ends[height:],
        )

    def settle(self) -> None:
        """Take in the separator on top, as if the next entry had begun: the table waits for what
        comes behind it."""
        grammar = table()
        action = grammar.states[self.states[-1]].get("NAME", 0)
        rule = grammar.rules[~action] if action < 0 else None
        if rule and rule.origin == "separator" and rule.size == 1:
            value, start, end = self.values[-1], self.starts[-1], self.ends[-1]
            self.cut(len(self.values) - 1)
            self.push(grammar.states[self.states[-1]][rule.origin], value, start, end)

    def accepts(self, kinds: Iterable[str]) -> bool:
        """Whether these tokens could come next, one after the other."""
        states = list(self.states)
        return all(self._step(states, kind) for kind in kinds)

    def acceptable(self) -> set[str]:
        """The terminals one of which could come next."""
        kinds = {kind for kind in table().states[self.states[-1]] if kind.isupper() or kind == END}
        return {kind for kind in kinds if self.accepts([kind])}

    def _step(self, states: list[int], kind: str) -> bool:
        grammar = table()
        while True:
            action = grammar.states[states[-1]].get(kind)
            if action is None:
                return False
            if action >= 0:
                states.append(action)
                return True
            rule = grammar.rules[~action]
            if rule.size:
                del states[-rule.size :]
            states.append(grammar.states[states[-1]][rule.origin])
            if kind == END and states[-1] == self.accepting:
                return True
