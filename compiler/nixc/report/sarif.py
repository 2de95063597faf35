"""Diagnostics as SARIF 2.1.0, which code scanning services and editors read.

Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0", errata 01.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from nixc import __version__
from nixc.diagnostics import Diagnostic, Fix, Label, Severity, docs
from nixc.report.around import Around
from nixc.report.fingerprint import fingerprints
from nixc.source import Source, Span

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
#: What relative paths are relative to: the repository, wherever it is checked out.
_ROOT = "SRCROOT"

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}

_Object: TypeAlias = dict[str, Any]


def render(diagnostics: Sequence[Diagnostic], around: Around) -> str:
    """One log with one run, in plain ASCII."""
    codes = {code: index for index, code in enumerate({found.code: 0 for found in diagnostics})}
    names = fingerprints(diagnostics, around)
    driver = {
        "name": "nixc",
        "version": __version__,
        "rules": [_rule(code, around) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": _text("The top of the repository.")}},
        "results": [
            _result(found, codes[found.code], name, around)
            for found, name in zip(diagnostics, names, strict=True)
        ],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(code: str, around: Around) -> _Object:
    page = around.page(code)
    if page is None:
        return {"id": code}
    rule: _Object = {
        "id": code,
        "shortDescription": _text(page.title),
        "fullDescription": _text(page.summary),
        "help": {"text": page.plain, "markdown": page.markdown},
    }
    address = docs(code)
    return rule if address is None else {**rule, "helpUri": address}


def _result(found: Diagnostic, index: int, fingerprint: str, around: Around) -> _Object:
    result: _Object = {
        "ruleId": found.code,
        "ruleIndex": index,
        "level": _LEVELS[found.severity],
        "message": _text(found.message if found.help is None else f"{found.message}\n{found.help}"),
        "locations": [{"physicalLocation": _place(found.span, around)}],
        "partialFingerprints": {"finding/v1": fingerprint},
    }
    if found.related:
        result["relatedLocations"] = list(_related(found.related, around))
    if found.fixes:
        result["fixes"] = [_fix(fix, around) for fix in found.fixes]
    return result


def _related(labels: Iterable[Label], around: Around) -> Iterable[_Object]:
    for number, label in enumerate(labels, 1):
        place = _place(label.span, around)
        yield {"id": number, "physicalLocation": place, "message": _text(label.message)}


def _fix(fix: Fix, around: Around) -> _Object:
    replacement = {
        "deletedRegion": _region(fix.span),
        "insertedContent": {"text": fix.replacement},
    }
    change = {
        "artifactLocation": _artifact(fix.span.source, around),
        "replacements": [replacement],
    }
    return {"description": _text(fix.title), "artifactChanges": [change]}


def _place(span: Span, around: Around) -> _Object:
    return {"artifactLocation": _artifact(span.source, around), "region": _region(span)}


def _region(span: Span) -> _Object:
    """Lines and columns from 1, the end exclusive, as nixc has them."""
    start, end = span.source.position(span.start), span.source.position(max(span.start, span.end))
    return {
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    }


def _artifact(source: Source, around: Around) -> _Object:
    from urllib.parse import quote

    path = around.path(source.name)
    name = path.as_posix()
    if name.startswith("std:"):
        return {"uri": name}
    uri = quote(os.fsencode(name))
    return {"uri": f"file://{uri}"} if path.is_absolute() else {"uri": uri, "uriBaseId": _ROOT}


def _text(text: str) -> _Object:
    return {"text": text}
