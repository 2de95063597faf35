r"""A job exports a variable that no other job reads.

    job version {
      exports = ["VERSION"]
      run "./version.sh >> \"$JOB_ENV\""
    }
    job release {
      needs = [version]
      run "./release.sh"
    }

Read it as `needs.version.VERSION` in a job that needs this one, or remove the export.

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

from nixc.diagnostics import Diagnostic, Severity, quoted
from nixc.ir import model as ir
from nixc.ir.groups import declared_name
from nixc.lower.context import Context
from nixc.rules.model import Facts, Rule

CODE = "NX702"


def check(facts: Facts) -> Iterable[Diagnostic]:
    read = {
        (declared_name(job), _meant(job, reference.name))
        for reader in facts.workflow.jobs
        for reference in facts.exports_read(reader)
        for job in facts.named(reference.job)[:1]
    }
    if facts.any_doubtful("exports"):
        return
    for name, jobs in facts.declared.items():
        for export in jobs[0].exports:
            if (name, export.name) not in read:
                message = f"no job reads the export {quoted(export.name)} of {quoted(name)}"
                yield Diagnostic(CODE, Severity.WARNING, message, export.span)


def _meant(job: ir.Job, name: str) -> str:
    """The export that is read; of one that does not exist, the one that was probably meant."""
    exported = {one.name for one in job.exports}
    return name if name in exported else Context().nearest(name, exported) or name


RULE = Rule(CODE, "unused export", check)
