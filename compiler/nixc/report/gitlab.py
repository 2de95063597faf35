"""Diagnostics as a GitLab Code Quality report.

Source: GitLab's documentation, "Code Quality report format".
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from nixc.diagnostics import Diagnostic, Severity
from nixc.report.around import Around
from nixc.report.fingerprint import fingerprints

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(diagnostics: Sequence[Diagnostic], around: Around) -> str:
    """One JSON array, in plain ASCII."""
    names = fingerprints(diagnostics, around)
    issues = [_issue(found, name, around) for found, name in zip(diagnostics, names, strict=True)]
    return json.dumps(issues, indent=2) + "\n"


def _issue(found: Diagnostic, fingerprint: str, around: Around) -> dict[str, object]:
    source, span = found.span.source, found.span
    lines = {
        "begin": source.position(span.start).line,
        "end": source.position(max(span.start, span.end)).line,
    }
    return {
        "description": found.message if found.help is None else f"{found.message} ({found.help})",
        "check_name": found.code,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[found.severity],
        "location": {"path": around.path(source.name).as_posix(), "lines": lines},
    }
