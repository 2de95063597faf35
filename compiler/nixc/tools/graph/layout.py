"""Where the parts of a drawing stand: columns by rank, a lane for each group.

A job's rank is the length of the longest way to it, so that every edge goes to the right. An edge
that passes over columns goes through a slot of its own in each, in the lane that it comes from;
edges from one job share these.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from unicodedata import combining, east_asian_width

from nixc.records import dataclass
from nixc.tools.graph.model import Graph, Node

#: All measures are pixels; a character is as wide as monospaced fonts have it.
CHARACTER = 7.3
LINE = 18.0
PADDING = 10.0
#: Between jobs above each other, around a lane, for a lane's title.
BETWEEN = 14.0
MARGIN = 16.0
TITLE = 26.0
#: What an edge that passes takes.
PASSING = 10.0
#: Between the labels of edges that end at one job.
PORT = 17.0
#: The least space between columns, for curves; labels stand there, too.
CHANNEL = 56.0
#: No name and no label is shown with more characters.
LONGEST = 36


@dataclass(frozen=True)
class Point:
    x: float
    y: float


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


@dataclass(frozen=True)
class Card:
    """A job: its box and the lines in it."""

    node: Node
    box: Box
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Edge:
    """From job to job, from left to right: curves and straight lines in turn between the points."""

    source: str
    target: str
    points: tuple[Point, ...]
    label: str


@dataclass(frozen=True)
class Lane:
    title: str
    box: Box


@dataclass(frozen=True)
class Drawing:
    width: float
    height: float
    lanes: tuple[Lane, ...]
    cards: tuple[Card, ...]
    edges: tuple[Edge, ...]


@dataclass(frozen=True, eq=False)
class _Slot:
    """A place in a column of a lane: a job, or edges of a job that pass by."""

    node: Node
    column: int
    passing: bool

    @property
    def key(self) -> tuple[str, int]:
        return self.node.name, self.column

    @property
    def before(self) -> tuple[tuple[str, int], ...]:
        """The keys of the slots that may lead here, in the column before."""
        names = [self.node.name] if self.passing else [need.name for need in self.node.needs]
        return tuple((name, self.column - 1) for name in names)


def layout(graph: Graph, lines: dict[str, tuple[str, ...]]) -> Drawing:
    """Places a graph; `lines` are what stands in each job's box."""
    return _Layout(graph, lines).drawing()


def cut(text: str) -> str:
    """A text that is not too long to be shown."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def width_of(text: str) -> float:
    """The width of a text: some characters take two columns, some none."""
    return CHARACTER * sum(
        0 if combining(one) else 2 if east_asian_width(one) in "WF" else 1 for one in text
    )


@dataclass(frozen=True)
class _Column:
    x: float
    width: float
    #: The widest label of the edges that end here.
    label: float

    @property
    def right(self) -> float:
        return self.x + self.width


class _Layout:
    def __init__(self, graph: Graph, lines: dict[str, tuple[str, ...]]) -> None:
        self.graph = graph
        self.lines = lines
        self.ranks = _ranks(graph.nodes)
        #: What stands in a column of a lane, from above.
        self.cells: dict[tuple[str, int], list[_Slot]] = {}
        self.columns = self._columns()
        self.boxes: dict[tuple[str, int], Box] = {}
        self._fill()

    def drawing(self) -> Drawing:
        titles = [cut(group.title) for group in self.graph.groups]
        last = self.columns[-1]
        width = max([last.right, *(width_of(title) + 2 * MARGIN for title in titles)]) + 2 * MARGIN
        lanes: list[Lane] = []
        top = MARGIN
        for group, title in zip(self.graph.groups, titles, strict=True):
            bottom = self._place(group.name, top + TITLE)
            lanes.append(Lane(title, Box(MARGIN, top, width - 2 * MARGIN, bottom - top)))
            top = bottom + MARGIN
        return Drawing(width, top, tuple(lanes), self._cards(), tuple(self._edges()))

    def _place(self, lane: str, top: float) -> float:
        """Gives the slots of a lane their boxes; where they end."""
        bottom = top
        for number, column in enumerate(self.columns):
            y = top
            for slot in self.cells.get((lane, number), ()):
                height = self._height(slot)
                self.boxes[slot.key] = Box(column.x, y, column.width, height)
                y += height + (PASSING if slot.passing else BETWEEN)
            bottom = max(bottom, y)
        return bottom

    # --- columns ----------------------------------------------------------------------

    def _fill(self) -> None:
        """Puts jobs, and edges that pass by, into cells; each near to what it follows."""
        last: dict[str, int] = {}
        for node in self.graph.nodes:
            for need in node.needs:
                last[need.name] = max(last.get(need.name, 0), self.ranks[node.name])
        for node in self.graph.nodes:
            rank = self.ranks[node.name]
            for column in range(rank, max(rank + 1, last.get(node.name, 0))):
                slot = _Slot(node, column, column > rank)
                self.cells.setdefault((node.group, column), []).append(slot)
        self._order()

    def _order(self) -> None:
        """Sorts every cell by the middle of what leads to its slots, from left to right."""
        lanes = {group.name: number for number, group in enumerate(self.graph.groups)}
        places: dict[tuple[str, int], float] = {}
        for lane, column in sorted(self.cells, key=lambda cell: (cell[1], lanes[cell[0]])):
            cell = self.cells[lane, column]
            cell.sort(key=lambda slot: _mean(places[key] for key in slot.before if key in places))
            for number, slot in enumerate(cell):
                places[slot.key] = lanes[lane] + number / len(cell)

    def _columns(self) -> list[_Column]:
        """At least one: there are drawings without jobs."""
        labels: dict[int, float] = {}
        widths: dict[int, float] = {0: 0.0}
        for node in self.graph.nodes:
            rank = self.ranks[node.name]
            lines = max(map(width_of, self.lines[node.name])) + 2 * PADDING
            widths[rank] = max(widths.get(rank, 0.0), lines)
            ends = [width_of(_label(need.artifacts)) for need in node.needs]
            labels[rank] = max([labels.get(rank, 0.0), *ends])
        columns: list[_Column] = []
        x = 2 * MARGIN
        for rank in range(len(widths)):
            label = labels.get(rank, 0.0)
            x += label + CHANNEL if rank else 0
            columns.append(_Column(x, widths[rank], label))
            x += widths[rank]
        return columns

    def _height(self, slot: _Slot) -> float:
        if slot.passing:
            return 0
        lines = len(self.lines[slot.node.name])
        return max(lines * LINE, len(slot.node.needs) * PORT) + 2 * PADDING

    # --- what is drawn ------------------------------------------------------------------

    def _cards(self) -> tuple[Card, ...]:
        return tuple(
            Card(node, self.boxes[node.name, self.ranks[node.name]], self.lines[node.name])
            for node in self.graph.nodes
        )

    def _edges(self) -> Iterator[Edge]:
        """The edges to each job from above to below, so that they cross less."""
        for node in self.graph.nodes:
            rank = self.ranks[node.name]
            box = self.boxes[node.name, rank]
            ways = [(need, self._way(need.name, rank)) for need in node.needs]
            ways.sort(key=lambda way: way[1][-1].y)
            for number, (need, way) in enumerate(ways):
                y = box.middle + (number - (len(ways) - 1) / 2) * PORT
                end = (Point(box.x - self.columns[rank].label - PADDING, y), Point(box.x, y))
                yield Edge(need.name, node.name, (*way, *end), _label(need.artifacts))

    def _way(self, source: str, rank: int) -> list[Point]:
        """From a job to the column before a rank."""
        own = self.ranks[source]
        start = self.boxes[source, own]
        points = [Point(start.right, start.middle)]
        for column in range(own + 1, rank):
            box = self.boxes[source, column]
            points += [Point(box.x, box.y), Point(box.right, box.y)]
        return points


def _ranks(nodes: Iterable[Node]) -> dict[str, int]:
    """The longest way to each job; nodes stand behind what they need."""
    ranks: dict[str, int] = {}
    for node in nodes:
        ranks[node.name] = max((ranks[need.name] + 1 for need in node.needs), default=0)
    return ranks


def _mean(places: Iterable[float]) -> float:
    found = list(places)
    return sum(found) / len(found) if found else 0.0


def _label(artifacts: Iterable[str]) -> str:
    return cut(", ".join(artifacts))
