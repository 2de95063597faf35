"""The command line, one file for each command: reads arguments, calls, prints what is answered.

Imports stay late: `nixc --version` and `--help` load nothing of the compiler.
"""

from nixc.cli.program import cli, main

__all__ = ["cli", "main"]
