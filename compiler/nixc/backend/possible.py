"""What of a job's condition can be known before the run: its variables and inputs."""

from __future__ import annotations

from collections.abc import Iterable

from nixc.ir.model import (
    AllCondition,
    AnyCondition,
    CompareCondition,
    Condition,
    EnvEntry,
    EnvRef,
    Job,
    NeedsExport,
    NeedsResult,
    NotCondition,
    RuntimeText,
    Status,
    StatusCondition,
    TruthCondition,
)
from nixc.ir.walk import atoms
from nixc.records import replace


def possible(job: Job) -> Condition | None:
    """A condition that holds unless variables and inputs make the job's own false, whatever else
    happens; None where the job's stands on neither."""
    late = _late(job.env)
    if not any(_is_known(atom, late) for atom in atoms(job.condition)):
        return None
    return _hoped(job.condition, late, hopeful=True)


def _hoped(condition: Condition, late: frozenset[str], *, hopeful: bool) -> Condition:
    """The condition with all that only the run can tell taken as true, or as false."""
    if isinstance(condition, NotCondition):
        return replace(condition, operand=_hoped(condition.operand, late, hopeful=not hopeful))
    if isinstance(condition, AllCondition | AnyCondition):
        operands = tuple(_hoped(each, late, hopeful=hopeful) for each in condition.operands)
        return replace(condition, operands=operands)
    if _is_known(condition, late):
        return condition
    always = StatusCondition(condition.span, Status.ALWAYS)
    return always if hopeful else NotCondition(condition.span, always)


def _is_known(condition: Condition, late: frozenset[str]) -> bool:
    if isinstance(condition, CompareCondition):
        return not (_is_late(condition.left, late) or _is_late(condition.right, late))
    return isinstance(condition, TruthCondition) and not _is_late(condition.value, late)


def _late(env: Iterable[EnvEntry]) -> frozenset[str]:
    """The variables that stand on what other jobs do."""
    late: frozenset[str] = frozenset()
    for entry in env:
        if entry.value is not None and _is_late(entry.value, late):
            late |= {entry.name}
    return late


def _is_late(text: RuntimeText, late: frozenset[str]) -> bool:
    return any(
        isinstance(part, NeedsResult | NeedsExport)
        or (isinstance(part, EnvRef) and part.name in late)
        for part in text.parts
    )
