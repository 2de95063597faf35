"""The workflow commands that become annotations on GitHub."""

from __future__ import annotations

import pytest

from nixc.diagnostics import Diagnostic
from nixc.report import github
from tests.report import findings


@pytest.mark.parametrize(
    ("found", "command"),
    [
        (
            findings.PLAIN,
            "::error file=dir 日/a%3Ab%25%2Cc.nxa,line=1,endLine=1,col=13,endColumn=16,"
            "title=NX302%3A not a duration::100%25 wrong:%0Areally%0Ahelp: write `30m`, so\n",
        ),
        (
            findings.LINES,
            "::notice file=dir 日/a%3Ab%25%2Cc.nxa,line=2,endLine=3,title=SC2086%3A an unquoted "
            "variable%2C which is split into words and expanded as a glob::over two lines\n",
        ),
        (
            findings.RELATED,
            "::warning file=dir 日/a%3Ab%25%2Cc.nxa,line=4,endLine=4,col=5,endColumn=6,"
            "title=NX202%3A name declared twice::twice%0Adir 日/a:b%25,c.nxa:2: first here\n",
        ),
    ],
)
def test_commands(found: Diagnostic, command: str) -> None:
    assert github.render([found], findings.AROUND) == command


def test_one_command_a_line() -> None:
    lines = github.render(findings.ALL, findings.AROUND).splitlines()
    assert len(lines) == len(findings.ALL)
    assert all(line.startswith("::") for line in lines)
