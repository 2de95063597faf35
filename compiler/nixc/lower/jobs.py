"""Jobs: a declared one becomes one job per combination of its matrix."""

from __future__ import annotations

from collections.abc import Iterable

from nixc.ir import model as ir
from nixc.lower import artifacts, conditions
from nixc.lower.coerce import coerce
from nixc.lower.context import Context
from nixc.lower.evaluate import evaluate
from nixc.lower.executors import executor, local
from nixc.lower.exports import exports
from nixc.lower.fields import Layer, check_places, lower_fields, misspelt, sharing_variables
from nixc.lower.groups import Group, Member
from nixc.lower.matrix import axis_text
from nixc.lower.needs import Jobs, needs
from nixc.lower.providers import providers
from nixc.lower.record import Record
from nixc.lower.scope import Scope
from nixc.lower.smells import single_attempt
from nixc.lower.steps import join_env, lower_steps, retry
from nixc.lower.values import BROKEN
from nixc.records import dataclass, replace
from nixc.schema.blocks import JOB
from nixc.schema.types import ConditionT, EnvMap, ExecutorT, Field, JobRefs
from nixc.syntax import nodes


@dataclass(frozen=True, eq=False)
class LoweredJob:
    """A job, where it runs, how its steps are retried unless they say otherwise, and the fields
    that nothing should be concluded from."""

    job: ir.Job
    executor: ir.Executor
    retry: ir.Retry | None
    broken: frozenset[str]


def lower_group(
    ctx: Context, group: Group, jobs: Jobs, inherited: ir.Retry | None
) -> Iterable[LoweredJob]:
    """The jobs of a declaration, one after the other."""
    check_places(ctx, JOB, group.node.body)
    group = replace(group, layers=sharing_variables(group.layers))
    for member in group.members:
        yield _Lowering(ctx, group, member, jobs).job(inherited)


class _Lowering:
    """Lowers one job: its needs first, for they decide what its expressions may read."""

    def __init__(self, ctx: Context, group: Group, member: Member, jobs: Jobs) -> None:
        self.ctx = ctx
        self.group = group
        self.member = member
        self.jobs = jobs
        self.broken = {"needs", "matrix"} if group.broken else set()
        if ctx.garbled.touches(group.node.name.span):
            self.broken |= {"outputs", "exports"}
        self.layers = self._scoped(group.layers, None)
        self.needs = self._needs()
        names = {need.name for need in self.needs}
        names |= {""} if "needs" in self.broken else set()
        self.layers = self._scoped(group.layers, frozenset(names))

    def _scoped(self, layers: tuple[Layer, ...], names: frozenset[str] | None) -> tuple[Layer, ...]:
        member, jobs, any_axis = self.member, self.jobs.names, self.group.broken
        return tuple(
            Layer(
                one.entries,
                replace(
                    one.scope,
                    matrix=member.combination,
                    needs=names,
                    jobs=jobs,
                    any_axis=any_axis,
                ),
            )
            for one in layers
        )

    def _needs(self) -> tuple[ir.Need, ...]:
        given: tuple[nodes.Expression, Scope] | None = None
        for layer in self.layers:
            for entry in layer.entries:
                if isinstance(entry, nodes.Field) and entry.name.text == "needs":
                    given = (entry.value, layer.scope)
        if given is None:
            return self._meant_needs()
        before = self.ctx.errors
        found = needs(self.ctx, *given, self.jobs, self.group.name)
        if self.ctx.errors > before:
            self.broken.add("needs")
        return found

    def _meant_needs(self) -> tuple[ir.Need, ...]:
        """What a misspelt `needs` lists."""
        meant = misspelt(self.ctx, JOB, "needs", self.layers)
        if meant is None:
            return ()
        self.broken.add("needs")
        with self.ctx.silently():
            return needs(self.ctx, meant[0].value, meant[1], self.jobs, self.group.name)

    def job(self, inherited: ir.Retry | None) -> LoweredJob:
        node = self.group.node
        fields = lower_fields(self.ctx, JOB, self.layers, node.name.span, self._convert, _join)
        self.broken |= fields.broken
        single_attempt(self.ctx, fields)
        in_force = retry(fields, inherited)
        steps = lower_steps(self.ctx, self.layers, in_force, fields)
        found = fields.read("executor")
        where = found if isinstance(found, ir.Executor) else self._default()
        job = self._made(fields, where, steps)
        return LoweredJob(job, where, in_force, frozenset(self.broken))

    def _default(self) -> ir.Executor:
        return local(self.ctx, self.group.node.name, self.layers[-1].scope)

    def _convert(self, field: Field, node: nodes.Expression, scope: Scope) -> object:
        if isinstance(field.type, JobRefs):
            return self.needs
        if field.name == "matrix":
            return ()  # expanded before
        if isinstance(field.type, ConditionT):
            return conditions.condition(self.ctx, node, scope) or BROKEN
        if isinstance(field.type, ExecutorT):
            return executor(self.ctx, node, scope) or BROKEN
        return coerce(self.ctx, evaluate(self.ctx, node, scope), field.type, field.runtime)

    def _made(
        self,
        fields: Record,
        where: ir.Executor,
        steps: tuple[ir.Step | ir.Parallel, ...],
    ) -> ir.Job:
        node = self.group.node
        written = fields.read("condition")
        if not isinstance(written, conditions.Written):
            written = conditions.default(node.name.span)
        return ir.Job(
            span=node.name.span,
            name=self.member.name,
            doc=fields.text("description") or node.doc,
            matrix=self._matrix(),
            executor=where.name,
            needs=self.needs,
            condition=written.condition,
            condition_text=written.text,
            continue_on_error=fields.flag("continueOnError"),
            env=tuple(one for one in fields.items("env") if isinstance(one, ir.EnvEntry)),
            env_from=providers(fields),
            inputs=artifacts.inputs(fields),
            outputs=artifacts.outputs(fields),
            exports=exports(self.ctx, fields),
            cache=artifacts.cache(fields),
            steps=steps,
            timeout=fields.number("timeout"),
            workdir=fields.text("workdir"),
        )

    def _matrix(self) -> ir.MatrixOf | None:
        matrix, combination = self.group.matrix, self.member.combination
        if matrix is None or combination is None:
            return None
        values = tuple((axis, axis_text(combination[axis])) for axis in sorted(combination))
        return ir.MatrixOf(self.group.name, values, matrix.max_parallel, matrix.fail_fast)


def _join(field: Field, values: list[object]) -> object:
    if isinstance(field.type, EnvMap):
        return join_env(field, values)
    return artifacts.joined(values)
