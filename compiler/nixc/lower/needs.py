"""`needs`: references to jobs."""

from __future__ import annotations

from collections.abc import Mapping

from nixc.diagnostics import Label, quoted, shortened
from nixc.ir.model import Need
from nixc.lower import codes
from nixc.lower.context import Context
from nixc.lower.evaluate import evaluate
from nixc.lower.groups import Group
from nixc.lower.scope import Scope
from nixc.lower.values import TextV, Unknown, sort
from nixc.records import dataclass
from nixc.source import Span
from nixc.syntax import nodes


class Jobs:
    """The jobs of a workflow by name, for `needs`."""

    def __init__(self, groups: Mapping[str, Group], names: Mapping[str, str]) -> None:
        self.names = names
        #: The jobs that a declared one stands for.
        self.members_of = {
            name: tuple(member.name for member in group.members) for name, group in groups.items()
        }

    def members(self, name: str) -> tuple[str, ...]:
        """The jobs that a name stands for."""
        return self.members_of.get(name, (name,))


def needs(
    ctx: Context, node: nodes.Expression, scope: Scope, jobs: Jobs, own: str
) -> tuple[Need, ...]:
    """The jobs that `needs` lists; wrong ones are reported and left out."""
    if not isinstance(node, nodes.ListValue):
        _no_list(ctx, node, jobs)
        return ()
    found = [_need(ctx, item, scope, jobs, own) for item in node.items]
    return tuple({need.name: need for need in found if need is not None}.values())


def _no_list(ctx: Context, node: nodes.Expression, jobs: Jobs) -> None:
    if isinstance(node, nodes.Missing):
        ctx.errors += 1
        return
    is_job = isinstance(node, nodes.Reference) and node.span.text in jobs.names
    hint = f"write `[{shortened(node.span.text)}]`" if is_job else "jobs are listed: `[lint, test]`"
    ctx.error(codes.WRONG_TYPE, "expected a list of jobs", node.span, help=hint)


@dataclass(frozen=True, eq=False)
class _Named:
    """A job's name, with the place to blame and a label that explains."""

    text: str
    span: Span
    note: Label | None = None


def _need(ctx: Context, node: nodes.Expression, scope: Scope, jobs: Jobs, own: str) -> Need | None:
    name = _name(ctx, node, scope, jobs)
    if name is None:
        return None
    if scope.opaque:
        return Need(node.span, name.text, ())
    if name.text not in jobs.names:
        hint = ctx.meant(name.text, jobs.names)
        message = f"unknown job {quoted(name.text)}"
        ctx.error(codes.UNKNOWN_JOB, message, name.span, help=hint, related=(name.note,))
        return None
    if jobs.names[name.text] == own:
        message = f"the job {quoted(own)} needs itself"
        ctx.error(codes.SELF_NEED, message, name.span, related=(name.note,))
        return None
    return Need(node.span, name.text, jobs.members(name.text))


def _name(ctx: Context, node: nodes.Expression, scope: Scope, jobs: Jobs) -> _Named | None:
    if isinstance(node, nodes.Reference) and len(node.names) == 1:
        name = node.names[0].text
        if name in jobs.names or not (name in scope.locals or scope.find(name)):
            return _Named(name, node.span)
    value = evaluate(ctx, node, scope)
    if isinstance(value, TextV) and isinstance(node, nodes.Reference):
        return _Named(value.text, value.span, value.note)
    if not isinstance(value, Unknown):
        hint = f"write {quoted(value.text)} without quotes" if isinstance(value, TextV) else None
        message = f"expected the name of a job, found {sort(value)}"
        ctx.error(codes.WRONG_TYPE, message, value.span, help=hint, related=(value.note,))
    return None
