"""The command line as such: help, version, completion, faults of our own."""

from __future__ import annotations

import subprocess
import sys

import pytest

from nixc import __version__, fault
from tests.cli.conftest import Nixc


def test_version(nixc: Nixc) -> None:
    assert nixc("--version").stdout == f"nixc {__version__}\n"


@pytest.mark.parametrize("command", [[], ["build"], ["check"], ["run"]])
def test_help(nixc: Nixc, command: list[str]) -> None:
    ran = nixc(*command, "--help")
    assert ran.status == 0
    assert ran.stdout.startswith("Usage: nixc")


def test_help_and_version_load_nothing_of_the_compiler() -> None:
    program = (
        "import sys\nfrom nixc import cli\n"
        "sys.argv = ['nixc', '--version']\n"
        "try:\n    cli.main()\nexcept SystemExit:\n    pass\n"
        "print(sorted(set(sys.modules) & {'lark', 'jinja2', 'subprocess', 'nixc.driver'}))\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ran.stdout.splitlines()[-1] == "[]", ran.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(nixc: Nixc, shell: str) -> None:
    ran = nixc(env={"_NIXC_COMPLETE": f"{shell}_source"})
    assert ran.status == 0
    assert "_NIXC_COMPLETE" in ran.stdout


def test_completion_completes(nixc: Nixc) -> None:
    env = {"_NIXC_COMPLETE": "bash_complete", "COMP_WORDS": "nixc b", "COMP_CWORD": "1"}
    assert nixc(env=env).stdout == "plain,build\n"


def test_a_fault_of_ours_says_what_to_report() -> None:
    with pytest.raises(KeyError) as caught:
        raise KeyError("lost")
    said = fault.describe(caught.value)
    assert said.startswith("nixc: internal error: KeyError: 'lost'\n")
    assert "report" in said
    assert __version__ in said
    assert "test_interface.py" in said
    assert "Traceback" not in said
