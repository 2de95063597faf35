"""One mistake is one error, at its place, and hides nothing else."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nixc.syntax import nodes
from tests.syntax.reading import EXAMPLE, errors, messages, outline, read

Q = '"""'


@pytest.mark.parametrize(
    ("text", "found", "kept"),
    [
        pytest.param(
            'workflow w {\n  job a {\n    run "x"\n\n  job b {\n    run "y"\n  }\n}\n',
            ["2:9 NX102 {"],
            ["Workflow w", ["Job a", ["Run"], "Job b", ["Run"]]],
            id="unclosed block",
        ),
        pytest.param(
            'workflow w {\n  job a {\n    run "x"\n    (\n  }\n  job b { run "y" }\n}\n',
            ["4:5 NX111 ("],
            ["Workflow w", ["Job a", ["Run"], "Job b", ["Run"]]],
            id="a sign where an entry may begin leaves those before it",
        ),
        pytest.param(
            'workflow w {\n  job = a {\n    run "x"\n  }\n  job b { run "y" }\n}\n',
            ["2:7 NX101 ="],
            ["Workflow w", ["Job a", ["Run"], "Job b", ["Run"]]],
            id="an assigned declaration",
        ),
        pytest.param(
            'action a(b}, c) {\n  run = "x"\n}\n',
            ["1:11 NX101 }"],
            ["Action a", ["Field run"]],
            id="a brace within parentheses",
        ),
        pytest.param(
            'workflow w {\n    job a {\n      run "x"\n  job b {\n    run "y"\n  }\n}\n',
            ["2:11 NX102 {"],
            ["Workflow w", ["Job a", ["Run"], "Job b", ["Run"]]],
            id="unclosed block, the next one further left",
        ),
        pytest.param(
            'workflow w {\n  job a {\n    run "x"\n  }\n  }\n  job b { run "y" }\n}\n',
            ["5:3 NX101 }"],
            ["Workflow w", ["Job a", ["Run"], "Job b", ["Run"]]],
            id="surplus brace",
        ),
        pytest.param(
            'workflow w {\n  job a\n    run "x"\n  }\n  job b { run "y" }\n}\n',
            ["2:7 NX101 a"],
            ["Workflow w", ["Job a", ["Run"], "Job b", ["Run"]]],
            id="missing opening brace",
        ),
        pytest.param(
            'workflow w {\n  job a run "x" }\n  job b { run "y" }\n}\n',
            ["2:7 NX101 a"],
            ["Workflow w", ["Job a", ["Run"], "Job b", ["Run"]]],
            id="missing opening brace, all on a line",
        ),
        pytest.param(
            'executor b = oci\n  image = "x"\n}\nworkflow w {\n  job a { run "x" }\n}\n',
            ["1:14 NX101 oci"],
            ["Executor b", "Workflow w", ["Job a", ["Run"]]],
            id="missing opening brace of an executor",
        ),
        pytest.param(
            'workflow w {\n  env =\n    A = "1"\n  }\n  job a {\n    step run = "x" }\n  }\n}\n',
            ["2:7 NX101 =", "6:5 NX101 step"],
            ["Workflow w", ["Field env", "Job a", ["Step", ["Field run"]]]],
            id="missing opening brace of an object and a step",
        ),
        pytest.param(
            'workflow w { {\n  retry = { { maxAttempts = 2 }\n  run "x"\n}\n',
            ["1:14 NX101 {", "2:13 NX101 {"],
            ["Workflow w", ["Field retry", "Run"]],
            id="doubled braces",
        ),
        pytest.param(
            'workflow w {\n  job a {\n    { run "x"\n  { }\n  job b\n  {\n    run "y"\n  }\n}\n',
            ["3:5 NX101 {", "4:3 NX101 {", "5:7 NX101 b"],
            ["Workflow w", ["Job a", ["Run"], "Job b", ["Run"]]],
            id="braces where entries begin",
        ),
        pytest.param(
            'workflow w {\n  condition = always(\n  needs = [\n  run "x"\n}\n',
            ["2:21 NX111 (", "3:11 NX111 ["],
            ["Workflow w", ["Field condition", "Field needs", "Run"]],
            id="unclosed brackets with nothing in them",
        ),
        pytest.param(
            'greet(who, n = 1) {\n  run = "x"\n}\nworkflow w {\n  greet(who = "x")\n  run "y"\n}\n',
            ["1:6 NX101 (", "5:8 NX101 ("],
            ["Workflow w", ["Run"]],
            id="no word before what is called",
        ),
        pytest.param(
            'let a = "x\\\nlet b = 1\n',
            ['1:9 NX103 "x\\'],
            ["Let a", "Let b"],
            id="unclosed string that ends with a backslash",
        ),
        pytest.param(
            'workflow w {\n  use f(a, b\n  run "x"\n}\n',
            ["2:8 NX111 ("],
            ["Workflow w", ["Use", "Run"]],
            id="unclosed bracket",
        ),
        pytest.param(
            'workflow w {\n  needs =\n  timeout = 1h\n  env =\n  run "x"\n}\n',
            ["2:9 NX110 =", "4:7 NX110 ="],
            ["Workflow w", ["Field needs", "Field timeout", "Field env", "Run"]],
            id="values missing at line ends",
        ),
        pytest.param(
            'workflow w {\n  timeout: 1h\n  env { A = "b" }\n  deps ["x"]\n}\n',
            ["2:10 NX101 :", "3:7 NX101 {", "4:8 NX101 ["],
            ["Workflow w", ["Field timeout", "Field env", "Field deps"]],
            id="no equals sign",
        ),
        pytest.param(
            'workflow "w" {\n  jb a {\n    run "x"\n  }\n  stp "b" {\n    run = "x"\n  }\n}\n',
            ['1:10 NX101 "w"', "2:3 NX101 jb", "5:3 NX101 stp"],
            ["Workflow w", ["Job a", ["Run"], "Step", ["Field run"]]],
            id="misspelt keywords, quoted name",
        ),
        pytest.param(
            'workflow w\n{\n  job a\n  {\n    run "x"\n  }\n}\n',
            ["1:10 NX101 w", "3:7 NX101 a"],
            ["Workflow w", ["Job a", ["Run"]]],
            id="brace on the next line",
        ),
        pytest.param(
            'workflow w {\n  deps = ["make]\n  step "unit {\n    run = "x"\n  }\n}\n',
            ['2:11 NX103 "make', '3:8 NX103 "unit'],
            ["Workflow w", ["Field deps", "Step", ["Field run"]]],
            id="unclosed strings",
        ),
        pytest.param(
            f'workflow w {{\n  run {Q}\n    a\n\n  run {Q}\n    b\n  {Q}\n  run "c"\n}}\n',
            [f"2:7 NX104 {Q}"],
            ["Workflow w", ["Run", "Run", "Run"]],
            id="unclosed text before another",
        ),
        pytest.param(
            f'workflow w {{\n  run {Q}\n    a\n  ""\n  run "c"\n}}\n',
            [f"2:7 NX104 {Q}"],
            ["Workflow w", ["Run", "Run"]],
            id="text closed with two quotes",
        ),
        pytest.param(
            f'workflow w {{\n  run ""\n    a b\n  {Q}\n  run {Q}\n    b\n  {Q}\n  run "c"\n}}\n',
            ['2:7 NX104 ""'],
            ["Workflow w", ["Run", "Run", "Run"]],
            id="text opened with two quotes",
        ),
        pytest.param(
            'workflow w {\n  env = { A = "a\n  b", C = "" }\n'
            '  job a {\n    run "c\n      d"\n  }\n}\n',
            ['2:15 NX103 "a', '5:9 NX103 "c'],
            ["Workflow w", ["Field env", "Job a", ["Run"]]],
            id="strings over several lines",
        ),
        pytest.param(
            f'workflow w {{\n  job a {{\n    run {Q}\n  }}\n  job b {{\n    run "x"\n  }}\n}}\n',
            [f"3:9 NX104 {Q}"],
            ["Workflow w", ["Job a", ["Run"], "Job b", ["Run"]]],
            id="text that was only begun",
        ),
        pytest.param(
            'workflow w {\n  test {\n    step "x" { run = "x" }\n  }\n  job b { run "x" }\n}\n',
            ["2:8 NX101 {"],
            ["Workflow w", ["Job b", ["Run"]]],
            id="block without its keyword",
        ),
        pytest.param(
            'workflow {\n  job {\n    run "x" y\n  }\n}\n',
            ["1:10 NX101 {", "2:7 NX101 {", "3:13 NX101 y"],
            ["Workflow "],
            id="no names",
        ),
        pytest.param(
            'workflow w {\n  a = ?\n  b = [1, @, 3]\n  run "x"\n  use f(b = , c)\n  c = 5 % 3\n}\n',
            ["2:7 NX110 ?", "3:11 NX110 @", "5:13 NX110 ,", "6:9 NX101 %"],
            ["Workflow w", ["Field a", "Field b", "Run", "Use", "Field c"]],
            id="odd signs",
        ),
    ],
)
def test_recovery(text: str, found: list[str], kept: list[object]) -> None:
    assert errors(text) == found
    assert outline(read(text).file.entries) == kept


def test_broken_items_leave_the_others() -> None:
    (let,) = read("let x = [1, 2 3, , 5]").file.entries
    assert isinstance(let, nodes.Let)
    assert isinstance(let.value, nodes.ListValue)
    kinds = [type(item).__name__ for item in let.value.items]
    assert kinds == ["Number", "Number", "Number", "Missing", "Number"]


def test_a_broken_field_keeps_its_name() -> None:
    (field,) = read("timeout = a ? b : c\n").file.entries
    assert isinstance(field, nodes.Field)
    assert (field.name.text, type(field.value)) == ("timeout", nodes.Missing)


def test_a_file_that_is_cut_off() -> None:
    assert errors("workflow w {\n  job a {\n    timeout =") == ["2:9 NX102 {"]
    (found,) = read("workflow w {\n  job a {\n").diagnostics
    assert [label.span.start for label in found.related] == [11]


@pytest.mark.parametrize(
    "text",
    [
        "let a = " + "(" * 10_000,
        "let a = " + "[" * 201 + "]" * 201,
        "let a = " + "!" * 201 + "x",
        "let a = " + "!(" * 150 + "x" + ")" * 150,
        "job a {\n" * 10_000,
        "x = { " * 10_000 + "}" * 10_000,
    ],
)
def test_too_deep_is_one_error(text: str) -> None:
    (found,) = read(text).diagnostics
    assert found.code == "NX107"


def test_two_hundred_levels_are_fine() -> None:
    for text in ("[" * 200 + "]" * 200, "!" * 200 + "x", "!(" * 100 + "x" + ")" * 100):
        assert errors(f"let a = {text}") == []


def test_many_errors() -> None:
    text = "workflow w {\n" + "  job a {\n    timeout 1h\n  }\n" * 60 + "}\n"
    assert len(errors(text)) == 60
    many = messages("workflow w {\n" + "  timeout 1h\n" * 1000 + "}\n")
    assert len(many) == 100
    assert "100th" in many[-1]
    assert "100th" not in many[-2]


@pytest.mark.parametrize(
    "text",
    [
        "@ " * 500_000,
        "} " * 500_000,
        ")\n" * 500_000,
        '"\n' * 500_000,
        '"""x\n' * 200_000,
        '"""" """ ' * 100_000,
        "a = 1, " * 100_000,
        'let a = "' + "${a}" * 20_000 + '"',
        "let a = " + "1" * 1_000_000,
        "let a = " + "1h" * 500_000 + "x",
        "# x\nlet a = 1\n" * 20_000,
        "(}{" * 200_000,
        "job = a {}\n" * 200_000,
        "action = a() {}\n" * 100_000,
        "parallel = {\na {}\n}\n" * 50_000,
        "'''x" * 200_000,
        "jobs:\n" + "  a\n" * 200_000,
    ],
    ids=lambda text: text[:12],
)
def test_large_inputs_take_no_quadratic_time(text: str) -> None:
    began = process_time()
    read(text)
    # About 0.1 to 2 s here; a quadratic step takes minutes.
    assert process_time() - began < 15


def test_most_deletions_of_one_character_are_at_most_one_error() -> None:
    counts = [len(errors(EXAMPLE[:at] + EXAMPLE[at + 1 :])) for at in range(len(EXAMPLE))]
    assert max(counts) <= 2
    assert sum(count == 2 for count in counts) <= 3


def test_prefixes() -> None:
    for end in range(len(EXAMPLE)):
        result = read(EXAMPLE[:end])
        assert len(result.diagnostics) <= 2
        for diagnostic in result.diagnostics:
            assert 0 <= diagnostic.span.start <= diagnostic.span.end <= end


TOKENS = st.sampled_from(
    [
        *"{}()[]=,.!@#'\"\n $-&|\\:",
        "==",
        "&&",
        '"""',
        '"a"',
        "${",
        "job",
        "run",
        "x",
        "1h",
        "30",
        "step",
        "let",
        "true",
        "import",
        "as",
        "template",
        '"""python\n',
        "\n  ",
        " { ",
        " = ",
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.text() | st.lists(TOKENS, max_size=60).map("".join))
def test_any_text_gives_a_tree(text: str) -> None:
    result = read(text)
    for diagnostic in result.diagnostics:
        assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(text)
        assert diagnostic.message == diagnostic.message.strip() != ""


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(EXAMPLE)), st.integers(0, 30), st.lists(TOKENS, max_size=4).map("".join))
@example(1546, 26, " { ")
def test_any_edit_of_the_example_gives_a_tree(at: int, length: int, put: str) -> None:
    text = EXAMPLE[:at] + put + EXAMPLE[at + length :]
    assert len(read(text).diagnostics) < 100


def test_an_operator_at_the_beginning_of_a_line_is_told_where_it_belongs() -> None:
    found = read('workflow w {\n  condition = success()\n    && env.A == "x"\n}\n').diagnostics
    assert [one.help for one in found] == [
        "an operator stands at the end of a line, not at the beginning of the next"
    ]
