"""The order of jobs: each after what it needs, else as in the file. Finds circles."""

from __future__ import annotations

from collections.abc import Mapping
from heapq import heapify, heappop, heappush

from nixc.diagnostics import Diagnostic, Label, Severity, quoted, shortened
from nixc.ir import model as ir
from nixc.ir.groups import declared_name
from nixc.lower import codes
from nixc.memo import Memo
from nixc.passes.circles import circles
from nixc.passes.model import Passed
from nixc.records import dataclass, replace


@dataclass(frozen=True, eq=False)
class _Group:
    """A declared job: the jobs it became, and what they need by declared name."""

    jobs: list[ir.Job]
    needs: dict[str, ir.Need]


def order_jobs(workflow: ir.Workflow, _: Memo) -> Passed:
    """Orders the declared jobs; those of a matrix stay together, for they need the same."""
    groups = _groups(workflow)
    order = _ordered(groups)
    found: tuple[Diagnostic, ...] = ()
    if len(order) < len(groups):
        edges = {name: tuple(group.needs) for name, group in groups.items()}
        found = tuple(_circle(groups, circle) for circle in circles(edges))
        placed = frozenset(order)
        order += [name for name in groups if name not in placed]
    jobs = tuple(job for name in order for job in groups[name].jobs)
    return Passed(replace(workflow, jobs=jobs), found)


def _groups(workflow: ir.Workflow) -> dict[str, _Group]:
    owners = {job.name: declared_name(job) for job in workflow.jobs}
    groups: dict[str, _Group] = {}
    for job in workflow.jobs:
        group = groups.setdefault(declared_name(job), _Group([], {}))
        group.jobs.append(job)
        if len(group.jobs) == 1:
            for need in job.needs:
                group.needs.setdefault(owners.get(need.jobs[0], need.name), need)
    return groups


def _ordered(groups: Mapping[str, _Group]) -> list[str]:
    """As many as can be ordered: those in a circle, and what needs them, are missing."""
    index = {name: place for place, name in enumerate(groups)}
    waiting = {name: len(group.needs) for name, group in groups.items()}
    needed_by: dict[str, list[str]] = {}
    for name, group in groups.items():
        for other in group.needs:
            needed_by.setdefault(other, []).append(name)
    ready = [(index[name], name) for name, count in waiting.items() if count == 0]
    heapify(ready)
    order: list[str] = []
    while ready:
        _, name = heappop(ready)
        order.append(name)
        for other in needed_by.get(name, ()):
            waiting[other] -= 1
            if waiting[other] == 0:
                heappush(ready, (index[other], other))
    return order


def _circle(groups: Mapping[str, _Group], circle: tuple[str, ...]) -> Diagnostic:
    shown = " -> ".join(map(shortened, (*circle, circle[0])))
    following = (*circle[1:], circle[0])
    labels = tuple(
        Label(groups[name].needs[other].span, f"{quoted(name)} needs {quoted(other)}")
        for name, other in zip(circle, following, strict=True)
    )
    span = groups[circle[0]].jobs[0].span
    message = f"jobs need one another in a circle: {shown}"
    return Diagnostic(codes.CIRCLE, Severity.ERROR, message, span, related=labels)
