"""The graph of a file's workflow, coloured by its last run."""

from __future__ import annotations

from collections.abc import Mapping

from nixc.diagnostics import Severity
from nixc.ir import model as ir
from nixc.records import dataclass
from nixc.tools.graph.model import Graph, graph_of
from nixc.tools.graph.svg import draw
from nixc.tools.outcomes import Outcome
from nixc_lsp.analysis import Analysis
from nixc_lsp.features.lastrun import last_run


class NoWorkflow(Exception):
    """A file that cannot be drawn or run; the message says why."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """A graph, how its jobs ended, by declared name, and both as a drawing."""

    graph: Graph
    outcomes: Mapping[str, Outcome]
    svg: str


def drawn(analysis: Analysis) -> Drawn:
    """The graph as it is now. Raises NoWorkflow."""
    graph = graph_of(workflow_of(analysis))
    outcomes = last_run(analysis)
    return Drawn(graph, outcomes, draw(graph, outcomes, links=True))


def workflow_of(analysis: Analysis) -> ir.Workflow:
    """The workflow of a file without errors. Raises NoWorkflow."""
    errors = [one for one in analysis.findings if one.severity is Severity.ERROR]
    if errors:
        first = errors[0]
        line = first.span.source.position(first.span.start).line
        more = f" ({len(errors) - 1} more)" if len(errors) > 1 else ""
        raise NoWorkflow(f"{first.span.source.name}:{line}: {first.message}{more}")
    if analysis.compiled.workflow is None:
        raise NoWorkflow("there is no workflow in this file")
    return analysis.compiled.workflow
