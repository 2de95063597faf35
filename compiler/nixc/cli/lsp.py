"""`nixc lsp`."""

from __future__ import annotations

import click

from nixc.cli.options import FINE


@click.command()
@click.option("--tcp", metavar="HOST:PORT", help="Listen there, for debugging.")
@click.option("--stdio", is_flag=True, help="Standard input and output: the default.")
def lsp(tcp: str | None, stdio: bool) -> int:
    """Serve an editor: the language server."""
    from nixc_lsp import server

    server.start(None if tcp is None else _address(tcp))
    return FINE


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise click.BadParameter("write HOST:PORT, as in localhost:2087", param_hint="--tcp")
    return host.strip("[]"), int(port)
