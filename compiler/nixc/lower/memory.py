"""What was lowered before, for the next lowering of nearly the same file.

Whatever is lowered by itself (a let, the head of a job, a job) looks at its own nodes, at what is
declared around it, and at what a :class:`Context` has come to know. If all these are the same as
the last time, so is what comes out of it, and what it leaves in the context: both are taken over.
Nodes are the same if they were not read again (:mod:`nixc.syntax.memory`).

A file's syntax errors speak in, too (:mod:`nixc.lower.garbled`), where something is found wrong or
where they are in the declaration itself: what has no finding and no such error does not ask them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any, TypeVar

from nixc.diagnostics import Diagnostic, Findings
from nixc.lower.context import Context, Pending, Surroundings
from nixc.lower.scope import Imported, Module
from nixc.records import dataclass
from nixc.source import Span
from nixc.syntax import nodes

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class _Left:
    """What was left in a context: how much more of each there was."""

    errors: int
    compared: int
    findings: tuple[Diagnostic, ...]
    used: frozenset[int]
    pending: tuple[Pending, ...]
    #: As :func:`_known`.
    known: tuple[Mapping[Any, Any], ...]


@dataclass(frozen=True, eq=False)
class _Lowered:
    """What a node came to."""

    node: object
    around: Surroundings
    #: What the context knew before and after; the same objects where it is the same.
    before: object
    after: object
    #: Whether there were syntax errors in the file, and whether they may have had a part in it.
    garbled: bool
    asked: bool
    #: How many names were compared.
    compared: int
    result: Any
    left: _Left | None


class Memory:
    """What the last lowering of a file came to, and nothing older."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, int], _Lowered] = {}
        self._now: dict[tuple[str, int], _Lowered] = {}
        self._around: dict[str, Surroundings] = {}
        self._first = object()
        self._state = self._first
        self._size = 0

    def begin(self) -> None:
        """Begins the next lowering."""
        self._last, self._now = self._now, {}
        self._state, self._size = self._first, 0

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
        if self._size != _size(ctx):
            self._state, self._size = object(), _size(ctx)  # who knows where it comes from
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
            if found.left is not None:
                _leave(ctx, found.left)
        else:
            found = self._made(ctx, node, around, touched, make)
        self._now[sort, id(node)] = found
        if found.after is not found.before:
            self._state, self._size = found.after, _size(ctx)
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
        errors, compared, sizes = ctx.errors, ctx.compared, list(map(len, _known(ctx)))
        ctx.findings, ctx.used, ctx.pending = Findings(), set(), []
        result = make()
        known = tuple(
            dict(islice(mapping.items(), size, None))
            for mapping, size in zip(_known(ctx), sizes, strict=True)
        )
        left = _Left(
            ctx.errors - errors,
            ctx.compared - compared,
            ctx.findings.all,
            frozenset(ctx.used),
            tuple(ctx.pending),
            known,
        )
        ctx.findings, ctx.used, ctx.pending = outer
        ctx.errors, ctx.compared = errors, compared
        _leave(ctx, left)
        return _Lowered(
            node,
            around,
            self._state,
            object() if any(known) else self._state,
            bool(ctx.garbled),
            touched or bool(left.errors or left.findings),
            left.compared,
            result,
            left if any((*vars(left).values(), *known)) else None,
        )


def _leave(ctx: Context, left: _Left) -> None:
    ctx.findings.extend(left.findings)
    ctx.used |= left.used
    ctx.pending += left.pending
    ctx.errors += left.errors
    ctx.compared += left.compared
    for mapping, known in zip(_known(ctx), left.known, strict=True):
        mapping.update(known)


def _known(ctx: Context) -> tuple[dict[Any, Any], ...]:
    """What a context gets to know once for all who ask."""
    return ctx.lets, ctx.executors, ctx.hints


def _size(ctx: Context) -> int:
    return len(ctx.lets) + len(ctx.executors) + len(ctx.hints)


def _collect(module: Module, files: dict[int, nodes.File]) -> None:
    """The files that a module's imports lead to."""
    for one in module.names.values():
        if isinstance(one, Imported) and one.module and id(one.module) not in files:
            files[id(one.module)] = one.module.file
            _collect(one.module, files)
