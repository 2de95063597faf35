"""Words: data stays data. That any text comes back: tests/property/test_quoting.py."""

from __future__ import annotations

import subprocess

import pytest

from nixc.backend.quote import joined, quote, variable


def through_bash(script: str) -> bytes:
    return subprocess.run(["bash", "-c", script], stdout=subprocess.PIPE, check=True).stdout


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
