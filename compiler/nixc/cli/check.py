"""`nixc check`."""

from __future__ import annotations

from collections.abc import Sequence

import click

from nixc.cli.options import FINE, FOUND, SOURCE, UNUSABLE, shellcheck
from nixc.cli.patience import patience
from nixc.cli.printing import print_report, print_troubles
from nixc.report import FORMATS


@click.command()
@click.argument("paths", metavar="FILE...", type=SOURCE, nargs=-1, required=True)
@click.option("--format", "style", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--strict", is_flag=True, help="Warnings fail, too.")
@shellcheck
def check(paths: Sequence[str], style: str, strict: bool, shellcheck: bool) -> int:
    """Say all there is to say about each FILE; directories are searched for *.nxa."""
    from nixc import driver

    with patience("checking"):
        result = driver.check(paths, shellcheck=shellcheck)
    print_report(style, result.diagnostics)
    print_troubles(result.troubles)
    if result.troubles:
        return UNUSABLE
    return FOUND if driver.fails(result.diagnostics, strict=strict) else FINE
