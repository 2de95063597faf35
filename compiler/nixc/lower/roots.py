"""References that start with `env`, `input`, `needs` or `matrix`."""

from __future__ import annotations

from nixc.diagnostics import quoted
from nixc.ir import model as ir
from nixc.lower import codes
from nixc.lower.context import Context, listed
from nixc.lower.scope import Scope
from nixc.lower.values import RuntimeV, Unknown, Value
from nixc.syntax import nodes

_FORMS = {
    "env": "env.NAME",
    "input": "input.NAME",
    "needs": "needs.JOB.result` or `needs.JOB.NAME",
    "matrix": "matrix.AXIS",
}


def root_value(ctx: Context, node: nodes.Reference, scope: Scope) -> Value:
    """The value of a reference whose first name is one of the roots."""
    root = node.names[0].text
    if len(node.names) != (3 if root == "needs" else 2):
        message = f"{quoted(node.span.text)} is no value"
        ctx.error(codes.UNKNOWN_NAME, message, node.span, help=f"write `{_FORMS[root]}`")
        return Unknown(node.span)
    read = {"env": _env, "input": _input, "needs": _needs, "matrix": _matrix}[root]
    return read(ctx, node, scope)


def _runtime(node: nodes.Reference, reference: ir.RuntimeRef) -> RuntimeV:
    return RuntimeV(node.span, ir.RuntimeText((reference,)))


def _env(ctx: Context, node: nodes.Reference, scope: Scope) -> Value:
    return _runtime(node, ir.EnvRef(node.span, node.names[1].text))


def _input(ctx: Context, node: nodes.Reference, scope: Scope) -> Value:
    name = node.names[1]
    if ctx.inputs is not None:
        if name.text not in ctx.inputs:
            hint = ctx.meant(name.text, ctx.inputs)
            near = ctx.nearest(name.text, ctx.inputs)
            if near is not None:  # that nobody reads the input which is meant is no other mistake
                ctx.use(ctx.inputs[near])
            message = f"unknown input {quoted(name.text)}"
            ctx.error(codes.UNKNOWN_INPUT, message, name.span, help=hint)
            return Unknown(node.span)
        ctx.use(ctx.inputs[name.text])
    return _runtime(node, ir.InputRef(node.span, name.text))


def _matrix(ctx: Context, node: nodes.Reference, scope: Scope) -> Value:
    axis = node.names[1]
    if scope.matrix is not None and axis.text in scope.matrix:
        ctx.axes_read.add(axis.text)
        return scope.matrix[axis.text]
    if not (scope.opaque or scope.any_axis):
        ctx.error(
            codes.UNKNOWN_AXIS,
            f"unknown matrix axis {quoted(axis.text)}",
            axis.span,
            help=_axis_help(ctx, axis.text, scope),
        )
    return Unknown(node.span)


def _axis_help(ctx: Context, axis: str, scope: Scope) -> str | None:
    if scope.matrix is None:
        return "there is no `matrix` here"
    return ctx.meant(axis, scope.matrix) or f"the axes are {listed(scope.matrix, 'and')}"


def _needs(ctx: Context, node: nodes.Reference, scope: Scope) -> Value:
    job, name = node.names[1], node.names[2]
    if not scope.opaque and not _may_read(ctx, node, job, scope):
        return Unknown(node.span)
    if name.text == "result":
        return _runtime(node, ir.NeedsResult(node.span, job.text))
    return _runtime(node, ir.NeedsExport(node.span, job.text, name.text))


def _may_read(ctx: Context, node: nodes.Reference, job: nodes.Name, scope: Scope) -> bool:
    if scope.needs is None:
        message = f"{quoted(node.span.text)} can be read within jobs only"
        way = "pass it as an argument of `use`, or set it in a job's `env`"
        ctx.error(codes.NOT_NEEDED, message, node.span, help=way)
        return False
    if job.text not in scope.jobs:
        hint = ctx.meant(job.text, scope.jobs)
        ctx.error(codes.UNKNOWN_JOB, f"unknown job {quoted(job.text)}", job.span, help=hint)
        return False
    if job.text in scope.needs or scope.jobs[job.text] in scope.needs or "" in scope.needs:
        return True
    message = f"{quoted(job.text)} is not among the `needs` of this job"
    ctx.error(codes.NOT_NEEDED, message, job.span, help=f"add {quoted(job.text)} to `needs`")
    return False
