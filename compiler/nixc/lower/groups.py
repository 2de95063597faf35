"""The jobs of a workflow before their bodies are looked at: layers, matrices, names."""

from __future__ import annotations

from collections.abc import Iterable

from nixc.diagnostics import Label, quoted
from nixc.lower import codes
from nixc.lower.calls import called_template
from nixc.lower.context import Context
from nixc.lower.evaluate import evaluate
from nixc.lower.fields import Layer, misspelt
from nixc.lower.matrix import Combination, Matrix, expand
from nixc.lower.scope import Scope
from nixc.records import dataclass
from nixc.schema.blocks import JOB
from nixc.syntax import nodes


@dataclass(frozen=True, eq=False)
class Member:
    """One job as it runs: its full name and its combination."""

    name: str
    combination: Combination | None


@dataclass(frozen=True, eq=False)
class Group:
    """A declared job with the jobs it stands for: one, or those of its matrix."""

    node: nodes.JobDecl
    layers: tuple[Layer, ...]
    matrix: Matrix | None
    members: tuple[Member, ...]
    #: Whether its template or matrix was wrong: only its name is to be relied on.
    broken: bool

    @property
    def name(self) -> str:
        return self.node.name.text


def group(ctx: Context, node: nodes.JobDecl, scope: Scope) -> Group:
    """Resolves a job's template and expands its matrix."""
    before = ctx.errors
    layers = _layers(ctx, node, scope)
    given = _matrix(layers)
    matrix = expand(ctx, evaluate(ctx, given[0].value, given[1])) if given else None
    meant = None if given else misspelt(ctx, JOB, "matrix", layers)
    if meant is not None:
        with ctx.silently():
            matrix = expand(ctx, evaluate(ctx, meant[0].value, meant[1]))
    name = node.name.text
    members: tuple[Member, ...] = (Member(name, None),)
    if matrix is not None:
        members = tuple(Member(name + tail, one) for tail, one in matrix.combinations)
    broken = ctx.errors > before or (given is not None and matrix is None)
    broken = broken or meant is not None or ctx.garbled.touches(node.name.span)
    return Group(node, layers, matrix, members, broken)


def _layers(ctx: Context, node: nodes.JobDecl, scope: Scope) -> tuple[Layer, ...]:
    own = Layer(node.body, scope)
    found = called_template(ctx, node.template, scope) if node.template else None
    if found is None:
        return (own,)
    template, bound = found
    return (Layer(template.body, scope.inside(bound.module, bound.values)), own)


def _matrix(layers: Iterable[Layer]) -> tuple[nodes.Field, Scope] | None:
    given: tuple[nodes.Field, Scope] | None = None
    for layer in layers:
        for entry in layer.entries:
            if isinstance(entry, nodes.Field) and entry.name.text == "matrix":
                given = (entry, layer.scope)
    return None if given and isinstance(given[0].value, nodes.Null) else given


def job_names(ctx: Context, groups: Iterable[Group]) -> dict[str, str]:
    """Every name a job can be called by, to the declared one; clashes are reported."""
    groups = tuple(groups)
    names = {one.name: one.name for one in groups}
    owners = {one.name: one for one in groups}
    for one in groups:
        for member in one.members:
            if member.combination is None:
                continue
            if member.name in names:
                _clash(ctx, member.name, one, owners[member.name])
            names[member.name] = one.name
            owners[member.name] = one
    return names


def _clash(ctx: Context, name: str, one: Group, other: Group) -> None:
    message = f"two jobs would be called {quoted(name)}"
    if other.node.span.start > one.node.span.start:
        one, other = other, one
    label: Label | None = Label(other.node.name.span, "the other one comes from here")
    if other is one:
        message, label = f"two combinations of the matrix would be called {quoted(name)}", None
    ctx.error(codes.COLLISION, message, one.node.name.span, related=(label,))
