"""What stands above declarations: runs to start, references, how the last run went."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timezone
from typing import TypeAlias

from nixc.records import dataclass
from nixc.source import Span
from nixc.tools.graph.svg import told
from nixc.tools.outcomes import Outcome
from nixc_lsp.analysis import Analysis
from nixc_lsp.symbols import Symbol

#: Sorts of names whose references are counted.
COUNTED = frozenset({"action", "template", "let", "executor", "input"})


@dataclass(frozen=True)
class Run:
    """Runs the workflow, or one job with what it needs."""

    job: str | None


@dataclass(frozen=True)
class References:
    """Shows places."""

    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Lens:
    """Words above a declaration, and what a click on them does, if anything."""

    span: Span
    title: str
    does: Run | References | None


#: Where symbols are named, by their keys.
Places: TypeAlias = dict[object, dict[tuple[object, int], Span]]


def lenses(
    analysis: Analysis, others: Iterable[Analysis], outcomes: Mapping[str, Outcome]
) -> list[Lens]:
    """The lenses of a file, in order. References are those of the file and of others."""
    places = _places([analysis, *others])
    return [
        lens
        for one in analysis.occurrences
        if one.span == one.symbol.span
        for lens in _of(one.symbol, places, outcomes)
    ]


def _of(symbol: Symbol, places: Places, outcomes: Mapping[str, Outcome]) -> Iterator[Lens]:
    if symbol.sort == "workflow":
        yield Lens(symbol.span, "▶ run", Run(None))
    elif symbol.sort == "job":
        yield Lens(symbol.span, "▶ run job", Run(symbol.name))
        if symbol.name in outcomes:
            yield Lens(symbol.span, _when(outcomes[symbol.name]), None)
    elif symbol.sort in COUNTED:
        spans = tuple(span for span in places[symbol.key].values() if span != symbol.span)
        count = "1 reference" if len(spans) == 1 else f"{len(spans)} references"
        yield Lens(symbol.span, count, References(spans))


def _when(outcome: Outcome) -> str:
    """How it went and when, in the time of who reads it."""
    at = outcome.began if outcome.ended is None else outcome.ended
    local = datetime.fromtimestamp(at / 1000, timezone.utc).astimezone()
    return f"{told(outcome)}, {local:%Y-%m-%d %H:%M}"


def _places(everywhere: Iterable[Analysis]) -> Places:
    found: Places = {}
    for analysis in everywhere:
        for one in analysis.occurrences:
            own = found.setdefault(one.symbol.key, {})
            own[one.span.source, one.span.start] = one.span
    return found
