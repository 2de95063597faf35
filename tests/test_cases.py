"""Cases are files: `cases/README.md` says how expectations are written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from nixc import driver, passes, rules
from nixc.backend import names
from nixc.diagnostics import Diagnostic, Findings
from nixc.ir.texts import merged
from nixc.loader import Loader
from nixc.lower import lower

CASES = Path(__file__).parent / "cases"
MARK = re.compile(
    r"#! *(?:(?P<carets>\^+)|(?P<start>\d+)-(?P<end>\d+)) (?P<code>\w+) ?(?P<part>.*)"
)


@dataclass(frozen=True, order=True)
class Found:
    """A diagnostic by its place in a case: 1-based line and columns, end exclusive."""

    line: int
    start: int
    end: int
    code: str


def expected(text: str) -> dict[Found, str]:
    """The expectations of a case with the parts of their messages."""
    wanted: dict[Found, str] = {}
    guilty = 0
    for number, line in enumerate(text.splitlines(), 1):
        match = MARK.match(line.strip()) if line.strip().startswith("#!") else None
        if match is None:
            guilty = number
            continue
        offset = len(line) - len(line.lstrip()) + 1
        if match["carets"]:
            start, end = (offset + at for at in match.span("carets"))
        else:
            start, end = int(match["start"]), int(match["end"])
        wanted[Found(guilty, start, end, match["code"])] = match["part"].strip()
    return wanted


def diagnostics(path: Path) -> Iterator[Diagnostic]:
    """All that `build` says about a file, ShellCheck aside."""
    findings = Findings()
    loader = Loader(findings)
    lowered = lower(loader.open(str(path)), loader)
    findings.extend(lowered.diagnostics)
    if lowered.workflow is not None:
        passed = passes.run(lowered.workflow)
        findings.extend(passed.diagnostics)
        findings.extend(rules.check(passed.workflow, lowered))
    texts = merged(names.shell_texts(lowered.workflow, lowered.orphans))
    findings.extend(rules.check_texts(texts))
    yield from findings.sorted()
    yield from rules.unavailable(lowered)


def place(found: Diagnostic) -> Found:
    source = found.span.source
    start, end = source.position(found.span.start), source.position(found.span.end)
    last = end.column if end.line == start.line else len(source.line(start.line)) + 1
    return Found(start.line, start.column, last, found.code)


def files(folder: str) -> list[Path]:
    return sorted((CASES / folder).glob("*.nxa"))


@pytest.mark.parametrize("path", files("ok"), ids=lambda path: path.stem)
def test_ok_case_is_silent(path: Path) -> None:
    found = [(place(one), one.message) for one in diagnostics(path) if one.code != "NX901"]
    assert found == []


@pytest.mark.parametrize("path", files("err"), ids=lambda path: path.stem)
def test_err_case(path: Path) -> None:
    wanted = expected(path.read_text(encoding="utf-8"))
    told = [one for one in diagnostics(path) if one.code != "NX901" or _has(wanted, "NX901")]
    compare(wanted, told)


@pytest.mark.parametrize("path", files("shell"), ids=lambda path: path.stem)
def test_shell_case(path: Path) -> None:
    wanted = expected(path.read_text(encoding="utf-8"))
    compare(wanted, driver.check([str(path)], shellcheck=True).diagnostics)


def _has(wanted: Iterable[Found], code: str) -> bool:
    return any(want.code == code for want in wanted)


def compare(wanted: dict[Found, str], told: Iterable[Diagnostic]) -> None:
    """What was expected must be told, and nothing else."""
    found = {place(one): one.message for one in told}
    assert sorted(found) == sorted(wanted), "\n".join(f"{at} {found[at]}" for at in sorted(found))
    for at, part in wanted.items():
        assert part in found[at]


def test_each_code_has_a_case() -> None:
    cases = (*files("err"), *files("shell"))
    covered = {want.code for path in cases for want in expected(path.read_text())}
    assert sorted(set(rules.pages()) - covered) == []
