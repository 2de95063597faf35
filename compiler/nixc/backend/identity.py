"""What a job is, as a hash: a later run keeps a green job whose hash is the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256

from nixc.ir.model import Workflow
from nixc.ir.walk import plain_node


def job_hashes(workflow: Workflow) -> Iterator[str]:
    """For each job 16 hexadecimal digits of all that it is made of: itself, its executor, and what
    the workflow gives every job. Places and documentation are no part of it."""
    executors = {each.name: plain_node(each) for each in workflow.executors}
    shared = plain_node((workflow.env, workflow.env_from, workflow.secrets))
    for job in workflow.jobs:
        content = [shared, executors[job.executor], plain_node(job)]
        encoded = json.dumps(content, separators=(",", ":")).encode()
        yield sha256(encoded).hexdigest()[:16]
