"""The command line: reads arguments, calls the driver, prints what it answers.

Imports stay late: `nixc --version` and `--help` load nothing of the compiler.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import TYPE_CHECKING, NoReturn

import click

from nixc import __version__
from nixc.trouble import Trouble

if TYPE_CHECKING:
    from nixc.diagnostics import Diagnostic

#: Exit statuses, as the tools page fixes them.
FINE, FOUND, UNUSABLE = 0, 1, 2
#: As the shell has them: 128 and the number of the signal.
INTERRUPTED, NO_READER = 130, 141

_COMPLETION = """\
Shell completion: put one of these lines where your shell starts.

\b
  bash  eval "$(_NIXC_COMPLETE=bash_source nixc)"
  zsh   eval "$(_NIXC_COMPLETE=zsh_source nixc)"
  fish  _NIXC_COMPLETE=fish_source nixc | source
"""

_shellcheck = click.option(
    "--no-shellcheck",
    "shellcheck",
    flag_value=False,
    default=True,
    help="Leave ShellCheck out.",
)
_FILE = click.Path(allow_dash=True)


@click.group(epilog=_COMPLETION, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", message="nixc %(version)s")
def cli() -> None:
    """Compile .nxa workflows to one bash script that runs anywhere."""


@cli.command()
@click.argument("file", type=_FILE)
@click.option(
    "-o",
    "--output",
    type=_FILE,
    help="Where the script goes: by default beside FILE as .sh; - is standard output.",
)
@_shellcheck
def build(file: str, output: str | None, shellcheck: bool) -> int:
    """Compile FILE to one executable bash script; - reads standard input."""
    from nixc import driver, files

    result = driver.build(file, shellcheck=shellcheck)
    _print_text(result.diagnostics, err=True)
    if result.script is None:
        return FOUND
    target = output if output is not None else files.output_for(file)
    files.refuse_same(target, result.sources)
    files.write_script(target, result.script)
    return FINE


@cli.command()
@click.argument("paths", metavar="FILE...", type=_FILE, nargs=-1, required=True)
@click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@click.option("--strict", is_flag=True, help="Warnings fail, too.")
@_shellcheck
def check(paths: Sequence[str], style: str, strict: bool, shellcheck: bool) -> int:
    """Say all there is to say about each FILE; directories are searched for *.nxa."""
    from nixc import driver

    result = driver.check(paths, shellcheck=shellcheck)
    if style == "json":
        from nixc.report import json

        click.echo(json.render(result.diagnostics), nl=False)
    else:
        _print_text(result.diagnostics, err=False)
    for message in result.unreadable:
        click.echo(f"nixc: {message}", err=True)
    if result.unreadable:
        return UNUSABLE
    return FOUND if driver.fails(result.diagnostics, strict=strict) else FINE


@cli.command()
@click.argument("file", type=_FILE)
@click.argument("args", nargs=-1, type=click.UNPROCESSED)
@_shellcheck
def run(file: str, args: Sequence[str], shellcheck: bool) -> int:
    """Build FILE to a temporary file and run it with ARGS; `nixc run FILE -- --help` shows them."""
    from nixc import driver, execute

    result = driver.build(file, shellcheck=shellcheck)
    _print_text(result.diagnostics, err=True)
    if result.script is None:
        return FOUND
    return execute.become(result.script, args)


def _print_text(diagnostics: Sequence[Diagnostic], *, err: bool) -> None:
    from nixc.report import text

    stream = sys.stderr if err else sys.stdout
    # Either stream is None where its descriptor is closed.
    terminal = stream is not None and stream.isatty()
    colour = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    click.echo(text.render(diagnostics, colour=colour), nl=False, err=err, color=colour)


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


if __name__ == "__main__":
    main()
