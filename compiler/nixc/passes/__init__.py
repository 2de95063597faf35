"""IR to IR, in one visible list.

passed = run(lowered.workflow)      # Passed(workflow, diagnostics)
"""

from __future__ import annotations

from nixc.diagnostics import Diagnostic
from nixc.ir import model as ir
from nixc.memo import Memo
from nixc.passes.actions import aggregate_actions
from nixc.passes.executors import deduplicate_executors
from nixc.passes.model import Pass, Passed
from nixc.passes.order import order_jobs
from nixc.passes.producers import resolve_producers

PASSES: tuple[Pass, ...] = (
    deduplicate_executors,
    aggregate_actions,
    resolve_producers,
    order_jobs,
)


def run(workflow: ir.Workflow, memo: Memo | None = None) -> Passed:
    """The workflow after all passes, with what they found together."""
    memo = memo or Memo()
    found: list[Diagnostic] = []
    for one in PASSES:
        passed = one(workflow, memo)
        workflow = passed.workflow
        found += passed.diagnostics
    return Passed(workflow, tuple(found))


__all__ = ["PASSES", "Passed", "run"]
