"""The live status block of the format for people: what a terminal shows while a workflow runs.

It is there where a perl writes all output.
"""

from __future__ import annotations

import os
import re
import signal
from functools import partial
from pathlib import Path

import pytest
from pyte import modes

from tests.conftest import Build
from tests.e2e.runs import SHELLS, Flow
from tests.e2e.terminal import Terminal
from tests.harness import Place


@pytest.fixture(params=[shell for shell in SHELLS if shell.perl], ids=str)
def live(place: Place, build: Build, request: pytest.FixtureRequest) -> Flow:
    return Flow(place, build, request.param)


@pytest.fixture
def go(place: Place) -> Path:
    """The file that jobs of `waiting` wait for."""
    return place.root / "go"


def waiting(go: Path, *names: str, more: str = "") -> str:
    """A workflow of jobs that say that they run, then wait for a file."""
    jobs = "\n".join(
        f"""
        job {name} {{
          step "work on {name}" {{
            run = "echo runs; until [ -e '{go}' ]; do sleep 0.05; done; echo goes"
          }}
        }}
        """
        for name in names
    )
    return f"workflow ci {{ {jobs} {more} }}"


def block(display: list[str]) -> list[str]:
    """The lines of the block: all from its head."""
    heads = [n for n, line in enumerate(display) if re.match(r"ci: \d+ of \d+ done", line)]
    assert len(heads) <= 1, "\n".join(display)
    return display[heads[0] :] if heads else []


def untimed(lines: list[str]) -> list[str]:
    return [re.sub(r"  \d+s\b", "  T", line) for line in lines]


@pytest.mark.parametrize("columns", [80, 200])
def test_what_runs(live: Flow, go: Path, columns: int) -> None:
    more = """
        job after { needs = [alpha], run "true" }
        job bad { run "exit 1" }
    """
    text = waiting(go, "alpha", "be", more=more)
    terminal = Terminal(live, text, columns=columns)
    display = terminal.wait(
        lambda seen: (
            "1 of 4 done, 1 failed, 2 running, 1 waiting" in "\n".join(seen)
            and "\n".join(seen).count("runs") == 2
        )
    )
    head, *jobs = untimed(block(display))
    assert head == "ci: 1 of 4 done, 1 failed, 2 running, 1 waiting  T"
    assert sorted(jobs) == ["  alpha  T  work on alpha", "  be     T  work on be"]
    # It goes with the time, without any output.
    terminal.wait(lambda seen: block(seen)[0].endswith("  2s"))
    go.touch()
    assert terminal.end() == 1
    assert not block(terminal.all)
    assert terminal.all[-1].startswith("✗ ci failed in ")
    # Nothing of the block is left anywhere, and no line of the output was lost to it.
    steps = [line for line in terminal.all if "work on" in line]
    assert all(re.match(r"\w+ +[▶✓]", line) for line in steps)
    assert sorted(line for line in terminal.all if "│" in line and "goes" in line) == [
        "alpha │ goes",
        "be    │ goes",
    ]
    assert not terminal.screen.cursor.hidden
    assert terminal.screen.cursor.x == 0


def test_more_jobs_than_lines(live: Flow, go: Path) -> None:
    names = [f"j{number:02}" for number in range(30)]
    terminal = Terminal(live, waiting(go, *names))
    display = terminal.wait(lambda seen: "30 running" in "\n".join(seen))
    head, *jobs, last = block(display)
    assert head.startswith("ci: 0 of 30 done, 30 running")
    assert len(jobs) == 9
    assert last == "  and 21 more"
    go.touch()
    assert terminal.end() == 0
    assert not [line for line in terminal.all if "more" in line]
    assert len([line for line in terminal.all if line.endswith("│ goes")]) == 30


@pytest.mark.parametrize("rows", [1, 3, 6, 10])
def test_a_low_window(live: Flow, go: Path, rows: int) -> None:
    terminal = Terminal(live, waiting(go, "a", "b", "c"), rows=rows)
    terminal.wait(lambda seen: seen and "3 running" in "\n".join(seen))
    go.touch()
    assert terminal.end() == 0
    assert len([line for line in terminal.all if line.endswith("│ goes")]) == 3
    assert not block(terminal.all)


def test_a_narrow_window_cuts_the_block(live: Flow, go: Path) -> None:
    text = waiting(
        go, "a", more='job wide { step "日本語のステップ名、とても長い" { run = "sleep 60" } }'
    )
    terminal = Terminal(live, text, columns=30)
    display = terminal.wait(lambda seen: "日本" in "\n".join(block(seen)))
    assert all(len(line) < 30 for line in block(display))
    assert len(block(display)) == 3
    terminal.type(b"\x03")
    assert terminal.end() == 130


def test_another_size_while_it_runs(live: Flow, go: Path) -> None:
    terminal = Terminal(live, waiting(go, "a", "b", "c"), columns=200)
    terminal.wait(lambda seen: "3 running" in "\n".join(seen))
    for columns, rows in ((40, 24), (20, 10), (120, 30)):
        terminal.resize(columns, rows)
        cut = "ci: 0 of 3 done, 3 running"[: columns - 1].rstrip()
        terminal.wait(partial(shows_block, cut))
    go.touch()
    assert terminal.end() == 0
    assert not block(terminal.all)


def test_a_frame_for_the_width_before(live: Flow, go: Path) -> None:
    """What was drawn just before the window became narrower is shown in the new width."""
    terminal = Terminal(live, waiting(go, "a", "b", "c"), columns=40)
    terminal.wait(lambda seen: "3 running" in "\n".join(seen))
    # Only the terminal knows: all that comes is still made for 40 columns.
    terminal.screen.resize(24, 20)
    terminal.wait(partial(shows_block, "ci: 0 of 3 done, 3"))
    for _ in range(2):
        drawn = len(terminal.written)
        terminal.wait(partial(has_written, terminal, drawn))
        heads = [line for line in terminal.all if line.startswith("ci: 0 of 3")]
        assert len(heads) == 1, "\n".join(terminal.all)
    go.touch()
    assert terminal.end() == 0
    assert not block(terminal.all)
    # Lines of the output are not cut.
    assert modes.DECAWM in terminal.screen.mode


def has_written(terminal: Terminal, more: int, _: list[str]) -> bool:
    return len(terminal.written) > more


def shows_block(head: str, display: list[str]) -> bool:
    """Is there a block of a head and three jobs, at the bottom?"""
    return len(display) >= 4 and display[-4].startswith(head)


def test_cancelled_by_the_keyboard(live: Flow, go: Path) -> None:
    terminal = Terminal(live, waiting(go, "a", "b"))
    terminal.wait(lambda seen: "2 running" in "\n".join(seen))
    terminal.type(b"\x03")
    assert terminal.end() == 130
    assert not block(terminal.all)
    assert re.match(r"⊘ ci was cancelled in \d+\.\ds: 2 cancelled", terminal.all[-1])
    assert not terminal.screen.cursor.hidden


def test_the_writer_is_killed(live: Flow, go: Path) -> None:
    terminal = Terminal(live, waiting(go, "a", "b"))
    terminal.wait(lambda seen: "2 running" in "\n".join(seen))
    os.kill(collector(terminal.process.pid), signal.SIGKILL)
    assert terminal.end() == 1
    assert not block(terminal.all)
    assert terminal.all[-1].endswith("error: the process that writes the output was killed")


def collector(session: int) -> int:
    """The perl of a script's session."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            arguments = (folder / "cmdline").read_bytes()
            if b"collector.pl" in arguments and os.getsid(int(folder.name)) == session:
                return int(folder.name)
        except OSError:
            continue
    raise AssertionError("no collector")


def test_a_step_that_moves_the_cursor(live: Flow, go: Path) -> None:
    hostile = 'job wild { run "printf %b \\"$WILD\\"" }'
    wild = r"\033[2J\033[5Atext\033[?25l\r\033[1;1Hover\n%\rnext\n"
    terminal = Terminal(live, waiting(go, "a", more=hostile), env={"WILD": wild})
    display = terminal.wait(
        lambda seen: "1 of 2 done" in "\n".join(seen) and "│ runs" in "\n".join(seen)
    )
    assert len(block(display)) == 2
    assert [line for line in display if line.startswith("wild │")] == ["wild │ over", "wild │ next"]
    go.touch()
    assert terminal.end() == 0
    assert not terminal.screen.cursor.hidden
    assert terminal.all[0] == "ci: 2 jobs"
