"""What is no Python, and what only ours may be too old for."""

from __future__ import annotations

import sys

import pytest

from nixc.diagnostics import Diagnostic, Severity
from nixc.ir.model import Interpreter, Script
from nixc.ir.texts import ShellText
from nixc.rules import python_syntax
from nixc.source import Source, Span, TextMap


def found(text: str, interpreter: Interpreter = Interpreter.PYTHON) -> list[Diagnostic]:
    source = Source("x.nxa", text)
    script = Script(Span(source, 0, len(text)), text, interpreter, TextMap(source, ((0, 0),)))
    return list(python_syntax.check(ShellText(script, "step", frozenset())))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "print('a')",
        "#!/usr/bin/python3\nx = 1",
        "x = '\\d'",
        "1 is 1",
        "é = 1",
        "x = 1\r\ny = 2",
    ],
)
def test_python(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("x = (1", "("),
        ("a = 1\rb c", "c"),
        ('x = "abc', '"abc'[:1]),
        ("\n\nreturn", "return"),
        ("x = 1 +", ""),
        ("if x:\n  y\n z", "z"),
        ("😀 = 1", "😀"),
        ("x = 1 1", "1 1"[2:]),
        ("from __future__ import braces", "from"),
    ],
)
def test_no_python(text: str, place: str) -> None:
    (one,) = found(text)
    assert (one.severity, one.span.text) == (Severity.ERROR, place)


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="this Python knows them")
def test_what_a_newer_python_may_know_is_a_warning() -> None:
    (one,) = found("try:\n  pass\nexcept A, B:\n  pass\n")
    assert (one.severity, one.span.source.text[one.span.start]) == (Severity.WARNING, "A")
    assert one.help is not None
    assert "a newer one may know" in one.help


@pytest.mark.parametrize("text", ["(" * 1000, "-" * 100_000 + "1", "+".join("1" * 100_000)])
def test_hostile_texts(text: str) -> None:
    assert len(found(text)) <= 1


def test_other_languages_are_left_alone() -> None:
    assert found("if (", Interpreter.RUBY) == []
