"""The graph as a drawing that stands for itself: no program, no font and no network is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path

from nixc.tools.graph.layout import LINE as HEIGHT
from nixc.tools.graph.layout import PADDING, Box, Card, Drawing, Edge, Lane, cut, layout
from nixc.tools.graph.model import Graph, Node
from nixc.tools.outcomes import Outcome

#: What a status looks like beside its colour, which not everybody sees.
MARKS = {
    "success": "✓",
    "failure": "✗",
    "timeout": "✗",
    "cancelled": "■",
    "unfinished": "■",
    "skipped": "○",
}


def render(graph: Graph) -> str:
    """A file of its own."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{draw(graph)}\n'


def draw(graph: Graph, known: Mapping[str, Outcome] | None = None, *, links: bool = False) -> str:
    """The element `svg`, coloured by what is known of each job's last run; with `links` a program
    around it takes clicks on jobs to somewhere."""
    outcomes = known or {}
    lines = {node.name: tuple(_lines(node, outcomes.get(node.name))) for node in graph.nodes}
    drawing = layout(graph, lines)
    parts = [
        *(_lane(lane) for lane in drawing.lanes),
        *(_edge(edge) for edge in drawing.edges),
        *(_job(card, outcomes.get(card.node.name), links=links) for card in drawing.cards),
    ]
    return "\n".join([*_head(graph, drawing), *parts, "</svg>"])


def style(name: str) -> str:
    """A style sheet that lies beside this file."""
    return Path(__file__).with_name(f"{name}.css").read_text(encoding="utf-8")


def escaped(text: str) -> str:
    """A text in XML or HTML, which do not know every character."""
    known = "".join(one if one.isprintable() or one == "\n" else "\ufffd" for one in text)
    return escape(known, quote=True)


def seconds(milliseconds: int) -> str:
    """A duration as people read it."""
    if milliseconds < 60_000:
        return f"{milliseconds / 1000:.1f}s"
    minutes, rest = divmod(milliseconds // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}h{minutes:02}m{rest:02}s" if hours else f"{minutes}m{rest:02}s"


def told(outcome: Outcome) -> str:
    """An outcome in words."""
    took = "" if outcome.duration is None else f" in {seconds(outcome.duration)}"
    return f"{MARKS[outcome.status]} {outcome.status}{took}"


def _lines(node: Node, outcome: Outcome | None) -> Iterator[str]:
    yield cut(node.name)
    if node.matrix is not None:
        yield cut(node.matrix)
    if outcome is not None:
        yield told(outcome)


def _head(graph: Graph, drawing: Drawing) -> Iterator[str]:
    size = f'width="{drawing.width:.0f}" height="{drawing.height:.0f}"'
    view = f'viewBox="0 0 {drawing.width:.0f} {drawing.height:.0f}"'
    title = f"Jobs of {escaped(graph.name)}"
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="nixc-graph" {size} {view} '
        f'role="group" aria-label="{title}">'
    )
    yield f"<title>{title}</title>\n<style>\n{style('drawing')}</style>"
    yield (
        '<defs><marker id="nixc-arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path class="arrow" d="M0 0L8 4L0 8z"/></marker></defs>'
    )


def _lane(lane: Lane) -> str:
    title = _text(lane.box.x + PADDING, lane.box.y + HEIGHT, lane.title, "title")
    return f'<g class="lane">{_rect(lane.box)}{title}</g>'


def _edge(edge: Edge) -> str:
    first, *rest = edge.points
    path = [f"M{first.x:.1f} {first.y:.1f}"]
    before = first
    for number, point in enumerate(rest):
        middle = (before.x + point.x) / 2
        bend = f"C{middle:.1f} {before.y:.1f} {middle:.1f} {point.y:.1f} "
        path.append(f"{'L' if number % 2 else bend}{point.x:.1f} {point.y:.1f}")
        before = point
    label = _text(before.x - PADDING, before.y - 4, edge.label, "label", ' text-anchor="end"')
    what = escaped(f"{edge.target} needs {edge.source}" + (f": {edge.label}" if edge.label else ""))
    return (
        f'<g class="edge"><title>{what}</title><path d="{"".join(path)}" '
        f'marker-end="url(#nixc-arrow)"/>{label if edge.label else ""}</g>'
    )


def _job(card: Card, outcome: Outcome | None, *, links: bool) -> str:
    node, box = card.node, card.box
    status = f" status-{outcome.status}" if outcome else ""
    role = 'tabindex="0" role="link"' if links else 'role="img"'
    top = box.middle - (len(card.lines) - 1) * HEIGHT / 2 + 4
    lines = "".join(
        _text(box.x + PADDING, top + number * HEIGHT, line, "more" if number else "name")
        for number, line in enumerate(card.lines)
    )
    return (
        f'<g class="job{status}" data-job="{escaped(node.name)}" {role} '
        f'aria-label="{escaped(_described(node, outcome))}"><title>{escaped(_tip(node))}</title>'
        f"{_rect(box, 5)}{lines}</g>"
    )


def _described(node: Node, outcome: Outcome | None) -> str:
    """A job for who hears it."""
    needs = f"needs {', '.join(need.name for need in node.needs)}" if node.needs else ""
    matrix = f"matrix {node.matrix}" if node.matrix else ""
    last = f"last run: {told(outcome)[2:]}" if outcome else ""
    return "; ".join(filter(None, (f"{node.name} on {node.group}", matrix, needs, last)))


def _tip(node: Node) -> str:
    axes = (f"{axis.name}: {', '.join(axis.values)}" for axis in node.axes)
    return "\n".join(filter(None, (node.name, node.doc, *axes)))


def _rect(box: Box, radius: int = 8) -> str:
    return (
        f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" '
        f'rx="{radius}"/>'
    )


def _text(x: float, y: float, text: str, kind: str, more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}"{more}>{escaped(text)}</text>'
