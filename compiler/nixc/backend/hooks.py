"""The hooks of custom executors: texts that bash runs on the host, each with the same variables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nixc.backend.names import Known
from nixc.ir.model import ConfigObject, ConfigValue, Executor, Script, Workflow
from nixc.ir.texts import ShellText

#: What every hook gets, as the executors page has it.
_NAMES = frozenset(
    {
        "ACTION_COUNT",
        "ARTIFACT_DIR",
        "ARTIFACT_NAME",
        "ARTIFACT_PATH",
        "BUNDLE_DIR",
        "CI",
        "EXECUTOR_NAME",
        "JOB_DIR",
        "JOB_ENV_FILE",
        "JOB_NAME",
        "JOB_SCRIPT",
        "NIXACTIONS",
        "REPO_DIR",
        "WORKFLOW_ID",
        "WORKFLOW_NAME",
        "WORKSPACE_DIR",
    }
)


def hook_texts(workflow: Workflow | None, declared: Iterable[Executor]) -> Iterator[ShellText]:
    """The hooks of all executors, used or only declared. They are run as steps are."""
    known = Known(_NAMES)
    used: tuple[Executor, ...] = ()
    if workflow is not None:
        known = known.plus(entry.name for entry in workflow.env if entry.value is not None)
        known = known.given(workflow.env_from)
        used = workflow.executors
    for executor in (*used, *declared):
        for _, value in executor.config:
            yield from (known.text(script, "step") for script in _scripts(value))


def _scripts(value: ConfigValue) -> Iterator[Script]:
    if isinstance(value, Script):
        yield value
    elif isinstance(value, ConfigObject):
        for _, item in value.entries:
            yield from _scripts(item)
