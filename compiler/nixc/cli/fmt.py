"""`nixc fmt`."""

from __future__ import annotations

from collections.abc import Sequence

import click

from nixc.cli.options import FINE, FOUND, SOURCE, UNUSABLE
from nixc.cli.patience import patience
from nixc.cli.printing import print_text, print_troubles


@click.command()
@click.argument("paths", metavar="PATH...", type=SOURCE, nargs=-1, required=True)
@click.option("--check", is_flag=True, help="Change nothing; name the files that would change.")
@click.option("--diff", is_flag=True, help="Change nothing; show what would change.")
def fmt(paths: Sequence[str], check: bool, diff: bool) -> int:
    """Put each PATH into the one layout; directories are searched for *.nxa.

    - reads standard input and writes standard output. A file with syntax errors stays as it is.
    With --check the exit status is 1 if a file would change.
    """
    from nixc import formatting

    with patience("formatting"):
        result = formatting.reformat(paths, write=not (check or diff))
    for change in result.changes:
        if diff:
            from nixc.report import diff as report

            click.echo(report.render(change.name, change.before, change.after), nl=False)
        elif check:
            click.echo(change.name)
    print_text(result.diagnostics)
    print_troubles(result.troubles)
    if result.troubles:
        return UNUSABLE
    return FOUND if result.diagnostics or (check and result.changes) else FINE
