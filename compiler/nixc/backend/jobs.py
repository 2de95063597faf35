"""One job as the templates print it."""

from __future__ import annotations

from collections.abc import Callable

from nixc.backend.expressions import Expressions, reads_result, statuses
from nixc.backend.numbers import Numbers, steps_of
from nixc.backend.places import artifact_directory, cache_directory
from nixc.backend.plan import Assignment, JobPlan, Lines, Section, StepSection
from nixc.backend.possible import possible
from nixc.backend.quote import array, quote
from nixc.ir.model import (
    ArtifactInput,
    Interpreter,
    Job,
    Parallel,
    Status,
    StatusCondition,
    Step,
    matrix_variable,
)

#: From how many steps on their shell is worth the start of another, as measured.
MANY_STEPS = 8


def job_plan(job: Job, expressions: Expressions, numbers: Numbers) -> JobPlan:
    """A job's data, and what only code can say; what is empty is left out."""
    steps = steps_of(job)
    environments = _of_steps(
        steps, lambda step: expressions.environment((*step.params, *step.action.env))
    )
    conditions = _of_steps(
        steps,
        lambda step: [expressions.condition(step.condition)] if condition_text(step) else [],
    )
    return JobPlan(
        number=numbers.jobs[job.name],
        name=job.name,
        arrays=[
            *_step_arrays(job, steps, environments, numbers),
            *_artifact_arrays(job, numbers),
            *_cache_arrays(job),
        ],
        sections=_sections(job, expressions),
        step_sections=[
            StepSection(name, lines)
            for name, lines in (("step_env", environments), ("step_condition", conditions))
            if lines
        ],
        exports=" ".join(one.name for one in job.exports),
    )


def _of_steps(steps: list[Step], lines: Callable[[Step], list[str]]) -> list[Lines]:
    every = (Lines(number, lines(step)) for number, step in enumerate(steps))
    return [each for each in every if each.lines]


def _sections(job: Job, expressions: Expressions) -> list[Section]:
    matrix = () if job.matrix is None else job.matrix.values
    env = [f"nxa_export {matrix_variable(axis)} {quote(value)}" for axis, value in matrix]
    env += expressions.environment(job.env)
    condition = [expressions.condition(job.condition)] if condition_text(job) else []
    hoped = possible(job)
    sections = [
        Section("env", env),
        Section("condition", condition),
        Section("possible", [] if hoped is None else [expressions.condition(hoped)]),
    ]
    return [section for section in sections if section.lines]


def _step_arrays(
    job: Job, steps: list[Step], environments: list[Lines], numbers: Numbers
) -> list[Assignment]:
    with_env = {lines.number for lines in environments}
    with_env |= {number for number, step in enumerate(steps) if step.env_from}
    return _filled(
        [
            Assignment("NXA_STEP_NAME", array(step.name for step in steps)),
            Assignment("NXA_NIX_PACKAGES", array(_nix_packages(job, steps, numbers))),
            Assignment("NXA_STEP_ACTION", array(numbers.directory(step) for step in steps)),
            Assignment("NXA_STEP_INTERPRETER", array(_interpreter(step) for step in steps)),
            Assignment("NXA_STEP_HAS_ENV", array("1" * (n in with_env) for n in range(len(steps)))),
            Assignment(
                "NXA_STEP_PROVIDERS",
                array(numbers.providers.numbers(step.env_from) for step in steps),
            ),
            Assignment("NXA_STEP_CONDITION", array(condition_text(step) for step in steps)),
            Assignment("NXA_STEP_RETRY", array(_retry(step) for step in steps)),
            Assignment("NXA_STEP_TIMEOUT", array(str(step.timeout or "") for step in steps)),
            Assignment("NXA_STEP_TOLERATED", array("1" * step.continue_on_error for step in steps)),
            Assignment(
                "NXA_STEP_WORKDIR", array(step.workdir or job.workdir or "" for step in steps)
            ),
            Assignment("NXA_STEP_PARALLEL", array(_groups(job))),
        ]
    )


def _groups(job: Job) -> list[str]:
    """For each step: where a group begins, the number of the first step behind it."""
    ends: list[str] = []
    for entry in job.steps:
        members = len(entry.steps) if isinstance(entry, Parallel) else 1
        begins = str(len(ends) + members) if isinstance(entry, Parallel) else ""
        ends += [begins, *[""] * (members - 1)] if members else []
    return ends


def _artifact_arrays(job: Job, numbers: Numbers) -> list[Assignment]:
    saved, read = job.outputs, job.inputs
    directories = [artifact_directory(each.name, job) for each in saved]
    return _filled(
        [
            Assignment("NXA_OUTPUT_NAME", array(each.name for each in saved)),
            Assignment("NXA_OUTPUT_PATH", array(each.path for each in saved)),
            Assignment("NXA_OUTPUT_DIR", array(directories)),
            Assignment("NXA_RESTORE_NAME", array(each.name for each in read)),
            Assignment("NXA_RESTORE_PATH", array(each.path or "" for each in read)),
            Assignment("NXA_RESTORE_EACH", array("1" * each.each for each in read)),
            Assignment("NXA_RESTORE_OPTIONAL", array("1" * each.optional for each in read)),
            Assignment("NXA_RESTORE_FROM", array(_producers(each, numbers) for each in read)),
        ]
    )


def _cache_arrays(job: Job) -> list[Assignment]:
    cache = job.cache
    if cache is None:
        return []
    return _filled(
        [
            Assignment("NXA_CACHE_KEY", array([cache.key])),
            Assignment("NXA_CACHE_DIR", array([cache_directory(cache.key)])),
            Assignment("NXA_CACHE_FILES", array(cache.key_files)),
            Assignment("NXA_CACHE_PATHS", array(cache.paths)),
            Assignment("NXA_CACHE_FALLBACK", array(["1" * cache.fallback])),
        ]
    )


def _nix_packages(job: Job, steps: list[Step], numbers: Numbers) -> list[str]:
    if not numbers.from_nix(job):
        return []
    return list(dict.fromkeys(dep.package for step in steps for dep in step.action.deps))


def _filled(arrays: list[Assignment]) -> list[Assignment]:
    """Those with something in them: the runtime reads an element that is not there as empty."""
    return [each for each in arrays if each.words.shell.strip("' ")]


def _producers(artifact: ArtifactInput, numbers: Numbers) -> str:
    """`number:directory` of each job that makes it, in the order of the jobs' names."""
    jobs = [numbers.workflow.jobs[numbers.jobs[name]] for name in sorted(artifact.producers)]
    return " ".join(
        f"{numbers.jobs[job.name]}:{artifact_directory(artifact.name, job)}" for job in jobs
    )


def condition_text(of: Job | Step) -> str:
    """The condition as shown; empty for the default, which the runtime decides without a call."""
    condition = of.condition
    if isinstance(condition, StatusCondition) and condition.status is Status.SUCCESS:
        return ""
    return of.condition_text


def runs_anyway(job: Job) -> bool:
    """Is the job considered although a job that it needs was skipped?"""
    others = {Status.ALWAYS, Status.FAILURE, Status.CANCELLED}
    return bool(statuses(job.condition) & others) or reads_result(job.condition)


def runs_on_cancel(job: Job) -> bool:
    """Is the job considered although the run is being cancelled?"""
    return bool(statuses(job.condition) & {Status.ALWAYS, Status.CANCELLED})


def bare(job: Job, numbers: Numbers) -> bool:
    """Is there nothing to do for the job but its steps, on this machine? Then one process does
    for it."""
    executor = numbers.workflow.executors[numbers.executors[job.executor]]
    return (
        executor.kind == "local"
        and dict(executor.config)["copyRepo"] is False
        and not (job.inputs or job.outputs or job.cache or job.env_from)
        and not numbers.from_nix(job)
        and not any(isinstance(entry, Parallel) for entry in job.steps)
        and not any(step.env_from for step in steps_of(job))
    )


def plain(job: Job, expressions: Expressions, numbers: Numbers) -> bool:
    """Does a bare job leave nothing in the process that does it, and need nothing that this cannot
    know when it starts? Then the process can go on with another such job. A job's own environment
    would stay; values of the workflow's may be made from the job's name; a shell that is replaced
    (`long`) does not come back; what of the secrets was told is kept by each process."""
    workflow = numbers.workflow
    return (
        bare(job, numbers)
        and not (job.env or job.matrix or expressions.used or long(job))
        and not (workflow.env_from or workflow.secrets)
        and all(entry.value is None or entry.value.constant is not None for entry in workflow.env)
    )


def long(job: Job) -> bool:
    """Are the job's steps worth a shell that holds nothing but what they need? Each is forked from
    it, and a fork costs by what a shell holds. Providers of steps are asked from the script."""
    steps = steps_of(job)
    return len(steps) >= MANY_STEPS and not any(step.env_from for step in steps)


def _interpreter(step: Step) -> str:
    interpreter = step.action.script.interpreter
    return "" if interpreter is Interpreter.BASH else interpreter.value


def _retry(step: Step) -> str:
    retry = step.retry
    if retry is None:
        return ""
    return f"{retry.max_attempts} {retry.backoff} {retry.min_time} {retry.max_time}"
