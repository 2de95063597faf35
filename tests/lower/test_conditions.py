"""Conditions: what is added to them, and what they become."""

from __future__ import annotations

import pytest

from nixc.ir import model as ir
from tests.lower.texts import workflow


def condition(text: str) -> ir.Condition:
    jobs = workflow(
        f"workflow w {{\n job a {{ run 'x' }}\n job b {{\n needs = [a]\n condition = {text}\n"
        "run 'x'\n }\n }"
    ).jobs
    assert jobs[1].condition_text == text
    return jobs[1].condition


@pytest.mark.parametrize(
    "text",
    [
        "env.X == 'a'",
        "changed('src/**')",
        "'test -f x'",
        "env.X",
        "!(env.X == 'a') && env.Y",
        "true",
    ],
)
def test_success_is_added(text: str) -> None:
    joined = condition(text)
    assert isinstance(joined, ir.AllCondition)
    first = joined.operands[0]
    assert isinstance(first, ir.StatusCondition)
    assert first.status is ir.Status.SUCCESS


@pytest.mark.parametrize(
    "text",
    [
        "always() && env.X == 'a'",
        "!cancelled()",
        "failure()",
        "success() || env.X",
        "needs.a.result == 'failure'",
        "env.X && 'success' != needs.a.result",
    ],
)
def test_nothing_is_added(text: str) -> None:
    found = condition(text)
    statuses = [
        one
        for one in (found.operands if isinstance(found, ir.AllCondition) else (found,))
        if isinstance(one, ir.StatusCondition) and one.status is ir.Status.SUCCESS
    ]
    assert statuses == []


def test_default() -> None:
    job = workflow("workflow w {\n job a { run 'x' }\n }").jobs[0]
    assert isinstance(job.condition, ir.StatusCondition)
    assert job.condition_text == "success()"


def test_comparison_of_runtime_texts() -> None:
    found = condition('success() && "x-${env.A}" != needs.a.result')
    assert isinstance(found, ir.AllCondition)
    compared = found.operands[1]
    assert isinstance(compared, ir.CompareCondition)
    assert compared.negated
    assert [type(part) for part in compared.left.parts] == [str, ir.EnvRef]
    assert [type(part) for part in compared.right.parts] == [ir.NeedsResult]
