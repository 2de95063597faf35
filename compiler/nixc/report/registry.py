"""The forms of a report, each with what makes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from nixc.diagnostics import Diagnostic
from nixc.report import github, gitlab, json, sarif, text
from nixc.report.around import Around

Render: TypeAlias = Callable[[Sequence[Diagnostic], Around], str]

REGISTRY: dict[str, Render] = {
    "text": lambda found, around: text.render(found, colour=around.colour),
    "json": lambda found, around: json.render(found),
    "sarif": sarif.render,
    "github": github.render,
    "gitlab": gitlab.render,
}
