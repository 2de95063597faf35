"""What a rule is, and what it may look at."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TypeAlias

from nixc.diagnostics import Diagnostic
from nixc.ir import model as ir
from nixc.ir.groups import by_declaration
from nixc.ir.texts import ShellText
from nixc.lower import Lowered
from nixc.records import dataclass


class Facts:
    """A workflow after the passes, with what lowering knows of it; indexes made once."""

    def __init__(self, workflow: ir.Workflow, lowered: Lowered) -> None:
        self.workflow = workflow
        self.lowered = lowered

    @cached_property
    def jobs(self) -> dict[str, ir.Job]:
        """Jobs by full name."""
        return {job.name: job for job in self.workflow.jobs}

    @cached_property
    def declared(self) -> dict[str, tuple[ir.Job, ...]]:
        """Jobs by declared name, those of a matrix together."""
        groups = by_declaration(self.workflow.jobs)
        return {name: tuple(jobs) for name, jobs in groups.items()}

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
