"""Checks shell by the shell's own means: the users' texts, and the script made of them.

A finding in a user's text becomes a diagnostic at the place in the `.nxa` where it was written.
The script around the texts is fixed bash and quoted words; that ShellCheck has nothing to say
about it is held by tests, not by each build.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO

from nixc.backend import shellcheck, unset
from nixc.backend.calls import DEADLINE, ShellcheckError
from nixc.backend.cascade import gathered
from nixc.backend.shellcheck import Answer, Finding
from nixc.diagnostics import Diagnostic, Label, Severity
from nixc.ir.model import Interpreter, Script
from nixc.ir.texts import ShellText
from nixc.records import dataclass
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
    ("step", Interpreter.BASH): "#!/bin/bash -eo pipefail",
    ("step", Interpreter.SH): "#!/bin/sh -e",
    ("condition", Interpreter.BASH): "#!/bin/bash",
    ("condition", Interpreter.SH): "#!/bin/sh",
}


@dataclass(frozen=True)
class Verdict:
    """What there is to say about texts, and of the texts that could not be checked."""

    diagnostics: tuple[Diagnostic, ...]
    unchecked: tuple[str, ...]


def check_texts(texts: Iterable[ShellText]) -> Verdict:
    """What ShellCheck finds in the users' texts, at its place in the `.nxa`.

    Texts of other interpreters than bash and sh are passed over. Raises ShellcheckError.
    """
    checked = checkable(texts)
    answers = shellcheck.findings([question(text) for text in checked])
    return judged(zip(checked, answers, strict=True))


def checkable(texts: Iterable[ShellText]) -> list[ShellText]:
    """The texts that ShellCheck knows the language of."""
    return [text for text in texts if (text.role, text.script.interpreter) in _SHEBANGS]


def judged(answers: Iterable[tuple[ShellText, Answer]]) -> Verdict:
    """What the answers to the questions about some texts mean."""
    found: list[Diagnostic] = []
    unchecked: list[str] = []
    for text, answer in answers:
        if answer is None:
            unchecked.append(_unfinished(text.script.span))
        else:
            found += _diagnostics(text, answer)
    return Verdict(tuple(found), tuple(unchecked))


def check_script(text: str) -> list[str]:
    """What `bash -n` has against a whole script: one line per error.

    Raises ShellcheckError where there is no bash.
    """
    with tempfile.TemporaryFile() as file:
        # Bash reads a pipe byte by byte, for the commands it starts may want the rest.
        file.write(text.encode())
        file.seek(0)
        return _syntax_errors(file)


def _syntax_errors(script: IO[bytes]) -> list[str]:
    try:
        checked = subprocess.run(
            ["bash", "-n"], stdin=script, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
    except OSError as error:
        raise ShellcheckError(f"cannot start bash to check the script: {error.strerror}") from error
    return checked.stderr.decode("utf-8", "replace").splitlines()


def question(text: ShellText) -> str:
    """What ShellCheck is asked about: the text below the line that says how it is run. Line n of
    it is line n + 1 of the result."""
    return f"{_SHEBANGS[text.role, text.script.interpreter]}\n{_own_lines(text.script.text)}"


def _own_lines(text: str) -> str:
    """The text with a shebang of its own made a plain comment: it is not what runs the text."""
    return "# " + text[2:] if text.startswith("#!") else text


def _unfinished(span: Span) -> str:
    place = span.source.position(span.start)
    where = f"{span.source.name}:{place.line}:{place.column}"
    said = f"{where}: ShellCheck did not finish with this text within {DEADLINE} s"
    return f"{said}: make it smaller, or leave ShellCheck out with --no-shellcheck"


# --- findings ------------------------------------------------------------------------------


def _diagnostics(text: ShellText, answer: Iterable[Finding]) -> Iterator[Diagnostic]:
    places = _Places(text.script)
    # The first line is ours.
    own = [finding for finding in answer if finding.line > 1]
    verdict = unset.judge(text, own, places.start)
    yield from verdict.diagnostics
    for finding, others in gathered(verdict.rest):
        yield Diagnostic(
            code=f"SC{finding.code}",
            severity=_SEVERITIES[finding.level],
            message=finding.message,
            span=places.span(finding),
            related=tuple(Label(places.span(one), one.message) for one in others),
        )


class _Places:
    """Finds the place in the `.nxa` of what ShellCheck found in a script."""

    def __init__(self, script: Script) -> None:
        self.map = script.map
        self.end = len(script.text)
        self.starts = [0, *(match.end() for match in re.finditer("\n", script.text))]

    def start(self, finding: Finding) -> int:
        """The offset in the script where a finding begins."""
        return self._offset(finding.line - 1, finding.column)

    def span(self, finding: Finding) -> Span:
        start = self.start(finding)
        end = self._offset(finding.end_line - 1, finding.end_column)
        return self.map.span(start, max(start, end))

    def _offset(self, line: int, column: int) -> int:
        """The offset of a 1-based line and column; the nearest one where there is none."""
        index = min(line, len(self.starts)) - 1
        last = self.starts[index + 1] - 1 if index + 1 < len(self.starts) else self.end
        return min(self.starts[index] + column - 1, last)
