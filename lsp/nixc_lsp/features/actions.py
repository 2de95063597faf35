"""What can be done about what was found: cures, and comments that silence. Other actions have
files of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from nixc.diagnostics import Diagnostic, Severity
from nixc.lower import codes
from nixc.records import dataclass
from nixc.source import Span
from nixc.syntax import entries, nodes
from nixc_lsp.analysis import Analysis


@dataclass(frozen=True, eq=False)
class Action:
    """Edits of the file that an author may want, for instance to cure or silence a finding."""

    title: str
    edits: tuple[tuple[Span, str], ...]
    #: As the protocol names it.
    kind: Literal["quickfix", "refactor.extract", "source.organizeImports"] = "quickfix"
    cured: Diagnostic | None = None
    #: Whether it is what the author most probably wants.
    preferred: bool = False


def actions(
    analysis: Analysis, first: int, last: int, found: Iterable[Diagnostic]
) -> Iterator[Action]:
    """What can be done about findings that touch a stretch of the file."""
    for one in found:
        if one.span.source is not analysis.source or one.span.start > last or one.span.end < first:
            continue
        for fix in one.fixes:
            yield _cure(one, fix.title, fix.span, fix.replacement)
        if one.code == codes.NOT_NEEDED and one.help and "add" in one.help:
            yield from _need(analysis, one)
        yield from _silence(analysis, one)


def _silence(analysis: Analysis, one: Diagnostic) -> Iterator[Action]:
    """A comment above the innermost line-beginning declaration or field around a finding."""
    if one.severity is Severity.ERROR and not one.code.startswith("SC"):
        return  # errors of nixc are not silenced
    source = analysis.source
    around = None
    for span in entries.spans(analysis.file.entries):
        start = source.line_start(span.start)
        begins = not source.text[start : span.start].strip()
        if begins and span.start <= one.span.start < span.end:
            around = span
    if around is None:
        return
    start = source.line_start(around.start)
    text = f"{source.text[start : around.start]}# nixc: ignore={one.code}\n"
    edit = (Span(source, start, start), text)
    yield Action(f"ignore {one.code} here", (edit,), cured=one)


def _cure(one: Diagnostic, title: str, span: Span, text: str) -> Action:
    return Action(title, ((span, text),), cured=one, preferred=True)


def _need(analysis: Analysis, one: Diagnostic) -> Iterator[Action]:
    """The job that is read becomes one that is needed."""
    job = _job_around(analysis, one.span.start)
    if job is None:
        return
    name = one.span.text
    field = next(
        (e for e in job.body if isinstance(e, nodes.Field) and e.name.text == "needs"), None
    )
    title = f"add `{name}` to `needs`"
    if field is None:
        at = job.body[0].span.start
        source = analysis.source
        start = source.line_start(at)
        indent = source.text[start:at]
        text = f"needs = [{name}]\n{indent if not indent.strip() else ''}"
        yield _cure(one, title, Span(source, at, at), text)
    elif isinstance(field.value, nodes.ListValue):
        items = field.value.items
        at = items[-1].span.end if items else field.value.span.start + 1
        text = f", {name}" if items else name
        yield _cure(one, title, Span(analysis.source, at, at), text)


def _job_around(analysis: Analysis, offset: int) -> nodes.JobDecl | None:
    for entry in analysis.file.entries:
        for inner in entry.body if isinstance(entry, nodes.WorkflowDecl) else ():
            inside = inner.span.start <= offset < inner.span.end
            if inside and isinstance(inner, nodes.JobDecl) and inner.body:
                return inner
    return None
