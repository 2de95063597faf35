"""The graph for Mermaid, which many pages draw where they find it."""

from __future__ import annotations

import re

from nixc.diagnostics import shortened
from nixc.tools.graph.model import Graph

#: Whatever else stands in a label could mean something there: markup, Markdown, an entity.
_SPECIAL = re.compile(r"[^\w ×(),:-]")


def render(graph: Graph) -> str:
    ids = {node.name: f"job{number}" for number, node in enumerate(graph.nodes)}
    lines = ["flowchart LR"]
    for number, group in enumerate(graph.groups):
        lines += [f"  subgraph executor{number}[{_label(group.title)}]", "    direction LR"]
        for node in group.nodes:
            inside = _label(node.name) if not node.matrix else _label(node.name, node.matrix)
            lines.append(f"    {ids[node.name]}[{inside}]")
        lines.append("  end")
    for node in graph.nodes:
        for need in node.needs:
            taken = f"|{_label(', '.join(need.artifacts))}|" if need.artifacts else ""
            lines.append(f"  {ids[need.name]} -->{taken} {ids[node.name]}")
    return "\n".join(lines) + "\n"


def _label(*lines: str) -> str:
    return '"' + "<br>".join(map(_escaped, lines)) + '"'


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda match: f"#{ord(match[0])};", shortened(text))
