"""Action aggregation: actions are named by their content, and equal ones are one."""

from __future__ import annotations

import json
from functools import partial
from hashlib import sha256

from nixc.ir import model as ir
from nixc.ir.walk import plain_text, steps
from nixc.memo import Memo
from nixc.passes.model import Passed
from nixc.records import replace


def aggregate_actions(workflow: ir.Workflow, memo: Memo) -> Passed:
    """Gives every action its id; equal content is one object, with the first one's name."""
    actions: dict[str, ir.Action] = {}

    def shared(job: ir.Job) -> ir.Job:
        own = memo.of("actions", job, None, partial(_own, job))
        for name, action in own:
            if name not in actions:
                named = partial(replace, action, id=name)
                actions[name] = memo.of("named action", action, None, named)
        chosen = [actions[name] for name, _ in own]
        return memo.of("shared actions", job, chosen, partial(_with, job, chosen))

    return Passed(replace(workflow, jobs=tuple(map(shared, workflow.jobs))))


def _own(job: ir.Job) -> list[tuple[str, ir.Action]]:
    """The actions of a job's steps, each with its id."""
    return [(content_id(step.action), step.action) for step in steps(job)]


def _with(job: ir.Job, actions: list[ir.Action]) -> ir.Job:
    """The job with these actions in its steps."""
    left = iter(actions)
    return replace(
        job,
        steps=tuple(
            replace(entry, action=next(left))
            if isinstance(entry, ir.Step)
            else replace(entry, steps=tuple(replace(s, action=next(left)) for s in entry.steps))
            for entry in job.steps
        ),
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
