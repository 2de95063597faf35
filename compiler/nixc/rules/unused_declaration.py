"""A let, action, template, executor, input or import that nothing refers to.

    let registry = "ghcr.io/acme"

    workflow ci {
      job push {
        run "make push"
      }
    }

Remove it, or use it. An input is used where a script mentions its variable, too. Files without a
workflow are exempt: they declare things for others.

    let registry = "ghcr.io/acme"

    workflow ci {
      job push {
        env = { REGISTRY = registry }
        run "make push"
      }
    }
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from nixc.diagnostics import Diagnostic, Severity, quoted
from nixc.ir.model import input_variable
from nixc.ir.walk import shell_texts
from nixc.rules.model import Facts, Rule

CODE = "NX701"


def check(facts: Facts) -> Iterable[Diagnostic]:
    if not facts.lowered.unused:
        return
    mentioned = {
        name for text in shell_texts(facts.workflow) for name in re.findall(r"INPUT_\w+", text)
    }
    for one in facts.lowered.unused:
        if one.sort == "input" and input_variable(one.name.text) in mentioned:
            continue
        message = f"the {one.sort} {quoted(one.name.text)} is not used"
        yield Diagnostic(CODE, Severity.WARNING, message, one.name.span)


RULE = Rule(CODE, "unused declaration", check)
