"""What a pass takes and gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from nixc.diagnostics import Diagnostic
from nixc.ir import model as ir
from nixc.memo import Memo
from nixc.records import dataclass


@dataclass(frozen=True, eq=False)
class Passed:
    """The workflow after a pass, and what the pass found."""

    workflow: ir.Workflow
    diagnostics: tuple[Diagnostic, ...] = ()


#: A memo is given to those that look at each job by itself.
Pass: TypeAlias = Callable[[ir.Workflow, Memo], Passed]
