"""Random workflows, compared job by job and step by step with a model of the language's rules."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from tests.e2e.runs import Flow

#: Conditions, and what they make of (success(), failure()).
CONDITIONS: dict[str, Callable[[bool, bool], bool]] = {
    "": lambda success, failure: success,
    "success()": lambda success, failure: success,
    "failure()": lambda success, failure: failure,
    "always()": lambda success, failure: True,
    "!success()": lambda success, failure: not success,
    "!failure()": lambda success, failure: not failure,
    "success() || failure()": lambda success, failure: success or failure,
    'env.FLAG == "on"': lambda success, failure: success,
    'env.FLAG != "on"': lambda success, failure: False,
    'always() && env.FLAG != "on"': lambda success, failure: False,
    '"[ $FLAG = on ]"': lambda success, failure: success,
    'failure() || "[ $FLAG = off ]"': lambda success, failure: failure,
}


@dataclass
class Step:
    condition: str
    fails: bool
    tolerated: bool
    status: str = ""


@dataclass
class Job:
    name: str
    needs: list[Job]
    condition: str
    #: Of which need's result, and which, the condition asks as well.
    asks: tuple[str, str] | None
    tolerated: bool
    left_out: bool
    bare: bool
    steps: list[Step] = field(default_factory=list)
    status: str = ""
    #: Did it, or a job further up, fail untolerated?
    broken: bool = False

    def text(self) -> str:
        condition = self.condition
        if self.asks is not None:
            asked = f'needs.{self.asks[0]}.result == "{self.asks[1]}"'
            condition = f"({condition}) && {asked}" if condition else asked
        fields = [f"needs = [{', '.join(need.name for need in self.needs)}]"] * bool(self.needs)
        fields += [f"condition = {condition}"] * bool(condition)
        fields += ["continueOnError = true"] * self.tolerated
        fields += ['executor = local { name = "bare", copyRepo = false }'] * self.bare
        for number, step in enumerate(self.steps):
            fields.append(f'step "{number}" {{')
            fields += [f"condition = {step.condition}"] * bool(step.condition)
            fields += ["continueOnError = true"] * step.tolerated
            fields += [f'run = "exit {int(step.fails)}"', "}"]
        lines = "\n    ".join(fields)
        return f"  job {self.name} {{\n    {lines}\n  }}\n"


def make(random: random.Random) -> list[Job]:
    jobs: list[Job] = []
    for number in range(random.randint(4, 9)):
        needs = random.sample(jobs, min(len(jobs), random.choice([0, 1, 1, 2, 3])))
        asks = None
        if needs and random.random() < 0.2:
            asks = (random.choice(needs).name, random.choice(["success", "failure", "skipped"]))
        job = Job(
            name=f"j{number}",
            needs=needs,
            condition=random.choice(list(CONDITIONS)) if random.random() < 0.6 else "",
            asks=asks,
            tolerated=random.random() < 0.2,
            left_out=random.random() < 0.08,
            bare=random.random() < 0.5,
        )
        for _ in range(random.randint(1, 3)):
            condition = random.choice(list(CONDITIONS)) if random.random() < 0.4 else ""
            job.steps.append(Step(condition, random.random() < 0.25, random.random() < 0.2))
        jobs.append(job)
    return jobs


def judge(job: Job) -> None:
    """What becomes of a job whose needs have ended."""
    failed_above = any(
        need.broken or (need.status == "failure" and not need.tolerated) for need in job.needs
    )
    skipped = any(need.status == "skipped" for need in job.needs)
    job.broken = failed_above
    success = not failed_above and not skipped
    anyway = job.asks is not None or any(
        name in job.condition for name in ("always()", "failure()", "cancelled()")
    )
    holds = CONDITIONS[job.condition](success, failed_above)
    if job.asks is not None:
        asked = next(need for need in job.needs if need.name == job.asks[0])
        # A result that is read takes the place of `success() &&`, where no status is named.
        if not any(f"{name}()" in job.condition for name in ("success", "failure", "always")):
            holds = CONDITIONS[job.condition](True, failed_above) if job.condition else True
        holds = holds and asked.status == job.asks[1]
    if (skipped and not anyway) or job.left_out or not holds:
        job.status = "skipped"
        return
    failed = False
    for step in job.steps:
        if not CONDITIONS[step.condition](not failed, failed):
            step.status = "skipped"
            continue
        step.status = "failure" if step.fails else "success"
        failed = failed or (step.fails and not step.tolerated)
    job.status = "failure" if failed else "success"


@pytest.mark.parametrize("number", range(100))
def test_random_workflows(flow: Flow, number: int) -> None:
    # Without perl others than with it.
    seed = number if shutil.which("perl", path=flow.path) else 1000 + number
    jobs = make(random.Random(seed))
    for job in jobs:
        judge(job)
    text = 'workflow w {\n  env = { FLAG = "on" }\n' + "".join(job.text() for job in jobs) + "}\n"
    left_out = [word for job in jobs if job.left_out for word in ("--skip", job.name)]
    run = flow(text, *left_out)
    told = f"seed {seed}, {left_out}:\n{text}"
    assert run.jobs == {job.name: job.status for job in jobs}, told
    for job in jobs:
        if job.status != "skipped":
            expected = {str(number): step.status for number, step in enumerate(job.steps)}
            assert run.steps(job.name) == expected, f"job {job.name} of {told}"
    bad = any(job.status == "failure" and not job.tolerated for job in jobs)
    assert run.status == int(bad), told
    order = [each["job"] for each in run.of("job_end")]
    for job in jobs:
        assert all(order.index(need.name) < order.index(job.name) for need in job.needs), told
