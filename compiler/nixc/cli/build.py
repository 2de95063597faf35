"""`nixc build`."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from typing import TYPE_CHECKING, NoReturn

import click

from nixc.cli.options import FINE, FOUND, OUTPUT, SOURCE, UNUSABLE, shellcheck
from nixc.cli.patience import patience
from nixc.cli.printing import print_text, print_troubles
from nixc.trouble import Trouble

if TYPE_CHECKING:
    from nixc.driver import Built
    from nixc.watch import Stamp


@click.command()
@click.argument("file", type=SOURCE)
@click.option(
    "-o",
    "--output",
    type=OUTPUT,
    help="Where the script goes: by default beside FILE as .sh; - is standard output.",
)
@click.option("--watch", is_flag=True, help="Build again when FILE or an import changes.")
@shellcheck
def build(file: str, output: str | None, watch: bool, shellcheck: bool) -> int:
    """Compile FILE to one executable bash script; - reads standard input."""
    from nixc import driver, files

    target = output if output is not None else files.output_for(file)
    if watch:
        _watch(file, target, shellcheck)
    with patience("building"):
        result = driver.build(file, shellcheck=shellcheck)
    if _deliver(result, target):
        return FINE
    return UNUSABLE if result.troubles else FOUND


def _deliver(result: Built, target: str) -> bool:
    """Prints what was found and writes the script; whether there is one."""
    from nixc import files

    print_text(result.diagnostics)
    print_troubles(result.troubles)
    if result.script is None:
        return False
    files.refuse_same(target, result.sources)
    files.write_script(target, result.script)
    return True


def _watch(file: str, target: str, shellcheck: bool) -> NoReturn:
    """Builds, and builds again after each change, until the user interrupts."""
    from nixc import files, watch

    if files.STANDARD in (file, target):
        raise click.UsageError("--watch needs a FILE to watch and a file to write")
    stamps: Mapping[str, Stamp] = {}
    while True:
        stamps = _build_once(file, target, shellcheck, stamps)
        # The program is not made to stay: what it leaves behind is collected here alone.
        gc.collect()
        watch.wait(stamps)


def _build_once(
    file: str, target: str, shellcheck: bool, known: Mapping[str, Stamp]
) -> Mapping[str, Stamp]:
    """Builds and says how it went; what to watch then."""
    from nixc import driver, watch

    # Where the file cannot be read, all that was known is watched on.
    stamps: Mapping[str, Stamp] = {path: watch.stamp(path) for path in (file, *known)}
    done = False
    try:
        with patience("building"):
            result = driver.build(file, shellcheck=shellcheck)
        stamps = result.stamps
        done = _deliver(result, target)
    except Trouble as error:
        click.echo(f"nixc: {error}", err=True)
    how = f"{target} is written" if done else f"{target} is left as it was"
    click.echo(f"nixc: {how}; waiting for changes, Ctrl-C ends this", err=True)
    return stamps
