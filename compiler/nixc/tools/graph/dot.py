"""The graph for Graphviz."""

from __future__ import annotations

from nixc.diagnostics import shortened
from nixc.tools.graph.model import Graph


def render(graph: Graph) -> str:
    lines = [f"digraph {_quoted(graph.name)} {{", "  rankdir=LR;", "  node [shape=box];"]
    for number, group in enumerate(graph.groups):
        lines.append(f"  subgraph cluster_{number} {{")
        lines.append(f"    label={_quoted(group.title)};")
        for node in group.nodes:
            label = _quoted(node.name, *filter(None, [node.matrix]))
            lines.append(f"    {_quoted(node.name)} [label={label}];")
        lines.append("  }")
    for node in graph.nodes:
        for need in node.needs:
            taken = f" [label={_quoted(', '.join(need.artifacts))}]" if need.artifacts else ""
            lines.append(f"  {_quoted(need.name)} -> {_quoted(node.name)}{taken};")
    return "\n".join([*lines, "}", ""])


def _quoted(*lines: str) -> str:
    """A string of DOT; in labels a backslash begins an escape, and `\\n` a line."""
    escaped = (
        shortened(line).replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
        for line in lines
    )
    return '"' + "\\n".join(escaped) + '"'
