"""A shell text reads a variable that nothing sets, and that looks like one that is set there.

    step "deploy" {
      env = { DEPLOY_HOST = "example.com" }
      run = "./deploy.sh \\"$DEPLOI_HOST\\""
    }

Correct the name. A variable that the caller of the script brings along is said to be there with
`envFrom = [required("NAME")]`.

    step "deploy" {
      env = { DEPLOY_HOST = "example.com" }
      run = "./deploy.sh \\"$DEPLOY_HOST\\""
    }

ShellCheck tells which variables a text reads and does not set, so without it this is not checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from nixc.diagnostics import Diagnostic, Fix, Severity, quoted, shortened
from nixc.ir.texts import ShellText

CODE = "NX601"
TITLE = "variable that looks misspelt"

#: What programs and CI services set by themselves.
_FAMILIAR = re.compile(
    r"(CI|GITHUB|GITLAB|RUNNER|BUILDKITE|CIRCLE|JENKINS|TRAVIS|GIT|SSH|XDG|LC|DOCKER|KUBE|AWS|GOOGLE"
    r"|AZURE|NPM|npm|PIP|CARGO|RUST|GO|JAVA|NODE|PYTHON|NIX)_\w+"
    r"|EDITOR|VISUAL|PAGER|HOST|HOSTNAME|SUDO_USER|DEBUG|GOPATH|GOROOT|VIRTUAL_ENV|DBUS_\w+"
)
#: What the language puts before names of its own.
_PREFIXES = ("MATRIX_", "INPUT_")


def check(text: ShellText, name: str, offset: int) -> Diagnostic | None:
    """The warning about a variable that a text reads without setting it, if there is one like it.

    `offset` is a place in the text at or before the name.
    """
    meant = nearest(name, text.names)
    start = text.script.text.find(name, offset)
    if meant is None or start < 0:
        return None
    span = text.script.map.span(start, start + len(name))
    return Diagnostic(
        CODE,
        Severity.WARNING,
        f"nothing sets the variable {quoted(name)}",
        span,
        help=f"did you mean {quoted(meant)}?",
        fixes=(Fix(f"write {shortened(meant)}", span, meant),),
    )


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The variable that was probably meant; None where the name may well be right."""
    if _FAMILIAR.fullmatch(name):
        return None
    ranked = sorted((rank, one) for one in known if (rank := _distance(name, one)) is not None)
    return ranked[0][1] if ranked else None


def _distance(name: str, known: str) -> int | None:
    """How far a name is from a known one; None where too far to be a slip."""
    if name.upper() == known.upper():
        return 0
    if name.replace("_", "").upper() == known.replace("_", "").upper():
        return 1
    # Lower case is hardly the caller's: `$python` for the axis `python`.
    if name != name.upper() and known in {prefix + name.upper() for prefix in _PREFIXES}:
        return 1
    for prefix in _PREFIXES:  # nobody else sets such names
        if name.startswith(prefix) and known.startswith(prefix):
            return _loose(name.removeprefix(prefix), known.removeprefix(prefix))
    words, others = name.upper().split("_"), known.upper().split("_")
    if len(words) != len(others):
        return None
    slips = [_slips(word, other) for word, other in zip(words, others, strict=True)]
    far = sum(slip for slip in slips if slip is not None)
    return None if None in slips or far > 2 else far + 1


def _loose(name: str, known: str) -> int | None:
    """The same of names that nobody but the workflow sets."""
    slips = _edits(name, known)
    allowed = 2 if len(known) > 5 else 1
    swapped = sorted(name) == sorted(known)
    return slips + 1 if slips <= allowed and (swapped or len(known) > 2) else None


def _slips(word: str, other: str) -> int | None:
    """How many slips of the pen make one word of the other; None for two words.

    Short words differ for good reasons (HOST and PORT, A1 and A2), long ones hardly.
    """
    if word == other:
        return 0
    longest = max(len(word), len(other))
    if sorted(word) == sorted(other) and longest > 2 and _edits(word, other) == 1:
        return 1
    if longest < 4 or word[:1] != other[:1] or _letters(word) == _letters(other):
        return None
    slips = _edits(word, other)
    # One letter for another makes too many short words.
    replaced = len(word) == len(other) and sorted(word) != sorted(other)
    allowed = 2 if longest > 8 else 1 if longest > 5 or not replaced else 0
    return slips if slips <= allowed else None


def _letters(word: str) -> str:
    return re.sub(r"\d", "", word)


def _edits(word: str, other: str) -> int:
    """Letters added, left out, replaced or swapped with their neighbour (Damerau)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(word, 1):
        before, last, row = row, before, [i]
        for j, one in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != one))
            if i > 1 < j and (letter, word[i - 2]) == (other[j - 2], one):
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
