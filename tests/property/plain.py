"""What the compiler makes of a file, as plain values with the places where they stand now."""

from __future__ import annotations

from nixc.backend import verify
from nixc.backend.shellcheck import Answer, Finding
from nixc.records import is_record, names_of
from nixc.source import Source, Span, TextMap
from nixc_lsp import analysis
from nixc_lsp.analysis import Analysis
from nixc_lsp.features import outline


def plain(value: object) -> object:
    """Any value of the compiler's; a source is its name."""
    match value:
        case Span():
            return (value.source.name, value.start, value.end, value.text)
        case TextMap():
            moved = [(decoded, at + value.base.offset) for decoded, at in value.anchors]
            return (moved, sorted(value.wholes))
        case Source():
            return value.name
        case tuple() | list():
            return [plain(item) for item in value]
        case dict():
            return [(plain(key), plain(item)) for key, item in value.items()]
        case frozenset() | set():
            return sorted(map(repr, value))
    if is_record(value):
        return (type(value).__name__, [plain(getattr(value, name)) for name in names_of(value)])
    return value


def seen(one: Analysis) -> dict[str, object]:
    """All that the server's features look at: trees, findings, the IR, texts, symbols."""
    compiled, lowered = one.compiled, one.compiled.lowered
    # ShellCheck has something to say of the beginning of every text.
    finding = Finding(line=2, column=1, end_line=2, end_column=2, level="info", code=1, message="x")
    answers: dict[str, Answer] = dict.fromkeys(analysis.questions([one]), (finding,))
    found = {
        "file": one.file,
        "syntax": one.loader.syntax_errors(one.file),
        "findings": one.findings,
        "diagnostics": analysis.diagnostics([one], answers),
        "lowered": lowered.workflow,
        "workflow": compiled.workflow,
        "unavailable": compiled.unavailable,
        "pending": [(pending.span, pending.what) for pending in lowered.pending],
        "unused": [(unused.name, unused.sort) for unused in lowered.unused],
        "broken": lowered.broken,
        "orphans": lowered.orphans,
        "executors": lowered.executors,
        "retries": dict(lowered.retries),
        "texts": one.texts,
        "questions": [verify.question(text) for text in verify.checkable(one.texts)],
        "outline": outline.outline(one),
        "occurrences": [
            (o.span, o.symbol.sort, o.symbol.name, o.symbol.span) for o in one.occurrences
        ],
        "tokens": [tuple(token) for token in one.lexed.tokens],
    }
    return {name: plain(value) for name, value in found.items()}
