"""What one lowering knows and collects, whatever it is looking at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nixc.diagnostics import Diagnostic, Findings, Label
from nixc.ir import model as ir
from nixc.lower.values import Value
from nixc.source import Span
from nixc.syntax import nodes

#: Names compared in search of near ones, in all; keeps files full of mistakes linear.
_COMPARISONS = 500_000


@dataclass(frozen=True, eq=False)
class Pending:
    """Something that is checked, but that this version has no runtime for."""

    span: Span
    #: As messages name it: "`cache`".
    what: str


class Context:
    """Collects findings, and remembers what was evaluated and used."""

    def __init__(self, syntax: Iterable[Diagnostic] = ()) -> None:
        self.findings = Findings()
        #: Lines with a syntax error: what else is wrong there will be its consequence.
        self._garbled = {_line(found.span) for found in syntax}
        #: Errors so far; whether it grew tells whether something went wrong in between.
        self.errors = 0
        #: Declarations that something refers to, by `id` of the node.
        self.used: set[int] = set()
        self.pending: list[Pending] = []
        #: Values of lets by `id` of the node; None while it is being evaluated.
        self.lets: dict[int, Value | None] = {}
        self.executors: dict[int, ir.Executor | None] = {}
        #: Inputs of the workflow; None where there is no workflow to know them.
        self.inputs: Mapping[str, nodes.InputDecl] | None = None
        #: Matrix axes that were read since this was last cleared.
        self.axes_read: set[str] = set()
        self._comparisons = 0

    def error(
        self,
        code: str,
        message: str,
        span: Span,
        *,
        help: str | None = None,
        related: Iterable[Label | None] = (),
    ) -> None:
        self.errors += 1
        if self._garbled and _line(span) in self._garbled:
            return
        labels = tuple(label for label in related if label is not None)
        self.findings.error(code, message, span, help=help, related=labels)

    def warning(self, code: str, message: str, span: Span, *, help: str | None = None) -> None:
        self.findings.warning(code, message, span, help=help)

    def use(self, declaration: object) -> None:
        self.used.add(id(declaration))

    def nearest(self, name: str, candidates: Iterable[str]) -> str | None:
        """The candidate that was probably meant, or None."""
        close = [one for one in candidates if abs(len(one) - len(name)) <= 3]
        self._comparisons += len(close)
        if self._comparisons > _COMPARISONS:
            return None
        from difflib import get_close_matches

        folded = {one.lower(): one for one in close}
        found = get_close_matches(name.lower(), folded, n=1, cutoff=0.7)
        return folded[found[0]] if found else None

    def meant(self, name: str, candidates: Iterable[str]) -> str | None:
        """The help text "did you mean `x`?", or None."""
        found = self.nearest(name, candidates)
        return f"did you mean `{found}`?" if found else None


def _line(span: Span) -> tuple[int, int]:
    return id(span.source), span.source.position(span.start).line


def listed(names: Iterable[str], joint: str = "or") -> str:
    """Names in quotes, joined as a sentence has them: "`a`, `b` or `c`"."""
    quoted = [f"`{name}`" for name in names]
    if len(quoted) < 2:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} {joint} {quoted[-1]}"
