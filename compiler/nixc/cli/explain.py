"""`nixc explain`."""

from __future__ import annotations

import click

from nixc.cli.options import FINE
from nixc.trouble import Trouble


def _complete(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    from nixc import manual

    return [code for code in manual.pages() if code.startswith(incomplete.upper())]


@click.command()
@click.argument("code", required=False, shell_complete=_complete)
def explain(code: str | None) -> int:
    """Say what CODE means, with an example and its cure; without CODE, list them all."""
    from nixc import manual
    from nixc.diagnostics import quoted
    from nixc.report.glyphs import shown

    if code is None:
        for page in manual.pages().values():
            click.echo(f"{page.code}  {page.title}")
        return FINE
    found = manual.page(code.upper())
    if found is None:
        near = manual.nearest(code.upper())
        hint = f"; did you mean {near}?" if near else ""
        raise Trouble(f"there is no code {shown(quoted(code))}{hint}")
    click.echo(f"{found.code}: {found.title}\n\n{found.plain}")
    return FINE
