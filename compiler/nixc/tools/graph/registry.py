"""The forms of a graph, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nixc.tools.graph import dot, mermaid, page, svg, text
from nixc.tools.graph.model import Graph

REGISTRY: Mapping[str, Callable[[Graph], str]] = {
    "text": text.render,
    "mermaid": mermaid.render,
    "dot": dot.render,
    "svg": svg.render,
    "html": page.render,
}
