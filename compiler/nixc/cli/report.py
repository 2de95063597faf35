"""`nixc report`."""

from __future__ import annotations

import click

from nixc.cli.options import FINE, OUTPUT
from nixc.cli.patience import patience
from nixc.tools import FORMATS


@click.command()
@click.argument("run")
@click.option("--format", "style", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option(
    "-o", "--output", type=OUTPUT, default="-", help="Where it goes: by default standard output."
)
def report(run: str, style: str, output: str) -> int:
    """Tell of a run that a script made: by its name, its directory, or as `last`.

    Runs are looked for where scripts keep them ($NIXACTIONS_HOME/runs).
    """
    from nixc import files
    from nixc.tools import report as reports
    from nixc.tools import runs

    with patience("reporting"):
        made = reports.render(runs.find(run), style)
    files.write_report(output, made)
    return FINE
