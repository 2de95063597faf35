"""`nixc graph`."""

from __future__ import annotations

import click

from nixc.cli.options import FINE, FOUND, OUTPUT, SOURCE
from nixc.cli.patience import patience
from nixc.cli.printing import print_text
from nixc.tools.graph import FORMATS


@click.command()
@click.argument("file", type=SOURCE)
@click.option("--format", "style", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option(
    "-o", "--output", type=OUTPUT, default="-", help="Where it goes: by default standard output."
)
def graph(file: str, style: str, output: str) -> int:
    """Show the jobs of FILE: what they need, where they run, what they hand on."""
    from nixc import driver, files
    from nixc.tools.graph.model import graph_of
    from nixc.tools.graph.registry import REGISTRY

    with patience("drawing"):
        found = driver.understand(file)
    print_text(found.diagnostics)
    if found.workflow is None:
        return FOUND
    files.refuse_same(output, found.sources)
    files.write_report(output, REGISTRY[style](graph_of(found.workflow)).encode())
    return FINE
