"""Definition, references, highlights, rename."""

from __future__ import annotations

import re
from collections.abc import Iterable

from nixc.schema.names import RESERVED
from nixc.source import Span
from nixc_lsp.analysis import Analysis
from nixc_lsp.symbols import Occurrence, Symbol

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


class Refused(Exception):
    """A rename that would change what the workflow means; the message says why."""


def at(analysis: Analysis, offset: int) -> Occurrence | None:
    """What is named at an offset, its end included."""
    found = [one for one in analysis.occurrences if one.span.start <= offset <= one.span.end]
    return found[-1] if found else None


def definition(analysis: Analysis, offset: int) -> Span | None:
    """Where what is named here is declared; of a declared import, the file."""
    found = at(analysis, offset)
    return found.symbol.span if found else None


def references(
    analysis: Analysis, offset: int, others: Iterable[Analysis], *, declaration: bool
) -> list[Span]:
    """Where the symbol that is named here is named, in this file and others."""
    found = at(analysis, offset)
    if found is None:
        return []
    spans = _places(found.symbol, [analysis, *others])
    return [span for span in spans if declaration or span != found.symbol.span]


def highlights(analysis: Analysis, offset: int) -> list[Span]:
    return references(analysis, offset, (), declaration=True)


def renamable(analysis: Analysis, offset: int) -> Span:
    """The name that would be renamed. Raises Refused."""
    found = at(analysis, offset)
    if found is None:
        raise Refused("there is no name here that could be renamed")
    if analysis.loader.is_standard(found.symbol.span.source):
        raise Refused(f"`{found.symbol.name}` is declared in a module that comes with nixc")
    return found.span


def rename(
    analysis: Analysis, offset: int, new: str, others: Iterable[Analysis]
) -> list[tuple[Span, str]]:
    """The edits that give a symbol another name everywhere. Raises Refused."""
    renamable(analysis, offset)
    found = at(analysis, offset)
    assert found is not None
    symbol = found.symbol
    quoted_ones = symbol.sort == "artifact"
    if not quoted_ones and not _NAME.fullmatch(new):
        raise Refused(
            f"`{new}` is no name: letters, digits, `_` and `-`, not beginning with a digit"
        )
    if quoted_ones and not re.fullmatch(r"[\w.-]+", new):
        raise Refused(f"`{new}` cannot be the name of an artifact")
    if new in RESERVED and symbol.sort not in ("axis", "artifact"):
        raise Refused(f"`{new}` is reserved: {RESERVED[new]}")
    everywhere = [analysis, *others]
    if new != symbol.name:
        _refuse_clash(symbol, new, everywhere)
    return [(span, _written(span, symbol, new)) for span in _places(symbol, everywhere)]


def _written(span: Span, symbol: Symbol, new: str) -> str:
    """In shell text a parameter is a variable."""
    source = span.source.text
    before = source[max(0, span.start - 2) : span.start]
    is_variable = symbol.sort == "parameter" and ("$" in before)
    return new.replace("-", "_") if is_variable else new


def _refuse_clash(symbol: Symbol, new: str, everywhere: Iterable[Analysis]) -> None:
    """Whether the new name is declared where the old one is read, or the other way round."""
    for analysis in everywhere:
        for one in analysis.occurrences:
            other = one.symbol
            clashes = other.name == new and other.span.source is symbol.span.source
            if clashes and _share(symbol, other):
                line = other.span.source.position(other.span.start).line
                raise Refused(f"`{new}` is already {_article(other.sort)}, in line {line}")


def _share(one: Symbol, other: Symbol) -> bool:
    """Whether two sorts of names stand in one namespace."""
    spaces = ({"let", "executor", "action", "template", "import", "parameter"},)
    return one.sort == other.sort or any(one.sort in s and other.sort in s for s in spaces)


def _article(sort: str) -> str:
    return f"{'an' if sort[0] in 'aeiou' else 'a'} {sort}"


def _places(symbol: Symbol, everywhere: Iterable[Analysis]) -> list[Span]:
    found: dict[tuple[object, int], Span] = {}
    for analysis in everywhere:
        for one in analysis.occurrences:
            if one.symbol.key == symbol.key:
                found[one.span.source, one.span.start] = one.span
    return list(found.values())
