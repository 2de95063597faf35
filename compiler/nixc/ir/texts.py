"""The users' own texts, with what is known of them where they run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from nixc.ir.model import Script
from nixc.records import dataclass, replace
from nixc.source import Span


@dataclass(frozen=True)
class ShellText:
    """A text that an interpreter runs, how it is run, and the variables that it can rely on."""

    script: Script
    #: Steps stop at the first command that fails, conditions do not.
    role: Literal["step", "condition"]
    names: frozenset[str]
    #: True where more variables may be set than can be known now.
    open: bool = False
    #: Variables whose values are secret.
    secrets: frozenset[str] = frozenset()


def merged(texts: Iterable[ShellText]) -> tuple[ShellText, ...]:
    """Each text once: a matrix, or an action used twice, has the same text in several jobs.

    A variable that one of the uses has is known in all, so that nothing is said about a text
    that is right where it is used. Equal texts at two places are two.
    """
    found: dict[tuple[Span, str, str], ShellText] = {}
    for text in texts:
        key = (text.script.span, text.script.text, text.role)
        old = found.setdefault(key, text)
        if old is not text:
            found[key] = replace(
                old,
                names=old.names | text.names,
                open=old.open or text.open,
                secrets=old.secrets | text.secrets,
            )
    return tuple(found.values())
