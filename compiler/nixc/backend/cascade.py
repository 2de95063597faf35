"""One syntax error, one finding: ShellCheck reports where it failed, in what, and around what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nixc.backend.shellcheck import Finding

#: What could not be parsed, what was expected instead, where parsing stopped: one of them is
#: there whenever a text was not read to its end.
_FAILED = (1073, 1072, 1088, 1089)
#: Around what the error is.
_AROUND = 1009


def gathered(findings: Iterable[Finding]) -> Iterator[tuple[Finding, tuple[Finding, ...]]]:
    """The findings, each with those that belong to it: all parts of one syntax error are one.

    Its face is the most specific part: a missing `fi` rather than "couldn't parse this".
    """
    found = list(findings)
    if not any(finding.code in _FAILED for finding in found):
        yield from ((finding, ()) for finding in found)
        return
    parts = [finding for finding in found if finding.code < 2000]
    face = min(parts, key=_rank)
    yield face, tuple(part for part in parts if part is not face and part.code != _AROUND)
    yield from ((finding, ()) for finding in found if finding not in parts)


def _rank(finding: Finding) -> int:
    """Errors that say what is wrong, then what could not be parsed, then the rest."""
    if finding.level != "error":
        return len(_FAILED) + 1
    return 1 + _FAILED.index(finding.code) if finding.code in _FAILED else 0
