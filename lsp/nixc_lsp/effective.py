"""What is in force for a job, and at which level it was said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from nixc.ir import model as ir
from nixc.ir.groups import by_declaration
from nixc.lower.values import duration_text
from nixc.records import dataclass
from nixc.source import Span
from nixc.syntax import nodes
from nixc_lsp.analysis import Analysis


@dataclass(frozen=True, eq=False)
class Level:
    """Where something is said of a job: in its own block, its template or its workflow."""

    name: str
    body: tuple[nodes.Entry, ...]

    def gives(self, field: str) -> bool:
        return any(isinstance(e, nodes.Field) and e.name.text == field for e in self.body)

    def holds(self, span: Span) -> bool:
        return any(e.span.holds(span) for e in self.body)


@dataclass(frozen=True, eq=False)
class JobInForce:
    """A declared job: its node, the jobs that it stands for, its levels, the nearest first."""

    node: nodes.JobDecl
    members: tuple[ir.Job, ...]
    levels: tuple[Level, ...]
    retry: ir.Retry | None

    @property
    def name(self) -> str:
        return self.node.name.text

    def giving(self, field: str) -> Level | None:
        """The level whose value of a field counts."""
        return next((level for level in self.levels if level.gives(field)), None)


def jobs(analysis: Analysis) -> list[JobInForce]:
    """The jobs of the file's workflow as far as they could be understood, in its order."""
    workflow, lowered = analysis.workflow, analysis.compiled
    if workflow is None or lowered.workflow is None:
        return []
    found = by_declaration(lowered.workflow.jobs)
    templates = {
        one.span: one.symbol.node
        for one in analysis.occurrences
        if isinstance(one.symbol.node, nodes.TemplateDecl)
    }
    nodes_by_name = {
        e.name.text: e for e in reversed(workflow.body) if isinstance(e, nodes.JobDecl)
    }
    return [
        JobInForce(
            node,
            tuple(found[name]),
            (*_own_levels(node, templates), Level("workflow", workflow.body)),
            lowered.lowered.retries[found[name][0].name],
        )
        for name, node in reversed(nodes_by_name.items())
        if name in found
    ]


def job(analysis: Analysis, name: str) -> JobInForce | None:
    return next((one for one in jobs(analysis) if one.name == name), None)


def _own_levels(
    node: nodes.JobDecl, templates: Mapping[Span, nodes.TemplateDecl]
) -> Iterator[Level]:
    yield Level("job", node.body)
    template = templates.get(node.template.callee.names[-1].span) if node.template else None
    if template is not None:
        yield Level(f"template `{template.name.text}`", template.body)


def retry_text(retry: ir.Retry) -> str:
    """A retry as the language writes it, defaults included."""
    shortest, longest = duration_text(retry.min_time), duration_text(retry.max_time)
    return (
        f'{{ maxAttempts = {retry.max_attempts}, backoff = "{retry.backoff}", '
        f"minTime = {shortest}, maxTime = {longest} }}"
    )


def value_text(value: ir.RuntimeText | None) -> str:
    """The value of a variable as the language writes it; `?` where it is not known."""
    if value is None:
        return "null"
    if not value.parts:
        return "?"
    return '"' + "".join(p if isinstance(p, str) else _reference(p) for p in value.parts) + '"'


def _reference(ref: ir.RuntimeRef) -> str:
    match ref:
        case ir.EnvRef():
            return f"${{env.{ref.name}}}"
        case ir.InputRef():
            return f"${{input.{ref.name}}}"
        case ir.NeedsResult():
            return f"${{needs.{ref.job}.result}}"
        case ir.NeedsExport():
            return f"${{needs.{ref.job}.{ref.name}}}"
