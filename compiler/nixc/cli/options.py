"""What several commands have: exit statuses, options, arguments."""

from __future__ import annotations

import click

from nixc.cli.completion import SourcePath

#: Exit statuses, as the tools page fixes them.
FINE, FOUND, UNUSABLE = 0, 1, 2
#: As the shell has them: 128 and the number of the signal.
INTERRUPTED, NO_READER = 130, 141

SOURCE = SourcePath(allow_dash=True)
OUTPUT = click.Path(allow_dash=True)

shellcheck = click.option(
    "--no-shellcheck",
    "shellcheck",
    flag_value=False,
    default=True,
    help="Leave ShellCheck out.",
)
