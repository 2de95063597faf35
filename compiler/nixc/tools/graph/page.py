"""The graph as one page of HTML: the drawing, and the same as a table."""

from __future__ import annotations

from nixc.tools.graph.model import Graph, Need, Node
from nixc.tools.graph.svg import draw, escaped, style

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def render(graph: Graph) -> str:
    title = escaped(graph.name)
    doc = f'<p class="doc">{escaped(graph.doc)}</p>\n' if graph.doc else ""
    rows = "\n".join(map(_row, graph.nodes))
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{escaped(_POLICY)}">
<title>{title}</title>
<style>
{style("page")}</style>
</head>
<body>
<h1>{title}</h1>
{doc}<div class="drawing" tabindex="0" role="region" aria-label="Graph">
{draw(graph)}
</div>
<table>
<thead><tr><th scope="col">Job</th><th scope="col">Executor</th><th scope="col">Needs</th>\
<th scope="col">Matrix</th><th scope="col">What it does</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
</body>
</html>
"""


def _row(node: Node) -> str:
    needs = ", ".join(map(_need, node.needs))
    axes = "; ".join(f"{axis.name}: {', '.join(axis.values)}" for axis in node.axes)
    cells = (node.group, needs, axes, node.doc or "")
    inside = "".join(f"<td>{escaped(cell)}</td>" for cell in cells)
    return f'<tr><th scope="row">{escaped(node.name)}</th>{inside}</tr>'


def _need(need: Need) -> str:
    return f"{need.name} ({', '.join(need.artifacts)})" if need.artifacts else need.name
