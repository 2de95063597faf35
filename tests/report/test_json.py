"""The JSON that editors and pipelines read."""

from __future__ import annotations

import json

from nixc.diagnostics import Diagnostic, Label, Severity
from nixc.report import json as json_report
from nixc.source import Source, Span


def test_shape() -> None:
    source = Source("日本.nxa", "a\n😀 bad\n")
    found = Diagnostic(
        "NX001",
        Severity.WARNING,
        "wröng",
        Span(source, 4, 7),
        help="cure",
        related=(Label(Span(source, 0, 1), "here"),),
    )
    assert json.loads(json_report.render([found])) == [
        {
            "code": "NX001",
            "severity": "warning",
            "message": "wröng",
            "file": "日本.nxa",
            "line": 2,
            "column": 3,
            "endLine": 2,
            "endColumn": 6,
            "help": "cure",
            "related": [{"file": "日本.nxa", "line": 1, "column": 1, "message": "here"}],
            "docs": None,
        }
    ]


def test_shellcheck_codes_have_a_page() -> None:
    source = Source("a.nxa", "x")
    found = Diagnostic("SC2086", Severity.INFO, "quote", Span(source, 0, 1))
    assert json_report.entry(found)["docs"] == "https://www.shellcheck.net/wiki/SC2086"


def test_nothing_found_is_an_empty_array() -> None:
    assert json_report.render([]) == "[]\n"
