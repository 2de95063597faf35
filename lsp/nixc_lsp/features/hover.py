"""What there is to know about what stands at a place."""

from __future__ import annotations

from collections.abc import Iterator

from nixc.records import dataclass
from nixc.schema.declarations import DECLARATIONS
from nixc.schema.executors import BY_NAME
from nixc.schema.functions import CONDITION_BY_NAME, PROVIDER_BY_NAME
from nixc.source import Span
from nixc_lsp.analysis import Analysis
from nixc_lsp.features import navigation
from nixc_lsp.features.completion import field_doc
from nixc_lsp.features.in_force import in_force
from nixc_lsp.nearby import place_in
from nixc_lsp.symbols import Symbol


@dataclass(frozen=True, eq=False)
class Hover:
    """Markdown about a stretch of text."""

    span: Span
    text: str


def hover(analysis: Analysis, offset: int) -> Hover | None:
    """What is known of the word at an offset."""
    found = navigation.at(analysis, offset)
    if found is not None:
        return Hover(found.span, "\n\n".join(_of_symbol(analysis, found.symbol)))
    token = next((t for t in analysis.lexed.tokens if t.start <= offset < t.end), None)
    if token is None:
        return None
    span = Span(analysis.source, token.start, token.end)
    text = _of_word(analysis, span)
    return Hover(span, text) if text else None


def _of_word(analysis: Analysis, span: Span) -> str | None:
    """The schema's words."""
    here = place_in(analysis, span.start)
    block, words = here.frame.block, here.words
    if block is not None and not words:
        if span.text in block.by_name:
            return field_doc(block.by_name[span.text])
        forms = [one for one in DECLARATIONS if one.word == span.text]
        return "\n\n".join(f"`{one.form}`\n\n{one.doc}" for one in forms) or None
    if span.text in BY_NAME:
        return BY_NAME[span.text].block.doc
    function = CONDITION_BY_NAME.get(span.text) or PROVIDER_BY_NAME.get(span.text)
    return f"{function.doc}\n\n`{function.example}`" if function else None


def _of_symbol(analysis: Analysis, symbol: Symbol) -> Iterator[str]:
    head = analysis_line(symbol)
    yield f"```nxa\n{head}\n```"
    if symbol.doc:
        yield symbol.doc
    if symbol.sort == "job":
        yield from in_force(analysis, symbol.name)


def analysis_line(symbol: Symbol) -> str:
    """The line of a declaration, without the block that it opens."""
    source = symbol.span.source
    line = source.line(source.position(symbol.span.start).line).strip()
    return line.removesuffix("{").rstrip()
