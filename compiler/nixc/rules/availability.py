"""The language has it, and `check` knows it, but this version of nixc cannot build it.

    job test {
      executor = k8s { namespace = "ci", push = false, image = "debian:12" }
      run "make test"
    }

Leave it out until a version that has a runtime for it.

    job test {
      run "make test"
    }
"""

from __future__ import annotations

from nixc.diagnostics import Diagnostic, Severity, quoted
from nixc.lower import Lowered

CODE = "NX901"
TITLE = "not available in this version"


def unavailable(lowered: Lowered) -> tuple[Diagnostic, ...]:
    """What `build` refuses; each once per place."""
    found = {
        (one.span, one.what): Diagnostic(
            CODE,
            Severity.ERROR,
            f"{quoted(one.what)} is not available in this version of nixc",
            one.span,
        )
        for one in lowered.pending
    }
    return tuple(found.values())
