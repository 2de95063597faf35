"""Which variables each shell text of a workflow can rely on: ShellCheck need not ask for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Literal

from nixc.ir.model import (
    AllCondition,
    AnyCondition,
    Condition,
    EnvEntry,
    EnvRef,
    Job,
    NotCondition,
    Parallel,
    Provider,
    Script,
    ShellCondition,
    Step,
    Workflow,
    input_variable,
    matrix_variable,
)
from nixc.ir.texts import ShellText
from nixc.ir.walk import commands
from nixc.memo import Memo
from nixc.records import dataclass, replace

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

#: Providers that say which variables they give, or vouch for.
_NAMED = frozenset({"static", "required"})

#: `NAME=` and `NAME<<`, as a text writes them to `$JOB_ENV`.
_WRITTEN = re.compile(r"(?<![A-Za-z0-9_$])([A-Za-z_][A-Za-z0-9_]*)(?==|<<)")


def shell_texts(
    workflow: Workflow | None, orphans: Iterable[Job | Step] = (), memo: Memo | None = None
) -> Iterator[ShellText]:
    """Every step's text and every shell condition, with the names that are set there.

    `orphans` are what no job of the workflow leads to: jobs of templates, steps of actions.
    """
    memo = memo or Memo()
    base = Known(ALWAYS_SET)
    if workflow is not None:
        base = replace(base, secrets=frozenset(workflow.secrets)).plus(workflow.secrets)
        base = base.carrying(workflow.env)
        base = base.plus(input_variable(declared.name) for declared in workflow.inputs)
        base = base.plus(_names(workflow.env))
        yield from _of_providers(workflow.env_from, base)
        base = base.given(workflow.env_from)
    for one in (*(workflow.jobs if workflow is not None else ()), *orphans):
        yield from memo.of("shell texts", one, base, partial(_of, one, base))


@dataclass(frozen=True)
class Known:
    """The variables that a text can rely on; `open` where there may be more of them."""

    names: frozenset[str]
    open: bool = False
    #: Variables whose values must not be printed.
    secrets: frozenset[str] = frozenset()

    def carrying(self, entries: Iterable[EnvEntry]) -> Known:
        """With the variables that take over a secret's value counted as secret."""
        taken = (entry.name for entry in entries if _reads(entry, self.secrets))
        return replace(self, secrets=self.secrets.union(taken))

    def plus(self, names: Iterable[str]) -> Known:
        return replace(self, names=self.names.union(names))

    def given(self, providers: Iterable[Provider]) -> Known:
        """With what providers give."""
        known = self
        for provider in providers:
            if provider.kind not in _NAMED:
                known = replace(known, open=True)
            for _, value in provider.arguments:
                if isinstance(value, tuple):
                    names = (one if isinstance(one, str) else one.name for one in value)
                    known = known.plus(names)
        return known

    def text(self, script: Script, role: Literal["step", "condition"]) -> ShellText:
        return ShellText(script, role, self.names, self.open, self.secrets)


def _of(one: Job | Step, base: Known) -> tuple[ShellText, ...]:
    return tuple(_of_job(one, base) if isinstance(one, Job) else _of_step(one, base))


def _of_job(job: Job, base: Known) -> Iterator[ShellText]:
    known = base.carrying(job.env).plus(_names(job.env) | {one.name for one in job.exports})
    if job.matrix is not None:
        known = known.plus(matrix_variable(axis) for axis, _ in job.matrix.values)
    yield from _of_condition(job.condition, known)
    yield from _of_providers(job.env_from, known)
    known = known.given(job.env_from)
    for entry in job.steps:
        members = entry.steps if isinstance(entry, Parallel) else (entry,)
        for step in members:
            yield from _of_step(step, known)
        known = known.plus(name for step in members for name in written(step.action.script))


def _of_step(step: Step, known: Known) -> Iterator[ShellText]:
    known = known.carrying((*step.params, *step.action.env))
    known = known.plus(_names(step.action.env) | _names(step.params))
    yield from _of_condition(step.condition, known)
    yield from _of_providers(step.env_from, known)
    yield known.given(step.env_from).text(step.action.script, "step")


def _of_providers(providers: Iterable[Provider], known: Known) -> Iterator[ShellText]:
    """Commands are run as steps are, and see what earlier providers of their level gave. What they
    print is not logged."""
    known = replace(known, secrets=frozenset())
    for provider in providers:
        for script in commands((provider,)):
            yield known.text(script, "step")
        known = known.given((provider,))


def _of_condition(condition: Condition, known: Known) -> Iterator[ShellText]:
    if isinstance(condition, ShellCondition):
        yield known.text(condition.script, "condition")
    elif isinstance(condition, NotCondition):
        yield from _of_condition(condition.operand, known)
    elif isinstance(condition, AllCondition | AnyCondition):
        for operand in condition.operands:
            yield from _of_condition(operand, known)


def _reads(entry: EnvEntry, names: frozenset[str]) -> bool:
    parts = entry.value.parts if entry.value is not None else ()
    return any(isinstance(part, EnvRef) and part.name in names for part in parts)


def written(script: Script) -> frozenset[str]:
    """The names that a text literally writes to `$JOB_ENV`, or may: more is better than less."""
    if "JOB_ENV" not in script.text:
        return frozenset()
    return frozenset(_WRITTEN.findall(script.text))


def _names(entries: Iterable[EnvEntry]) -> frozenset[str]:
    return frozenset(entry.name for entry in entries if entry.value is not None)
