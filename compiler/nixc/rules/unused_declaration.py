"""A let, action, template, executor, input or import that nothing refers to.

    let registry = "ghcr.io/acme"

    workflow ci {
      job test {
        run "make test"
      }
    }

Remove it, or use it. Files without a workflow are exempt: they declare things for others.
"""

from __future__ import annotations

from collections.abc import Iterable

from nixc.diagnostics import Diagnostic, Severity
from nixc.rules.model import Facts, Rule

CODE = "NX701"


def check(facts: Facts) -> Iterable[Diagnostic]:
    for one in facts.lowered.unused:
        message = f"the {one.sort} `{one.name.text}` is not used"
        yield Diagnostic(CODE, Severity.WARNING, message, one.name.span)


RULE = Rule(CODE, "unused declaration", check)
