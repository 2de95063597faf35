"""`nixc schema`."""

from __future__ import annotations

import click

from nixc.cli.options import FINE


@click.command()
@click.option(
    "--format",
    "style",
    type=click.Choice(["json", "markdown"]),
    default="json",
    show_default=True,
)
def schema(style: str) -> int:
    """Print the language: every block, field, type, default, function and executor."""
    from nixc.reference import schema as table

    if style == "json":
        import json

        click.echo(json.dumps(table.schema(), indent=2))
    else:
        from nixc.reference import markdown

        click.echo(markdown.render(table.schema()), nl=False)
    return FINE
