"""The graph as text, for terminals and logs: a table of jobs below each executor."""

from __future__ import annotations

from nixc.diagnostics import shortened
from nixc.tools.graph.model import Graph, Need, Node


def render(graph: Graph) -> str:
    width = max((len(node.name) for node in graph.nodes), default=0)
    lines = [graph.name]
    for group in graph.groups:
        lines += ["", f"  {group.title}"]
        lines += [f"    {node.name:{width}}  {_about(node)}".rstrip() for node in group.nodes]
    return "\n".join(lines) + "\n"


def _about(node: Node) -> str:
    needs = f"needs {', '.join(map(_need, node.needs))}" if node.needs else None
    return "; ".join(filter(None, (needs, node.matrix and f"matrix {node.matrix}")))


def _need(need: Need) -> str:
    artifacts = ", ".join(map(shortened, need.artifacts))
    return f"{need.name} ({artifacts})" if artifacts else need.name
