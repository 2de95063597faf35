"""What names stand for: declarations of this file, of the workflow, of imports."""

from __future__ import annotations

from nixc.diagnostics import quoted, shortened
from nixc.lower import codes
from nixc.lower.context import Context
from nixc.lower.scope import Imported, Module, Named, Scope
from nixc.schema.executors import BY_NAME
from nixc.schema.functions import CONDITION_BY_NAME
from nixc.schema.names import ROOTS
from nixc.syntax import nodes


def find(ctx: Context, node: nodes.Reference, scope: Scope) -> tuple[Named | str, Scope] | None:
    """What a reference names, with the scope it is defined in; a kind of executor as its word.

    Reports unknown names and marks what it finds as used.
    """
    first = node.names[0]
    if len(node.names) == 1 and first.text in BY_NAME:
        return first.text, scope
    named = scope.find(first.text)
    if named is None:
        unknown(ctx, first, scope, node)
        return None
    ctx.use(named.node if isinstance(named, Imported) else named)
    if isinstance(named, Imported):
        return _member(ctx, node, named)
    if len(node.names) > 1:
        message = f"{quoted(first.text)} has no {quoted(node.names[1].text)}"
        ctx.error(codes.UNKNOWN_NAME, message, node.names[1].span)
        return None
    inner = Scope(scope.module, opaque=scope.opaque)
    if first.text in scope.workflow:
        inner = Scope(scope.module, workflow=scope.workflow)
    return named, inner


def _member(ctx: Context, node: nodes.Reference, imported: Imported) -> tuple[Named, Scope] | None:
    module = imported.module
    if module is None:
        return None
    if len(node.names) != 2:
        form = shortened(node.names[0].text) + ".NAME"
        message = f"{quoted(node.span.text)} is no value; write `{form}`"
        ctx.error(codes.UNKNOWN_NAME, message, node.span)
        return None
    name = node.names[1]
    named = module.names.get(name.text)
    if named is None or isinstance(named, Imported):
        hint = ctx.meant(name.text, members(module))
        message = f"{quoted(node.names[0].text)} has no {quoted(name.text)}"
        ctx.error(codes.UNKNOWN_NAME, message, name.span, help=hint)
        return None
    return named, Scope(module)


def members(module: Module) -> tuple[str, ...]:
    """The names that a module gives to those who import it."""
    return tuple(n for n, named in module.names.items() if not isinstance(named, Imported))


def unknown(
    ctx: Context, name: nodes.Name, scope: Scope, node: nodes.Reference | None = None
) -> None:
    """Reports a name that nothing has; `node` is the reference that begins with it."""
    candidates = scope.candidates()
    if node is not None and len(node.names) > 1:
        candidates += ROOTS
    hint = ctx.meant(name.text, candidates)
    _use_meant(ctx, ctx.nearest(name.text, candidates), scope, node)
    if hint is None and name.text in scope.jobs:
        hint = f"the job {quoted(name.text)} can be read as `needs.{shortened(name.text)}.result`"
    if name.text in CONDITION_BY_NAME:
        hint = f"conditions are called: `{name.text}()`"
    ctx.error(codes.UNKNOWN_NAME, f"unknown name {quoted(name.text)}", name.span, help=hint)


def _use_meant(ctx: Context, near: str | None, scope: Scope, node: nodes.Reference | None) -> None:
    """Counts what a wrong name probably means as used: that nobody uses it is no other mistake."""
    if near == "input" and node is not None and ctx.inputs:
        ctx.use(ctx.inputs.get(node.names[1].text))
    named = scope.find(near) if near else None
    if named is not None:
        ctx.use(named.node if isinstance(named, Imported) else named)


def wrong_sort(ctx: Context, node: nodes.Reference, named: Named | str, wanted: str) -> None:
    """Reports a name that exists, but is something else than `wanted`."""
    sorts = {
        nodes.Let: "a let",
        nodes.ExecutorDecl: "an executor",
        nodes.ActionDecl: "an action",
        nodes.TemplateDecl: "a template",
        Imported: "an import",
        str: "an executor kind",
    }
    message = f"{quoted(node.span.text)} is {sorts[type(named)]}, not {wanted}"
    ctx.error(codes.WRONG_SORT, message, node.span)
