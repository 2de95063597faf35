"""When files are looked at, and what is told of them: syntax and semantics at once, what ShellCheck
finds when it is there, never anything about a text that is no longer the newest."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, TypeAlias

from nixc.backend import shellcheck
from nixc.backend.calls import ShellcheckError
from nixc.backend.halt import Halt, Halted
from nixc.backend.shellcheck import Answer
from nixc.diagnostics import Diagnostic
from nixc_lsp import analysis
from nixc_lsp.project import Project

log = logging.getLogger(__name__)

#: Seconds in which further changes are waited for: several that come at once are one.
SETTLED = 0.003
#: Seconds without a change before ShellCheck is started.
PAUSE = 0.1
#: Answers of ShellCheck that are kept; the user's cache has more.
MOST_ANSWERS = 20_000

#: Tells the client all there is to say about a file.
Tell: TypeAlias = Callable[[str, tuple[Diagnostic, ...]], None]


class Publisher:
    """Keeps what the client is told up to date. Lives on the event loop."""

    def __init__(
        self,
        project: Project,
        tell: Tell,
        warn: Callable[[str], None],
        left: Callable[[int], None],
    ) -> None:
        self._project = project
        self._tell = tell
        self._warn = warn
        #: Is told how many roots are left to be looked at.
        self._left = left
        #: Whether ShellCheck is asked, and what it said is told.
        self.shellcheck = True
        self._dirty: dict[str, None] = {}
        self._cones: dict[str, frozenset[str]] = {}
        self._told: dict[str, tuple[object, ...]] = {}
        self._answers: dict[str, Answer] = {}
        self._halt = Halt()
        self._looking = False
        #: Held, for the event loop holds them weakly.
        self._tasks: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None

    def touch(self, roots: Iterable[str]) -> None:
        """Has roots looked at anew, soon."""
        self._dirty = dict.fromkeys([*roots, *self._dirty])
        self._halt.now()
        if not self._looking:
            self._after(SETTLED, self._work)

    def current(self, path: str) -> tuple[Diagnostic, ...]:
        """What there is to say about a file right now."""
        self._project.analysis(path)
        return self._diagnostics(path).get(path, ())

    def _after(self, seconds: float, job: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Does something later, in the place of what was to be done later."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, self._begin, job)

    def _begin(self, job: Callable[[], Coroutine[Any, Any, None]]) -> None:
        task = asyncio.get_running_loop().create_task(job())
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a fault of nixc", exc_info=error)

    async def _work(self) -> None:
        self._looking = True
        try:
            while self._dirty:
                self._left(len(self._dirty))
                self._look(self._next())
                await asyncio.sleep(0)
        finally:
            self._looking = False
            self._left(0)
        self._after(PAUSE, self._ask)

    def _next(self) -> str:
        root = next((one for one in self._dirty if one in self._project.open), None)
        root = next(iter(self._dirty)) if root is None else root
        del self._dirty[root]
        return root

    def _look(self, root: str) -> None:
        """Looks at one root, and tells of all files that it has a part in."""
        before = self._cones.pop(root, frozenset())
        known = self._project.analysis(root) if root in self._project.roots else None
        if known is not None:
            self._cones[root] = known.paths
        self._publish(root)
        for path in before - self._cones.get(root, frozenset()):
            self._publish(path)

    def _publish(self, root: str) -> None:
        found = self._diagnostics(root)
        for path, diagnostics in {root: (), **found}.items():
            if path in self._dirty:
                continue  # its turn comes
            said = tuple(map(_placed, diagnostics))
            if self._told.get(path, ()) != said or path in self._project.open:
                self._told[path] = said
                self._tell(path, diagnostics)

    def _diagnostics(self, root: str) -> dict[str, tuple[Diagnostic, ...]]:
        """What there is to say about all files of a root's family, by path."""
        family = self._project.family(root)
        if not family:
            return {}
        found = analysis.diagnostics(family, self._answers if self.shellcheck else {})
        return {
            self._project.path_of(source): said
            for source, said in found.items()
            if not any(one.loader.is_standard(source) for one in family)
        }

    async def _ask(self) -> None:
        """Asks ShellCheck what it has not been asked yet, and tells of what it says."""
        if not self.shellcheck:
            return
        known = [one for one in map(self._project.known, self._project.roots) if one]
        wanted = [one for one in analysis.questions(known) if one not in self._answers]
        if not wanted:
            return
        self._halt = Halt()
        try:
            answers = await asyncio.to_thread(shellcheck.findings, wanted, self._halt)
        except Halted:
            return
        except ShellcheckError as error:
            self._warn(str(error))
            self._answers.update(dict.fromkeys(wanted, ()))
            return
        self._keep(dict(zip(wanted, answers, strict=True)))
        if not self._dirty:
            for root in self._project.roots:
                self._publish(root)

    def _keep(self, answers: dict[str, Answer]) -> None:
        if len(self._answers) > MOST_ANSWERS:
            self._answers.clear()
        # A text that it does not finish is not asked about again.
        self._answers.update({text: answer or () for text, answer in answers.items()})


def _placed(one: Diagnostic) -> tuple[object, ...]:
    """A diagnostic with its places: those in open documents move."""
    return one, one.span.start, *(label.span.start for label in one.related)
