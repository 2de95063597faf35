"""Which jobs end before a job starts."""

from __future__ import annotations

from nixc.ir import model as ir
from nixc.ir.groups import declared_name
from nixc.rules.model import Facts

#: Stands for "cannot be known": a need was wrong, or goes in a circle.
_ALL = -1


class Upstream:
    """The jobs upstream of each, as bits; worked out when first asked for, in linear many
    operations. Jobs stand after what they need, as the passes leave them."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._bits: dict[str, int] = {}
        self._before: dict[str, int] = {}
        self._direct: tuple[ir.Job | None, frozenset[str]] = (None, frozenset())

    def has(self, job: ir.Job, others: tuple[str, ...]) -> bool:
        """Whether all of `others` are upstream of the job."""
        if self._needed(job).issuperset(others):
            return True
        return all(self._is_before(job, other) for other in others)

    def _needed(self, job: ir.Job) -> frozenset[str]:
        """What a job needs directly; the last answer is kept, for inputs are many."""
        if self._direct[0] is not job:
            self._direct = (job, frozenset(name for need in job.needs for name in need.jobs))
        return self._direct[1]

    def missing(self, job: ir.Job, others: tuple[str, ...]) -> tuple[str, ...]:
        """Those of `others` that are not upstream of the job."""
        return tuple(other for other in others if not self._is_before(job, other))

    def _is_before(self, job: ir.Job, other: str) -> bool:
        if not self._before:
            self._work_out()
        return bool(self._before[declared_name(job)] & self._bits[other])

    def _work_out(self) -> None:
        jobs = self._facts.workflow.jobs
        self._bits = {job.name: 1 << place for place, job in enumerate(jobs)}
        masks = {
            name: sum(self._bits[job.name] for job in group)
            for name, group in self._facts.declared.items()
        }
        for name, group in self._facts.declared.items():
            self._before[name] = self._of(group[0], masks)

    def _of(self, job: ir.Job, masks: dict[str, int]) -> int:
        if self._facts.doubtful(job.name, "needs"):
            return _ALL
        bits = 0
        for need in job.needs:
            owner = declared_name(self._facts.jobs[need.jobs[0]])
            bits |= masks[owner] if need.name == owner else self._bits[need.name]
            bits |= self._before.get(owner, _ALL)
        return bits
