"""Diagnostics for the tests of reports: every severity, second places, fixes, odd files."""

from __future__ import annotations

from pathlib import Path

from nixc import manual
from nixc.diagnostics import Diagnostic, Fix, Label, Severity
from nixc.report.around import Around
from nixc.source import Source, Span

ROOT = Path("/repo")
AROUND = Around(ROOT, manual.page)

SOURCE = Source("/repo/dir 日/a:b%,c.nxa", 'let a = "😀" bad\nlet b = [\n  1]\nlet b = bad\n')


def span(start: int, end: int, source: Source = SOURCE) -> Span:
    return Span(source, start, end)


BAD = span(12, 15)
PLAIN = Diagnostic("NX302", Severity.ERROR, "100% wrong:\nreally", BAD, help="write `30m`, so")
LINES = Diagnostic("SC2086", Severity.INFO, "over two lines", span(24, 30))
RELATED = Diagnostic(
    "NX202", Severity.WARNING, "twice", span(35, 36), related=(Label(span(20, 21), "first here"),)
)
FIXED = Diagnostic("NX302", Severity.ERROR, "wrong", BAD, fixes=(Fix("Write `30m`", BAD, "30m"),))
ELSEWHERE = Diagnostic(
    "NX101", Severity.ERROR, "unexpected", span(0, 0, Source("/else/x y.nxa", "?"))
)
STDIN = Diagnostic("NX101", Severity.ERROR, "unexpected", span(0, 1, Source("<stdin>", "?")))
MODULE = Diagnostic("SC2034", Severity.WARNING, "unused", span(0, 1, Source("std:git", "?")))
BYTES = Diagnostic("NX101", Severity.ERROR, "?", span(0, 1, Source("/repo/\udcff.nxa", "?")))
ALL = (PLAIN, LINES, RELATED, FIXED, ELSEWHERE, STDIN, MODULE, BYTES)
