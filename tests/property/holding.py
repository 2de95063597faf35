"""How properties are tried: with seeds that stay the same, in parts that run side by side.

NIXC_SEED=n tries other examples; what fails names its seed.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

T = TypeVar("T")

#: Added to the number of each part.
SEED = int(os.environ.get("NIXC_SEED", "0")) * 1000

#: Parts of a property; pytest-xdist spreads them over its workers.
parts = pytest.mark.parametrize("part", range(4))


def hold(examples: SearchStrategy[T], check: Callable[[T], None], *, part: int, count: int) -> None:
    """Tries a property with `count` examples; fails with the smallest one that breaks it."""
    print(f"part {part} of NIXC_SEED={SEED // 1000}")

    @seed(SEED + part)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(examples)
    def holds(example: T) -> None:
        check(example)

    holds()
