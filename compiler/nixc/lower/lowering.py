"""The entry: one file with what it imports, to a workflow and findings."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from nixc.diagnostics import Diagnostic, Label
from nixc.ir import model as ir
from nixc.lower import codes
from nixc.lower.context import FRAMES, Context, Pending
from nixc.lower.modules import Loader, Modules
from nixc.lower.scope import Module
from nixc.lower.unused import Unused, check_all, check_lets, unused
from nixc.lower.workflow import LoweredWorkflow, lower_workflow
from nixc.records import dataclass
from nixc.syntax import nodes

if TYPE_CHECKING:
    from nixc.lower.memory import Memory

#: What may be missing in a file with syntax errors.
UNREAD = frozenset({("", "outputs"), ("", "exports")})


@dataclass(frozen=True, eq=False)
class Lowered:
    """What lowering gives to passes and rules.

    The workflow is there whenever the file has one, so that rules see what could be read; it is
    fit for the backend only if there are no errors.
    """

    workflow: ir.Workflow | None
    diagnostics: tuple[Diagnostic, ...]
    #: What `check` accepts and this version cannot build.
    pending: tuple[Pending, ...]
    #: Declarations that nothing refers to; empty for modules.
    unused: tuple[Unused, ...]
    #: (job, field) pairs that were wrong: rules conclude nothing from their absence.
    broken: frozenset[tuple[str, str]]
    #: Actions and templates that no job has led to: what stands on parameters is unknown in them.
    orphans: tuple[ir.Job | ir.Step, ...]
    #: Executors that are declared, whether a job uses them or not.
    executors: tuple[ir.Executor, ...]
    #: How the steps of each job are retried unless they say otherwise.
    retries: Mapping[str, ir.Retry | None]


def lower(
    file: nodes.File,
    loader: Loader,
    syntax: Sequence[Diagnostic] = (),
    memory: Memory | None = None,
) -> Lowered:
    """Lowers a parsed file. Imports are read through `loader`; their syntax errors are its own
    to report. Nothing is raised for a wrong file.

    `syntax` are the file's syntax errors: their consequences are not reported again. `memory` is
    of the files that this one was before: what is the same in it is not lowered again.
    """
    if memory is not None:
        memory.begin()
    with _frames():
        return _lowered(Context(syntax, memory), file, loader, bool(syntax))


@contextmanager
def _frames() -> Iterator[None]:
    """Room for deep nesting."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, FRAMES))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def _lowered(ctx: Context, file: nodes.File, loader: Loader, garbled: bool) -> Lowered:
    module = Modules(ctx, loader).module(file)
    around = () if ctx.memory is None else ctx.memory.around_all(ctx, module)
    check_lets(ctx, module, around)
    lowered: LoweredWorkflow | None = None
    # The first one last: what the others say and use counts, the workflow is the first.
    for node in reversed(_workflows(ctx, file)):
        lowered = lower_workflow(ctx, node, module, around)
    orphans = check_all(ctx, module, around)
    return Lowered(
        workflow=lowered.workflow if lowered else None,
        diagnostics=ctx.findings.sorted(),
        pending=tuple(ctx.pending),
        unused=_unused(ctx, module, lowered) if lowered and not garbled else (),
        broken=(lowered.broken if lowered else frozenset()) | (UNREAD if garbled else frozenset()),
        orphans=orphans,
        executors=tuple(one for one in ctx.executors.values() if one is not None),
        retries=lowered.retries if lowered else {},
    )


def _workflows(ctx: Context, file: nodes.File) -> list[nodes.WorkflowDecl]:
    """The workflows of a file; all but the first are reported."""
    found = [entry for entry in file.entries if isinstance(entry, nodes.WorkflowDecl)]
    for other in found[1:]:
        label = Label(found[0].name.span, "the first one")
        message = "a file holds one workflow at most"
        ctx.error(codes.DUPLICATE_NAME, message, other.name.span, related=(label,))
    return found


def _unused(ctx: Context, module: Module, lowered: LoweredWorkflow) -> tuple[Unused, ...]:
    names = {**module.names, **lowered.names}
    return (*unused(ctx, names), *_inputs(ctx, lowered))


def _inputs(ctx: Context, lowered: LoweredWorkflow) -> tuple[Unused, ...]:
    return tuple(
        Unused(node.name, "input") for node in lowered.inputs.values() if id(node) not in ctx.used
    )
