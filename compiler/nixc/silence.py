"""Comments that silence codes: `# nixc: ignore=NX704,SC2086` above a declaration or a field.

Such a comment stands on a line of its own among the comment lines right above, and holds for all
that is found inside what follows. Errors of nixc itself are never silenced: no script could be
made; ShellCheck's can be, in `check` as in `build`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from nixc.diagnostics import Diagnostic, Findings, Severity, quoted
from nixc.page import Page
from nixc.records import dataclass, field
from nixc.source import Source, Span
from nixc.syntax import entries, nodes

CODE = "NX002"

PAGE = Page(
    CODE,
    "comment that silences nothing",
    """\
`# nixc: ignore=CODE,CODE` above a declaration or a field silences warnings and notes in it; words
after the codes may say why. Errors of nixc are not silenced, ShellCheck's are.

    # nixc: ignore=NX704,NX740
    retry = { maxAttempts = 1 }

Correct the code, and write the comment right above what it is about.

    # nixc: ignore=NX704 raised by the nightly run
    retry = { maxAttempts = 1 }
""",
)

_MARK = "nixc:"
_IGNORE = re.compile(r"nixc:\s*ignore\s*=\s*([^\s,]+(?:\s*,\s*[^\s,]+)*)")


@dataclass(frozen=True)
class _Order:
    """One code of a comment: where it is named, and what it holds for."""

    code: str
    place: Span
    target: Span


@dataclass(frozen=True)
class _Quiet:
    """Stretches of a source in which a code is silent: ascending, none within another."""

    starts: list[int] = field(default_factory=list)
    orders: list[_Order] = field(default_factory=list)

    def find(self, offset: int) -> _Order | None:
        index = bisect_right(self.starts, offset) - 1
        return self.orders[index] if index >= 0 and offset < self.orders[index].target.end else None


def apply(diagnostics: Sequence[Diagnostic], files: Iterable[nodes.File]) -> tuple[Diagnostic, ...]:
    """The diagnostics without those that a comment silences, with those about such comments."""
    own = Findings()
    garbled = {one.span.source for one in diagnostics if one.code.startswith("NX1")}
    quiet = _quiet(
        order
        for file in files
        if any(comment.text.startswith(_MARK) for comment in file.comments)
        for order in _orders(file, own, file.span.source in garbled)
    )
    findings = Findings()
    for one in diagnostics:
        stretches = quiet.get((one.span.source, one.code))
        order = stretches.find(one.span.start) if stretches else None
        grave = one.severity is Severity.ERROR and one.code.startswith("NX")
        if order is None or grave:
            findings.add(one)
        if order is not None and grave:
            message = f"{quoted(one.code)} is an error here: errors of nixc are not silenced"
            own.warning(CODE, message, order.place)
    findings.extend(own.sorted())
    return findings.sorted()


def _quiet(orders: Iterable[_Order]) -> dict[tuple[Source, str], _Quiet]:
    quiet: dict[tuple[Source, str], _Quiet] = {}
    for order in sorted(orders, key=lambda one: (one.target.start, -one.target.end)):
        one = quiet.setdefault((order.target.source, order.code), _Quiet())
        if not one.orders or order.target.start >= one.orders[-1].target.end:
            one.starts.append(order.target.start)
            one.orders.append(order)
    return quiet


def _orders(file: nodes.File, findings: Findings, garbled: bool) -> Iterator[_Order]:
    """What the comments of a file silence; those that silence nothing are reported."""
    targets = {span.start: span for span in reversed(list(entries.spans(file.entries)))}
    for comment in file.comments:
        if not comment.text.startswith(_MARK):
            continue
        target = targets.get(_below(comment.span))
        if target is None:
            if not garbled:
                message = "this comment stands above no declaration and no field"
                findings.warning(CODE, message, comment.span, help="write it on the line above one")
            continue
        for code, place in _codes(comment, findings):
            yield _Order(code, place, target)


def _below(comment: Span) -> int:
    """Where the line begins to say something that is below a comment's, comment lines passed over.

    A comment beside code has nothing below it: -1.
    """
    source = comment.source
    number = source.position(comment.start).line
    if not _is_comment(source, number):
        return -1
    while number < len(source.line_starts) and _is_comment(source, number):
        number += 1
    line = source.line(number)
    return source.line_starts[number - 1] + len(line) - len(line.lstrip())


def _is_comment(source: Source, line: int) -> bool:
    return source.line(line).lstrip().startswith("#")


def _codes(comment: nodes.Comment, findings: Findings) -> Iterator[tuple[str, Span]]:
    """The codes that a comment names; unknown ones are reported."""
    from nixc import manual

    source = comment.span.source
    offset = comment.span.end - len(comment.text)
    match = _IGNORE.match(comment.text)
    if match is None:
        message = "this comment is none that nixc knows"
        findings.warning(CODE, message, comment.span, help="write `# nixc: ignore=CODE`")
        return
    for word in re.finditer(r"[^\s,]+", match[1]):
        start = offset + match.start(1) + word.start()
        place = Span(source, start, start + len(word[0]))
        code = word[0].upper()
        if manual.page(code) is None:
            near = manual.nearest(code)
            hint = f"did you mean {quoted(near)}?" if near else None
            findings.warning(CODE, f"there is no code {quoted(word[0])}", place, help=hint)
        else:
            yield code, place
