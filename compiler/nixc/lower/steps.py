"""Steps: their fields, what `use` brings, retry in force, names within the job."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, cast

from nixc.ir import model as ir
from nixc.lower import conditions
from nixc.lower.calls import called_action, exported
from nixc.lower.coerce import coerce
from nixc.lower.context import Context
from nixc.lower.environment import merged
from nixc.lower.evaluate import evaluate
from nixc.lower.fields import Layer, check_places, lower_fields, sharing_variables
from nixc.lower.providers import providers
from nixc.lower.record import Record
from nixc.lower.scope import Scope, home
from nixc.lower.scripts import script
from nixc.lower.smells import long_step, single_attempt
from nixc.lower.values import BROKEN, TextV
from nixc.schema.blocks import ACTION, PARALLEL, STEP, USE
from nixc.schema.names import LANGUAGE_BY_TAG
from nixc.schema.types import Block, ConditionT, Field, Shell
from nixc.source import Span
from nixc.syntax import nodes

#: Names made of a script's first line are cut here.
_NAME_LENGTH = 60


def retry(fields: Record, inherited: ir.Retry | None) -> ir.Retry | None:
    """The retry in force at a level: its own, or what it takes over. `null` is off."""
    if "retry" not in fields.values:
        return inherited
    own = fields.record("retry")
    attempts = own.number("maxAttempts") if own else None
    if own is None or attempts is None or attempts < 2:
        return None
    backoff = cast(Literal["exponential", "linear", "constant"], own.text("backoff"))
    return ir.Retry(attempts, backoff, own.number("minTime") or 0, own.number("maxTime") or 0)


def lower_steps(
    ctx: Context, layers: Iterable[Layer], retry: ir.Retry | None, job: Record
) -> tuple[ir.Step | ir.Parallel, ...]:
    """The steps of a job in order; those that could not be lowered are left out.

    `retry` is the job's, `job` its fields.
    """
    maker = _Maker(ctx, retry, job)
    steps = [maker.entry(entry, layer.scope) for layer in layers for entry in layer.entries]
    return tuple(step for step in steps if step is not None)


def lower_action(
    ctx: Context, action: nodes.ActionDecl, scope: Scope, params: tuple[ir.EnvEntry, ...]
) -> ir.Step | None:
    """The step that an action is by itself, without a `use`."""
    name = action.name
    layers = (Layer(action.body, scope),)
    return _Maker(ctx, None, None).made(ACTION, layers, name.span, name.text, action.doc, params)


class _Maker:
    """Lowers the steps of one job, keeping their names apart."""

    def __init__(self, ctx: Context, retry: ir.Retry | None, job: Record | None) -> None:
        self.ctx = ctx
        self.job = job
        self.retry = retry
        self.names: dict[str, int] = {}

    def entry(self, entry: nodes.Entry, scope: Scope) -> ir.Step | ir.Parallel | None:
        if isinstance(entry, nodes.ParallelDecl):
            return self._parallel(entry, scope)
        if isinstance(entry, nodes.StepDecl | nodes.RunDecl | nodes.UseDecl):
            return self._step(entry, scope)
        return None

    def _parallel(self, group: nodes.ParallelDecl, scope: Scope) -> ir.Parallel:
        span = head(group, "parallel")
        check_places(self.ctx, PARALLEL, group.body)
        steps = (self.entry(entry, scope) for entry in group.body)
        return ir.Parallel(span, tuple(step for step in steps if isinstance(step, ir.Step)))

    def _step(
        self, entry: nodes.StepDecl | nodes.RunDecl | nodes.UseDecl, scope: Scope
    ) -> ir.Step | None:
        match entry:
            case nodes.StepDecl():
                return self._declared(entry, scope)
            case nodes.RunDecl():
                field = nodes.Field(entry.span, nodes.Name(entry.span, "run"), entry.text)
                layers = (Layer((field,), scope),)
                return self.made(STEP, layers, head(entry, "run"), None, entry.doc)
            case nodes.UseDecl():
                return self._used(entry, scope)

    def _declared(self, entry: nodes.StepDecl, scope: Scope) -> ir.Step | None:
        span = head(entry, "step", entry.name)
        check_places(self.ctx, STEP, entry.body)
        name = None
        if entry.name is not None:
            value = evaluate(self.ctx, entry.name, scope)
            name = coerce(self.ctx, value, STEP.by_name["description"].type)
            if not isinstance(value, TextV):
                return None
        return self.made(
            STEP,
            (Layer(entry.body, scope),),
            span,
            name if isinstance(name, str) else None,
            entry.doc,
        )

    def _used(self, entry: nodes.UseDecl, scope: Scope) -> ir.Step | None:
        check_places(self.ctx, USE, entry.body)
        found = called_action(self.ctx, entry.action, scope)
        if found is None:
            return None
        action, bound = found
        inner = home(bound.module, bound.values, scope.opaque, scope.variables)
        layers = (Layer(action.body, inner), Layer(entry.body, scope))
        params = exported(self.ctx, action, bound)
        span = head(entry, "use", entry.action.callee)
        return self.made(
            ACTION,
            layers,
            span,
            action.name.text,
            entry.doc or action.doc,
            params,
            action.name.span,
        )

    def made(
        self,
        block: Block,
        layers: tuple[Layer, ...],
        span: Span,
        name: str | None,
        doc: str | None,
        params: tuple[ir.EnvEntry, ...] = (),
        blamed: Span | None = None,
    ) -> ir.Step | None:
        layers = sharing_variables(layers)
        fields = step_fields(self.ctx, block, layers, blamed or span)
        single_attempt(self.ctx, fields)
        long_step(self.ctx, fields, self.job)
        run = fields.script("run")
        if run is None:
            return None
        base = name or first_line(run.text)
        action = ir.Action("", base, run, _entries(fields.items("env")), _deps(fields, run))
        written = fields.read("condition")
        if not isinstance(written, conditions.Written):
            written = conditions.default(span)
        return ir.Step(
            span=span,
            name=self._apart(base),
            description=fields.text("description") or doc,
            action=action,
            params=params,
            env_from=providers(fields),
            condition=written.condition,
            condition_text=written.text,
            retry=retry(fields, self.retry),
            timeout=fields.number("timeout"),
            continue_on_error=fields.flag("continueOnError"),
            workdir=fields.text("workdir"),
        )

    def _apart(self, base: str) -> str:
        """The name, with ` #2` and so on if the job has it already."""
        name = base
        while name in self.names:
            self.names[base] += 1
            name = f"{base} #{self.names[base]}"
        self.names[name] = 1
        return name


def step_fields(ctx: Context, block: Block, layers: tuple[Layer, ...], span: Span) -> Record:
    """The fields of a step or action, those of `use` merged over the action's."""

    def convert(field: Field, node: nodes.Expression, scope: Scope) -> object:
        if isinstance(field.type, Shell):
            return script(ctx, node, scope, tagged=field.type.tagged) or BROKEN
        if isinstance(field.type, ConditionT):
            return conditions.condition(ctx, node, scope) or BROKEN
        return coerce(ctx, evaluate(ctx, node, scope), field.type, field.runtime)

    return lower_fields(ctx, block, layers, span, convert, join_env)


def join_env(field: Field, values: list[object]) -> object:
    """Joins `env` of several layers by name."""
    return merged(*(_entries(value) for value in values if isinstance(value, tuple)))


def _entries(items: tuple[object, ...]) -> tuple[ir.EnvEntry, ...]:
    return tuple(item for item in items if isinstance(item, ir.EnvEntry))


def _deps(fields: Record, run: ir.Script) -> tuple[ir.Dep, ...]:
    """The step's own dependencies, and its interpreter where that is one."""
    interpreter = LANGUAGE_BY_TAG[run.interpreter.value].dep
    found = [dep(text, span) for span, text in fields.texts("deps")]
    if interpreter is not None:
        found.append(dep(interpreter, run.span))
    return tuple({(one.package, one.command): one for one in found}.values())


def dep(text: str, span: Span) -> ir.Dep:
    """`command` or `package:command`."""
    package, _, command = text.partition(":")
    return ir.Dep(span, package, command or package)


def first_line(text: str) -> str:
    """The name of a script without one: its first line that says something, cut with `…`."""
    lines = (line.strip() for line in text.splitlines())
    line = next((line for line in lines if line), "run")
    return line if len(line) <= _NAME_LENGTH else line[:_NAME_LENGTH] + "…"


def head(
    node: nodes.Entry,
    word: str,
    name: nodes.String | nodes.LiteralString | nodes.Reference | None = None,
) -> Span:
    """The part of a declaration that is shown for it: its word and name."""
    return node.span.beginning(len(word)) if name is None else node.span.to(name.span)
