"""Declared jobs and the jobs that their matrices became."""

from __future__ import annotations

from collections.abc import Iterable

from nixc.ir.model import Job


def declared_name(job: Job) -> str:
    """The name that the job is declared by: of a matrix job, the matrix's."""
    return job.matrix.name if job.matrix else job.name


def by_declaration(jobs: Iterable[Job]) -> dict[str, list[Job]]:
    """Jobs by the names that they are declared by, in their order."""
    groups: dict[str, list[Job]] = {}
    for job in jobs:
        groups.setdefault(declared_name(job), []).append(job)
    return groups
