"""What was lowered before, for the next lowering of nearly the same file.

Whatever is lowered by itself (a let, the head of a job, a job) looks at its own nodes, at what is
declared around it, and at what a :class:`Context` has come to know. If all these are the same as
the last time, so is what comes out of it, and what it leaves in the context: both are taken over.
Nodes are the same if they were not read again (:mod:`nixc.syntax.memory`).

A file's syntax errors speak in, too (:mod:`nixc.lower.garbled`), where something is found wrong or
where they are in the declaration itself: what has no finding and no such error does not ask them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, TypeVar

from nixc.diagnostics import Diagnostic, Findings
from nixc.lower.context import Context, Pending, Surroundings
from nixc.lower.scope import Imported, Module
from nixc.records import dataclass
from nixc.source import Span
from nixc.syntax import nodes

T = TypeVar("T")

#: What a context gets to know once for all who ask.
_KNOWN = ("lets", "executors", "hints")


@dataclass(frozen=True, eq=False)
class _Lowered:
    """What a node came to, and what that left in the context."""

    node: object
    around: Surroundings
    #: What the context knew before and after; the same objects where it is the same.
    before: object
    after: object
    #: Whether there were syntax errors in the file, and whether they may have had a part in it.
    garbled: bool
    asked: bool
    result: Any
    errors: int
    compared: int
    findings: tuple[Diagnostic, ...]
    used: frozenset[int]
    pending: tuple[Pending, ...]
    #: As :data:`_KNOWN`.
    known: tuple[Mapping[Any, Any], ...]


class Memory:
    """What the last lowering of a file came to, and nothing older."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, int], _Lowered] = {}
        self._now: dict[tuple[str, int], _Lowered] = {}
        self._around: dict[str, Surroundings] = {}
        self._first = object()
        self._state = self._first
        self._sizes = [0] * len(_KNOWN)

    def begin(self) -> None:
        """Begins the next lowering."""
        self._last, self._now = self._now, {}
        self._state, self._sizes = self._first, [0] * len(_KNOWN)

    def around(self, sort: str, *found: object) -> Surroundings:
        """What is declared around something, as it was found."""
        if self._around.get(sort) != found:
            self._around[sort] = found
        return self._around[sort]

    def around_all(self, ctx: Context, module: Module) -> Surroundings:
        """What the top of a file declares, with all that is imported."""
        names = [
            (name, one.node, one.module is None) if isinstance(one, Imported) else (name, one)
            for name, one in module.names.items()
        ]
        doubtful = [
            name
            for name, one in module.names.items()
            if isinstance(one, nodes.ActionDecl | nodes.TemplateDecl)
            and ctx.garbled.on_line(one.name.span)
        ]
        files: dict[int, nodes.File] = {}
        _collect(module, files)
        return self.around("file", names, doubtful, list(files.values()))

    def lowered(
        self,
        ctx: Context,
        key: tuple[str, object],
        around: Surroundings,
        head: Span | None,
        make: Callable[[], T],
    ) -> T:
        """What `make` gives for a node, or gave the last time.

        `key` is what is made, and the node. Syntax errors in the block with this `head` count.
        """
        sort, node = key
        if self._sizes != (sizes := _sizes(ctx)):
            self._state, self._sizes = object(), sizes  # who knows where it comes from
        garbled = bool(ctx.garbled)
        touched = garbled and head is not None and ctx.garbled.touches(head)
        found = self._last.get((sort, id(node)))
        if (
            found is not None
            and found.node is node
            and found.around is around
            and found.before is self._state
            and not touched
            and not (found.asked and (garbled or found.garbled))
            and ctx.may_compare(found.compared)
        ):
            _leave(ctx, found)
        else:
            found = self._made(ctx, node, around, touched, make)
        self._now[sort, id(node)] = found
        self._state, self._sizes = found.after, _sizes(ctx)
        result: T = found.result
        return result

    def _made(
        self,
        ctx: Context,
        node: object,
        around: Surroundings,
        touched: bool,
        make: Callable[[], T],
    ) -> _Lowered:
        outer = ctx.findings, ctx.used, ctx.pending
        errors, compared = ctx.errors, ctx.compared
        ctx.findings, ctx.used, ctx.pending = Findings(), set(), []
        result = make()
        known = tuple(
            dict(islice(mapping.items(), size, None))
            for mapping, size in zip(_known(ctx), self._sizes, strict=True)
        )
        found = _Lowered(
            node,
            around,
            self._state,
            object() if any(known) else self._state,
            bool(ctx.garbled),
            touched or ctx.errors > errors or bool(ctx.findings.all),
            result,
            ctx.errors - errors,
            ctx.compared - compared,
            ctx.findings.all,
            frozenset(ctx.used),
            tuple(ctx.pending),
            known,
        )
        ctx.findings, ctx.used, ctx.pending = outer
        ctx.errors, ctx.compared = errors, compared
        _leave(ctx, found)
        return found


def _leave(ctx: Context, found: _Lowered) -> None:
    """Leaves in the context what was left there when it was made."""
    ctx.findings.extend(found.findings)
    ctx.used |= found.used
    ctx.pending += found.pending
    ctx.errors += found.errors
    ctx.compared += found.compared
    for mapping, known in zip(_known(ctx), found.known, strict=True):
        mapping.update(known)


def _known(ctx: Context) -> Iterator[dict[Any, Any]]:
    return (getattr(ctx, name) for name in _KNOWN)


def _sizes(ctx: Context) -> list[int]:
    return [len(mapping) for mapping in _known(ctx)]


def _collect(module: Module, files: dict[int, nodes.File]) -> None:
    """The files that a module's imports lead to."""
    for one in module.names.values():
        if isinstance(one, Imported) and one.module and id(one.module) not in files:
            files[id(one.module)] = one.module.file
            _collect(one.module, files)
