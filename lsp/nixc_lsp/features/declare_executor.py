"""An executor that is written where it is used becomes a declared one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nixc.source import Span
from nixc.syntax import nodes
from nixc_lsp.analysis import Analysis
from nixc_lsp.features.actions import Action
from nixc_lsp.features.moving import above, fresh_name, movable, reindented

_Owner = nodes.JobDecl | nodes.TemplateDecl


def declared(analysis: Analysis, first: int, last: int) -> Iterator[Action]:
    """The executor around a stretch is declared above what uses it. Equal ones nearby use it,
    too: they are one executor, and stay one."""
    if not analysis.clean:
        return
    workflow = analysis.workflow
    jobs = [e for e in (workflow.body if workflow else ()) if isinstance(e, nodes.JobDecl)]
    yield from _among(analysis, list(_inline(jobs)), first, last, out=False)
    for entry in analysis.file.entries:
        if isinstance(entry, nodes.TemplateDecl):
            yield from _among(analysis, list(_inline([entry])), first, last, out=True)


def _inline(owners: Iterable[_Owner]) -> Iterator[tuple[_Owner, nodes.ExecutorValue]]:
    for owner in owners:
        for entry in owner.body:
            if isinstance(entry, nodes.Field) and isinstance(entry.value, nodes.ExecutorValue):
                yield owner, entry.value


def _among(
    analysis: Analysis,
    inline: list[tuple[_Owner, nodes.ExecutorValue]],
    first: int,
    last: int,
    *,
    out: bool,
) -> Iterator[Action]:
    for owner, value in inline:
        around = value.span.start <= first and last <= value.span.end
        if not around or not movable(analysis, value.span, out=out):
            continue
        name = fresh_name(analysis, f"{owner.name.text}-{value.kind.text}")
        equal = [(one, other) for one, other in inline if _plain(other) == _plain(value)]
        place, indent = above(analysis.source, min(one.span.start for one, _ in equal))
        text = f"executor {name} = {reindented(value.span, indent)}\n\n{indent}"
        edits: list[tuple[Span, str]] = [(place, text)]
        edits += [(other.span, name) for _, other in equal]
        yield Action(f"declare this executor as `{name}`", tuple(edits), "refactor.extract")


def _plain(value: nodes.ExecutorValue) -> list[str]:
    """The text without its white space."""
    return value.span.text.split()
