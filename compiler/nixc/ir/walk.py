"""Going through the IR: what texts and conditions read, and content without its places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import TypeAlias

from nixc.ir import model as ir
from nixc.records import is_record, names_of

#: Content as nested tuples of plain values: equal where the meaning is, spans left out.
Plain: TypeAlias = "str | int | bool | tuple[Plain, ...]"


def steps(job: ir.Job) -> Iterator[ir.Step]:
    """The steps of a job in order, those of parallel groups included."""
    for entry in job.steps:
        if isinstance(entry, ir.Step):
            yield entry
        else:
            yield from entry.steps


def has_groups(workflow: ir.Workflow) -> bool:
    """Does any job have a parallel group?"""
    return any(isinstance(entry, ir.Parallel) for job in workflow.jobs for entry in job.steps)


def references(job: ir.Job) -> Iterator[ir.RuntimeRef]:
    """Every runtime value that a job reads."""
    yield from in_condition(job.condition)
    yield from _in_env(job.env)
    for step in steps(job):
        yield from in_condition(step.condition)
        yield from _in_env(step.action.env)
        yield from _in_env(step.params)


def _in_env(entries: Iterable[ir.EnvEntry]) -> Iterator[ir.RuntimeRef]:
    for entry in entries:
        if entry.value is not None:
            yield from in_text(entry.value)


def in_text(text: ir.RuntimeText) -> Iterator[ir.RuntimeRef]:
    """The runtime values in a text."""
    for part in text.parts:
        if not isinstance(part, str):
            yield part


def in_condition(condition: ir.Condition) -> Iterator[ir.RuntimeRef]:
    """The runtime values that a condition reads."""
    for atom in atoms(condition):
        if isinstance(atom, ir.CompareCondition):
            yield from in_text(atom.left)
            yield from in_text(atom.right)
        elif isinstance(atom, ir.TruthCondition):
            yield from in_text(atom.value)


def atoms(condition: ir.Condition) -> Iterator[ir.Condition]:
    """The parts of a condition that hold no other conditions."""
    match condition:
        case ir.NotCondition():
            yield from atoms(condition.operand)
        case ir.AllCondition() | ir.AnyCondition():
            for operand in condition.operands:
                yield from atoms(operand)
        case _:
            yield condition


def shell_texts(workflow: ir.Workflow) -> Iterator[str]:
    """Every text that an interpreter runs: scripts, conditions in shell, commands of providers."""
    yield from (script.text for script in commands(workflow.env_from))
    for job in workflow.jobs:
        yield from _shell_conditions(job.condition)
        yield from (script.text for script in commands(job.env_from))
        for step in steps(job):
            yield step.action.script.text
            yield from _shell_conditions(step.condition)
            yield from (script.text for script in commands(step.env_from))


def commands(providers: Iterable[ir.Provider]) -> Iterator[ir.Script]:
    """The shell texts that providers run."""
    for provider in providers:
        for _, value in provider.arguments:
            if isinstance(value, ir.Script):
                yield value


def _shell_conditions(condition: ir.Condition) -> Iterator[str]:
    for atom in atoms(condition):
        if isinstance(atom, ir.ShellCondition):
            yield atom.script.text


# --- content without places -----------------------------------------------------------


#: Fields that say where something stands, or tell people about it.
_BESIDES = frozenset({"span", "map", "doc", "description"})


def plain_node(node: object) -> object:
    """Any part of the IR as nested lists of plain values, for JSON."""
    if isinstance(node, Enum):
        return plain_node(node.value)
    if isinstance(node, tuple):
        return [plain_node(item) for item in node]
    if is_record(node):
        names = (name for name in names_of(node) if name not in _BESIDES)
        return [type(node).__name__, *(plain_node(getattr(node, name)) for name in names)]
    return node


def plain_text(text: ir.RuntimeText) -> Plain:
    return tuple(part if isinstance(part, str) else _plain_reference(part) for part in text.parts)


def _plain_reference(reference: ir.RuntimeRef) -> Plain:
    match reference:
        case ir.EnvRef():
            return ("env", reference.name)
        case ir.InputRef():
            return ("input", reference.name)
        case ir.NeedsResult():
            return ("result", reference.job)
        case ir.NeedsExport():
            return ("export", reference.job, reference.name)


def plain_config(value: ir.ConfigValue) -> Plain:
    """A value of an executor's configuration."""
    match value:
        case ir.RuntimeText():
            return ("text", plain_text(value))
        case ir.Script():
            return ("script", value.interpreter.value, value.text)
        case ir.ConfigObject():
            return ("object", *((key, plain_config(item)) for key, item in value.entries))
        case tuple():
            return ("list", *(plain_config(item) for item in value))
        case bool():
            return ("truth", value)
        case _:
            return value
