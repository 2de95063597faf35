"""Runtime values and conditions as shell, run by real bash."""

from __future__ import annotations

import subprocess

import pytest

from nixc.backend.expressions import Expressions, References, pathspecs, reads_result, statuses
from nixc.ir.model import (
    AllCondition,
    AnyCondition,
    CompareCondition,
    Condition,
    EnvEntry,
    EnvRef,
    InputRef,
    NeedsExport,
    NeedsResult,
    NotCondition,
    RuntimeText,
    Status,
    StatusCondition,
)
from nixc.source import Source, Span

SPAN = Span(Source("x.nxa", "x"), 0, 1)
SUCCESS = StatusCondition(SPAN, Status.SUCCESS)
FAILURE = StatusCondition(SPAN, Status.FAILURE)
ALWAYS = StatusCondition(SPAN, Status.ALWAYS)


def text(*parts: str | EnvRef | InputRef | NeedsResult | NeedsExport) -> RuntimeText:
    return RuntimeText(parts)


def compare(left: RuntimeText, right: str, *, negated: bool = False) -> Condition:
    return CompareCondition(SPAN, left, text(right), negated)


def expressions() -> Expressions:
    return Expressions(References(), {"build": (0,), "test": (1, 2)})


def holds(condition: Condition, prelude: str = "") -> bool:
    functions = "\n".join(
        [
            "nxa_success() { true; }",
            "nxa_failure() { false; }",
            "nxa_always() { true; }",
            'nxa_equal() { [ "$1" = "$2" ]; }',
        ]
    )
    script = f"{functions}\n{prelude}\n{expressions().condition(condition)}"
    return subprocess.run(["bash", "-c", script], check=False).returncode == 0


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (SUCCESS, True),
        (FAILURE, False),
        (NotCondition(SPAN, FAILURE), True),
        (AllCondition(SPAN, (SUCCESS, FAILURE)), False),
        (AnyCondition(SPAN, (FAILURE, SUCCESS)), True),
        # `!` binds before `&&`, and a group stays a group.
        (NotCondition(SPAN, AllCondition(SPAN, (SUCCESS, FAILURE))), True),
        (AllCondition(SPAN, (AnyCondition(SPAN, (SUCCESS, FAILURE)), FAILURE)), False),
        (AnyCondition(SPAN, (SUCCESS, AllCondition(SPAN, (FAILURE, FAILURE)))), True),
    ],
)
def test_operators(condition: Condition, expected: bool) -> None:
    assert holds(condition) is expected


def test_comparisons_are_of_texts() -> None:
    branch = text(EnvRef(SPAN, "BRANCH"))
    assert holds(compare(branch, "a b"), "BRANCH='a b'")
    assert not holds(compare(branch, "a b"), "BRANCH=a")
    assert holds(compare(branch, "x", negated=True), "BRANCH='*'")
    assert holds(compare(branch, ""))
    assert holds(compare(branch, "$(exit 1)"), "BRANCH='$(exit 1)'")


def test_references_are_numbered_once() -> None:
    of = expressions()
    words = [
        of.text(text(NeedsExport(SPAN, "build", "V"))),
        of.text(text("v", NeedsResult(SPAN, "test"))),
        of.text(text(NeedsExport(SPAN, "build", "V"), "!")),
    ]
    assert [word.shell for word in words] == [
        '"${NXA_REF[0]-}"',
        "'v'\"${NXA_REF[1]-}\"",
        "\"${NXA_REF[0]-}\"'!'",
    ]
    assert list(of.used) == [0, 1]


def test_environment_lines() -> None:
    lines = expressions().environment(
        [
            EnvEntry(SPAN, "A", text("x ", EnvRef(SPAN, "HOME"))),
            EnvEntry(SPAN, "B", None),
            EnvEntry(SPAN, "C", text(InputRef(SPAN, "dry-run"))),
        ]
    )
    assert lines == [
        "nxa_export A 'x '\"${HOME-}\"",
        "nxa_unset B",
        'nxa_export C "${INPUT_DRY_RUN-}"',
    ]


def test_what_a_condition_names() -> None:
    condition = AnyCondition(SPAN, (NotCondition(SPAN, ALWAYS), FAILURE))
    assert statuses(condition) == {Status.ALWAYS, Status.FAILURE}
    assert reads_result(NotCondition(SPAN, compare(text(NeedsResult(SPAN, "test")), "failure")))
    assert not reads_result(condition)


@pytest.mark.parametrize(
    ("glob", "expected"),
    [
        ("src/", ["':(glob)**/src/**'"]),
        ("*.py", ["':(glob)**/*.py'", "':(glob)**/*.py/**'"]),
        ("/docs/*.md", ["':(glob)docs/*.md'", "':(glob)docs/*.md/**'"]),
        ("!*.txt", ["':(exclude,glob)**/*.txt'", "':(exclude,glob)**/*.txt/**'"]),
    ],
)
def test_globs_become_pathspecs(glob: str, expected: list[str]) -> None:
    assert [word.shell for word in pathspecs([glob])] == expected
