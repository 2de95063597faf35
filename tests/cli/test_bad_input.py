"""Whatever a file holds or is, the answer is a place in it or a clear message."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Nixc
from tests.harness import ROOT, Ran

MEGABYTE = 1 << 20

CONTENTS = {
    "not UTF-8": b'let a = "\xff\xfe"\n',
    "UTF-16": "let a = 1\n".encode("utf-16"),
    "a NUL": b"let a = \x00\n",
    "a lone surrogate": b'let a = "\xed\xa0\x80"\n',
    "a megabyte of letters": b"x" * MEGABYTE,
    "a megabyte of quotes": b'"' * MEGABYTE,
    "a megabyte of blanks and a bad token": b" " * MEGABYTE + b"@",
    "a megabyte of brackets": b"let a = " + b"[" * MEGABYTE,
    "a megabyte of operators": b"let a = " + b"!" * MEGABYTE,
    "an unclosed text of a megabyte": b'let a = """' + b"x" * MEGABYTE,
    "lists 10,000 deep": b"let a = " + b"[" * 10_000 + b"]" * 10_000,
    "parentheses 10,000 deep": b"let a = " + b"(" * 10_000 + b"1" + b")" * 10_000,
    "blocks 10,000 deep": b"workflow w {\n" * 10_000 + b"}\n" * 10_000,
    "objects 10,000 deep": b"let a = " + b"{ b = " * 10_000 + b"1" + b" }" * 10_000,
    "interpolations 10,000 deep": b'let a = "' + b"${(" * 10_000 + b'"',
    "10,000 negations": b"workflow w { job j { condition = " + b"!" * 10_000 + b"true } }",
    "carriage returns": b"workflow w {\r  job j {\r",
    "a terminal escape": b"let \x1b[2J = 1\n",
}


def is_located(ran: Ran) -> bool:
    return re.search(r"^ *--> bad\.nxa:\d+:\d+$", ran.stdout, re.MULTILINE) is not None


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS.keys())
def test_a_bad_file_gives_a_located_diagnostic(nixc: Nixc, folder: Path, content: bytes) -> None:
    (folder / "bad.nxa").write_bytes(content)
    ran = nixc("check", "--no-shellcheck", "bad.nxa", timeout=30)
    assert ran.status == 1
    assert is_located(ran)
    assert "\x1b" not in ran.stdout
    assert max(map(len, ran.lines)) < 400
    assert nixc("build", "--no-shellcheck", "bad.nxa", timeout=30).status == 1
    assert not (folder / "bad.sh").exists()


def test_a_long_line_that_is_right(nixc: Nixc, folder: Path) -> None:
    text = 'workflow w { job j { run "echo ' + "x" * MEGABYTE + '" } }\n'
    (folder / "long.nxa").write_text(text)
    assert nixc("check", "--no-shellcheck", "long.nxa", timeout=30).status == 0


CUT = (ROOT / "examples" / "ci.nxa").read_bytes()


@pytest.mark.parametrize("part", range(8))
def test_a_file_cut_off_anywhere(part: int) -> None:
    """In-process, since there are thousands of places to cut."""
    from nixc.syntax import decode, parse

    for end in range(part, len(CUT), 8 * 5):
        source, _ = decode("cut.nxa", CUT[:end])
        for found in parse(source).diagnostics:
            assert 0 <= found.span.start <= found.span.end <= len(source.text)


def test_a_missing_file(nixc: Nixc) -> None:
    for command in ("build", "check", "run"):
        ran = nixc(command, "missing.nxa")
        assert ran.status == 2
        assert ran.stderr == "nixc: cannot read missing.nxa: No such file or directory\n"


def test_a_directory(nixc: Nixc, folder: Path) -> None:
    (folder / "sub").mkdir()
    for command in ("build", "run"):
        ran = nixc(command, "sub")
        assert (ran.status, ran.stderr) == (2, "nixc: cannot read sub: Is a directory\n")


def test_an_unreadable_file(nixc: Nixc, folder: Path) -> None:
    # Root reads everything but what the system itself refuses.
    path = folder / "secret.nxa"
    path.write_text("let a = 1\n")
    path.chmod(0)
    target = "/proc/self/mem" if os.geteuid() == 0 else "secret.nxa"
    ran = nixc("check", target)
    assert ran.status == 2
    assert ran.stderr.startswith(f"nixc: cannot read {target}: ")


def test_a_name_that_no_file_has(nixc: Nixc) -> None:
    assert nixc("check", "").status == 2
    assert nixc("check", "x" * 5000).status == 2
    assert "\x1b" not in nixc("check", "\x1b[2J.nxa").stderr


def test_an_empty_file(nixc: Nixc, folder: Path) -> None:
    (folder / "empty.nxa").write_text("")
    assert nixc("check", "empty.nxa").status == 0
    ran = nixc("build", "empty.nxa")
    assert ran.status == 1
    assert "no workflow" in ran.stderr
