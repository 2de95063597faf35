"""Text that moves to another place of the file: whether it may, where to, under which name."""

from __future__ import annotations

import re
from itertools import count

from nixc.schema.names import RESERVED
from nixc.source import Source, Span
from nixc_lsp.analysis import Analysis
from nixc_lsp.features.completion import symbols


def movable(analysis: Analysis, span: Span, *, out: bool) -> bool:
    """Whether a stretch of a job means the same in its workflow or, `out` of it, at the top."""
    bound = {"parameter", "axis", "job"} | ({"input"} if out else set())
    workflow = analysis.workflow
    for one in analysis.occurrences:
        if not span.start <= one.span.start < span.end:
            continue
        declared = one.symbol.span
        own = span.holds(declared)
        local = workflow is not None and workflow.span.holds(declared)
        if not own and (one.symbol.sort in bound or (out and local)):
            return False
    return True


def above(source: Source, offset: int) -> tuple[Span, str]:
    """The empty stretch above a declaration and the comments that document it, and the white
    space before it."""
    number = source.position(offset).line
    while number > 1 and source.line(number - 1).lstrip().startswith("#"):
        number -= 1
    line = source.line(number)
    indent = line[: len(line) - len(line.lstrip())]
    at = source.line_starts[number - 1] + len(indent)
    return Span(source, at, at), indent


def reindented(span: Span, indent: str) -> str:
    """A stretch whose lines below the first stand as deep as its first one does, moved to
    another depth. Where a line is less deep, nothing is moved: it may be in a raw text."""
    source = span.source
    first = source.line(source.position(span.start).line)
    old = first[: len(first) - len(first.lstrip())]
    head, *lines = span.text.split("\n")
    if any(line.strip() and not line.startswith(old) for line in lines):
        return span.text
    return "\n".join([head, *(indent + line.removeprefix(old) if line else "" for line in lines)])


def fresh_name(analysis: Analysis, wanted: str, taken: frozenset[str] = frozenset()) -> str:
    """A name like the wanted text that nothing has yet."""
    base = re.sub(r"[^A-Za-z0-9_]+", "-", wanted).strip("-").lower()
    if not base or not base[0].isalpha():
        base = f"step-{base}".rstrip("-")
    known = symbols(analysis).keys() | RESERVED.keys() | taken
    names = (base if number == 1 else f"{base}-{number}" for number in count(1))
    return next(name for name in names if name not in known)
