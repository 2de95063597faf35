"""Runtime values, conditions and environments as shell: words and lines for the templates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from nixc.backend.quote import Word, joined, quote, variable
from nixc.exhaustive import assert_never
from nixc.ir.model import (
    AllCondition,
    AnyCondition,
    ChangedCondition,
    CompareCondition,
    Condition,
    EnvEntry,
    EnvRef,
    InputRef,
    NeedsExport,
    NeedsResult,
    NotCondition,
    RuntimeRef,
    RuntimeText,
    ShellCondition,
    Status,
    StatusCondition,
    TruthCondition,
    input_variable,
)


class References:
    """The script's table of what expressions read of other jobs: a number for each distinct one.

    A reference is (numbers of the jobs, name of the export or "" for the result).
    """

    def __init__(self) -> None:
        self.table: dict[tuple[tuple[int, ...], str], int] = {}

    def number(self, jobs: tuple[int, ...], name: str) -> int:
        return self.table.setdefault((jobs, name), len(self.table))


class Expressions:
    """Turns the expressions of one job into shell; `used` gathers the references it reads."""

    def __init__(self, references: References, needs: dict[str, tuple[int, ...]]) -> None:
        self._references = references
        self._needs = needs
        self.used: dict[int, None] = {}

    def text(self, text: RuntimeText) -> Word:
        """A runtime text as one word."""
        return joined(
            quote(part) if isinstance(part, str) else self._reference(part)
            for part in text.parts
            if part != ""
        )

    def _reference(self, reference: RuntimeRef) -> Word:
        if isinstance(reference, EnvRef):
            word = variable(reference.name)
        elif isinstance(reference, InputRef):
            word = variable(input_variable(reference.name))
        elif isinstance(reference, NeedsResult):
            word = self._of_job(reference.job, "")
        elif isinstance(reference, NeedsExport):
            word = self._of_job(reference.job, reference.name)
        else:
            assert_never(reference)
        return word

    def _of_job(self, job: str, name: str) -> Word:
        number = self._references.number(self._needs[job], name)
        self.used[number] = None
        return variable(f"NXA_REF[{number}]")

    def environment(self, entries: Iterable[EnvEntry]) -> list[str]:
        """The lines that set and unset variables, in order."""
        return [
            f"nxa_unset {entry.name}"
            if entry.value is None
            else f"nxa_export {entry.name} {self.text(entry.value)}"
            for entry in entries
        ]

    def condition(self, condition: Condition) -> str:
        """A condition as one command list, whose status is the verdict."""
        if isinstance(condition, StatusCondition):
            shell = f"nxa_{condition.status.value}"
        elif isinstance(condition, ChangedCondition):
            shell = " ".join(["nxa_changed", *map(str, pathspecs(condition.globs))])
        elif isinstance(condition, CompareCondition):
            words = f"nxa_equal {self.text(condition.left)} {self.text(condition.right)}"
            shell = f"! {words}" if condition.negated else words
        elif isinstance(condition, TruthCondition):
            shell = f"nxa_true {self.text(condition.value)}"
        elif isinstance(condition, ShellCondition):
            shell = f"nxa_shell {quote(condition.script.text)}"
        elif isinstance(condition, NotCondition):
            shell = f"! {{ {self.condition(condition.operand)}; }}"
        elif isinstance(condition, AllCondition):
            shell = self._joined(condition.operands, " && ")
        elif isinstance(condition, AnyCondition):
            shell = self._joined(condition.operands, " || ")
        else:
            assert_never(condition)
        return shell

    def _joined(self, operands: Sequence[Condition], operator: str) -> str:
        return operator.join(f"{{ {self.condition(operand)}; }}" for operand in operands)


def statuses(condition: Condition) -> set[Status]:
    """The status functions that a condition names."""
    if isinstance(condition, StatusCondition):
        return {condition.status}
    if isinstance(condition, NotCondition):
        return statuses(condition.operand)
    if isinstance(condition, AllCondition | AnyCondition):
        return set().union(*map(statuses, condition.operands))
    return set()


def reads_result(condition: Condition) -> bool:
    """Does a condition read some `needs.X.result`?"""
    if isinstance(condition, CompareCondition):
        parts = (*condition.left.parts, *condition.right.parts)
        return any(isinstance(part, NeedsResult) for part in parts)
    if isinstance(condition, NotCondition):
        return reads_result(condition.operand)
    if isinstance(condition, AllCondition | AnyCondition):
        return any(map(reads_result, condition.operands))
    return False


def pathspecs(globs: Iterable[str]) -> list[Word]:
    """Git pathspecs that match as the gitignore-like globs do.

    After gitignore(5): a pattern without an inner slash matches at any depth, one that names a
    directory matches all below it. See `git help glossary`, pathspec.
    """
    words: list[Word] = []
    for glob in globs:
        magic = "exclude,glob" if glob.startswith("!") else "glob"
        pattern = glob.removeprefix("!")
        anchored = "/" in pattern.rstrip("/")
        pattern = pattern.lstrip("/")
        if not anchored:
            pattern = f"**/{pattern}"
        if not pattern.endswith("/"):
            words.append(quote(f":({magic}){pattern}"))
        words.append(quote(f":({magic}){re.sub('/*$', '', pattern)}/**"))
    return words
