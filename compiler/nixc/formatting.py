"""Puts files into the one layout."""

from __future__ import annotations

from collections.abc import Sequence

from nixc import files
from nixc.diagnostics import Diagnostic
from nixc.records import dataclass
from nixc.syntax import decode, parse
from nixc.syntax.format import format_source
from nixc.trouble import Trouble


@dataclass(frozen=True)
class Change:
    """A file that is not in the layout: its text as it was, and as it is to be."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Reformatted:
    """What came of some files; `troubles` has a message for each not to be read or written."""

    changes: tuple[Change, ...]
    #: The syntax errors. A file that has some is left as it is.
    diagnostics: tuple[Diagnostic, ...]
    troubles: tuple[str, ...]


def reformat(paths: Sequence[str], *, write: bool) -> Reformatted:
    """Lay out files; directories are searched. With `write` the files are changed, and standard
    input, named `-`, goes to standard output."""
    changes: list[Change] = []
    diagnostics: list[Diagnostic] = []
    found, troubles = files.sources(paths)
    for path in found:
        try:
            change = _change(path, diagnostics)
            if change is None:
                continue
            is_changed = change.before != change.after
            if write and (is_changed or path == files.STANDARD):
                files.write_source(path, change.after)
            if is_changed:
                changes.append(change)
        except Trouble as error:
            troubles.append(str(error))
    return Reformatted(tuple(changes), tuple(diagnostics), tuple(troubles))


def _change(path: str, diagnostics: list[Diagnostic]) -> Change | None:
    """A file's text before and after; None if it has syntax errors, which are added."""
    name = files.STDIN_NAME if path == files.STANDARD else path
    data = files.read(path)
    source, problems = decode(name, data)
    problems += parse(source).diagnostics
    diagnostics += problems
    return None if problems else Change(name, data.decode(), format_source(source).text)
