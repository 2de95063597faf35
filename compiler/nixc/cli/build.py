"""`nixc build`."""

from __future__ import annotations

import click

from nixc.cli.options import FILE, FINE, FOUND, shellcheck
from nixc.cli.printing import print_text


@click.command()
@click.argument("file", type=FILE)
@click.option(
    "-o",
    "--output",
    type=FILE,
    help="Where the script goes: by default beside FILE as .sh; - is standard output.",
)
@shellcheck
def build(file: str, output: str | None, shellcheck: bool) -> int:
    """Compile FILE to one executable bash script; - reads standard input."""
    from nixc import driver, files

    result = driver.build(file, shellcheck=shellcheck)
    print_text(result.diagnostics)
    if result.script is None:
        return FOUND
    target = output if output is not None else files.output_for(file)
    files.refuse_same(target, result.sources)
    files.write_script(target, result.script)
    return FINE
