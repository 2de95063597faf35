"""Semantic tokens as the protocol's numbers: all of a document, a part, or what changed."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile

from lsprotocol import types as lsp

from nixc_lsp.analysis import Analysis
from nixc_lsp.features.tokens import Piece, tokens
from nixc_lsp.legend import MODIFIERS, TYPES
from nixc_lsp.session import Session
from nixc_lsp.text import Point

_TYPE = {name: number for number, name in enumerate(TYPES)}
_MODIFIER = {name: 1 << number for number, name in enumerate(MODIFIERS)}


def full(session: Session, params: lsp.SemanticTokensParams) -> lsp.SemanticTokens:
    analysis = session.analysis(params.text_document.uri)
    return _kept(session, analysis, _numbers(session, analysis, tokens(analysis)))


def delta(
    session: Session, params: lsp.SemanticTokensDeltaParams
) -> lsp.SemanticTokens | lsp.SemanticTokensDelta:
    analysis = session.analysis(params.text_document.uri)
    before = session.tokens.get(analysis.path)
    new = _kept(session, analysis, _numbers(session, analysis, tokens(analysis)))
    if before is None or before.result_id != params.previous_result_id:
        return new
    return lsp.SemanticTokensDelta(_edits(list(before.data), list(new.data)), new.result_id)


def part(session: Session, params: lsp.SemanticTokensRangeParams) -> lsp.SemanticTokens:
    analysis = session.analysis(params.text_document.uri)
    first = session.convert.offset(analysis.path, params.range.start)
    last = session.convert.offset(analysis.path, params.range.end)
    found = (one for one in tokens(analysis) if one.end > first and one.start < last)
    return lsp.SemanticTokens(_numbers(session, analysis, found))


def _kept(session: Session, analysis: Analysis, data: list[int]) -> lsp.SemanticTokens:
    """The answer, remembered under a name of its own, as what the next one may be told by."""
    before = session.tokens.get(analysis.path)
    number = int(before.result_id or 0) + 1 if before else 1
    session.tokens[analysis.path] = lsp.SemanticTokens(data, str(number))
    return session.tokens[analysis.path]


def _edits(before: list[int], after: list[int]) -> list[lsp.SemanticTokensEdit]:
    """One edit: what stands between the common start and the common end."""
    if before == after:
        return []
    start = _common(zip(before, after, strict=False))
    left, right = before[start:], after[start:]
    end = _common(zip(reversed(left), reversed(right), strict=False))
    new = right[: len(right) - end]
    return [lsp.SemanticTokensEdit(start, len(left) - end, new or None)]


def _common(pairs: Iterable[tuple[int, int]]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _numbers(session: Session, analysis: Analysis, found: Iterable[Piece]) -> list[int]:
    """Five numbers each: lines and characters from the last one, length, type, modifiers."""
    text, encoding = session.convert.text(analysis.source), session.convert.encoding
    data: list[int] = []
    last = Point(0, 0)
    for piece in found:
        assert piece.type is not None
        point = text.point(piece.start, encoding)
        same = point.line == last.line
        data += (
            point.line - last.line,
            point.character - last.character * same,
            encoding.units(analysis.source.text[piece.start : piece.end]),
            _TYPE[piece.type],
            sum(_MODIFIER[one] for one in piece.modifiers),
        )
        last = point
    return data
