"""What is known of the jobs around one: those before it and after it, and what they hand on."""

from __future__ import annotations

from collections.abc import Mapping

from nixc.ir import model as ir
from nixc.ir.groups import declared_name
from nixc_lsp.analysis import Analysis


def _jobs(analysis: Analysis) -> tuple[ir.Job, ...]:
    workflow = analysis.compiled.workflow
    return workflow.jobs if workflow else ()


def _needs(analysis: Analysis) -> dict[str, set[str]]:
    """Declared jobs -> those that they need, by their declared names."""
    declared = {job.name: declared_name(job) for job in _jobs(analysis)}
    found: dict[str, set[str]] = {}
    for job in _jobs(analysis):
        known = (declared[name] for need in job.needs for name in need.jobs if name in declared)
        found.setdefault(declared_name(job), set()).update(known)
    return found


def needed(analysis: Analysis, name: str) -> set[str]:
    """The jobs that a declared one needs directly."""
    return _needs(analysis).get(name, set())


def upstream(analysis: Analysis, name: str) -> set[str]:
    """The jobs that have ended before a declared one begins."""
    return _reached(_needs(analysis), name)


def waiting(analysis: Analysis, name: str | None) -> set[str]:
    """A declared job, and those that wait for it, directly or not."""
    if name is None:
        return set()
    waits: dict[str, set[str]] = {}
    for one, needs in _needs(analysis).items():
        for need in needs:
            waits.setdefault(need, set()).add(one)
    return {name} | _reached(waits, name)


def _reached(edges: Mapping[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    left = [start]
    while left:
        new = edges.get(left.pop(), set()) - found
        found |= new
        left.extend(new)
    return found


def artifacts(analysis: Analysis, name: str | None) -> dict[str, str]:
    """The artifacts that a declared job may read, and who saves each; in a template, all."""
    wanted = None if name is None else upstream(analysis, name)
    return {
        output.name: declared_name(job)
        for job in _jobs(analysis)
        if wanted is None or declared_name(job) in wanted
        for output in job.outputs
    }


def exports(analysis: Analysis, name: str | None, other: str) -> list[str]:
    """The variables that a declared job may read of another one, which it needs directly."""
    if name is not None and other not in needed(analysis, name):
        return []
    own = (job for job in _jobs(analysis) if other in (job.name, declared_name(job)))
    return list(dict.fromkeys(export.name for job in own for export in job.exports))


def possible(analysis: Analysis, name: str) -> tuple[str, ...]:
    """The values that an input of the workflow can have, where these are few."""
    workflow = analysis.compiled.workflow
    found = [one for one in (workflow.inputs if workflow else ()) if one.name == name]
    if found and found[0].type == "boolean":
        return ("true", "false")
    return found[0].options if found else ()
