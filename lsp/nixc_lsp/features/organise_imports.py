"""Imports in order: modules that come with nixc first, then by path; unused ones are dropped."""

from __future__ import annotations

from collections.abc import Iterator

from nixc.source import Span
from nixc.syntax import nodes
from nixc_lsp.analysis import Analysis, import_path
from nixc_lsp.features.actions import Action


def organised(analysis: Analysis) -> Iterator[Action]:
    """The one edit that puts the imports in order, where they stand together."""
    imports = [e for e in analysis.file.entries if isinstance(e, nodes.Import)]
    if not imports or not analysis.clean or not _together(analysis, imports):
        return
    whole = imports[0].span.to(imports[-1].span)
    used = [one for one in imports if _is_used(analysis, one)]
    text = "\n".join(one.span.text for one in sorted(used, key=_order))
    if not text:
        whole = Span(whole.source, whole.start, _behind(whole))
    if text != whole.text:
        yield Action("organise imports", ((whole, text),), "source.organizeImports")


def _together(analysis: Analysis, imports: list[nodes.Import]) -> bool:
    """Whether nothing but imports stands between the first and the last: no comment either."""
    first, last = imports[0].span.start, imports[-1].span.end
    others = (e for e in analysis.file.entries if not isinstance(e, nodes.Import))
    line_end = analysis.source.text.find("\n", last)
    comments = (start for start, _ in analysis.lexed.comments)
    return not (
        any(first < entry.span.start < last for entry in others)
        or any(first < start < max(last, line_end) for start in comments)
    )


def _is_used(analysis: Analysis, one: nodes.Import) -> bool:
    """Whether its name is read anywhere, or it leads nowhere, which is reported."""
    named = [o.span for o in analysis.occurrences if o.symbol.span == one.alias.span]
    return len(named) > 1 or analysis.imported(one) is None


def _order(one: nodes.Import) -> tuple[bool, str, str]:
    path = import_path(one) or ""
    return not path.startswith("std:"), path, one.alias.text


def _behind(span: Span) -> int:
    """Behind the line breaks that follow a stretch."""
    end, text = span.end, span.source.text
    while text[end : end + 1] in (" ", "\t", "\n"):
        end += 1
    return end
