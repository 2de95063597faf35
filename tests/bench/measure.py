"""How the benchmarks measure and what they print.

All figures are CPU time (user and system) of a process and all that descends from it, orphans
included; medians of runs that take turns with what they are compared to, so that a slow machine is
slow for both.
"""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROUNDS = 9
#: prctl(2): orphans among our descendants become our children, and their CPU time is counted.
PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    what: str
    milliseconds: float
    beside: str
    reference: float
    value: float
    limit: float
    unit: str

    @property
    def kept(self) -> bool:
        return self.value <= self.limit


def cpu(command: Sequence[object], folder: Path) -> float:
    """Milliseconds of CPU that a command and all it starts take. Raises where it fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env=_environment(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    _reap_orphans()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)


def _reap_orphans() -> None:
    try:
        while True:
            os.waitpid(-1, 0)
    except ChildProcessError:
        return


def _environment(folder: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "NIXACTIONS_HOME": str(folder / "nixactions"),
    }


def medians(*measures: Callable[[], float], rounds: int = ROUNDS) -> list[float]:
    """The median of each measure; they take turns, after one round that only warms up."""
    for measure in measures:
        measure()
    turns = [[measure() for measure in measures] for _ in range(rounds)]
    return [median(column) for column in zip(*turns, strict=True)]


def write_workflow(folder: Path, name: str, text: str) -> Path:
    path = folder / f"{name}.nxa"
    path.write_text(text)
    return path


def report(benches: Iterable[Callable[[Path], Row]], measured: str = "CPU of") -> int:
    """Runs benchmarks, each in a folder of its own, and prints a line for each; the exit status
    is 1 where a limit is passed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    rows = []
    print(f"{measured:<26}{'ms':>9}  {'beside':<18}{'ms':>9}{'':>6}{'figure':>9}{'limit':>9}")
    for bench in benches:
        # On tmpfs where there is one: a large directory that was just removed slows ext4 down.
        shm = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        with tempfile.TemporaryDirectory(dir=shm, ignore_cleanup_errors=True) as name:
            row = bench(Path(name))
        rows.append(row)
        print(
            f"{row.what:<26}{row.milliseconds:>9.2f}  {row.beside:<18}{row.reference:>9.2f}"
            f"{'' if row.kept else ' OVER':>6}"
            f"{row.value:>7.2f} {row.unit:<2}{row.limit:>6.2f} {row.unit}",
            flush=True,
        )
    return 0 if all(row.kept for row in rows) else 1
