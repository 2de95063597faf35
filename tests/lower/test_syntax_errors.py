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


def test_a_name_whose_declaration_is_broken_is_not_unknown() -> None:
    text = (
        'workflow w {\n  job a b {\n    run "x"\n  }\n  job b {\n    needs = [a, c]\n'
        '    run "x"\n  }\n}\n'
    )
    assert codes(text) == ["NX1", "NX2"]


def test_what_stands_in_a_broken_block_is_not_misplaced() -> None:
    text = 'workflow w }\n  timeout = 5m\n  job a { run "x" }\n}\njob c { run "x" }\n'
    assert codes(text) == ["NX1", "NX2"]


def test_a_job_with_a_broken_line_may_need_any_other() -> None:
    text = (
        'workflow w {\n  job a { run "x" }\n  job b {\n    foo needs = [a]\n'
        '    condition = needs.a.result == "success"\n    run "x"\n  }\n}\n'
    )
    assert codes(text) == ["NX1"]


def test_a_job_with_a_broken_line_may_export_anything() -> None:
    text = (
        'workflow w {\n  job a {\n    exports ["V"]\n    run "x"\n  }\n  job b {\n    needs = [a]\n'
        '    condition = needs.a.V == "x" && needs.a.W == "x"\n    run "x"\n  }\n}\n'
    )
    assert codes(text) == ["NX1"]


def test_a_misspelt_field_has_no_consequences() -> None:
    text = (
        'workflow w {\n  job a { run "x" }\n  job b {\n    neds = [a]\n'
        '    condition = needs.a.result == "success"\n    run "x"\n  }\n}\n'
    )
    assert codes(text) == ["NX2"]


def test_errors_within_interpolations() -> None:
    assert codes('let x = "${a ==}"\nworkflow w {\n  job a { run "${a ==}" }\n}\n') == ["NX1"]


def test_names_of_declarations_without_one_are_not_unknown() -> None:
    text = (
        'action (who) { run = "x" }\nworkflow w {\n  input { default = "x" }\n'
        '  job { run "x" }\n  job b {\n    needs = [lint]\n'
        '    condition = input.a == "x"\n    use announce(who = 1)\n  }\n}\n'
    )
    assert codes(text) == ["NX1"] * 3


def test_one_name_is_missing_and_two_are_unknown() -> None:
    text = 'workflow w {\n  job { run "x" }\n  job b { needs = [lint, lint, tst], run "x" }\n}\n'
    assert codes(text) == ["NX1", "NX2"]


def test_names_that_a_broken_line_only_reads_are_checked_elsewhere() -> None:
    text = (
        'let a = "x"\nworkflow w {\n  env = { A = a b }\n  job c {\n    env = { B = a.zz }\n'
        '    run "x"\n  }\n}\n'
    )
    assert codes(text) == ["NX1", "NX2"]


BLOCK = """\
  job b {
    needs   = [a]
    outputs = { x = "x" }
    run "x"
  }
"""


def test_a_block_without_its_head_is_one_mistake() -> None:
    body = BLOCK.split("\n", 1)[1]
    text = f'workflow w {{\n  job a {{ run "x" }}\n{body}  job c {{ needs = [b], run "x" }}\n}}\n'
    assert codes(text) == ["NX1"]


def test_a_head_that_stands_there_twice_is_one_mistake() -> None:
    head = BLOCK.split("\n", 1)[0]
    text = f'workflow w {{\n  job a {{ run "x" }}\n{head}\n{BLOCK}}}\n'
    assert codes(text) == ["NX1"]


def test_a_name_with_a_sign_too_many_is_not_unknown() -> None:
    text = (
        'workflow w {\n  input en"v { default = "x" }\n  job l(int { run "x" }\n'
        '  job b {\n    needs = [lint]\n    condition = input.env == "x"\n    run "x"\n  }\n}\n'
    )
    assert codes(text) == ["NX1"] * 2


def test_an_input_with_a_broken_line_may_be_of_any_type() -> None:
    text = (
        'workflow w {\n  input a {\n    type "choice"\n    options = ["x"]\n  }\n'
        '  job b { condition = input.a == "x", run "x" }\n}\n'
    )
    assert codes(text) == ["NX1"]
