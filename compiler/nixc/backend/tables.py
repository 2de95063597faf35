"""The data of the whole script: one table for each kind of thing, as arrays side by side."""

from __future__ import annotations

from collections.abc import Iterable

from nixc.backend.expressions import Expressions
from nixc.backend.identity import job_hashes
from nixc.backend.jobs import bare, condition_text, long, plain, runs_anyway, runs_on_cancel
from nixc.backend.numbers import Numbers, steps_of
from nixc.backend.places import action_directory, shell_name
from nixc.backend.plan import Assignment
from nixc.backend.possible import possible
from nixc.backend.providers import tools
from nixc.backend.quote import array, packed
from nixc.ir.model import Job, input_variable


def input_arrays(numbers: Numbers) -> list[Assignment]:
    inputs = numbers.workflow.inputs
    return [
        Assignment("NXA_INPUT_NAME", array(each.name for each in inputs)),
        Assignment("NXA_INPUT_VARIABLE", array(input_variable(each.name) for each in inputs)),
        Assignment("NXA_INPUT_TYPE", array(each.type for each in inputs)),
        Assignment("NXA_INPUT_OPTIONS", array(packed(each.options) for each in inputs)),
        Assignment("NXA_INPUT_DEFAULT", array(each.default or "" for each in inputs)),
        Assignment("NXA_INPUT_REQUIRED", array("1" * each.required for each in inputs)),
        Assignment("NXA_INPUT_DOC", array(each.doc or "" for each in inputs)),
    ]


def executor_arrays(numbers: Numbers) -> list[Assignment]:
    used: dict[str, dict[int, None]] = {each.name: {} for each in numbers.workflow.executors}
    for job in numbers.workflow.jobs:
        for step in steps_of(job):
            used[job.executor][numbers.actions[step.action.id]] = None
    executors = numbers.workflow.executors
    return [
        Assignment("NXA_EXECUTOR_NAME", array(each.name for each in executors)),
        Assignment("NXA_EXECUTOR_KIND", array(shell_name(each.kind) for each in executors)),
        Assignment("NXA_EXECUTOR_ACTIONS", array(_numbers(used[each.name]) for each in executors)),
    ]


def action_arrays(numbers: Numbers) -> list[Assignment]:
    actions = numbers.distinct.values()
    return [
        Assignment("NXA_ACTION_DIR", array(action_directory(action) for action in actions)),
        Assignment("NXA_ACTION_TEXT", array(action.script.text for action in actions)),
    ]


def dep_arrays(numbers: Numbers) -> list[Assignment]:
    jobs: dict[str, dict[int, None]] = {}
    wanted: dict[str, dict[str, None]] = {}
    for number, job in enumerate(numbers.workflow.jobs):
        for step in steps_of(job):
            for dep in step.action.deps:
                # Whose packages come from nix needs nix, and nothing else.
                command = "nix" if numbers.from_nix(job) else dep.command
                jobs.setdefault(command, {})[number] = None
                text = f'step "{step.name}" of job {job.name}'
                wanted.setdefault(command, {})[text] = None
    return [
        Assignment("NXA_DEP_COMMAND", array(jobs)),
        Assignment("NXA_DEP_JOBS", array(_numbers(each) for each in jobs.values())),
        Assignment(
            "NXA_DEP_WANTED", array(f"wanted by {', '.join(each)}" for each in wanted.values())
        ),
    ]


def job_arrays(numbers: Numbers, expressions: list[Expressions]) -> list[Assignment]:
    jobs = numbers.workflow.jobs
    return [
        Assignment("NXA_JOB_NAME", array(job.name for job in jobs)),
        Assignment("NXA_JOB_HASH", array(job_hashes(numbers.workflow))),
        Assignment("NXA_JOB_DOC", array(job.doc or "" for job in jobs)),
        Assignment("NXA_JOB_GROUP", array(_group(job, numbers) for job in jobs)),
        Assignment(
            "NXA_JOB_EXECUTOR",
            array(str(numbers.executors[job.executor]) for job in jobs),
        ),
        Assignment("NXA_JOB_NEEDS", array(_needs(job, numbers) for job in jobs)),
        Assignment("NXA_JOB_CONDITION_TEXT", array(condition_text(job) for job in jobs)),
        Assignment("NXA_JOB_ANYWAY", array("1" * runs_anyway(job) for job in jobs)),
        Assignment("NXA_JOB_ON_CANCEL", array("1" * runs_on_cancel(job) for job in jobs)),
        Assignment("NXA_JOB_TOLERATED", array("1" * job.continue_on_error for job in jobs)),
        Assignment("NXA_JOB_TIMEOUT", array(str(job.timeout or "") for job in jobs)),
        Assignment("NXA_JOB_REFS", array(_numbers(each.used) for each in expressions)),
        Assignment(
            "NXA_JOB_PROVIDERS", array(numbers.providers.numbers(job.env_from) for job in jobs)
        ),
        Assignment("NXA_JOB_BARE", array("1" * bare(job, numbers) for job in jobs)),
        Assignment(
            "NXA_JOB_PLAIN",
            array(
                "1" * plain(job, each, numbers) for job, each in zip(jobs, expressions, strict=True)
            ),
        ),
        Assignment("NXA_JOB_LONG", array("1" * long(job) for job in jobs)),
        Assignment("NXA_JOB_POSSIBLE", array("1" * (possible(job) is not None) for job in jobs)),
    ]


def group_arrays(numbers: Numbers) -> list[Assignment]:
    of_group = {job.matrix.name: job.matrix for job in numbers.workflow.jobs if job.matrix}
    matrices = [of_group[name] for name in numbers.groups]
    return [
        Assignment("NXA_GROUP_NAME", array(numbers.groups)),
        Assignment("NXA_GROUP_MAX", array(str(each.max_parallel or "") for each in matrices)),
        Assignment("NXA_GROUP_FAIL_FAST", array("1" * each.fail_fast for each in matrices)),
    ]


def reference_arrays(numbers: Numbers) -> list[Assignment]:
    """What expressions read of other jobs."""
    table = numbers.references.table
    return [
        Assignment("NXA_REF_JOBS", array(_numbers(jobs) for jobs, _ in table)),
        Assignment("NXA_REF_NAME", array(name for _, name in table)),
    ]


def provider_arrays(numbers: Numbers) -> list[Assignment]:
    """The distinct providers, and the tools that they call with who wants them for which job."""
    wanted = [
        (tool, owner, sorted(jobs))
        for tool, owners in tools(numbers.workflow).items()
        for owner, jobs in owners.items()
    ]
    return [
        *(Assignment(name, words) for name, words in numbers.providers.arrays()),
        Assignment("NXA_TOOL_COMMAND", array(tool for tool, _, _ in wanted)),
        Assignment("NXA_TOOL_OWNER", array(owner for _, owner, _ in wanted)),
        Assignment("NXA_TOOL_JOBS", array(_numbers(jobs) for _, _, jobs in wanted)),
    ]


def _group(job: Job, numbers: Numbers) -> str:
    return "" if job.matrix is None else str(numbers.groups[job.matrix.name])


def _needs(job: Job, numbers: Numbers) -> str:
    """The needs, blank-separated; the jobs that one name stands for, comma-separated."""
    return " ".join(",".join(str(numbers.jobs[name]) for name in need.jobs) for need in job.needs)


def _numbers(numbers: Iterable[int]) -> str:
    return " ".join(map(str, numbers))
