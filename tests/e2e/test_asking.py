"""Programs that ask on the terminal are refused: in the background they would be stopped."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Build
from tests.e2e.runs import SHELLS, Event, Flow
from tests.e2e.terminal import Terminal
from tests.e2e.test_long_jobs import FILLING
from tests.harness import Place

#: As OpenSSH's readpassphrase() and sudo's tgetpass() do it: who is stopped and goes on asks again.
STUBBORN = """
import os, signal, sys, termios
tty = os.open("/dev/tty", os.O_RDWR)
while True:
    for name in ("SIGTTIN", "SIGTTOU"):
        signal.signal(getattr(signal, name), lambda *_: None)
        signal.siginterrupt(getattr(signal, name), True)
    try:
        termios.tcsetattr(tty, termios.TCSANOW, termios.tcgetattr(tty))
        os.read(tty, 1)
    except InterruptedError:
        continue
    sys.exit("answered")
"""

ASKING = """
    workflow ci {
      job bash { run "read -r answer </dev/tty" }
      job sh {
        step "ask" { run = \"""sh
          cat /dev/tty
        \""" }
      }
      job hidden { run "stty -echo </dev/tty" }
      job background { run "(cat /dev/tty) & wait $!" }
      job interactive { run "bash --norc -i </dev/tty" }
      job stubborn { run "python3 stubborn.py" }
      job condition {
        condition = "read -r answer </dev/tty"
        run "true"
      }
      job step {
        step "ask" {
          condition = "read -r answer </dev/tty"
          run       = "true"
        }
      }
      job provider {
        envFrom = [exec("cat /dev/tty")]
        run "true"
      }
      job group {
        parallel {
          run "cat /dev/tty"
          run "head -n 1 /dev/tty"
        }
      }
      job long {
        env = { NXA_TERMINAL = "mine" }
        {FILLING}
        run "[ \\"$NXA_TERMINAL\\" = mine ]"
        run "cat /dev/tty"
      }
    }
    """

ASKING = ASKING.replace("{FILLING}", FILLING)

FAILED = ["bash", "sh", "hidden", "background", "interactive", "stubborn"]


def ends(terminal: Terminal) -> dict[str, Event]:
    """How each job ended, of a run in JSON."""
    lines = terminal.written.decode().splitlines()
    events: list[Event] = [json.loads(line) for line in lines if line.startswith("{")]
    return {each["job"]: each for each in events if each["event"] == "job_end"}


def run(flow: Flow, text: str) -> dict[str, str]:
    flow.say("stubborn.py", STUBBORN)
    terminal = Terminal(flow, text, "--log-format", "json", columns=200)
    assert terminal.end() == 1
    return {job: end["status"] for job, end in ends(terminal).items()}


def test_nobody_is_stopped(flow: Flow) -> None:
    jobs = run(flow, ASKING)
    assert jobs == {
        **dict.fromkeys([*FAILED, "provider", "group", "long"], "failure"),
        "condition": "skipped",
        "step": "success",
    }


@pytest.fixture(params=[shell for shell in SHELLS if not shell.perl], ids=str)
def bare(place: Place, build: Build, request: pytest.FixtureRequest, tmp_path: Path) -> Flow:
    """Without a tool that parts a process from its terminal."""
    flow = Flow(place, build, request.param)
    tools = tmp_path / "tools"
    tools.mkdir()
    for folder in flow.path.split(":"):
        for tool in Path(folder).iterdir():
            link = tools / tool.name
            if tool.name != "setsid" and not link.is_symlink():
                link.symlink_to(tool.resolve())
    flow.path = str(tools)
    return flow


def test_without_a_tool_that_parts_from_the_terminal(bare: Flow) -> None:
    """The interpreter itself is refused all the same; bash before 5.1 stops its children."""
    text = """
        workflow ci {
          job step { run "read -r answer </dev/tty" }
          job condition {
            condition = "read -r answer </dev/tty"
            run "true"
          }
          job provider {
            envFrom = [exec("read -r answer </dev/tty")]
            run "true"
          }
        }
        """
    assert run(bare, text) == {"step": "failure", "condition": "skipped", "provider": "failure"}
