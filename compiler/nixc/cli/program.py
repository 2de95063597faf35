"""The program `nixc`: its commands, and how it ends."""

from __future__ import annotations

import gc
import os
import sys
from io import TextIOWrapper
from typing import NoReturn

import click

from nixc import __version__
from nixc.cli.build import build
from nixc.cli.check import check
from nixc.cli.explain import explain
from nixc.cli.fmt import fmt
from nixc.cli.graph import graph
from nixc.cli.lsp import lsp
from nixc.cli.options import FINE, FOUND, INTERRUPTED, NO_READER, UNUSABLE
from nixc.cli.report import report
from nixc.cli.run import run
from nixc.cli.schema import schema
from nixc.trouble import Trouble

_COMPLETION = """\
Shell completion: put one of these lines where your shell starts.

\b
  bash  eval "$(_NIXC_COMPLETE=bash_source nixc)"
  zsh   eval "$(_NIXC_COMPLETE=zsh_source nixc)"
  fish  _NIXC_COMPLETE=fish_source nixc | source
"""


@click.group(epilog=_COMPLETION, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", message="nixc %(version)s")
def cli() -> None:
    """Compile .nxa workflows to one bash script that runs anywhere."""


for _command in (build, check, run, graph, report, fmt, explain, schema, lsp):
    cli.add_command(_command)


def main() -> NoReturn:
    """The console script. Never ends in a traceback."""
    # Nothing lives long enough here to be worth looking for; it saves a twentieth.
    gc.disable()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A locale that lacks a character must not end the program.
            stream.reconfigure(errors="backslashreplace")
    status = _status()
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        # Said already; the interpreter's own flush at the end needs somewhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.exit(status)


def _status() -> int:
    """Runs the command line; what went wrong becomes a message and an exit status."""
    try:
        return int(cli(prog_name="nixc", standalone_mode=False) or FINE)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except Trouble as error:
        click.echo(f"nixc: {error}", err=True)
        return UNUSABLE
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        return NO_READER
    except Exception as error:  # noqa: BLE001 - the last stop of every fault in nixc itself
        from nixc import fault

        click.echo(fault.describe(error), err=True)
        return FOUND
