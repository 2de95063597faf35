"""What a rule is, and what it may look at."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property, partial
from typing import TypeAlias

from nixc.diagnostics import Diagnostic
from nixc.ir import model as ir
from nixc.ir import walk
from nixc.ir.groups import by_declaration
from nixc.ir.texts import ShellText
from nixc.lower import Lowered
from nixc.memo import Memo
from nixc.records import dataclass


class Facts:
    """A workflow after the passes, with what lowering knows of it; indexes made once."""

    def __init__(self, workflow: ir.Workflow, lowered: Lowered, memo: Memo) -> None:
        self.workflow = workflow
        self.lowered = lowered
        self.memo = memo

    @cached_property
    def jobs(self) -> dict[str, ir.Job]:
        """Jobs by full name."""
        return {job.name: job for job in self.workflow.jobs}

    @cached_property
    def declared(self) -> dict[str, tuple[ir.Job, ...]]:
        """Jobs by declared name, those of a matrix together."""
        groups = by_declaration(self.workflow.jobs)
        return {name: tuple(jobs) for name, jobs in groups.items()}

    def exports_read(self, job: ir.Job) -> tuple[ir.NeedsExport, ...]:
        """The exports of others that a job reads."""
        return self.memo.of("exports read", job, None, partial(_exports_read, job))

    def conditions(self, job: ir.Job) -> tuple[ir.Condition, ...]:
        """The parts of all conditions of a job and its steps that hold no other conditions."""
        return self.memo.of("conditions", job, None, partial(_conditions, job))

    def named(self, name: str) -> tuple[ir.Job, ...]:
        """The jobs that a name stands for."""
        if name in self.declared:
            return self.declared[name]
        return (self.jobs[name],) if name in self.jobs else ()

    def doubtful(self, job: str, field: str) -> bool:
        """Whether a field of a job was wrong, so that nothing follows from what is missing."""
        return (job, field) in self.lowered.broken

    def any_doubtful(self, field: str) -> bool:
        """Whether the field was wrong in any job."""
        return field in self._doubtful_fields

    @cached_property
    def _doubtful_fields(self) -> frozenset[str]:
        return frozenset(field for _, field in self.lowered.broken)


def _exports_read(job: ir.Job) -> tuple[ir.NeedsExport, ...]:
    return tuple(one for one in walk.references(job) if isinstance(one, ir.NeedsExport))


def _conditions(job: ir.Job) -> tuple[ir.Condition, ...]:
    found = (job.condition, *(step.condition for step in walk.steps(job)))
    return tuple(atom for condition in found for atom in walk.atoms(condition))


Check: TypeAlias = Callable[[Facts], Iterable[Diagnostic]]


@dataclass(frozen=True, eq=False)
class Rule:
    """A check of whole workflows. The docstring of its module is its manual page."""

    code: str
    title: str
    check: Check


CheckText: TypeAlias = Callable[[ShellText], Iterable[Diagnostic]]


@dataclass(frozen=True, eq=False)
class TextRule:
    """A check of the users' own texts, one by one."""

    code: str
    title: str
    check: CheckText
