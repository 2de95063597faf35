"""How a workflow's jobs ended when it was last run, by the record that the script left."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from nixc.ir.groups import by_declaration
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
    found = {
        name: combined(known, (job.name for job in jobs))
        for name, jobs in by_declaration(workflow.jobs).items()
    }
    return {name: outcome for name, outcome in found.items() if outcome is not None}


@lru_cache(maxsize=16)
def _read(run: Path, at: Stamp) -> dict[str, Outcome]:
    """Reads the events of a run once for each state that they are in."""
    return outcomes(run)
