"""The files of a client: those it has open, those on disk, and what is known of each."""

from __future__ import annotations

import os
from collections.abc import Iterable

from nixc import driver, files
from nixc.loader import Parsed, Reader, read_file
from nixc.lower import memory as lower
from nixc.memo import Memo
from nixc.records import dataclass, field
from nixc.source import Source
from nixc.syntax import decode, parse
from nixc.syntax import memory as syntax
from nixc.trouble import Trouble
from nixc.watch import Stamp, stamp
from nixc_lsp.analysis import Analysis, analyse
from nixc_lsp.text import Text


@dataclass(frozen=True, eq=False)
class _Memory:
    """What is kept of one text for the next one."""

    syntax: syntax.Memory = field(default_factory=syntax.Memory)
    meaning: driver.Memory = field(default_factory=lambda: driver.Memory(lower.Memory(), Memo()))


class Project:
    """Analyses by path, made when they are asked for and dropped when a file of theirs changes.

    Paths are absolute, links followed.
    """

    def __init__(self) -> None:
        #: Documents that the client has open.
        self.open: dict[str, Text] = {}
        #: Files on disk that nobody has open, and that may import others.
        self.unopened: set[str] = set()
        #: What was read and lowered of the last text of each open document.
        self._memories: dict[str, _Memory] = {}
        self._parsed: dict[str, tuple[Text, Stamp | None, Parsed]] = {}
        self._analyses: dict[str, Analysis] = {}

    @property
    def roots(self) -> tuple[str, ...]:
        """Every file that is looked at for itself, open ones first."""
        return (*self.open, *sorted(self.unopened - self.open.keys()))

    def text(self, path: str) -> Text:
        """The text of a file as its last analysis has it."""
        return self._parsed[path][0]

    def path_of(self, source: Source) -> str:
        """Where a source of a known analysis comes from."""
        return os.path.realpath(source.name)

    def analysis(self, path: str) -> Analysis | None:
        """What is known of a file as it is now; None where it cannot be read."""
        if path not in self._analyses:
            try:
                memory = self._memories[path].meaning if path in self.open else None
                self._analyses[path] = analyse(path, self._read, memory)
            except Trouble:
                return None
        return self._analyses[path]

    def known(self, path: str) -> Analysis | None:
        """The analysis of a file if nothing changed since it was made."""
        return self._analyses.get(path)

    def family(self, path: str) -> list[Analysis]:
        """The known analyses that have a file in common with a root's, that one first."""
        own = self.known(path)
        if own is None:
            return []
        others = (one for other, one in self._analyses.items() if other != path)
        return [own, *(one for one in others if not own.paths.isdisjoint(one.paths))]

    def change(self, path: str, text: Text | None) -> list[str]:
        """Takes a new text of an open document, or None where what is on disk counts (again).

        Gives the roots that have to be looked at anew.
        """
        if text is None:
            self.open.pop(path, None)
            self._memories.pop(path, None)
        else:
            self.open[path] = text
            self._memories.setdefault(path, _Memory())
        return self.forget(path)

    def forget(self, path: str) -> list[str]:
        """Forgets what is known of a file. Gives the roots that have to be looked at anew."""
        if path not in self.open:
            self._parsed.pop(path, None)
        stale = [root for root, one in self._analyses.items() if path in one.paths]
        for root in stale:
            del self._analyses[root]
        return [path, *(root for root in stale if root != path)]

    def outdated(self) -> Iterable[str]:
        """Files whose state on disk is not the one that was read."""
        stamps = {path: then for path, (text, then, _) in self._parsed.items()}
        for analysis in self._analyses.values():
            for path in analysis.loader.stamps:
                stamps.setdefault(os.path.realpath(path), None)
        return [p for p, then in stamps.items() if p not in self.open and stamp(p) != then]

    def reader(self, paths: Iterable[str]) -> Reader:
        """Reads files as they are known now, whatever becomes of them later, in any thread."""
        # The trees of open documents change with their texts: these are read again.
        texts = {path: self.open[path] for path in paths if path in self.open}
        held = {path: self._parsed[path][2] for path in paths if path in self._parsed}

        def read(path: str, name: str) -> Parsed:
            path = os.path.realpath(path)
            if path in texts:
                return _read(name, texts[path].bytes)
            return held[path] if path in held else read_file(path, name)

        return read

    def _read(self, path: str, name: str) -> Parsed:
        path = os.path.realpath(path)
        text = self.open.get(path)
        known = self._parsed.get(path)
        if known is not None and text in (None, known[0]):
            return known[2]
        then, memory = None, None
        if text is None:
            then = stamp(path)
            data = files.read(path)
            text = Text(data.decode(errors="surrogateescape"))
        else:
            data, memory = text.bytes, self._memories[path].syntax
        read = _read(name, data, memory)
        self._parsed[path] = (text, then, read)
        return read


def _read(name: str, data: bytes, memory: syntax.Memory | None = None) -> Parsed:
    source, problems = decode(name, data)
    parsed = parse(source, memory)
    return Parsed(parsed.file, problems, parsed.diagnostics, parsed.lexed)
