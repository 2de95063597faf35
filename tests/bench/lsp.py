"""What the language server takes from a change to its diagnostics, and for a completion.

Files of 1,000 lines with 100 jobs; medians and 95th percentiles of 50 edits through standard input
and output, in milliseconds of a clock: this is what an editor waits for. In the same run, where
npm has put them on PATH: bash-language-server on a script and @actions/languageserver on a workflow
of GitHub's, of as many lines.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.lsp.wire import NIXC, Wire

EDITS = 50
JOBS = 100

#: Aims of the project: median and 95th percentile, in milliseconds.
DIAGNOSTICS = (50.0, 90.0)
COMPLETION = (5.0, 15.0)
#: `initialize` beside the import of pygls alone.
START_RATIO = 1.2
#: Diagnostics of ten times as many lines.
GROWTH_RATIO = 8.0
#: The others' medians beside ours.
AHEAD_RATIO = 8.0
#: Resident memory after as many edits, in MiB, and how much of it may come after the 500th.
MANY_EDITS, SETTLED, MEMORY, MEMORY_GROWTH = 2000, 500, 100.0, 1.02

OURS = """\
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
THEIRS = """\
  # Number {n}.
  j{n}:
    runs-on: ubuntu-latest
    {needs}
    env:
      IMAGE: "debian:{n}"
    timeout-minutes: 5
    steps:
      - run: make test-{n}
      - run: make unit-{n} IMAGE=$IMAGE
"""
BASH = """\
# Number {n}.
j{n}() {{
  local image="debian:{n}"
  local minutes=5
  {needs}
  make "test-{n}"
  if [ "$minutes" -gt 1 ]; then
    make "unit-{n}" IMAGE="$image"
  fi
}}
"""


@dataclass(frozen=True)
class Server:
    """A language server and a text of its language, with a place (0-based line and column) where
    digits come and go, and the column of that line where a completion is asked for."""

    name: str
    command: tuple[str, ...]
    file: str
    language: str
    text: str
    line: int
    column: int
    completed: int


def nixc(jobs: int) -> Server:
    body = "".join(OURS.format(n=n, needs=f"j{n - 1}" if n % 10 else "") for n in range(jobs))
    text = f'let image = "debian"\nworkflow w {{\n{body}}}\n'
    return Server("nixc", (str(NIXC), "lsp"), "a.nxa", "nxa", text, jobs // 2 * 10 + 7, 15, 4)


def others(jobs: int) -> Iterator[Server]:
    """Those that are installed."""
    if command := shutil.which("bash-language-server"):
        text = "".join(BASH.format(n=n, needs=f"j{n - 1}" if n % 10 else ":") for n in range(jobs))
        line = jobs // 2 * 10 + 5
        yield Server(
            "bash-language-server", (command, "start"), "a.sh", "shellscript", text, line, 12, 4
        )
    if command := shutil.which("actions-languageserver"):
        body = "".join(
            THEIRS.format(n=n, needs=f"needs: [j{n - 1}]" if n % 10 else "if: always()")
            for n in range(jobs)
        )
        text = f"on: push\njobs:\n{body}"
        line = jobs // 2 * 10 + 10
        name, file = "@actions/languageserver", ".github/workflows/a.yml"
        yield Server(name, (command, "--stdio"), file, "yaml", text, line, 18, 8)


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


class Session:
    """One server with its one file, edited again and again."""

    def __init__(self, wire: Wire, server: Server, folder: Path) -> None:
        self.wire, self.server = wire, server
        path = folder / server.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(server.text)
        self.uri = path.as_uri()
        self.version, self.digits = 1, ""
        # @actions/languageserver does not start without options.
        wire.begin(folder, "utf-16", {}, {"repos": []})
        wire.open(self.uri, server.text, server.language)
        wire.told(self.uri, None, 120)
        # Those of a second thought (ShellCheck's), and what was started with them.
        time.sleep(3)

    def edit(self) -> None:
        """Puts a digit in place of the last one: no text comes twice within 1,000 edits, since
        some remember what they said of a text."""
        self.version += 1
        line, column = self.server.line, self.server.column
        old, self.digits = self.digits, f"{self.version % 1000:03}"
        place = {"line": line, "character": column}
        end = {"line": line, "character": column + len(old)}
        change = {"range": {"start": place, "end": end}, "text": self.digits}
        self.wire.change(self.uri, self.version, change)

    def diagnosed(self) -> float:
        """Milliseconds from an edit to its diagnostics."""
        # Nothing of the last edit may be taken for an answer to this one.
        time.sleep(0.05)
        self.wire.drop()
        begin = time.perf_counter()
        self.edit()
        self.wire.told(self.uri, self.version if self.server.name == "nixc" else None)
        return 1000 * (time.perf_counter() - begin)

    def completed(self) -> float:
        """Milliseconds that a completion takes."""
        position = {"line": self.server.line, "character": self.server.completed}
        asked = {"textDocument": {"uri": self.uri}, "position": position}
        begin = time.perf_counter()
        self.wire.ask("textDocument/completion", asked)
        return 1000 * (time.perf_counter() - begin)

    def memory(self) -> float:
        """Resident memory of the server in MiB, by Linux's proc(5)."""
        status = Path(f"/proc/{self.wire.process.pid}/status").read_text()
        (line,) = (one for one in status.splitlines() if one.startswith("VmRSS:"))
        return int(line.split()[1]) / 1024


def edits(server: Server) -> tuple[list[float], list[float]]:
    """Milliseconds to the diagnostics after each of some edits, and to completions after them."""
    with tempfile.TemporaryDirectory() as name, Wire(*server.command) as wire:
        session = Session(wire, server, Path(name))
        pairs = [(session.diagnosed(), session.completed()) for _ in range(EDITS)]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def memory() -> tuple[float, float]:
    """MiB after some edits, and after many more."""
    with tempfile.TemporaryDirectory() as name, Wire() as wire:
        session = Session(wire, nixc(JOBS), Path(name))
        found = []
        for number in range(1, MANY_EDITS + 1):
            session.edit()
            if number % 10 == 0:
                wire.told(session.uri, session.version)
                session.completed()
            if number in (SETTLED, MANY_EDITS):
                found.append(session.memory())
    return found[0], found[1]


def show(what: str, found: list[float], aims: tuple[float, float] | None) -> bool:
    """Prints one row; whether the aims are met."""
    median = statistics.median(found)
    high = sorted(found)[int(len(found) * 0.95)]
    wanted = [f" (aim {aim:g})" for aim in aims] if aims else ["", ""]
    print(f"{what:44} p50 {median:7.1f}{wanted[0]}  p95 {high:7.1f}{wanted[1]}", flush=True)
    return aims is None or (median <= aims[0] and high <= aims[1])


def main() -> int:
    pairs = sorted((started() for _ in range(5)), key=lambda pair: pair[0] / pair[1])
    answered, bare = pairs[2]
    kept = [answered / bare <= START_RATIO]
    print(f"initialize {answered:.0f} ms beside {bare:.0f}: {answered / bare:.2f} (aim 1.2)")

    told, completed = edits(nixc(JOBS))
    kept.append(show("diagnostics after a change, ms", told, DIAGNOSTICS))
    kept.append(show("completion, ms", completed, COMPLETION))
    ours = statistics.median(told)

    long, _ = edits(nixc(JOBS * 10))
    growth = statistics.median(long) / ours
    print(f"10,000 lines: {growth:.2f} × the diagnostics of 1,000 (aim {GROWTH_RATIO:g})")
    kept.append(growth <= GROWTH_RATIO)

    there = list(others(JOBS))
    if len(there) < 2:
        print("not both of bash-language-server and actions-languageserver are on PATH")
    for server in there:
        told, completed = edits(server)
        show(f"{server.name}: diagnostics", told, None)
        show(f"{server.name}: completion", completed, None)
        ahead = statistics.median(told) / ours
        print(f"{server.name}: {ahead:.1f} × ours (aim at least {AHEAD_RATIO:g})")
        kept.append(ahead >= AHEAD_RATIO)

    settled, after = memory()
    print(
        f"memory after {MANY_EDITS} edits {after:.1f} MiB (aim {MEMORY:g}), after 500 {settled:.1f}"
    )
    kept.append(after <= MEMORY and after <= settled * MEMORY_GROWTH)
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
