"""`assert_never`, which typing has only from Python 3.11 on."""

from __future__ import annotations

from typing import NoReturn


def assert_never(value: NoReturn) -> NoReturn:
    """Closes a match over a union: a type checker refuses it while a member is left.

    Raises AssertionError: reached, it is a bug of nixc.
    """
    raise AssertionError(f"unexpected {type(value).__name__}: {value!r}")
