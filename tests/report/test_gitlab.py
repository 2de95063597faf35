"""GitLab's Code Quality report."""

from __future__ import annotations

import json
from typing import Any

from nixc.diagnostics import Diagnostic
from nixc.records import replace
from nixc.report import gitlab
from nixc.source import Source
from tests.report import findings


def issues(*found: Diagnostic) -> list[dict[str, Any]]:
    value: list[dict[str, Any]] = json.loads(gitlab.render(found, findings.AROUND))
    return value


def test_shape() -> None:
    (issue,) = issues(findings.LINES)
    assert len(issue.pop("fingerprint")) == 64
    assert issue == {
        "description": "over two lines",
        "check_name": "SC2086",
        "severity": "info",
        "location": {"path": "dir 日/a:b%,c.nxa", "lines": {"begin": 2, "end": 3}},
    }
    assert issues() == []


def test_severities() -> None:
    found = issues(findings.PLAIN, findings.RELATED, findings.LINES)
    assert [issue["severity"] for issue in found] == ["major", "minor", "info"]


def test_fingerprints_differ() -> None:
    names = [issue["fingerprint"] for issue in issues(*findings.ALL, *findings.ALL)]
    assert len(set(names)) == len(names)


def test_a_fingerprint_stays_when_lines_move() -> None:
    old = findings.SOURCE
    moved = Source(old.name, "# one more line\n\n  " + old.text)
    span = findings.BAD
    shift = moved.text.index(old.text)
    there = findings.span(span.start + shift, span.end + shift, moved)
    (before,) = issues(findings.PLAIN)
    (after,) = issues(replace(findings.PLAIN, span=there))
    assert before["fingerprint"] == after["fingerprint"]
    assert after["location"]["lines"]["begin"] == 3
