"""Checks shell by the shell's own means: the users' texts, and the script made of them.

A finding in a user's text becomes a diagnostic at the place in the `.nxa` where it was written.
One in the whole script is a fault of nixc, since all that is not the users' own is ours.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from nixc.backend import shellcheck
from nixc.backend.shellcheck import Finding, ShellcheckError
from nixc.diagnostics import Diagnostic, Severity
from nixc.ir.model import Interpreter, Script
from nixc.source import Span

_SEVERITIES = {
    "error": Severity.ERROR,
    "warning": Severity.WARNING,
    "info": Severity.INFO,
    "style": Severity.INFO,
}

#: How a text is run, which decides what ShellCheck has to say: steps stop at the first failure,
#: conditions do not.
_SHEBANGS = {
    ("step", Interpreter.BASH): "#!/bin/bash -e",
    ("step", Interpreter.SH): "#!/bin/sh -e",
    ("condition", Interpreter.BASH): "#!/bin/bash",
    ("condition", Interpreter.SH): "#!/bin/sh",
}

#: Findings about a variable that is used but never set, and how they name it.
_UNSET = re.compile(
    r"(?:Possible misspelling: )?(\w+) (?:is referenced but not|may not be) assigned"
)
_UNSET_CODES = frozenset({2153, 2154})


@dataclass(frozen=True)
class ShellText:
    """A user's shell text, how it is run, and the variables that it can rely on."""

    script: Script
    role: Literal["step", "condition"]
    names: frozenset[str]
    #: True where more variables may be set than can be known now.
    open: bool = False


def check_texts(texts: Iterable[ShellText]) -> list[Diagnostic]:
    """What ShellCheck finds in the users' texts, at its place in the `.nxa`.

    Texts of other interpreters than bash and sh are passed over. Raises ShellcheckError.
    """
    checked = _merged(text for text in texts if (text.role, text.script.interpreter) in _SHEBANGS)
    answers = shellcheck.findings([_with_shebang(text) for text in checked])
    return [
        _diagnostic(text.script, finding)
        for text, found in zip(checked, answers, strict=True)
        for finding in found
        if finding.line > 1 and not _is_provided(text, finding)
    ]


def check_script(text: str) -> list[str]:
    """What `bash -n` and ShellCheck have against a whole script: one line per finding.

    Raises ShellcheckError where one of them cannot be run.
    """
    (found,) = shellcheck.findings([text])
    flaws = [f"line {f.line}: SC{f.code}: {f.message}" for f in found]
    return _syntax_errors(text) + flaws


def _merged(texts: Iterable[ShellText]) -> list[ShellText]:
    """Each text once: a matrix, or an action used twice, has the same text in several jobs.

    A variable that one of the uses has is known in all, so that nothing is said about a text
    that is right where it is used.
    """
    merged: dict[tuple[Span, str, str], ShellText] = {}
    for text in texts:
        key = (text.script.span, text.script.text, text.role)
        old = merged.setdefault(key, text)
        merged[key] = replace(old, names=old.names | text.names, open=old.open or text.open)
    return list(merged.values())


def _with_shebang(text: ShellText) -> str:
    """The text below the line that says how it is run; line n of it is line n + 1 of the result."""
    return f"{_SHEBANGS[text.role, text.script.interpreter]}\n{_own_lines(text.script.text)}"


def _own_lines(text: str) -> str:
    """The text with a shebang of its own made a plain comment: it is not what runs the text."""
    return "# " + text[2:] if text.startswith("#!") else text


def _is_provided(text: ShellText, finding: Finding) -> bool:
    """Whether a finding is about a variable that the workflow sets."""
    if finding.code not in _UNSET_CODES:
        return False
    named = _UNSET.match(finding.message)
    return text.open or (named is not None and named[1] in text.names)


def _diagnostic(script: Script, finding: Finding) -> Diagnostic:
    start = _offset(script.text, finding.line - 1, finding.column)
    end = _offset(script.text, finding.end_line - 1, finding.end_column)
    return Diagnostic(
        code=f"SC{finding.code}",
        severity=_SEVERITIES[finding.level],
        message=finding.message,
        span=script.map.span(start, max(start, end)),
    )


def _offset(text: str, line: int, column: int) -> int:
    """The offset of a 1-based line and column; the nearest one where there is none."""
    lines = text.split("\n")
    index = min(line, len(lines)) - 1
    before = sum(len(earlier) + 1 for earlier in lines[:index])
    return before + min(column - 1, len(lines[index]))


def _syntax_errors(text: str) -> list[str]:
    try:
        checked = subprocess.run(
            ["bash", "-n"], input=text.encode(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
    except OSError as error:
        raise ShellcheckError(f"cannot start bash to check the script: {error.strerror}") from error
    return checked.stderr.decode("utf-8", "replace").splitlines()
