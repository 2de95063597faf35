"""Action aggregation: actions are named by their content, and equal ones are one."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256

from nixc.ir import model as ir
from nixc.ir.walk import plain_text
from nixc.passes.model import Passed
from nixc.records import replace


def aggregate_actions(workflow: ir.Workflow) -> Passed:
    """Gives every action its id; equal content is one object, with the first one's name."""
    actions: dict[str, ir.Action] = {}

    def shared(step: ir.Step) -> ir.Step:
        identity = content_id(step.action)
        action = actions.get(identity)
        if action is None:
            action = actions[identity] = replace(step.action, id=identity)
        return replace(step, action=action)

    jobs = (replace(job, steps=_mapped(job.steps, shared)) for job in workflow.jobs)
    return Passed(replace(workflow, jobs=tuple(jobs)))


def _mapped(
    steps: tuple[ir.Step | ir.Parallel, ...], change: Callable[[ir.Step], ir.Step]
) -> tuple[ir.Step | ir.Parallel, ...]:
    return tuple(
        change(entry)
        if isinstance(entry, ir.Step)
        else replace(entry, steps=tuple(change(step) for step in entry.steps))
        for entry in steps
    )


def content_id(action: ir.Action) -> str:
    """16 hexadecimal digits of the hash of interpreter, text, env and deps."""
    content = (
        action.script.interpreter.value,
        action.script.text,
        sorted((one.name, one.value and plain_text(one.value)) for one in action.env),
        sorted((one.package, one.command) for one in action.deps),
    )
    encoded = json.dumps(content, separators=(",", ":")).encode()
    return sha256(encoded).hexdigest()[:16]
