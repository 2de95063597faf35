"""`nixc run`."""

from __future__ import annotations

from collections.abc import Sequence

import click

from nixc.cli.options import FOUND, SOURCE, UNUSABLE, shellcheck
from nixc.cli.patience import patience
from nixc.cli.printing import print_text, print_troubles


@click.command()
@click.argument("file", type=SOURCE)
@click.argument("args", nargs=-1, type=click.UNPROCESSED)
@shellcheck
def run(file: str, args: Sequence[str], shellcheck: bool) -> int:
    """Build FILE to a temporary file and run it with ARGS; `nixc run FILE -- --help` shows them."""
    from nixc import driver, execute

    with patience("building"):
        result = driver.build(file, shellcheck=shellcheck)
    print_text(result.diagnostics)
    print_troubles(result.troubles)
    if result.script is None:
        return UNUSABLE if result.troubles else FOUND
    return execute.become(result.script, args)
