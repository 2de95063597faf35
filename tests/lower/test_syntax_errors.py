"""Syntax errors and lowering: one mistake is one error."""

from __future__ import annotations

from nixc.lower import lower
from nixc.source import Source
from nixc.syntax import parse
from tests.lower.texts import NoImports


def codes(text: str) -> list[str]:
    parsed = parse(Source("test.nxa", text))
    lowered = lower(parsed.file, NoImports(), parsed.diagnostics)
    return [one.code[:3] for one in (*parsed.diagnostics, *lowered.diagnostics)]


def test_no_second_error_on_a_garbled_line() -> None:
    text = "workflow w {\n  job a {\n    use hello\n    run 'x'\n  }\n}\n"
    assert codes(text) == ["NX1"]


def test_errors_elsewhere_are_reported() -> None:
    text = "let x =\nworkflow w {\n  job a {\n    timeout = 5\n    run 'x'\n  }\n}\n"
    assert codes(text) == ["NX1", "NX3"]


def test_errors_within_interpolations() -> None:
    assert codes('let x = "${a ==}"\nworkflow w {\n  job a { run "${a ==}" }\n}\n') == ["NX1"]
