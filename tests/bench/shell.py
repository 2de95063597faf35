"""What checking the users' shell texts costs, beside ShellCheck by itself and beside actionlint."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from pathlib import Path

from nixc.backend.calls import FLAGS
from tests.bench.measure import Row, cpu, medians, report, write_workflow

#: Aims of the project: what ShellCheck costs us beside its own time for the texts, a build after
#: one edit beside one without ShellCheck, and a build beside actionlint with ShellCheck.
COLD_RATIO = 1.15
WARM_RATIO = 1.3
ACTIONLINT_RATIO = 1.0
#: With few texts, Python's start and ours cost more than the texts do: the aims are missed there.
SMALL, SMALL_COLD_RATIO, SMALL_ACTIONLINT_RATIO = 50, 2.5, 2.0

#: Jobs, and how many rounds are enough for them.
SIZES = {10: 9, 100: 5, 1000: 3}

BIN = Path(sys.executable).parent
ACTIONLINT = BIN / "actionlint"


def texts(job: int) -> list[list[str]]:
    """The lines of the three texts of a job; no two are equal."""
    return [
        [f"make target{job}"],
        [
            f'cd "src/{job}"',
            "for file in *.c; do",
            f'  cc -c "$file" -o "out{job}/$file.o"',
            "done",
        ],
        [f"printf '%s\\n' 'job {job}' > log{job}"],
    ]


def workflow(jobs: int, edit: str = "") -> str:
    """The jobs in `.nxa`; `edit` goes into one text."""
    lines = [f"# {edit}", "workflow bench {"]
    for job in range(jobs):
        lines += [f"  job j{job} {{", "    executor = local { copyRepo = false }"]
        for text in texts(job):
            lines += ['    run """', *(f"      {line}" for line in text), '    """']
        lines.append("  }")
    lines.append("}")
    return "\n".join(lines).replace("make target5\n", f"make target5{edit}\n") + "\n"


def actions(jobs: int) -> str:
    """The same jobs as actionlint reads them."""
    lines = ["on: push", "jobs:"]
    for job in range(jobs):
        lines += [f"  j{job}:", "    runs-on: ubuntu-latest", "    steps:"]
        for text in texts(job):
            lines += ["      - run: |", *(f"          {line}" for line in text)]
    return "\n".join(lines) + "\n"


class Bench:
    """The commands to measure for a number of jobs."""

    def __init__(self, folder: Path, jobs: int) -> None:
        self.folder = folder
        self.jobs = jobs
        self.edits = count()
        self.source = write_workflow(folder, "jobs", workflow(jobs))
        self.actions = folder / "jobs.yml"
        self.actions.write_text(actions(jobs))
        self.files = list(self._files())

    def _files(self) -> Iterator[Path]:
        for job in range(self.jobs):
            for number, text in enumerate(texts(job)):
                path = self.folder / f"{job}-{number}.sh"
                path.write_text("\n".join(["#!/bin/bash -e", *text, ""]))
                yield path

    def build(self, *options: str) -> float:
        command = [BIN / "nixc", "build", *options, self.source, "-o", self.folder / "jobs.sh"]
        return cpu(command, self.folder)

    def without(self) -> float:
        return self.build("--no-shellcheck")

    def cold(self) -> float:
        (self.folder / ".cache" / "nixc" / "shellcheck").unlink(missing_ok=True)
        return self.build()

    def warm(self) -> float:
        self.source.write_text(workflow(self.jobs, f"edit{next(self.edits)}"))
        return self.build()

    def shellcheck(self) -> float:
        return cpu([BIN / "shellcheck", *FLAGS, *self.files], self.folder)

    def actionlint(self) -> float:
        options = ["-pyflakes=", f"-shellcheck={BIN / 'shellcheck'}"]
        return cpu([ACTIONLINT, *options, self.actions], self.folder)


def bench_cold(jobs: int, folder: Path) -> Row:
    """What ShellCheck adds to a first build."""
    bench = Bench(folder, jobs)
    whole, without, bare = medians(bench.cold, bench.without, bench.shellcheck, rounds=SIZES[jobs])
    added = whole - without
    what = f"ShellCheck, {jobs} jobs"
    limit = SMALL_COLD_RATIO if jobs < SMALL else COLD_RATIO
    return Row(what, added, "ShellCheck alone", bare, added / bare, limit, "×")


def bench_warm(jobs: int, folder: Path) -> Row:
    """A build after an edit of one text."""
    bench = Bench(folder, jobs)
    ours, without = medians(bench.warm, bench.without, rounds=SIZES[jobs])
    what = f"one edit, {jobs} jobs"
    return Row(what, ours, "no ShellCheck", without, ours / without, WARM_RATIO, "×")


def bench_actionlint(jobs: int, folder: Path) -> Row:
    """A first build, all in all."""
    bench = Bench(folder, jobs)
    ours, theirs = medians(bench.cold, bench.actionlint, rounds=SIZES[jobs])
    what = f"first build, {jobs} jobs"
    limit = SMALL_ACTIONLINT_RATIO if jobs < SMALL else ACTIONLINT_RATIO
    return Row(what, ours, "actionlint", theirs, ours / theirs, limit, "×")


def benches() -> Iterator[Callable[[Path], Row]]:
    kinds = [bench_cold, bench_warm]
    if ACTIONLINT.exists():
        kinds.append(bench_actionlint)
    else:
        print("actionlint is not installed: nothing is measured beside it")
    yield from (partial(kind, jobs) for kind in kinds for jobs in SIZES)


if __name__ == "__main__":
    sys.exit(report(benches()))
