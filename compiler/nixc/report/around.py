"""What a report takes from its surroundings."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path, PurePath

from nixc.page import Page
from nixc.records import dataclass


@dataclass(frozen=True, eq=False)
class Around:
    """Where and how diagnostics are shown."""

    #: The directory that programs take paths from: the repository.
    root: Path
    #: Gives the manual page of a code.
    page: Callable[[str], Page | None]
    colour: bool = False

    def path(self, name: str) -> PurePath:
        """A source's name as a path below the root; one that lies elsewhere is absolute.

        What is no file (`<stdin>`, `std:git`) keeps its name.
        """
        if name.startswith(("<", "std:")):
            return PurePath(name)
        absolute = Path(os.path.abspath(name))
        try:
            return absolute.relative_to(self.root)
        except ValueError:
            return absolute


def repository() -> Path:
    """The directory above this one, or this one, that git has its files in; else this one."""
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), here)
