"""Words: what bash makes of them is what went in."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nixc.backend.quote import array, joined, quote, variable

#: Anything that UTF-8 can say and a shell word can hold.
TEXTS = st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"]))


def through_bash(script: str) -> bytes:
    return subprocess.run(["bash", "-c", script], stdout=subprocess.PIPE, check=True).stdout


@settings(deadline=None, max_examples=60)
@given(st.lists(TEXTS, min_size=1, max_size=30))
def test_bash_gives_the_same_bytes_back(texts: list[str]) -> None:
    script = "\n".join(f"printf '%s\\0' {quote(text)}" for text in texts)
    assert through_bash(script) == b"".join(text.encode() + b"\0" for text in texts)


@settings(deadline=None, max_examples=60)
@given(st.lists(TEXTS, max_size=30))
def test_an_array_keeps_its_elements(texts: list[str]) -> None:
    script = f'a=({array(texts)})\nfor e in ${{a[@]+"${{a[@]}}"}}; do printf \'%s\\0\' "$e"; done'
    assert through_bash(script) == b"".join(text.encode() + b"\0" for text in texts)


def test_what_would_run_is_data() -> None:
    words = [
        "$(echo run)",
        "`echo run`",
        "${HOME}",
        "a; echo run",
        "'; echo run; '",
        "\\",
        "~",
        "*",
    ]
    script = " ".join(["printf '%s\\n'", *(str(quote(word)) for word in words)])
    assert through_bash(script).decode().splitlines() == words


def test_a_nul_is_refused() -> None:
    with pytest.raises(ValueError, match="NUL"):
        quote("a\0b")


def test_a_variable_reads_empty_when_unset() -> None:
    assert through_bash(f"set -u; printf '<%s>' {variable('NO_SUCH')}") == b"<>"
    assert through_bash(f"set -u; a=(x 'y z'); printf '<%s>' {variable('a[1]')}") == b"<y z>"


@pytest.mark.parametrize("name", ["", "1a", "a b", "a;b", "a[x]", "a}", "$(x)", "ä"])
def test_only_names_become_variables(name: str) -> None:
    with pytest.raises(ValueError, match="no variable"):
        variable(name)


def test_words_join_to_one() -> None:
    word = joined([quote("a b"), variable("X"), quote("'c'")])
    assert through_bash(f"X='1  2'; printf '<%s>' {word}") == b"<a b1  2'c'>"
    assert through_bash(f"printf '<%s>' {joined([])}") == b"<>"
