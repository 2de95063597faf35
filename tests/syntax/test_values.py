"""Values and expressions."""

from __future__ import annotations

import pytest

from nixc.syntax import nodes
from tests.syntax.reading import errors, messages, shape, value


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("a == b && !c || d", "(((a == b) && !c) || d)"),
        ("!a == b", "(!a == b)"),
        ("a || b && c", "(a || (b && c))"),
        ("a && b && c && d", "(a && b && c && d)"),
        ("a || b || c", "(a || b || c)"),
        ("(a || b) && c", "((a || b) && c)"),
        ("!!a", "!!a"),
        ("(a == b) == c", "((a == b) == c)"),
        ("f(x).y", None),
        ("a &&\n  b ==\n c", "(a && (b == c))"),
    ],
)
def test_precedence(text: str, meant: str | None) -> None:
    if meant is None:
        assert errors(f"let x = {text}")
    else:
        assert shape(value(text)) == meant


def test_parentheses_belong_to_the_span_of_the_whole() -> None:
    whole = value("(a || b) && (c)")
    assert whole.span.text == "(a || b) && (c)"


@pytest.mark.parametrize("text", ["a == b == c", "a != b == c"])
def test_comparisons_do_not_chain(text: str) -> None:
    assert errors(f"let x = {text}\nlet y = 1") == [f"1:16 NX113 {text[7:9]}"]


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("500ms", 500),
        ("30s", 30_000),
        ("5m", 300_000),
        ("2h", 7_200_000),
        ("1h30m", 5_400_000),
        ("1h1m1s1ms", 3_661_001),
        ("0s", 0),
    ],
)
def test_durations(text: str, milliseconds: int) -> None:
    found = value(text)
    assert isinstance(found, nodes.Duration)
    assert (found.milliseconds, found.span.text) == (milliseconds, text)


def test_integers() -> None:
    found = value(f"[0, 7, -5, {2**63 - 1}]")
    assert isinstance(found, nodes.ListValue)
    assert [n.value for n in found.items if isinstance(n, nodes.Number)] == [0, 7, -5, 2**63 - 1]


@pytest.mark.parametrize(
    "text",
    [
        "1.5",
        "3.10",
        "30x",
        "1d",
        "007",
        "30m1h",
        "1h1h",
        "-1h",
        "9" * 20,
        "9" * 5000,
        "9" * 30 + "h",
    ],
)
def test_malformed_numbers_are_one_error(text: str) -> None:
    assert errors(f"let x = [{text}, 2]") == [f"1:10 NX112 {text}"]


def test_keywords_are_names_elsewhere() -> None:
    found = value('{ run = "1", job = needs.run.result, "step" = input.use, true = 1, as = as }')
    assert isinstance(found, nodes.ObjectValue)
    assert [entry.key.span.text for entry in found.entries] == [
        "run",
        "job",
        '"step"',
        "true",
        "as",
    ]


def test_calls_and_executors() -> None:
    call = value('file(".env", required = false,)')
    assert isinstance(call, nodes.Call)
    assert [argument.name and argument.name.text for argument in call.arguments] == [
        None,
        "required",
    ]
    executor = value('ssh {\n host = "x"\n\n user = "ci", port = 22\n}')
    assert isinstance(executor, nodes.ExecutorValue)
    assert [field.name.text for field in executor.fields] == ["host", "user", "port"]


@pytest.mark.parametrize(
    "text",
    ["[]", "[1,]", "[\n1\n,\n2\n]", "{}", "{\n}", "{ a = 1, }", "{ a = 1\n\n, b = 2,\n c = 3\n}"],
)
def test_separators(text: str) -> None:
    assert isinstance(value(text), nodes.ListValue | nodes.ObjectValue)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("let x = ", 'expected a value after "="'),
        ("let x = )", 'unexpected ")": nothing is open that it closes'),
        ("let x = [1 2]", 'expected "," before "2"'),
        ("let x 5", 'expected "=" after "x", found "5"'),
        ("let x = 5 let y = 6", 'expected a line break or "," before "let"'),
        ('let "x" = 5', 'expected a name after "let", found "x"'),
        ("let x = a = b", 'unexpected "=" after "a"'),
        ("let x = a & b", 'unexpected "&" after "a"'),
        ("use = 5;", 'unexpected ";" after "5"'),
    ],
)
def test_messages(text: str, message: str) -> None:
    assert messages(text)[0] == message
