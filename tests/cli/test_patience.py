"""The line that says what takes so long."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

import pytest

PROGRAM = """\
import time
from nixc.cli import patience
patience.DELAY = {delay}
try:
    with patience.patience("checking"):
        time.sleep({takes})
        {then}
except ValueError:
    pass
print("done")
"""


def on_a_terminal(program: str) -> tuple[str, str]:
    """What a program writes to standard output and to its terminal."""
    ours, theirs = pty.openpty()
    ran = subprocess.run(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=theirs, text=True
    )
    os.close(theirs)
    try:
        shown = os.read(ours, 4096).decode()
    except OSError:
        # The other end is closed and there is nothing to read.
        shown = ""
    os.close(ours)
    assert ran.returncode == 0, shown
    return ran.stdout, shown


@pytest.mark.parametrize("then", ["pass", "raise ValueError"])
def test_what_takes_long_is_said_and_erased(then: str) -> None:
    stdout, shown = on_a_terminal(PROGRAM.format(delay=0.05, takes=0.5, then=then))
    assert (stdout, shown) == ("done\n", "nixc: checking ...\r\x1b[K")


def test_what_is_quick_is_not() -> None:
    stdout, shown = on_a_terminal(PROGRAM.format(delay=30, takes=0, then="pass"))
    assert (stdout, shown) == ("done\n", "")


def test_nothing_without_a_terminal() -> None:
    program = PROGRAM.format(delay=0.05, takes=0.3, then="pass")
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (ran.stdout, ran.stderr) == ("done\n", "")
