r"""`needs.JOB.NAME` reads an export that the job does not have.

    job version {
      exports = ["VERSION"]
      run "./version.sh >> \"$JOB_ENV\""
    }
    job release {
      needs = [version]
      env   = { TAG = needs.version.VERSIN }
      run "./release.sh"
    }

Correct the name, or add it to the job's `exports`.

    job version {
      exports = ["VERSION"]
      run "./version.sh >> \"$JOB_ENV\""
    }
    job release {
      needs = [version]
      env   = { TAG = needs.version.VERSION }
      run "./release.sh"
    }
"""

from __future__ import annotations

from collections.abc import Iterable

from nixc.diagnostics import Diagnostic, Severity, quoted, shortened
from nixc.ir import model as ir
from nixc.lower.context import Context
from nixc.rules.model import Facts, Rule
from nixc.source import Span

CODE = "NX407"


def check(facts: Facts) -> Iterable[Diagnostic]:
    for job in facts.workflow.jobs:
        for reference in facts.exports_read(job):
            yield from _checked(facts, reference)


def _checked(facts: Facts, reference: ir.NeedsExport) -> Iterable[Diagnostic]:
    for job in facts.named(reference.job)[:1]:
        exported = [one.name for one in job.exports]
        if reference.name in exported or facts.doubtful(job.name, "exports"):
            return
        message = f"{quoted(reference.job)} does not export {quoted(reference.name)}"
        hint = Context().meant(reference.name, (*exported, "result"))
        hint = hint or f'add it there: `exports = ["{shortened(reference.name)}"]`'
        yield Diagnostic(CODE, Severity.ERROR, message, _name(reference), hint)


def _name(reference: ir.NeedsExport) -> Span:
    """The export's name in `needs.JOB.NAME`."""
    return reference.span.ending(len(reference.name))


RULE = Rule(CODE, "unknown export", check)
