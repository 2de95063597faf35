"""What the language server takes from a change to its diagnostics, and for a completion.

A file of 1,000 lines with 100 jobs; medians and 95th percentiles of 50 edits through standard input
and output, in milliseconds of a clock: this is what an editor waits for.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.lsp.wire import Wire

EDITS = 50
JOBS = 100

#: Aims of the project: median and 95th percentile, in milliseconds.
DIAGNOSTICS = (50.0, 90.0)
COMPLETION = (5.0, 15.0)
#: `initialize` beside the import of pygls alone.
START_RATIO = 1.2

JOB = """\
  # Number {n}.
  job j{n} {{
    needs   = [{needs}]
    env     = {{ IMAGE = "${{image}}:{n}" }}
    timeout = 5m
    run "make test-{n}"
    step "unit" {{
      run = "make unit-{n} IMAGE=$IMAGE"
    }}
  }}
"""


def workflow(jobs: int) -> str:
    """A file with ten lines for each job, in chains of ten."""
    body = "".join(JOB.format(n=n, needs=f"j{n - 1}" if n % 10 else "") for n in range(jobs))
    return f'let image = "debian"\nworkflow w {{\n{body}}}\n'


def started() -> tuple[float, float]:
    """Milliseconds until `initialize` is answered, and of the import of pygls alone."""
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import pygls.lsp.server"], check=True)
    bare = time.perf_counter() - begin
    begin = time.perf_counter()
    with Wire() as wire:
        wire.begin(Path("/"), "utf-16", {})
        answered = time.perf_counter() - begin
    return 1000 * answered, 1000 * bare


def edits(folder: Path, jobs: int) -> tuple[list[float], list[float]]:
    """Milliseconds to the diagnostics after each of some edits, and to completions after them."""
    uri = (folder / "bench.nxa").as_uri()
    text = workflow(jobs)
    line = text[: len(text) // 2].count("\n") // 10 * 10 + 6
    told, completed = [], []
    with Wire() as wire:
        wire.begin(folder, "utf-16", {})
        wire.open(uri, text)
        wire.told(uri, 1, 120)
        for version in range(2, EDITS + 2):
            time.sleep(0.05)
            place = {"line": line, "character": 15}
            end = {"line": line, "character": 15 + version % 2}
            new = "" if version % 2 else "1"
            begin = time.perf_counter()
            wire.change(uri, version, {"range": {"start": place, "end": end}, "text": new})
            wire.told(uri, version)
            told.append(1000 * (time.perf_counter() - begin))
            begin = time.perf_counter()
            at = {"textDocument": {"uri": uri}, "position": {"line": line, "character": 4}}
            wire.ask("textDocument/completion", at)
            completed.append(1000 * (time.perf_counter() - begin))
    return told, completed


def show(what: str, found: list[float], aims: tuple[float, float]) -> bool:
    """Prints one row; whether the aims are met."""
    median = statistics.median(found)
    high = sorted(found)[int(len(found) * 0.95)]
    print(f"{what:32} p50 {median:7.1f} (aim {aims[0]:g})  p95 {high:7.1f} (aim {aims[1]:g})")
    return median <= aims[0] and high <= aims[1]


def main() -> int:
    pairs = sorted((started() for _ in range(5)), key=lambda pair: pair[0] / pair[1])
    answered, bare = pairs[2]
    ratio = answered / bare
    print(f"initialize {answered:.0f} ms beside {bare:.0f}: {ratio:.2f} (aim {START_RATIO})")
    with tempfile.TemporaryDirectory() as name:
        told, completed = edits(Path(name), JOBS)
    kept = [
        ratio <= START_RATIO,
        show("diagnostics after a change, ms", told, DIAGNOSTICS),
        show("completion, ms", completed, COMPLETION),
    ]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
