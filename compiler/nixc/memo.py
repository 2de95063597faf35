"""What was worked out of single objects, for the next round with mostly the same objects.

A job that was not lowered again is the same object as in the round before; what looks at no more
than such an object, and at what can be compared, need not be worked out again either.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class Memo:
    """Results of the last round, and nothing older."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, int], tuple[object, object, Any]] = {}
        self._now: dict[tuple[str, int], tuple[object, object, Any]] = {}

    def begin(self) -> None:
        """Begins the next round."""
        self._last, self._now = self._now, {}

    def of(self, what: str, one: object, about: object, make: Callable[[], T]) -> T:
        """What `make` gives for an object, or gave for this one in this round or the last.

        `what` is said of it; `about` is all else that `make` looks at, and is compared.
        """
        key = (what, id(one))
        found = self._now.get(key) or self._last.get(key)
        # The object is kept with the result: no other one has its id.
        if found is None or found[0] is not one or found[1] != about:
            found = (one, about, make())
        self._now[key] = found
        result: T = found[2]
        return result
