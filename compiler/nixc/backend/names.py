"""Which variables each shell text of a workflow can rely on: ShellCheck need not ask for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from nixc.ir.model import (
    AllCondition,
    AnyCondition,
    Condition,
    EnvEntry,
    Job,
    NotCondition,
    Parallel,
    Script,
    ShellCondition,
    Step,
    Workflow,
    input_variable,
    matrix_variable,
)
from nixc.ir.texts import ShellText

#: Set for every step, whatever the workflow says.
ALWAYS_SET = frozenset(
    {
        "ATTEMPT",
        "CI",
        "JOB_DIR",
        "JOB_ENV",
        "JOB_NAME",
        "NIXACTIONS",
        "NIXACTIONS_ARTIFACTS_DIR",
        "STEP_NAME",
        "WORKFLOW_ID",
        "WORKFLOW_NAME",
    }
)

#: `NAME=` and `NAME<<`, as a text writes them to `$JOB_ENV`.
_WRITTEN = re.compile(r"(?<![A-Za-z0-9_$])([A-Za-z_][A-Za-z0-9_]*)(?==|<<)")


def shell_texts(
    workflow: Workflow | None, orphans: Iterable[Job | Step] = ()
) -> Iterator[ShellText]:
    """Every step's text and every shell condition, with the names that are set there.

    `orphans` are what no job of the workflow leads to: jobs of templates, steps of actions.
    """
    base = ALWAYS_SET
    if workflow is not None:
        base |= _names(workflow.env)
        base |= {input_variable(declared.name) for declared in workflow.inputs}
    for one in (*(workflow.jobs if workflow is not None else ()), *orphans):
        yield from _of_job(one, base) if isinstance(one, Job) else _of_step(one, base)


def _of_job(job: Job, base: frozenset[str]) -> Iterator[ShellText]:
    names = base | _names(job.env) | {one.name for one in job.exports}
    if job.matrix is not None:
        names |= {matrix_variable(axis) for axis, _ in job.matrix.values}
    yield from _of_condition(job.condition, names)
    for entry in job.steps:
        members = entry.steps if isinstance(entry, Parallel) else (entry,)
        for step in members:
            yield from _of_step(step, names)
        names |= {name for step in members for name in written(step.action.script)}


def _of_step(step: Step, names: frozenset[str]) -> Iterator[ShellText]:
    names |= _names(step.action.env) | _names(step.params)
    yield from _of_condition(step.condition, names)
    yield ShellText(step.action.script, "step", names)


def _of_condition(condition: Condition, names: frozenset[str]) -> Iterator[ShellText]:
    if isinstance(condition, ShellCondition):
        yield ShellText(condition.script, "condition", names)
    elif isinstance(condition, NotCondition):
        yield from _of_condition(condition.operand, names)
    elif isinstance(condition, AllCondition | AnyCondition):
        for operand in condition.operands:
            yield from _of_condition(operand, names)


def written(script: Script) -> frozenset[str]:
    """The names that a text literally writes to `$JOB_ENV`, or may: more is better than less."""
    if "JOB_ENV" not in script.text:
        return frozenset()
    return frozenset(_WRITTEN.findall(script.text))


def _names(entries: Iterable[EnvEntry]) -> frozenset[str]:
    return frozenset(entry.name for entry in entries if entry.value is not None)
