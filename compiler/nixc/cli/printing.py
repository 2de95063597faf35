"""Diagnostics on the user's terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from io import TextIOBase
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from nixc.diagnostics import Diagnostic
    from nixc.page import Page


def print_text(diagnostics: Sequence[Diagnostic]) -> None:
    """Prints diagnostics for people to standard error, in colour on a terminal."""
    from nixc.report import text

    colour = in_colour(sys.stderr)
    click.echo(text.render(diagnostics, colour=colour), nl=False, err=True, color=colour)


def print_report(style: str, diagnostics: Sequence[Diagnostic]) -> None:
    """Prints diagnostics in one of the report formats to standard output."""
    from nixc.report.around import Around, repository
    from nixc.report.registry import REGISTRY

    colour = in_colour(sys.stdout)
    around = Around(repository(), _page, colour)
    click.echo(REGISTRY[style](diagnostics, around), nl=False, color=colour)


def _page(code: str) -> Page | None:
    from nixc import manual

    return manual.page(code)


def in_colour(stream: object) -> bool:
    """Whether a stream is a terminal that shows colours, and the user wants them."""
    # A stream is None where its descriptor is closed.
    terminal = isinstance(stream, TextIOBase) and stream.isatty()
    return terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def print_troubles(messages: Sequence[str]) -> None:
    """Prints what went wrong around nixc, one line each."""
    for message in messages:
        click.echo(f"nixc: {message}", err=True)
