"""--gc: what a killed run left behind, and nothing else."""

from __future__ import annotations

import os
import signal

from tests.e2e.runs import Flow, wait_for

SLEEPS = """
    workflow w {
      job j {
        run "touch \\"$TMPDIR/there\\"; sleep 4711.25"
      }
      job background {
        run "(trap '' TERM HUP; sleep 4711.25; true) & touch \\"$TMPDIR/too\\"; sleep 4711.25"
      }
      job stubborn {
        run "trap '' TERM; touch \\"$TMPDIR/also\\"; sleep 4711.25; sleep 4711.25"
      }
    }
    """


def test_a_killed_run_is_removed(flow: Flow) -> None:
    script = flow.build(SLEEPS)
    running = flow.start(script)
    for name in ("there", "too", "also"):
        wait_for((flow.place.root / "tmp" / name).exists, "the jobs to start")
    (workspace,) = flow.place.workspaces.iterdir()
    assert len(_ours(flow)) >= 2
    running.process.send_signal(signal.SIGKILL)
    # What it left still holds its output.
    for pipe in (running.process.stdout, running.process.stderr):
        assert pipe is not None
        pipe.close()
    running.process.wait()
    collected = flow(script, "--gc", format="")
    assert collected.status == 0, collected.stderr
    assert collected.lines == [f"removed {workspace}"]
    assert list(flow.place.workspaces.iterdir()) == []
    # Those that were killed may take a moment; a timer of ten seconds is one that was not.
    wait_for(lambda: not _ours(flow), "its processes to be gone", timeout=5)
    assert flow(script, "--gc", format="").lines == ["nothing to remove"]


def test_a_live_run_is_left_alone(flow: Flow) -> None:
    script = flow.build(SLEEPS)
    running = flow.start(script)
    for name in ("there", "too", "also"):
        wait_for((flow.place.root / "tmp" / name).exists, "the jobs to start")
    assert flow(script, "--gc", format="").lines == ["nothing to remove"]
    assert len(_ours(flow)) >= 2
    running.send(signal.SIGTERM)
    assert running.end().status == 143


def test_what_cannot_be_known_is_left_alone(flow: Flow) -> None:
    """Another machine's run, a workspace that was kept, somebody's directory."""
    script = flow.build('workflow w { job j { run "true" } }')
    flow(script, "--keep-workspace")
    elsewhere = flow.place.workspaces / "w-elsewhere"
    (elsewhere / ".run").mkdir(parents=True)
    (elsewhere / ".run" / "owner").write_text("1\n1\nanother-machine pid:[1]\n")
    (flow.place.workspaces / "mine").mkdir()
    before = sorted(flow.place.workspaces.iterdir())
    assert len(before) == 3
    assert flow(script, "--gc", format="").lines == ["nothing to remove"]
    assert sorted(flow.place.workspaces.iterdir()) == before


def test_a_number_that_was_given_again_is_no_owner(flow: Flow) -> None:
    script = flow.build('workflow w { job j { run "true" } }')
    flow(script)
    (record,) = flow.place.runs.iterdir()
    owner = (record / "owner").read_text().splitlines()
    dead = flow.place.workspaces / "w-dead"
    (dead / ".run").mkdir(parents=True)
    # Our own number, which is alive, with a start long ago.
    (dead / ".run" / "owner").write_text(f"{os.getpid()}\n1\n{owner[2]}\n")
    assert flow(script, "--gc", format="").lines == [f"removed {dead}"]


def _ours(flow: Flow) -> list[str]:
    """Living processes whose working directory or environment lies in this test's place."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/environ", "rb") as file:
                    environ = file.read()
                with open(f"/proc/{entry}/stat", "rb") as file:
                    zombie = file.read().rpartition(b")")[2].split()[0] == b"Z"
            except OSError:
                continue
            if not zombie and f"TMPDIR={flow.place.root / 'tmp'}".encode() in environ:
                found.append(entry)
    return found
