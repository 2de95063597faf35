"""Whatever a file is called and a message quotes, every form stays what it is."""

from __future__ import annotations

import json
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from nixc.diagnostics import Diagnostic, Severity
from nixc.report import github, gitlab, sarif
from nixc.source import Source, Span
from tests.report import findings
from tests.report.sarif_subset import SCHEMA
from tests.report.test_sarif import errors

#: Names as the system gives them: any bytes but the two that no name holds.
NAMES = st.binary(min_size=1, max_size=20).map(
    lambda data: "/repo/" + data.replace(b"\0", b"").decode("utf-8", "surrogateescape")
)


@st.composite
def diagnostics(draw: st.DrawFn) -> Diagnostic:
    text = draw(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
    start = draw(st.integers(0, len(text)))
    span = Span(Source(draw(NAMES), text), start, draw(st.integers(start, len(text))))
    severity = draw(st.sampled_from(Severity))
    words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
    return Diagnostic("NX302", severity, draw(words), span, draw(st.none() | words))


@settings(deadline=None)
@given(st.lists(diagnostics(), max_size=3))
def test_one_command_a_line(found: list[Diagnostic]) -> None:
    lines = github.render(found, findings.AROUND).split("\n")
    assert lines.pop() == ""
    assert len(lines) == len(found)
    for line in lines:
        assert re.match(r"::(error|warning|notice) file=[^,:]*,line=\d+,endLine=\d+,", line)
        assert not re.search(r"%(?!25|0D|0A|3A|2C)", line)


@settings(deadline=None)
@given(st.lists(diagnostics(), max_size=3))
def test_sarif_is_valid(found: list[Diagnostic]) -> None:
    assert errors(SCHEMA, json.loads(sarif.render(found, findings.AROUND))) == []


@settings(deadline=None)
@given(st.lists(diagnostics(), max_size=4))
def test_fingerprints_differ(found: list[Diagnostic]) -> None:
    names = [one["fingerprint"] for one in json.loads(gitlab.render(found, findings.AROUND))]
    assert len(set(names)) == len(found)
