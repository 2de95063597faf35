"""What quoting makes of a text is that text again, byte for byte, in every bash."""

from __future__ import annotations

import subprocess
from functools import partial
from itertools import product

import pytest
from hypothesis import strategies as st

from nixc.backend.quote import array, joined, quote
from tests.e2e.runs import BASHES
from tests.property.holding import hold, parts

#: Anything that UTF-8 can say and a shell word can hold; what shells care about more often.
CHARACTERS = st.one_of(
    st.sampled_from("'\"\\$`!*?[]{}()<>|&;#~=-%^ \t\n\r\x01\x7f\u0080\u00a0\u2028"),
    st.characters(blacklist_characters="\0", blacklist_categories=["Cs"]),
)
TEXTS = st.lists(st.text(CHARACTERS, max_size=30), min_size=1, max_size=100)

shells = pytest.mark.parametrize("shell", BASHES)


def told(shell: str, script: str) -> list[str]:
    """What a script prints, cut at each NUL."""
    ran = subprocess.run(
        [shell], input=script.encode(), stdout=subprocess.PIPE, check=True, env={"LC_ALL": "C"}
    )
    assert ran.stdout.endswith(b"\0")
    return ran.stdout.decode().split("\0")[:-1]


def gives_back(shell: str, texts: list[str]) -> None:
    """Words one by one, joined, and as the elements of an array."""
    script = [f"printf '%s\\0' {quote(text)}" for text in texts]
    script.append(f"printf '%s\\0' {joined(map(quote, texts))}")
    script.append(f"a=({array(texts)})\nprintf '%s\\0' \"${{a[@]}}\"")
    assert told(shell, "\n".join(script)) == [*texts, "".join(texts), *texts]


@shells
@parts
def test_any_texts(shell: str, part: int) -> None:
    hold(TEXTS, partial(gives_back, shell), part=part, count=60)


@shells
def test_every_character_below_256_and_every_pair_of_special_ones(shell: str) -> None:
    characters = [chr(number) for number in range(1, 256)]
    special = "'\"\\$`!*?[{(<|&;#~= \n"
    gives_back(shell, characters + ["".join(pair) for pair in product(special, repeat=2)])
