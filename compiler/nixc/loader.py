"""Loads sources and what they import: each file is read and parsed once."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from nixc import files
from nixc.diagnostics import Diagnostic, Findings, quoted
from nixc.lower.modules import NoFile
from nixc.records import dataclass
from nixc.resources import standard_modules
from nixc.source import Source
from nixc.syntax import decode, nodes, parse
from nixc.trouble import Trouble
from nixc.watch import Stamp, stamp

if TYPE_CHECKING:
    from nixc.syntax.tokens import Lexed

_STD = "std:"
#: Characters of an import's path; systems allow no more either.
_LONGEST_PATH = 4096


@dataclass(frozen=True)
class Parsed:
    """A file with what is wrong with its bytes and its syntax."""

    file: nodes.File
    problems: tuple[Diagnostic, ...]
    syntax: tuple[Diagnostic, ...]
    #: Its tokens, where they are at hand.
    lexed: Lexed | None = None


#: Gives the file at a path, under the name that diagnostics show. Raises Trouble.
Reader: TypeAlias = Callable[[str, str], Parsed]


def read_file(path: str, name: str) -> Parsed:
    """The file on disk; `-` is standard input. Raises Trouble."""
    source, problems = decode(name, files.read(path))
    parsed = parse(source)
    return Parsed(parsed.file, problems, parsed.diagnostics)


class Loader:
    """The files of one compilation; syntax errors go to `findings`.

    `read` is asked once for each: the language server has texts that are on no disk.
    """

    def __init__(self, findings: Findings, read: Reader = read_file) -> None:
        self._findings = findings
        self._read = read
        self._files: dict[str, nodes.File] = {}
        self._parsed: dict[Source, Parsed] = {}
        self._standard_sources: set[Source] = set()
        #: Every file that was looked for, as it was just before it was read.
        self.stamps: dict[str, Stamp] = {}

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of all files that were read."""
        return tuple(path for path in self._files if path != files.STANDARD)

    @property
    def files(self) -> tuple[nodes.File, ...]:
        """All files that were read, in that order."""
        return tuple(self._files.values())

    def open(self, path: str) -> nodes.File:
        """The file at a path as the user gave it; `-` is standard input. Raises Trouble."""
        if path == files.STANDARD:
            return self._open(files.STANDARD, path, files.STDIN_NAME)
        return self._open(os.path.realpath(path), path, path)

    def syntax_errors(self, file: nodes.File) -> tuple[Diagnostic, ...]:
        """What the parser had to say of a file that came from here."""
        return self._parsed[file.span.source].syntax

    def lexed(self, file: nodes.File) -> Lexed | None:
        """The tokens of a file that came from here, where they are at hand."""
        return self._parsed[file.span.source].lexed

    def is_standard(self, source: Source) -> bool:
        """Whether a source is a `std:` module: what could be said of it is no user's business."""
        return source in self._standard_sources

    def load(self, importing: Source, path: str) -> nodes.File | NoFile:
        """The file that an import names, or why there is none."""
        try:
            if len(path) > _LONGEST_PATH:
                return NoFile(f"the path {quoted(path)} is too long")
            if path.startswith(_STD):
                return self._standard(path)
            if not path.startswith(("./", "../")):
                return NoFile(f"the path of an import starts with `./`, `../` or `{_STD}`")
            return self.open(os.path.normpath(os.path.join(os.path.dirname(importing.name), path)))
        except Trouble as error:
            return NoFile(str(error))

    def _standard(self, path: str) -> nodes.File | NoFile:
        # Looked up by name, so that no `std:../x` gets out of the folder.
        modules = standard_modules()
        if path not in modules:
            return NoFile(f"there is no module {quoted(path)}", tuple(modules))
        file = self.open(str(modules[path]))
        self._standard_sources.add(file.span.source)
        return file

    def _open(self, key: str, path: str, name: str) -> nodes.File:
        if key not in self._files:
            if path != files.STANDARD:
                self.stamps[path] = stamp(path)
            parsed = self._read(path, name)
            self._findings.extend(parsed.problems)
            self._findings.extend(parsed.syntax)
            self._parsed[parsed.file.span.source] = parsed
            self._files[key] = parsed.file
        return self._files[key]
