"""What nixc and its scripts cost, beside the least that the same could cost here and now.

All figures are CPU time (user and system) of a process and all that descends from it, orphans
included; medians of runs that take turns with what they are compared to, so that a slow machine is
slow for both. Ends with 1 where a limit is passed.
"""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from nixc import driver

ROUNDS = 9
COUNT = 100
#: prctl(2): orphans among our descendants become our children, and their CPU time is counted.
PR_SET_CHILD_SUBREAPER = 36

#: Aims of the project; see `make bench` in CONTRIBUTING.md.
BUILD_RATIO = 2.0
STEP_RATIO = 1.5
JOB_MILLISECONDS = 8.0


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


def medians(*measures: Callable[[], float]) -> list[float]:
    """The median of each measure; they take turns, after one round that only warms up."""
    for measure in measures:
        measure()
    rounds = [[measure() for measure in measures] for _ in range(ROUNDS)]
    return [median(column) for column in zip(*rounds, strict=True)]


def workflow_of(jobs: int, steps: int, run: str) -> str:
    """Independent jobs without a copy of the repository."""
    body = "\n".join(f"    run {run}" for _ in range(steps))
    blocks = [
        f"  job j{n} {{\n    executor = local {{ copyRepo = false }}\n{body}\n  }}"
        for n in range(jobs)
    ]
    return "workflow bench {\n" + "\n".join(blocks) + "\n}\n"


def write_workflow(folder: Path, name: str, text: str) -> Path:
    path = folder / f"{name}.nxa"
    path.write_text(text)
    return path


def script_of(source: Path) -> Path:
    """The built script of a source."""
    result = driver.build(str(source), shellcheck=False)
    if result.script is None:
        raise SystemExit(f"{source} does not compile")
    script = source.with_suffix(".sh")
    script.write_text(result.script)
    return script


def bench_build(folder: Path) -> Row:
    source = write_workflow(folder, "ten", workflow_of(10, 3, '"make \\"$JOB_NAME\\""'))
    nixc = Path(sys.executable).with_name("nixc")
    command = [nixc, "build", "--no-shellcheck", source, "-o", folder / "ten.sh"]
    imports = [sys.executable, "-c", "import lark, click, jinja2"]
    ours, bare = medians(lambda: cpu(command, folder), lambda: cpu(imports, folder))
    ratio = ours / bare
    return Row("build, 10 jobs", ours, "bare imports", bare, ratio, BUILD_RATIO, "×")


def bench_steps(folder: Path) -> Row:
    """What one more step costs: a run of one step is taken off."""
    many = script_of(write_workflow(folder, "many", workflow_of(1, COUNT + 1, '"true"')))
    one = script_of(write_workflow(folder, "one", workflow_of(1, 1, '"true"')))
    loop = f"for ((i = 0; i < {COUNT}; i++)); do bash -c true; done"
    whole, start, bare = medians(
        lambda: cpu(["bash", many], folder) / COUNT,
        lambda: cpu(["bash", one], folder) / COUNT,
        lambda: cpu(["bash", "-c", loop], folder) / COUNT,
    )
    ours = whole - start
    return Row("one more step", ours, "bash -c true", bare, ours / bare, STEP_RATIO, "×")


def bench_jobs(folder: Path) -> Row:
    script = script_of(write_workflow(folder, "jobs", workflow_of(COUNT, 1, '"true"')))
    ours, bare = medians(
        lambda: cpu(["bash", script], folder) / COUNT,
        lambda: cpu(["bash", "-c", "true"], folder),
    )
    return Row("a job of 100", ours, "bash -c true", bare, ours, JOB_MILLISECONDS, "ms")


def main() -> int:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    rows = []
    print(f"{'CPU of':<16}{'ms':>8}  {'beside':<14}{'ms':>8}{'':>6}{'figure':>9}{'limit':>9}")
    for bench in (bench_build, bench_steps, bench_jobs):
        # On tmpfs where there is one: a large directory that was just removed slows ext4 down.
        shm = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        with tempfile.TemporaryDirectory(dir=shm, ignore_cleanup_errors=True) as name:
            row = bench(Path(name))
        rows.append(row)
        print(
            f"{row.what:<16}{row.milliseconds:>8.2f}  {row.beside:<14}{row.reference:>8.2f}"
            f"{'' if row.kept else ' OVER':>6}"
            f"{row.value:>7.2f} {row.unit:<2}{row.limit:>6.2f} {row.unit}"
        )
    return 0 if all(row.kept for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
