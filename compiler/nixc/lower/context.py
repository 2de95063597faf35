"""What one lowering knows and collects, whatever it is looking at."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from nixc.diagnostics import Diagnostic, Findings, Fix, Label, Severity, quoted
from nixc.ir import model as ir
from nixc.lower import codes
from nixc.lower.garbled import Garbled
from nixc.lower.values import Value
from nixc.records import dataclass
from nixc.source import Span
from nixc.syntax import nodes

if TYPE_CHECKING:
    from nixc.lower.memory import Memory

T = TypeVar("T")

#: What is declared around something. The same object as long as it is the same.
Surroundings: TypeAlias = tuple[object, ...]

#: What can be written in the place of a misspelt name.
_WORD = re.compile(r"[A-Za-z0-9_./:-]+")
#: Declarations that may lead to one another.
_DEEPEST = 100
#: Expressions that may stand within one another, lets looked through.
_DEEPEST_LEVEL = 800
#: Python frames that lowering may need; pure Python calls take no stack of their own.
FRAMES = _DEEPEST_LEVEL * 10
#: Names that a message lists; there can be thousands.
_MOST_LISTED = 20
#: How alike names are that were mixed up, by difflib's measure: `gti` and `git` are.
_NEAR = 0.66
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

    def __init__(self, syntax: Iterable[Diagnostic] = (), memory: Memory | None = None) -> None:
        #: What the last lowering of the file came to, where somebody keeps that.
        self.memory = memory
        self.findings = Findings()
        #: What the file's syntax errors explain is not reported again.
        self.garbled = Garbled(syntax)
        #: Errors so far; whether it grew tells whether something went wrong in between.
        self.errors = 0
        #: Declarations that something refers to, by `id` of the node.
        self.used: set[int] = set()
        self.pending: list[Pending] = []
        #: Values of lets by `id` of the node; None while it is being evaluated.
        self.lets: dict[int, Value | None] = {}
        self.executors: dict[int, ir.Executor | None] = {}
        #: Declared executors that are being lowered.
        self.open_executors: set[int] = set()
        #: Inputs of the workflow; None where there is no workflow to know them.
        self.inputs: Mapping[str, nodes.InputDecl] | None = None
        #: Matrix axes that were read since this was last cleared.
        self.axes_read: set[str] = set()
        #: What each "did you mean" means.
        self.hints: dict[str, str] = {}
        #: How many names were compared in search of near ones.
        self.compared = 0
        self._silent = False
        self._depth = 0
        self._level = 0

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
        if self._silent or self.garbled.explains(code, span):
            return
        labels = tuple(label for label in related if label is not None)
        if code == codes.DUPLICATE_NAME and any(self.garbled.on_line(one.span) for one in labels):
            return  # the first one may be a line that stands there twice
        fixes = _fixes(span, self.hints.get(help)) if help else ()
        self.findings.add(Diagnostic(code, Severity.ERROR, message, span, help, labels, fixes))

    def warning(
        self,
        code: str,
        message: str,
        span: Span,
        *,
        help: str | None = None,
        related: tuple[Label, ...] = (),
    ) -> None:
        if not self._silent and not self.garbled.on_line(span):
            self.findings.warning(code, message, span, help=help, related=related)

    @contextmanager
    def silently(self) -> Iterator[None]:
        """Look at what may not be meant as it looks: only to know what it uses."""
        before, self._silent = self._silent, True
        yield
        self._silent = before

    @contextmanager
    def nested(self, span: Span) -> Iterator[bool]:
        """Whether an expression may stand this deep in others, lets looked through; reported
        at `span` if not."""
        self._level += 1
        if self._level == _DEEPEST_LEVEL:
            message = "the expression nests too deep, through all the names it reads"
            self.error(codes.CIRCULAR_LET, message, span)
        yield self._level < _DEEPEST_LEVEL
        self._level -= 1

    @contextmanager
    def deeper(self, name: nodes.Name) -> Iterator[bool]:
        """Whether one more declaration may be looked through; reported at `name` if not."""
        self._depth += 1
        if self._depth == _DEEPEST:
            message = f"{quoted(name.text)} stands on {_DEEPEST} others that lead to one another"
            self.error(codes.CIRCULAR_LET, message, name.span)
        yield self._depth < _DEEPEST
        self._depth -= 1

    def use(self, declaration: object) -> None:
        self.used.add(id(declaration))

    def nearest(self, name: str, candidates: Iterable[str]) -> str | None:
        """The candidate that was probably meant, or None."""
        close = [one for one in candidates if abs(len(one) - len(name)) <= 3]
        self.compared += len(close)
        if not self.may_compare(0):
            return None
        from difflib import get_close_matches

        folded = {one.lower(): one for one in close}
        found = get_close_matches(name.lower(), folded, n=1, cutoff=_NEAR)
        return folded[found[0]] if found else None

    def around(self, sort: str, *found: object) -> Surroundings:
        """What is declared around something, as it was found: so that it can be asked whether it
        is the same as the last time."""
        return () if self.memory is None else self.memory.around(sort, *found)

    def once(
        self,
        key: tuple[str, object],
        around: Surroundings,
        make: Callable[[], T],
        head: Span | None = None,
    ) -> T:
        """What `make` gives; what it gave the last time, if nothing is new to it. `key` is what is
        made, and of which node; syntax errors in the block with this `head` count for it."""
        if self.memory is None:
            return make()
        return self.memory.lowered(self, key, around, head, make)

    def may_compare(self, count: int) -> bool:
        """Whether so many names more may be compared."""
        return self.compared + count <= _COMPARISONS

    def meant(self, name: str, candidates: Iterable[str]) -> str | None:
        """The help text "did you mean `x`?", or None."""
        found = self.nearest(name, candidates)
        if found is None:
            return None
        hint = f"did you mean {quoted(found)}?"
        self.hints[hint] = found
        return hint


def _fixes(span: Span, meant: str | None) -> tuple[Fix, ...]:
    """The cure of a misspelt name: in quotes where it stood in quotes."""
    if meant is None or not _WORD.fullmatch(meant):
        return ()
    quote = span.text[:1] if span.text[:1] in ("'", '"') else ""
    return (Fix(f"write {quoted(meant)}", span, f"{quote}{meant}{quote}"),)


def listed(names: Iterable[str], joint: str = "or") -> str:
    """Names in quotes, joined as a sentence has them: "`a`, `b` or `c`"."""
    words = [quoted(name) for name in names]
    if len(words) > _MOST_LISTED:
        words[_MOST_LISTED:] = [f"{len(words) - _MOST_LISTED} others"]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {joint} {words[-1]}"
