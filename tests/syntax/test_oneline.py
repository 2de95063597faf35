"""Expressions on one line."""

from __future__ import annotations

import pytest

from nixc.syntax.oneline import one_line
from tests.syntax.reading import value


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("always ( )", "always()"),
        ("a . b==! 'x'", "a.b == !'x'"),
        ('a && # why\n  !(b||\tc == "x  y")', 'a && !(b || c == "x  y")'),
        ("changed(\n  'a',\n  # why\n  'b',\n)", "changed('a', 'b')"),
        ('"""\n  [ -e x ] ||\n    true\n"""', '"""[ -e x ] || true"""'),
        ('""""a z\n  b"""" && c', '""""a z b"""" && c'),
        (
            "f({ a = [1 , 2,], b = { }\n  c=3\n}, g((x)))",
            "f({ a = [1, 2], b = {}, c = 3 }, g((x)))",
        ),
    ],
)
def test_one_line(text: str, line: str) -> None:
    assert one_line(value(text).span) == line
