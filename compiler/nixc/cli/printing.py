"""Diagnostics on the user's terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from nixc.diagnostics import Diagnostic


def print_text(diagnostics: Sequence[Diagnostic], *, err: bool) -> None:
    """Prints diagnostics for people, in colour on a terminal."""
    from nixc.report import text

    stream = sys.stderr if err else sys.stdout
    # Either stream is None where its descriptor is closed.
    terminal = stream is not None and stream.isatty()
    colour = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    click.echo(text.render(diagnostics, colour=colour), nl=False, err=err, color=colour)
