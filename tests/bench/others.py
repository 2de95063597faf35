"""What a step and a job cost beside the tools that people run workflows with on their own machine.

Those that are not installed are left out by name. Of each the least work is measured that one more
step, or one more job, makes: a run of one is taken off.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.bench.measure import Row, cpu, medians, report, write_workflow
from tests.bench.run import script_of, workflow_of

COUNT = 100
ROUNDS = 5
#: Of act's CPU for a job; of the others' figures nothing is asked.
ACT_RATIO = 1 / 8
NO_LIMIT = float("inf")


def ours(folder: Path, jobs: int, steps: int) -> list[object]:
    text = workflow_of(jobs, steps, '"true"')
    return ["bash", script_of(write_workflow(folder, f"w{jobs}-{steps}", text))]


def by_hand(folder: Path, jobs: int, steps: int) -> list[object]:
    return ["bash", "-c", "\n".join(["bash -c true"] * (jobs * steps))]


def make(folder: Path, jobs: int, steps: int) -> list[object]:
    names = " ".join(f"j{n}" for n in range(jobs))
    body = "\t@bash -c true\n" * steps
    file = folder / f"Makefile{jobs}-{steps}"
    file.write_text(f"all: {names}\n" + "".join(f"j{n}:\n{body}" for n in range(jobs)))
    return ["make", "-s", "-j2", "-f", file]


def just(folder: Path, jobs: int, steps: int) -> list[object]:
    names = " ".join(f"j{n}" for n in range(jobs))
    body = "    @true\n" * steps
    file = folder / f"justfile{jobs}-{steps}"
    recipes = "".join(f"j{n}:\n{body}" for n in range(jobs))
    file.write_text(f'set shell := ["bash", "-c"]\nall: {names}\n{recipes}')
    return ["just", "--justfile", file]


def act(folder: Path, jobs: int, steps: int) -> list[object]:
    """On this machine itself, which act calls `-self-hosted`; it wants a git repository."""
    place = folder / f"act{jobs}-{steps}"
    flows = place / ".github" / "workflows"
    flows.mkdir(parents=True)
    settings = folder / ".config" / "act"
    settings.mkdir(parents=True, exist_ok=True)
    (settings / "actrc").write_text("-P ubuntu-latest=-self-hosted\n")
    body = '      - run: "true"\n' * steps
    text = "".join(f"  j{n}:\n    runs-on: ubuntu-latest\n    steps:\n{body}" for n in range(jobs))
    (flows / "bench.yml").write_text(f"on: push\njobs:\n{text}")
    for words in ("init -q", "add .", "-c user.name=b -c user.email=b commit -q -m bench"):
        subprocess.run(["git", "-C", place, *words.split()], check=True)
    return ["act", "-q", "-C", place, "push"]


@dataclass(frozen=True)
class Tool:
    """A runner: its command on PATH, and what runs `jobs` jobs of `steps` steps with it."""

    name: str
    command: Callable[[Path, int, int], list[object]]

    @property
    def there(self) -> bool:
        return self.name == "bash" or shutil.which(self.name) is not None


TOOLS = (Tool("bash", by_hand), Tool("make", make), Tool("just", just), Tool("act", act))


def one_more(folder: Path, *, tool: Tool, jobs: int, steps: int) -> Row:
    """One more step (jobs = 1) or one more job of a single step (steps = 1), ours and theirs."""
    commands: Sequence[list[object]] = [
        ours(folder, jobs, steps),
        ours(folder, 1, 1),
        tool.command(folder, jobs, steps),
        tool.command(folder, 1, 1),
    ]
    many, one, their_many, their_one = medians(
        *(partial(cpu, command, folder) for command in commands),
        rounds=ROUNDS,
    )
    mine, theirs = (many - one) / (COUNT - 1), (their_many - their_one) / (COUNT - 1)
    what = "one more job" if steps == 1 else "one more step"
    limit = ACT_RATIO if tool.name == "act" and steps == 1 else NO_LIMIT
    return Row(what, mine, tool.name, theirs, mine / theirs, limit, "×")


def benches() -> list[Callable[[Path], Row]]:
    there = [tool for tool in TOOLS if tool.there]
    for tool in TOOLS:
        if tool not in there:
            print(f"not installed, left out: {tool.name}")
    return [
        partial(one_more, tool=tool, jobs=jobs, steps=steps)
        for jobs, steps in ((1, COUNT), (COUNT, 1))
        for tool in there
    ]


if __name__ == "__main__":
    sys.exit(report(benches()))
