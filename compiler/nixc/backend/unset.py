"""Variables that a text reads and never sets: which of them the workflow sets is known here."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from nixc.backend.shellcheck import Finding
from nixc.diagnostics import Diagnostic
from nixc.ir.texts import ShellText
from nixc.records import dataclass
from nixc.rules import misspelt_variable

_REFERENCED = 2154
_MISSPELT = 2153
_NAMED = {
    _REFERENCED: re.compile(r"(\w+) is referenced but not assigned"),
    _MISSPELT: re.compile(r"Possible misspelling: (\w+) may not be assigned"),
}
#: Files that a text reads as its own, and that ShellCheck does not see.
_SOURCED = frozenset({1090, 1091})


@dataclass(frozen=True)
class Judged:
    """What we say ourselves of a text's variables, and the findings that stand."""

    diagnostics: tuple[Diagnostic, ...]
    rest: tuple[Finding, ...]


def judge(text: ShellText, findings: Sequence[Finding], start: Callable[[Finding], int]) -> Judged:
    """Drops findings about variables that are set, or may be, and names misspelt ones.

    `start` gives the offset in the text at which a finding begins.
    """
    misspelt: dict[str, Diagnostic] = {}
    whole = not any(finding.code in _SOURCED for finding in findings)
    for finding in findings:
        name = _name(finding)
        if whole and finding.code == _REFERENCED and name is not None and _unknown(text, name):
            found = misspelt_variable.check(text, name, start(finding))
            if found is not None:
                misspelt[name] = found
    rest = tuple(one for one in findings if _stands(text, one) and _name(one) not in misspelt)
    return Judged(tuple(misspelt.values()), rest)


def _stands(text: ShellText, finding: Finding) -> bool:
    if finding.code not in _NAMED:
        return True
    name = _name(finding)
    if name is None:
        return not text.open
    # Upper case is the caller's environment; ShellCheck names it only since we ask.
    foreign = finding.code == _REFERENCED and name == name.upper()
    return _unknown(text, name) and not foreign


def _unknown(text: ShellText, name: str) -> bool:
    return not text.open and name not in text.names


def _name(finding: Finding) -> str | None:
    """The variable that a finding is about, if it is about one that is never set."""
    pattern = _NAMED.get(finding.code)
    found = pattern.match(finding.message) if pattern else None
    return found[1] if found else None
