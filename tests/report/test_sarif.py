"""SARIF: the shape that the standard fixes, places, rules."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from jsonschema.validators import validator_for  # type: ignore[import-untyped]  # one call

from nixc.diagnostics import Diagnostic
from nixc.report import sarif
from tests.report import findings
from tests.report.sarif_subset import SCHEMA

_OFFICIAL = os.environ.get("NIXC_SARIF_SCHEMA")
SCHEMAS = [SCHEMA, *([json.loads(Path(_OFFICIAL).read_text("utf-8"))] if _OFFICIAL else [])]


def log(*found: Diagnostic) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(sarif.render(found, findings.AROUND))
    return value


def errors(schema: dict[str, Any], value: object) -> list[str]:
    kind = validator_for(schema)
    kind.check_schema(schema)
    checker = kind(schema, format_checker=kind.FORMAT_CHECKER)
    return [error.message for error in checker.iter_errors(value)]


def result(found: Diagnostic) -> dict[str, Any]:
    (only,) = log(found)["runs"][0]["results"]
    assert isinstance(only, dict)
    return only


@pytest.mark.parametrize("schema", SCHEMAS, ids=["subset", "official"][: len(SCHEMAS)])
def test_it_is_valid(schema: dict[str, Any]) -> None:
    assert errors(schema, log(*findings.ALL)) == []
    assert errors(schema, log()) == []
    broken = log(*findings.ALL)
    broken["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["line"] = 1
    assert errors(schema, broken) != []


def test_columns_are_code_points_and_ends_exclusive() -> None:
    (run,) = log(findings.PLAIN)["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    place = run["results"][0]["locations"][0]["physicalLocation"]
    line = {"startLine": 1, "endLine": 1}
    assert place["region"] == {**line, "startColumn": 13, "endColumn": 16}


@pytest.mark.parametrize(
    ("found", "artifact"),
    [
        (findings.PLAIN, {"uri": "dir%20%E6%97%A5/a%3Ab%25%2Cc.nxa", "uriBaseId": "SRCROOT"}),
        (findings.ELSEWHERE, {"uri": "file:///else/x%20y.nxa"}),
        (findings.STDIN, {"uri": "%3Cstdin%3E", "uriBaseId": "SRCROOT"}),
        (findings.MODULE, {"uri": "std:git"}),
        (findings.BYTES, {"uri": "%FF.nxa", "uriBaseId": "SRCROOT"}),
    ],
)
def test_files(found: Diagnostic, artifact: dict[str, str]) -> None:
    assert result(found)["locations"][0]["physicalLocation"]["artifactLocation"] == artifact


def test_second_places() -> None:
    (related,) = result(findings.RELATED)["relatedLocations"]
    assert related["message"] == {"text": "first here"}
    assert related["physicalLocation"]["region"]["startLine"] == 2


def test_fixes() -> None:
    (fix,) = result(findings.FIXED)["fixes"]
    (change,) = fix["artifactChanges"]
    (replacement,) = change["replacements"]
    assert replacement["insertedContent"] == {"text": "30m"}
    assert replacement["deletedRegion"]["startColumn"] == 13


def test_each_code_is_a_rule_once() -> None:
    (run,) = log(*findings.ALL)["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["NX302", "SC2086", "NX202", "NX101", "SC2034"]
    for each in run["results"]:
        assert rules[each["ruleIndex"]]["id"] == each["ruleId"]


def test_a_rule_is_its_page() -> None:
    (rule,) = log(findings.PLAIN)["runs"][0]["tool"]["driver"]["rules"]
    page = findings.AROUND.page("NX302")
    assert page is not None
    assert rule["shortDescription"] == {"text": page.title}
    assert rule["help"]["text"] == page.plain
    assert '```nxa\ntimeout = "30m"\n```' in rule["help"]["markdown"]
    (rule,) = log(findings.LINES)["runs"][0]["tool"]["driver"]["rules"]
    assert rule["helpUri"] == "https://www.shellcheck.net/wiki/SC2086"


def test_levels() -> None:
    each = (findings.PLAIN, findings.RELATED, findings.LINES)
    assert [result(found)["level"] for found in each] == ["error", "warning", "note"]
