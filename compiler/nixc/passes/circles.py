"""Circles in a directed graph, each once."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping


def circles(edges: Mapping[str, tuple[str, ...]]) -> list[tuple[str, ...]]:
    """A shortest circle through the first node of each knot, in the order of the nodes.

    A knot is a strongly connected component of more than one node. Linear in nodes and edges.
    """
    index = {name: place for place, name in enumerate(edges)}
    knots = [sorted(knot, key=index.__getitem__) for knot in _knots(edges)]
    knots.sort(key=lambda knot: index[knot[0]])
    return [_shortest(edges, knot[0], frozenset(knot)) for knot in knots]


def _shortest(
    edges: Mapping[str, tuple[str, ...]], start: str, knot: frozenset[str]
) -> tuple[str, ...]:
    came_from: dict[str, str] = {}
    queue = deque([start])
    while queue:
        name = queue.popleft()
        for other in edges[name]:
            if other == start:
                return _path(came_from, start, name)
            if other in knot and other not in came_from:
                came_from[other] = name
                queue.append(other)
    raise AssertionError("a knot has a circle")


def _path(came_from: Mapping[str, str], start: str, end: str) -> tuple[str, ...]:
    path = [end]
    while path[-1] != start:
        path.append(came_from[path[-1]])
    return tuple(reversed(path))


def _knots(edges: Mapping[str, tuple[str, ...]]) -> list[list[str]]:
    """Kosaraju's algorithm, without recursion."""
    backward: dict[str, list[str]] = {name: [] for name in edges}
    for name, others in edges.items():
        for other in others:
            backward[other].append(name)
    knots: list[list[str]] = []
    taken: set[str] = set()
    for root in reversed(_finished(edges)):
        if root in taken:
            continue
        knot, stack = [], [root]
        taken.add(root)
        while stack:
            name = stack.pop()
            knot.append(name)
            fresh = [other for other in backward[name] if other not in taken]
            taken.update(fresh)
            stack += dict.fromkeys(fresh)
        knots.append(knot)
    return [knot for knot in knots if len(knot) > 1]


def _finished(edges: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The nodes in the order in which a depth-first walk leaves them."""
    order: list[str] = []
    seen: set[str] = set()
    for root in edges:
        if root in seen:
            continue
        seen.add(root)
        stack = [(root, iter(edges[root]))]
        while stack:
            name, rest = stack[-1]
            other = next((one for one in rest if one not in seen), None)
            if other is None:
                order.append(name)
                stack.pop()
            else:
                seen.add(other)
                stack.append((other, iter(edges[other])))
    return order
