"""What the shell offers where a source is named: `.nxa` files, and directories on the way."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class SourcePath(click.Path):
    """A path of a source; completes to `.nxa` files."""

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem[str]]:
        from click.shell_completion import CompletionItem

        return [CompletionItem(path) for path in candidates(incomplete)]


def candidates(incomplete: str) -> list[str]:
    """The paths that begin so. A directory that is the only one is looked into: the shell would set
    a blank behind it."""
    found = _matching(incomplete)
    while len(found) == 1 and found[0].endswith("/"):
        inside = _matching(found[0])
        if not inside:
            break
        found = inside
    return found


def _matching(incomplete: str) -> list[str]:
    folder, start = os.path.split(incomplete)
    there = os.path.expanduser(folder) or "."
    try:
        names = sorted(os.listdir(there))
    except OSError:
        return []
    found = []
    for name in names:
        if not name.startswith(start) or (name.startswith(".") and not start):
            continue
        if os.path.isdir(os.path.join(there, name)):
            found.append(os.path.join(folder, name) + "/")
        elif name.endswith(".nxa"):
            found.append(os.path.join(folder, name))
    return found
