"""Lays a workflow out as the data of a script."""

from __future__ import annotations

from nixc.backend import tables
from nixc.backend.expressions import Expressions
from nixc.backend.jobs import job_plan
from nixc.backend.link import functions, linked
from nixc.backend.numbers import Numbers, takes_from_nix
from nixc.backend.places import shell_name
from nixc.backend.plan import Assignment, ExecutorPlan, Plan
from nixc.backend.quote import Word, array, joined, quote
from nixc.ir.model import ConfigObject, ConfigValue, Executor, RuntimeText, Script, Workflow
from nixc.ir.walk import has_groups
from nixc.schema.executors import BY_NAME
from nixc.schema.hosts import LOCAL, SSH
from nixc.schema.types import MapOf


def make_plan(workflow: Workflow, source_name: str, version: str) -> Plan:
    """The whole script's data."""
    numbers = Numbers(workflow)
    # Jobs first: they fill the table of references.
    expressions = [numbers.expressions(job) for job in workflow.jobs]
    jobs = [job_plan(job, of, numbers) for job, of in zip(workflow.jobs, expressions, strict=True)]
    return Plan(
        scalars=_scalars(workflow, numbers, source_name, version),
        arrays=[
            *tables.input_arrays(numbers),
            *tables.executor_arrays(numbers),
            *tables.action_arrays(numbers),
            *tables.dep_arrays(numbers),
            *tables.job_arrays(numbers, expressions),
            *tables.group_arrays(numbers),
            *tables.reference_arrays(numbers),
            *tables.provider_arrays(numbers),
        ],
        env=_of_the_run(numbers).environment(workflow.env),
        executors=[_executor(executor, numbers) for executor in workflow.executors],
        jobs=jobs,
    )


def _of_the_run(numbers: Numbers) -> Expressions:
    """Expressions outside of any job: they see no other job."""
    return Expressions(numbers.references, {})


def _scalars(
    workflow: Workflow, numbers: Numbers, source_name: str, version: str
) -> list[Assignment]:
    return [
        Assignment("NXA_WORKFLOW", quote(workflow.name)),
        Assignment("NXA_DOC", quote(workflow.doc or "")),
        Assignment("NXA_SOURCE", quote(source_name)),
        Assignment("NXA_NIXC", quote(version)),
        Assignment("NXA_WORKFLOW_TIMEOUT", _number(workflow.timeout)),
        Assignment("NXA_FAIL_FAST", quote("1" * workflow.fail_fast)),
        Assignment("NXA_MAX_PARALLEL", _number(workflow.max_parallel)),
        Assignment("NXA_LOG_FORMAT", quote(workflow.log_format or "")),
        Assignment("NXA_LOG_LEVEL", quote(workflow.log_level or "info")),
        Assignment("NXA_RUNNER_FUNCTIONS", quote(" ".join(functions(_of_the_runner(workflow))))),
        Assignment("NXA_START_SH", quote(_start(workflow))),
        Assignment("NXA_THERE_FUNCTIONS", quote(" ".join(functions(_over_ssh(workflow))))),
        Assignment("NXA_SECRETS", quote(" ".join(workflow.secrets))),
        Assignment("NXA_CACHING", quote("1" * any(job.cache for job in workflow.jobs))),
        Assignment("NXA_KEYED_JOBS", quote(_keyed(workflow))),
        Assignment("NXA_RUN_PROVIDERS", quote(numbers.providers.numbers(workflow.env_from))),
    ]


def _keyed(workflow: Workflow) -> str:
    """The numbers of the jobs whose cache has key files, for which the host must have a tool."""
    numbered = enumerate(workflow.jobs)
    return " ".join(str(number) for number, job in numbered if job.cache and job.cache.key_files)


def _of_the_runner(workflow: Workflow) -> list[str]:
    """The runtime files that a job's own script has."""
    roots = ["core/runner.sh"]
    if _any_elsewhere(workflow):
        roots.append("core/elsewhere.sh")
    if workflow.secrets:
        roots.append("core/secrets.sh")
    if has_groups(workflow):
        roots.append("core/parallel.sh")
    return roots


def _over_ssh(workflow: Workflow) -> list[str]:
    """The runtime files whose functions are sent to hosts of the kind `ssh`."""
    if all(executor.kind != SSH.name for executor in workflow.executors):
        return []
    roots = ["ssh/there.sh", *_of_the_runner(workflow)]
    if any(takes_from_nix(executor) for executor in workflow.executors):
        roots.append("core/nix.sh")
    return roots


def _start(workflow: Workflow) -> str:
    """What makes a shell ours, as data: the beginning of scripts that run jobs elsewhere."""
    return linked(["core/start.sh"]) if _any_elsewhere(workflow) else ""


def _any_elsewhere(workflow: Workflow) -> bool:
    """May some job run where the built script is not?"""
    return any(executor.kind != LOCAL.name for executor in workflow.executors)


def _number(value: int | None) -> Word:
    return quote("" if value is None else str(value))


def _executor(executor: Executor, numbers: Numbers) -> ExecutorPlan:
    expressions = _of_the_run(numbers)
    lines: list[str] = []
    for name, value in executor.config:
        if _is_map(executor.kind, name):
            lines += _map(name, value, expressions)
        else:
            lines += _config(name, value, expressions)
    if BY_NAME[executor.kind].installs:
        lines.append(f"nxa_config_deps=({array(numbers.deps(executor)).shell})")
    return ExecutorPlan(numbers.executors[executor.name], lines)


def _is_map(kind: str, name: str) -> bool:
    fields = {field.name: field for field in BY_NAME[kind].block.fields}
    return isinstance(fields[name].type, MapOf)


def _map(name: str, value: ConfigValue, expressions: Expressions) -> list[str]:
    """The two arrays of a map, whose keys are the user's own."""
    entries = value.entries if isinstance(value, ConfigObject) else ()
    values = " ".join(str(_config_word(item, expressions)) for _, item in entries)
    return [
        f"nxa_config_{name}_keys=({array(key for key, _ in entries).shell})",
        f"nxa_config_{name}_values=({values})",
    ]


def _config(name: str, value: ConfigValue, expressions: Expressions) -> list[str]:
    """The assignments of one executor field; an object's keys are joined to its name with `_`."""
    if isinstance(value, ConfigObject):
        return [
            line
            for key, inner in value.entries
            for line in _config(f"{name}_{shell_name(key)}", inner, expressions)
        ]
    if isinstance(value, tuple):
        words = " ".join(str(_config_word(item, expressions)) for item in value)
        return [f"nxa_config_{name}=({words})"]
    return [f"nxa_config_{name}={_config_word(value, expressions)}"]


def _config_word(value: ConfigValue, expressions: Expressions) -> Word:
    if isinstance(value, RuntimeText):
        return expressions.text(value)
    if isinstance(value, Script):
        return quote(value.text)
    if isinstance(value, bool):
        return quote("true" if value else "false")
    return joined([]) if value == "" else quote(str(value))
