"""Steps become actions, used where they stood."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nixc.source import Span
from nixc.syntax import nodes
from nixc_lsp.analysis import Analysis
from nixc_lsp.features.actions import Action
from nixc_lsp.features.moving import above, fresh_name, movable, reindented

_Step = nodes.StepDecl | nodes.RunDecl


def extracted(analysis: Analysis, first: int, last: int) -> Iterator[Action]:
    """Each step that a stretch touches becomes an action of its own."""
    for top, owner in _owners(analysis) if analysis.clean else ():
        steps = [s for s in _steps(owner.body) if s.span.start <= last and first <= s.span.end]
        if not steps or not all(movable(analysis, step.span, out=True) for step in steps):
            continue
        place, indent = above(analysis.source, top.span.start)
        names: list[str] = []
        edits: list[tuple[Span, str]] = []
        text = ""
        for step in steps:
            name = fresh_name(analysis, _wanted(step, owner.name.text), frozenset(names))
            names.append(name)
            text += f"action {name}() {_block(step, indent)}\n\n{indent}"
            edits.append((step.span, f"use {name}()"))
        what = f"an action: `{names[0]}`" if len(names) == 1 else f"{len(names)} actions"
        yield Action(f"extract to {what}", ((place, text), *edits), "refactor.extract")


def _owners(
    analysis: Analysis,
) -> Iterator[tuple[nodes.WorkflowDecl | nodes.TemplateDecl, nodes.JobDecl | nodes.TemplateDecl]]:
    """What has steps, with the declaration at the top that it stands in."""
    for entry in analysis.file.entries:
        if isinstance(entry, nodes.TemplateDecl):
            yield entry, entry
        elif isinstance(entry, nodes.WorkflowDecl):
            yield from ((entry, job) for job in entry.body if isinstance(job, nodes.JobDecl))


def _steps(body: Iterable[nodes.Entry]) -> Iterator[_Step]:
    for entry in body:
        if isinstance(entry, _Step):
            yield entry
        elif isinstance(entry, nodes.ParallelDecl):
            yield from _steps(entry.body)


def _wanted(step: _Step, owner: str) -> str:
    if isinstance(step, nodes.RunDecl) or step.name is None:
        return f"{owner}-step"
    return step.name.span.text[1:-1]


def _block(step: _Step, indent: str) -> str:
    """The body of the action, which is a step's."""
    if isinstance(step, nodes.RunDecl):
        return f"{{\n{indent}  run = {reindented(step.text.span, indent + '  ')}\n{indent}}}"
    head = step.name.span.end if step.name else step.span.start
    start = step.span.source.text.index("{", head)
    return reindented(Span(step.span.source, start, step.span.end), indent)
