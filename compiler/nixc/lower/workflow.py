"""The workflow: its own fields, then its jobs."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from nixc.ir import model as ir
from nixc.lower.coerce import coerce
from nixc.lower.context import Context, Surroundings
from nixc.lower.evaluate import evaluate, let_value
from nixc.lower.executors import declared
from nixc.lower.fields import Layer, check_places, lower_fields, sharing_variables
from nixc.lower.groups import Group, group, job_names
from nixc.lower.inputs import lower_inputs
from nixc.lower.jobs import LoweredJob, lower_group
from nixc.lower.modules import declarable, namespace, places_of
from nixc.lower.needs import Jobs
from nixc.lower.providers import providers
from nixc.lower.record import Record
from nixc.lower.scope import Module, Named, Scope
from nixc.lower.smells import single_attempt
from nixc.lower.steps import retry
from nixc.records import dataclass
from nixc.schema.blocks import WORKFLOW
from nixc.syntax import nodes


@dataclass(frozen=True, eq=False)
class LoweredWorkflow:
    """A workflow, its declarations, and the fields of jobs that were wrong."""

    workflow: ir.Workflow
    names: dict[str, Named]
    inputs: dict[str, nodes.InputDecl]
    #: (job, field) pairs that nothing should be concluded from.
    broken: frozenset[tuple[str, str]]
    #: How the steps of each job are retried unless they say otherwise.
    retries: dict[str, ir.Retry | None]


def lower_workflow(
    ctx: Context, node: nodes.WorkflowDecl, module: Module, outer: Surroundings
) -> LoweredWorkflow:
    """The jobs stand in the file's order, one executor per job's executor as lowered.

    `outer` is what the file declares.
    """
    check_places(ctx, WORKFLOW, node.body)
    ctx.inputs = inputs = _named_inputs(ctx, node)
    names = namespace(ctx, _own_names(node), places_of(module))
    (layer,) = sharing_variables((Layer(node.body, Scope(module, workflow=names)),))
    scope = layer.scope
    own = ctx.around("workflow", outer, names, list(inputs.values()), scope.variables)
    for named in names.values():
        if isinstance(named, nodes.Let):
            ctx.once(("let", named), own, partial(let_value, ctx, named, scope))
        elif isinstance(named, nodes.ExecutorDecl):
            ctx.once(("executor", named), own, partial(declared, ctx, named, scope))
    fields = _fields(ctx, node, layer, own)
    lowered_inputs = lower_inputs(ctx, inputs, scope, own)
    jobs = tuple(_jobs(ctx, node, scope, retry(fields, None), own))
    broken = frozenset((one.job.name, field) for one in jobs for field in one.broken)
    retries = {one.job.name: one.retry for one in reversed(jobs)}
    workflow = _made(node, fields, lowered_inputs, jobs)
    return LoweredWorkflow(workflow, names, inputs, broken, retries)


def _fields(ctx: Context, node: nodes.WorkflowDecl, layer: Layer, own: Surroundings) -> Record:
    def lowered() -> Record:
        fields = lower_fields(
            ctx,
            WORKFLOW,
            (layer,),
            node.name.span,
            lambda f, value, s: coerce(ctx, evaluate(ctx, value, s), f.type, f.runtime),
        )
        single_attempt(ctx, fields)
        return fields

    # Jobs aside: `lower_fields` asks for no more than whether there are any.
    given = [entry for entry in node.body if isinstance(entry, nodes.Field)]
    sorts = {type(entry) for entry in node.body}
    about = ctx.around("fields", own, given, sorts)
    return ctx.once(("fields", node.name), about, lowered)


def _own_names(node: nodes.WorkflowDecl) -> Iterable[tuple[nodes.Name, Named]]:
    for entry in node.body:
        if isinstance(entry, nodes.Let | nodes.ExecutorDecl):
            yield entry.name, entry


def _named_inputs(ctx: Context, node: nodes.WorkflowDecl) -> dict[str, nodes.InputDecl]:
    """The inputs by name. One whose name may not be is there all the same, for those who use it:
    that was told once."""
    places: dict[str, nodes.Name] = {}
    found: dict[str, nodes.InputDecl] = {}
    for entry in node.body:
        if isinstance(entry, nodes.InputDecl):
            declarable(ctx, entry.name, places)
            places.setdefault(entry.name.text, entry.name)
            found.setdefault(entry.name.text, entry)
    return found


def _jobs(
    ctx: Context,
    node: nodes.WorkflowDecl,
    scope: Scope,
    inherited: ir.Retry | None,
    own: Surroundings,
) -> Iterable[LoweredJob]:
    places: dict[str, nodes.Name] = {}
    groups: dict[str, Group] = {}
    for entry in node.body:
        if not isinstance(entry, nodes.JobDecl):
            continue
        declarable(ctx, entry.name, places)
        if entry.name.text not in places:
            places[entry.name.text] = entry.name
            make = partial(group, ctx, entry, scope)
            groups[entry.name.text] = ctx.once(("group", entry), own, make, entry.name.span)
    jobs = Jobs(groups, job_names(ctx, groups.values()))
    about = ctx.around("jobs", own, jobs.names, jobs.members_of, inherited)
    for one in groups.values():
        make_all = partial(_all, ctx, one, jobs, inherited)
        yield from ctx.once(("job", one.node), about, make_all, one.node.name.span)


def _all(
    ctx: Context, one: Group, jobs: Jobs, inherited: ir.Retry | None
) -> tuple[LoweredJob, ...]:
    return tuple(lower_group(ctx, one, jobs, inherited))


def _made(
    node: nodes.WorkflowDecl,
    fields: Record,
    inputs: tuple[ir.Input, ...],
    jobs: tuple[LoweredJob, ...],
) -> ir.Workflow:
    logging = fields.record("logging")
    return ir.Workflow(
        span=node.name.span,
        name=node.name.text,
        doc=fields.text("description") or node.doc,
        env=tuple(one for one in fields.items("env") if isinstance(one, ir.EnvEntry)),
        env_from=providers(fields),
        secrets=tuple(dict.fromkeys(name for _, name in fields.texts("secrets"))),
        inputs=inputs,
        jobs=_each_once(jobs),
        executors=tuple({id(one.executor): one.executor for one in jobs}.values()),
        timeout=fields.number("timeout"),
        fail_fast=fields.flag("failFast"),
        max_parallel=fields.number("maxParallel"),
        log_format=logging.text("format") if logging else None,
        log_level=logging.text("level") if logging else None,
    )


def _each_once(jobs: Iterable[LoweredJob]) -> tuple[ir.Job, ...]:
    """The jobs without second ones of one name, which were reported."""
    named: dict[str, ir.Job] = {}
    for one in jobs:
        named.setdefault(one.job.name, one.job)
    return tuple(named.values())
