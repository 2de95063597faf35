"""The graph that is drawn: declared jobs, a matrix as one, in groups by where they run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from nixc.ir import model as ir
from nixc.ir.groups import by_declaration, declared_name
from nixc.records import dataclass
from nixc.source import Span


@dataclass(frozen=True)
class Axis:
    """An axis of a matrix and its values, in the order of the jobs."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Need:
    """A job that is waited for, and the artifacts of it that are taken, by name."""

    name: str
    artifacts: tuple[str, ...]


@dataclass(frozen=True)
class Node:
    """A declared job. `jobs` are the jobs that it stands for: more than one for a matrix."""

    span: Span
    name: str
    doc: str | None
    group: str
    needs: tuple[Need, ...]
    axes: tuple[Axis, ...]
    jobs: tuple[str, ...]

    @property
    def matrix(self) -> str | None:
        """What there is to say of a matrix, in one line."""
        if not self.axes:
            return None
        axes = " × ".join(f"{axis.name} ({len(axis.values)})" for axis in self.axes)
        return f"{axes}: {len(self.jobs)} job{'' if len(self.jobs) == 1 else 's'}"


@dataclass(frozen=True)
class Group:
    """An executor, or the several that the jobs of one matrix run on, and who runs there."""

    name: str
    kind: str
    nodes: tuple[Node, ...]

    @property
    def title(self) -> str:
        return self.name if self.name == self.kind else f"{self.name} ({self.kind})"


@dataclass(frozen=True)
class Graph:
    """A workflow's jobs. `nodes` are in the order of the IR: each after what it needs."""

    name: str
    doc: str | None
    groups: tuple[Group, ...]
    nodes: tuple[Node, ...]


def graph_of(workflow: ir.Workflow) -> Graph:
    """The graph of a workflow."""
    members = by_declaration(workflow.jobs)
    owners = {job.name: declared_name(job) for job in workflow.jobs}
    nodes = tuple(_node(name, jobs, owners) for name, jobs in members.items())
    kinds = {executor.name: executor.kind for executor in workflow.executors}
    executors = {name: _unique(job.executor for job in jobs) for name, jobs in members.items()}
    groups = tuple(
        Group(group, ", ".join(_unique(kinds[one] for one in executors[own[0].name])), own)
        for group, own in _by_group(nodes).items()
    )
    return Graph(workflow.name, workflow.doc, groups, nodes)


def _node(name: str, jobs: list[ir.Job], owners: Mapping[str, str]) -> Node:
    first = jobs[0]
    return Node(
        span=first.span,
        name=name,
        doc=first.doc,
        group=", ".join(_unique(job.executor for job in jobs)),
        needs=_needs(jobs, owners),
        axes=_axes(jobs),
        jobs=tuple(job.name for job in jobs),
    )


def _needs(jobs: list[ir.Job], owners: Mapping[str, str]) -> tuple[Need, ...]:
    # Where there are errors, what a need stands for may be unknown.
    names = _unique(
        owner
        for job in jobs
        for need in job.needs
        for one in need.jobs
        if (owner := owners.get(one))
    )
    taken = [(owners.get(one), i.name) for job in jobs for i in job.inputs for one in i.producers]
    return tuple(
        Need(name, _unique(artifact for owner, artifact in taken if owner == name))
        for name in names
    )


def _axes(jobs: list[ir.Job]) -> tuple[Axis, ...]:
    values: dict[str, dict[str, None]] = {}
    for job in jobs:
        for axis, value in job.matrix.values if job.matrix else ():
            values.setdefault(axis, {})[value] = None
    return tuple(Axis(axis, tuple(found)) for axis, found in values.items())


def _by_group(nodes: Iterable[Node]) -> dict[str, tuple[Node, ...]]:
    found: dict[str, tuple[Node, ...]] = {}
    for node in nodes:
        found[node.group] = (*found.get(node.group, ()), node)
    return found


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
