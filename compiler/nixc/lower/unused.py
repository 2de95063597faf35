"""What nobody uses is checked all the same, with parameters that fit everything.

What it would be is handed out for the checks of its shell: an orphan is the step of an action or
the job of a template, and what stands on a parameter is unknown in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from nixc.ir import model as ir
from nixc.lower.calls import Bound, exported, opaque
from nixc.lower.context import Context, Surroundings
from nixc.lower.evaluate import let_value
from nixc.lower.executors import declared
from nixc.lower.fields import check_places
from nixc.lower.groups import group
from nixc.lower.jobs import lower_group
from nixc.lower.needs import Jobs
from nixc.lower.parameters import check_parameters
from nixc.lower.scope import Imported, Module, Named, Scope, home
from nixc.lower.steps import lower_action
from nixc.records import dataclass
from nixc.schema.blocks import ACTION, TEMPLATE
from nixc.syntax import nodes


@dataclass(frozen=True, eq=False)
class Unused:
    """A declaration that nothing refers to."""

    name: nodes.Name
    #: What it is, in a word: "let".
    sort: str


_SORTS: dict[type[Named], str] = {
    nodes.Let: "let",
    nodes.ExecutorDecl: "executor",
    nodes.ActionDecl: "action",
    nodes.TemplateDecl: "template",
    Imported: "import",
}


def unused(ctx: Context, names: Mapping[str, Named]) -> Iterable[Unused]:
    """The declarations among `names` that nothing refers to."""
    for named in names.values():
        node = named.node if isinstance(named, Imported) else named
        if id(node) not in ctx.used:
            name = node.alias if isinstance(node, nodes.Import) else node.name
            yield Unused(name, _SORTS[type(named)])


def check_lets(ctx: Context, module: Module, around: Surroundings) -> None:
    """Evaluates the lets of a file in order, so that those standing on earlier ones are cheap."""
    scope = Scope(module)
    for named in module.names.values():
        if isinstance(named, nodes.Let):
            ctx.once(("let", named), around, partial(let_value, ctx, named, scope))


def check_all(ctx: Context, module: Module, around: Surroundings) -> tuple[ir.Job | ir.Step, ...]:
    """Checks every declaration of a file that no job has led to, and gives the orphans."""
    orphans: list[ir.Job | ir.Step | None] = []
    scope = Scope(module)
    used = frozenset(ctx.used)
    for named in module.names.values():
        key = ("used" if id(named) in used else "unused", named)
        match named:
            case nodes.ExecutorDecl():
                ctx.once(key, around, partial(declared, ctx, named, scope))
            case nodes.TemplateDecl():
                make = partial(_template, ctx, named, module, id(named) in used)
                orphans.append(ctx.once(key, around, make, named.name.span))
            case nodes.ActionDecl():
                orphans.append(
                    ctx.once(key, around, partial(_action, ctx, named, module, id(named) in used))
                )
            case nodes.Let() | Imported():
                pass
    return tuple(one for one in orphans if one is not None)


def _action(ctx: Context, node: nodes.ActionDecl, module: Module, used: bool) -> ir.Step | None:
    check_parameters(ctx, node, module)
    check_places(ctx, ACTION, node.body)
    if used:
        return None
    values = opaque(node)
    params = exported(ctx, node, Bound(module, values))
    return lower_action(ctx, node, home(module, values, opaque=True), params)


def _template(ctx: Context, node: nodes.TemplateDecl, module: Module, used: bool) -> ir.Job | None:
    check_parameters(ctx, node, module)
    check_places(ctx, TEMPLATE, node.body)
    if used:
        return None
    scope = Scope(module, locals=opaque(node), opaque=True)
    job = nodes.JobDecl(node.span, node.name, None, node.body, node.doc)
    one = group(ctx, job, scope)
    return next((lowered.job for lowered in lower_group(ctx, one, Jobs({}, {}), None)), None)
