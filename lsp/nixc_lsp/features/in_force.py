"""What is in force for a job, as Markdown: each value with the level that says it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nixc.ir import model as ir
from nixc.lower.values import duration_text
from nixc.source import Span
from nixc_lsp.analysis import Analysis
from nixc_lsp.effective import JobInForce, Level, job, jobs, retry_text, value_text

#: Jobs of a matrix that are named.
_MOST = 20


def in_force(analysis: Analysis, name: str) -> Iterator[str]:
    """A paragraph about a declared job: it may be several."""
    one = job(analysis, name)
    if one is not None:
        yield "\n".join(f"- {line}" for line in _lines(analysis, one))


def _lines(analysis: Analysis, one: JobInForce) -> Iterator[str]:
    first = one.members[0]
    if first.matrix is not None:
        named = [f"`{member.name}`" for member in one.members[:_MOST]]
        more = ["…"] if len(one.members) > _MOST else []
        yield f"{len(one.members)} jobs: {', '.join([*named, *more])}"
    yield from _executors(analysis, one)
    if first.needs:
        yield "needs: " + ", ".join(f"`{need.name}`" for need in first.needs)
    yield f"condition: `{first.condition_text}`{_said(one.giving('condition'))}"
    retry = f"`{retry_text(one.retry)}`" if one.retry else "off"
    yield f"retry: {retry}{_said(one.giving('retry'))}"
    if first.timeout is not None:
        yield f"timeout: `{duration_text(first.timeout)}`{_said(one.giving('timeout'))}"
    yield from _variables(analysis, one)


def _executors(analysis: Analysis, one: JobInForce) -> Iterator[str]:
    """Where it runs, and who shares that: equal executors of one name are one."""
    workflow = analysis.compiled.workflow
    kinds = {e.name: e.kind for e in workflow.executors} if workflow else {}
    known = jobs(analysis)
    for name in dict.fromkeys(member.executor for member in one.members):
        others = [
            f"`{other.name}`"
            for other in known
            if other.name != one.name and any(member.executor == name for member in other.members)
        ]
        kind = kinds.get(name, name)
        text = f"executor: `{name}`" + (f", `{kind}`" if kind != name else "")
        text += _said(one.giving("executor"))
        yield text + (f"; shared with {', '.join(others)}" if others else "")


def _said(level: Level | None) -> str:
    return f" ({level.name})" if level else " (default)"


def _variables(analysis: Analysis, one: JobInForce) -> Iterator[str]:
    """The variables, the nearest level first: that is the one that counts."""
    workflow = analysis.compiled.workflow
    assert workflow is not None
    own = [entry for member in one.members for entry in member.env]
    names = {entry.name for entry in own}
    yield from _entries(own, one.levels[:-1])
    yield from _providers((p for member in one.members for p in member.env_from), one.levels[:-1])
    yield from _entries([e for e in workflow.env if e.name not in names], one.levels[-1:])
    yield from _providers(workflow.env_from, one.levels[-1:])


def _entries(entries: list[ir.EnvEntry], levels: tuple[Level, ...]) -> Iterator[str]:
    for name in dict.fromkeys(entry.name for entry in entries):
        same = [entry for entry in entries if entry.name == name]
        values = list(dict.fromkeys(value_text(entry.value) for entry in same))
        shown = [f"`{value}`" for value in values[:3]] + ["…"] * (len(values) > 3)
        yield f"env: `{name}` = {', '.join(shown)}{_said(_holding(levels, 'env', same[0].span))}"


def _providers(providers: Iterable[ir.Provider], levels: tuple[Level, ...]) -> Iterator[str]:
    for span in dict.fromkeys(provider.span for provider in providers):
        yield f"envFrom: `{span.text}`{_said(_holding(levels, 'envFrom', span))}"


def _holding(levels: tuple[Level, ...], field: str, span: Span) -> Level | None:
    """The level that an item of a field stands in; one from a constant, where that is used."""
    holding = (level for level in levels if level.holds(span))
    return next(holding, None) or next((one for one in levels if one.gives(field)), None)
