"""`nixc explain`: a page, a list, a code that does not exist."""

from __future__ import annotations

from nixc import manual
from tests.cli.conftest import Nixc


def test_a_page(nixc: Nixc) -> None:
    ran = nixc("explain", "nx302")
    assert (ran.status, ran.stderr) == (0, "")
    assert ran.stdout.startswith("NX302: not a duration\n\n")
    assert '\n    timeout = "30m"\n' in ran.stdout
    assert max(map(len, ran.lines)) <= 80


def test_a_code_of_shellcheck(nixc: Nixc) -> None:
    ran = nixc("explain", "SC2086")
    assert ran.status == 0
    assert "https://www.shellcheck.net/wiki/SC2086" in ran.lines


def test_all_codes(nixc: Nixc) -> None:
    ran = nixc("explain")
    assert ran.status == 0
    assert [line.split(maxsplit=1)[0] for line in ran.lines] == list(manual.pages())
    assert "NX302  not a duration" in ran.lines


def test_no_such_code(nixc: Nixc) -> None:
    ran = nixc("explain", "NX31")
    assert (ran.status, ran.stdout) == (2, "")
    assert ran.stderr.startswith("nixc: there is no code `NX31`; did you mean NX3")
    ran = nixc("explain", "hello\x1b[31m" * 100)
    assert ran.status == 2
    assert "\x1b" not in ran.stderr
    assert len(ran.stderr) < 100
