"""How a workflow's jobs ended when it was last run, by the record that the script left."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from nixc.ir import model as ir
from nixc.ir.groups import declared_name
from nixc.tools import runs
from nixc.tools.outcomes import Outcome, combined, outcomes
from nixc.watch import Stamp, stamp
from nixc_lsp.analysis import Analysis


def last_run(analysis: Analysis) -> dict[str, Outcome]:
    """The outcome of each declared job that the newest run of the file's workflow has seen."""
    workflow = analysis.compiled.workflow
    run = None if workflow is None else runs.newest_run(workflow.name)
    if workflow is None or run is None:
        return {}
    known = _read(run, stamp(str(run / runs.EVENTS)))
    found = {name: combined(known, jobs) for name, jobs in _members(workflow).items()}
    return {name: outcome for name, outcome in found.items() if outcome is not None}


def _members(workflow: ir.Workflow) -> dict[str, list[str]]:
    members: dict[str, list[str]] = {}
    for job in workflow.jobs:
        members.setdefault(declared_name(job), []).append(job.name)
    return members


@lru_cache(maxsize=16)
def _read(run: Path, at: Stamp) -> dict[str, Outcome]:
    """Reads the events of a run once for each state that they are in."""
    return outcomes(run)
