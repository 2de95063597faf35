"""The flat view of the IR that the templates print: numbers, words and lines, nothing to decide."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote as percent_encode

from nixc.backend.expressions import Expressions, References, reads_result, statuses
from nixc.backend.quote import Word, array, joined, quote
from nixc.ir.model import (
    Action,
    ArtifactInput,
    ConfigObject,
    ConfigValue,
    Executor,
    Interpreter,
    Job,
    Parallel,
    RuntimeText,
    Script,
    Status,
    StatusCondition,
    Step,
    Workflow,
    input_variable,
    matrix_variable,
)

#: How a list of texts travels in one word: the runtime's separator, and its escapes.
_SEPARATOR = "\037"
_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", _SEPARATOR: "\\0037"})


@dataclass(frozen=True)
class Assignment:
    """`name=(words)`: one array of the script's data."""

    name: str
    words: Word


@dataclass(frozen=True)
class Lines:
    """Shell lines of one step, by its number."""

    number: int
    lines: list[str]


@dataclass(frozen=True)
class Section:
    """What a job's function does when it is called with `name`."""

    name: str
    lines: list[str]


@dataclass(frozen=True)
class StepSection:
    """What a job's function does when it is called with `name` and a step's number."""

    name: str
    steps: list[Lines]


@dataclass(frozen=True)
class JobPlan:
    """One job: its data, and what only code can say. What is empty is left out."""

    number: int
    name: str
    arrays: list[Assignment]
    sections: list[Section]
    step_sections: list[StepSection]
    exports: str


@dataclass(frozen=True)
class ExecutorPlan:
    number: int
    config: list[str]


@dataclass(frozen=True)
class Plan:
    """The whole script's data."""

    scalars: list[Assignment]
    arrays: list[Assignment]
    env: list[str]
    executors: list[ExecutorPlan]
    jobs: list[JobPlan]


def make_plan(workflow: Workflow, source_name: str, version: str) -> Plan:
    """Lays a workflow out as data for the runtime."""
    return _Planner(workflow).plan(source_name, version)


class _Planner:
    def __init__(self, workflow: Workflow) -> None:
        self.workflow = workflow
        self.job_numbers = {job.name: number for number, job in enumerate(workflow.jobs)}
        self.executor_numbers = {
            executor.name: number for number, executor in enumerate(workflow.executors)
        }
        self.groups: dict[str, int] = {}
        for job in workflow.jobs:
            if job.matrix is not None:
                self.groups.setdefault(job.matrix.name, len(self.groups))
        self.actions: dict[str, Action] = {}
        for job in workflow.jobs:
            for step in steps_of(job):
                self.actions.setdefault(step.action.id, step.action)
        self.action_numbers = {id: number for number, id in enumerate(self.actions)}
        self.references = References()

    def plan(self, source_name: str, version: str) -> Plan:
        workflow = self.workflow
        # Jobs first: they fill the table of references.
        expressions = [self._expressions(job) for job in workflow.jobs]
        jobs = [self._job(job, of) for job, of in zip(workflow.jobs, expressions, strict=True)]
        scalars = [
            Assignment("NX_WORKFLOW", quote(workflow.name)),
            Assignment("NX_DOC", quote(workflow.doc or "")),
            Assignment("NX_SOURCE", quote(source_name)),
            Assignment("NX_NIXC", quote(version)),
            Assignment("NX_WORKFLOW_TIMEOUT", _number(workflow.timeout)),
            Assignment("NX_FAIL_FAST", _flag(workflow.fail_fast)),
            Assignment("NX_MAX_PARALLEL", _number(workflow.max_parallel)),
            Assignment("NX_LOG_FORMAT", quote(workflow.log_format or "")),
        ]
        arrays = [
            *self._input_arrays(),
            *self._executor_arrays(),
            *self._action_arrays(),
            *self._dep_arrays(),
            *self._job_arrays(expressions),
            *self._group_arrays(),
            Assignment(
                "NX_REF_JOBS",
                array(" ".join(map(str, jobs)) for jobs, _ in self.references.table),
            ),
            Assignment("NX_REF_NAME", array(name for _, name in self.references.table)),
        ]
        env = Expressions(self.references, {}).environment(workflow.env)
        executors = [self._executor(executor) for executor in workflow.executors]
        return Plan(scalars, arrays, env, executors, jobs)

    # --- arrays of the whole script ---------------------------------------------------------

    def _input_arrays(self) -> list[Assignment]:
        inputs = self.workflow.inputs
        return [
            Assignment("NX_INPUT_NAME", array(each.name for each in inputs)),
            Assignment("NX_INPUT_VARIABLE", array(input_variable(each.name) for each in inputs)),
            Assignment("NX_INPUT_TYPE", array(each.type for each in inputs)),
            Assignment("NX_INPUT_OPTIONS", array(_list(each.options) for each in inputs)),
            Assignment("NX_INPUT_DEFAULT", array(each.default or "" for each in inputs)),
            Assignment("NX_INPUT_REQUIRED", array("1" * each.required for each in inputs)),
            Assignment("NX_INPUT_DOC", array(each.doc or "" for each in inputs)),
        ]

    def _executor_arrays(self) -> list[Assignment]:
        used: dict[str, dict[int, None]] = {each.name: {} for each in self.workflow.executors}
        for job in self.workflow.jobs:
            for step in steps_of(job):
                used[job.executor][self.action_numbers[step.action.id]] = None
        executors = self.workflow.executors
        return [
            Assignment("NX_EXECUTOR_NAME", array(each.name for each in executors)),
            Assignment("NX_EXECUTOR_KIND", array(_shell_name(each.kind) for each in executors)),
            Assignment("NX_EXECUTOR_ACTIONS", array(_numbers(used[each.name]) for each in executors)),
        ]

    def _action_arrays(self) -> list[Assignment]:
        actions = self.actions.values()
        return [
            Assignment("NX_ACTION_DIR", array(action_directory(action) for action in actions)),
            Assignment("NX_ACTION_TEXT", array(action.script.text for action in actions)),
        ]

    def _dep_arrays(self) -> list[Assignment]:
        jobs: dict[str, dict[int, None]] = {}
        wanted: dict[str, dict[str, None]] = {}
        for number, job in enumerate(self.workflow.jobs):
            for step in steps_of(job):
                for dep in step.action.deps:
                    jobs.setdefault(dep.command, {})[number] = None
                    text = f'step "{step.name}" of job {job.name}'
                    wanted.setdefault(dep.command, {})[text] = None
        return [
            Assignment("NX_DEP_COMMAND", array(jobs)),
            Assignment("NX_DEP_JOBS", array(_numbers(each) for each in jobs.values())),
            Assignment("NX_DEP_WANTED", array("wanted by " + ", ".join(each) for each in wanted.values())),
        ]

    def _job_arrays(self, expressions: list[Expressions]) -> list[Assignment]:
        jobs = self.workflow.jobs
        return [
            Assignment("NX_JOB_NAME", array(job.name for job in jobs)),
            Assignment("NX_JOB_DOC", array(job.doc or "" for job in jobs)),
            Assignment("NX_JOB_GROUP", array(self._group(job) for job in jobs)),
            Assignment(
                "NX_JOB_EXECUTOR",
                array(str(self.executor_numbers[job.executor]) for job in jobs),
            ),
            Assignment("NX_JOB_NEEDS", array(self._needs(job) for job in jobs)),
            Assignment("NX_JOB_CONDITION_TEXT", array(condition_text(job) for job in jobs)),
            Assignment("NX_JOB_ANYWAY", array("1" * runs_anyway(job) for job in jobs)),
            Assignment("NX_JOB_ON_CANCEL", array("1" * runs_on_cancel(job) for job in jobs)),
            Assignment("NX_JOB_TOLERATED", array("1" * job.continue_on_error for job in jobs)),
            Assignment("NX_JOB_TIMEOUT", array(str(job.timeout or "") for job in jobs)),
            Assignment("NX_JOB_REFS", array(_numbers(each.used) for each in expressions)),
        ]

    def _group_arrays(self) -> list[Assignment]:
        of_group = {job.matrix.name: job.matrix for job in self.workflow.jobs if job.matrix}
        matrices = [of_group[name] for name in self.groups]
        return [
            Assignment("NX_GROUP_NAME", array(self.groups)),
            Assignment("NX_GROUP_MAX", array(str(each.max_parallel or "") for each in matrices)),
            Assignment("NX_GROUP_FAIL_FAST", array("1" * each.fail_fast for each in matrices)),
        ]

    # --- jobs ---------------------------------------------------------------------------------

    def _expressions(self, job: Job) -> Expressions:
        needs = {
            need.name: tuple(self.job_numbers[name] for name in need.jobs) for need in job.needs
        }
        return Expressions(self.references, needs)

    def _group(self, job: Job) -> str:
        return "" if job.matrix is None else str(self.groups[job.matrix.name])

    def _needs(self, job: Job) -> str:
        return " ".join(
            ",".join(str(self.job_numbers[name]) for name in need.jobs) for need in job.needs
        )

    def _job(self, job: Job, expressions: Expressions) -> JobPlan:
        steps = steps_of(job)
        environments = [
            Lines(number, expressions.environment((*step.params, *step.action.env)))
            for number, step in enumerate(steps)
        ]
        conditions = [
            Lines(number, [expressions.condition(step.condition)] * bool(condition_text(step)))
            for number, step in enumerate(steps)
        ]
        matrix = () if job.matrix is None else job.matrix.values
        env = [f"nx_export {matrix_variable(axis)} {quote(value)}" for axis, value in matrix]
        env += expressions.environment(job.env)
        condition = [expressions.condition(job.condition)] * bool(condition_text(job))
        sections = [Section("env", env), Section("condition", condition)]
        step_sections = [
            StepSection(name, [each for each in lines if each.lines])
            for name, lines in (("step_env", environments), ("step_condition", conditions))
        ]
        return JobPlan(
            number=self.job_numbers[job.name],
            name=job.name,
            arrays=self._plan_arrays(job, steps, environments),
            sections=[section for section in sections if section.lines],
            step_sections=[section for section in step_sections if section.steps],
            exports=" ".join(job.exports),
        )

    def _directory(self, step: Step) -> str:
        # Actions with the same content may differ in name; the first one's directory serves all.
        return action_directory(self.actions[step.action.id])

    def _plan_arrays(
        self, job: Job, steps: list[Step], environments: list[Lines]
    ) -> list[Assignment]:
        arrays = [
            Assignment("NX_STEP_NAME", array(step.name for step in steps)),
            Assignment("NX_STEP_ACTION", array(self._directory(step) for step in steps)),
            Assignment("NX_STEP_INTERPRETER", array(_interpreter(step) for step in steps)),
            Assignment("NX_STEP_HAS_ENV", array("1" * bool(each.lines) for each in environments)),
            Assignment("NX_STEP_CONDITION", array(condition_text(step) for step in steps)),
            Assignment("NX_STEP_RETRY", array(_retry(step) for step in steps)),
            Assignment("NX_STEP_TIMEOUT", array(str(step.timeout or "") for step in steps)),
            Assignment("NX_STEP_TOLERATED", array("1" * step.continue_on_error for step in steps)),
            Assignment("NX_STEP_WORKDIR", array(step.workdir or job.workdir or "" for step in steps)),
            Assignment("NX_OUTPUT_NAME", array(each.name for each in job.outputs)),
            Assignment("NX_OUTPUT_PATH", array(each.path for each in job.outputs)),
            Assignment("NX_OUTPUT_DIR", array(artifact_directory(each.name, job) for each in job.outputs)),
            Assignment("NX_RESTORE_NAME", array(each.name for each in job.inputs)),
            Assignment("NX_RESTORE_PATH", array(each.path or "" for each in job.inputs)),
            Assignment("NX_RESTORE_EACH", array("1" * each.each for each in job.inputs)),
            Assignment("NX_RESTORE_OPTIONAL", array("1" * each.optional for each in job.inputs)),
            Assignment("NX_RESTORE_FROM", array(self._producers(each) for each in job.inputs)),
        ]
        # The runtime reads an element that is not there as empty.
        return [each for each in arrays if each.words.shell.strip("' ")]

    def _producers(self, artifact: ArtifactInput) -> str:
        """`number:directory` of each job that makes it, in the order of the jobs' names."""
        numbers = sorted((name, self.job_numbers[name]) for name in artifact.producers)
        return " ".join(
            f"{number}:{artifact_directory(artifact.name, self.workflow.jobs[number])}"
            for _, number in numbers
        )

    # --- executors ------------------------------------------------------------------------------

    def _executor(self, executor: Executor) -> ExecutorPlan:
        expressions = Expressions(self.references, {})
        lines = [
            line for name, value in executor.config for line in _config(name, value, expressions)
        ]
        return ExecutorPlan(self.executor_numbers[executor.name], lines)


def steps_of(job: Job) -> list[Step]:
    """A job's steps in order, those of its groups included."""
    steps: list[Step] = []
    for entry in job.steps:
        steps.extend(entry.steps if isinstance(entry, Parallel) else [entry])
    return steps


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


def action_directory(action: Action) -> str:
    """The name of an action's directory in a bundle: `<hash>-<name>`."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", action.name, flags=re.ASCII).strip("-.")[:40]
    return f"{action.id}-{name or 'step'}"


def artifact_directory(name: str, job: Job) -> str:
    """Where a job's artifact is kept: encoded unless it is a plain file name, per job of a matrix."""
    encoded = percent_encode(name, safe="").replace("~", "%7E")
    if encoded.startswith("."):
        encoded = "%2E" + encoded[1:]
    return encoded if job.matrix is None else f"{encoded}/{job.name}"


def _interpreter(step: Step) -> str:
    interpreter = step.action.script.interpreter
    return "" if interpreter is Interpreter.BASH else interpreter.value


def _retry(step: Step) -> str:
    retry = step.retry
    if retry is None:
        return ""
    return f"{retry.max_attempts} {retry.backoff} {retry.min_time} {retry.max_time}"


def _config(name: str, value: ConfigValue, expressions: Expressions) -> list[str]:
    """The assignments of one executor field; an object's keys are joined to its name with `_`."""
    if isinstance(value, ConfigObject):
        return [
            line
            for key, inner in value.entries
            for line in _config(f"{name}_{_shell_name(key)}", inner, expressions)
        ]
    if isinstance(value, tuple):
        words = joined_list(_config_word(item, expressions) for item in value)
        return [f"nx_config_{name}=({words})"]
    return [f"nx_config_{name}={_config_word(value, expressions)}"]


def _config_word(value: ConfigValue, expressions: Expressions) -> Word:
    if isinstance(value, RuntimeText):
        return expressions.text(value)
    if isinstance(value, Script):
        return quote(value.text)
    if isinstance(value, bool):
        return quote("true" if value else "false")
    return joined([]) if value == "" else quote(str(value))


def joined_list(words: Iterable[Word]) -> Word:
    return Word(" ".join(map(str, words)))


def _shell_name(name: str) -> str:
    """`nixosVm` as `nixos_vm`: how the runtime names files and functions."""
    return re.sub(r"[^a-z0-9_]", "_", re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower())


def _list(items: Iterable[str]) -> str:
    return _SEPARATOR.join(item.translate(_ESCAPES) for item in items)


def _numbers(numbers: Iterable[int]) -> str:
    return " ".join(map(str, numbers))


def _number(value: int | None) -> Word:
    return quote("" if value is None else str(value))


def _flag(value: bool) -> Word:
    return quote("1" if value else "")
