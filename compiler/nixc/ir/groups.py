"""Declared jobs and the jobs that their matrices became."""

from __future__ import annotations

from nixc.ir.model import Job


def declared_name(job: Job) -> str:
    """The name that the job is declared by: of a matrix job, the matrix's."""
    return job.matrix.name if job.matrix else job.name
