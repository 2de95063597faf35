"""What the shells offer when a user asks them to complete a command line of nixc."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from nixc.cli.completion import candidates
from tests.cli.conftest import NIXC

#: Bash's completion needs `complete -o nosort`.
BASH = """\
eval "$(_NIXC_COMPLETE=bash_source nixc)"
spec=$(complete -p nixc)
function=${{spec##*-F }}
COMP_WORDS=({words})
COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
"${{function%% *}}" nixc
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
ZSH = """\
autoload -U compinit && compinit -D
eval "$(_NIXC_COMPLETE=zsh_source nixc)"
print -r -- ${_comps[nixc]}
"""
FISH = """\
_NIXC_COMPLETE=fish_source nixc | source
complete --do-complete {line}
"""


def shell(folder: Path, *command: str) -> list[str]:
    """The lines that a shell prints."""
    env = {
        "PATH": f"{NIXC.parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(folder),
        "TERM": "dumb",
    }
    ran = subprocess.run(
        command, cwd=folder, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout.splitlines()


@pytest.fixture
def files(folder: Path) -> Path:
    for name in ("ci.nxa", "notes.txt", "sub/deep/a.nxa", "sub/deep/b.nxa", ".hidden/c.nxa"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


CASES = [
    ("nixc che", ["check"]),
    ("nixc check --str", ["--strict"]),
    ("nixc check --format g", ["github", "gitlab"]),
    ("nixc explain NX30", [f"NX30{digit}" for digit in range(1, 10)]),
    ("nixc check c", ["ci.nxa"]),
    ("nixc build s", ["sub/deep/a.nxa", "sub/deep/b.nxa"]),
]


@pytest.mark.parametrize(("line", "offered"), CASES)
def test_bash(files: Path, line: str, offered: list[str]) -> None:
    assert shell(files, "bash", "-c", BASH.format(words=line)) == offered


@pytest.mark.parametrize(("line", "offered"), CASES)
def test_fish(files: Path, needs_tool: Callable[[str], str], line: str, offered: list[str]) -> None:
    script = FISH.format(line=shlex.quote(line))
    lines = shell(files, needs_tool("fish"), "--no-config", "-c", script)
    # Beside the word stands what it means.
    assert sorted(line.split("\t")[0] for line in lines) == offered


def test_zsh(files: Path, needs_tool: Callable[[str], str]) -> None:
    assert shell(files, needs_tool("zsh"), "-f", "-c", ZSH) == ["_nixc_completion"]


@pytest.mark.parametrize(
    ("start", "offered"),
    [
        ("", ["ci.nxa", "sub/"]),
        ("./c", ["./ci.nxa"]),
        ("sub/deep/a", ["sub/deep/a.nxa"]),
        (".h", [".hidden/c.nxa"]),
        ("missing/", []),
        ("notes", []),
    ],
)
def test_sources(
    files: Path, monkeypatch: pytest.MonkeyPatch, start: str, offered: list[str]
) -> None:
    monkeypatch.chdir(files)
    assert candidates(start) == offered
    monkeypatch.setenv("HOME", str(files))
    assert candidates("~/c") == ["~/ci.nxa"]
