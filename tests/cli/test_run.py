"""`nixc run`: the script in place of nixc."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.conftest import NIXC, Nixc

WORKFLOW = """
workflow w {
  input word { default = "hello" }
  job j {
    run "echo \\"the word is $INPUT_WORD\\""
    run "exit \\"${STATUS:-0}\\""
  }
}
"""

SLOW = """
workflow w {
  job j {
    run "touch started; sleep 30"
    step "after" {
      condition = cancelled()
      run       = "echo cleaned up"
    }
  }
}
"""


def test_it_runs(nixc: Nixc, folder: Path, tmp_path: Path) -> None:
    (folder / "w.nxa").write_text(WORKFLOW)
    ran = nixc("run", "w.nxa", env={"TMPDIR": str(tmp_path)})
    assert ran.status == 0, ran.stderr
    assert "the word is hello" in ran.stdout
    assert [path.name for path in folder.iterdir()] == ["w.nxa"]
    assert not list(tmp_path.glob("tmp*"))


def test_arguments_are_the_scripts(nixc: Nixc, folder: Path) -> None:
    (folder / "w.nxa").write_text(WORKFLOW)
    ran = nixc("run", "w.nxa", "--", "--input", "word=good bye", "j")
    assert "the word is good bye" in ran.stdout
    assert "--dry-run" in nixc("run", "w.nxa", "--", "--help").stdout


def test_its_exit_status_is_ours(nixc: Nixc, folder: Path) -> None:
    (folder / "w.nxa").write_text(WORKFLOW)
    assert nixc("run", "w.nxa", env={"STATUS": "7"}).status == 1
    assert nixc("run", "w.nxa", "--", "--no-such-option").status == 2


def test_from_standard_input(nixc: Nixc) -> None:
    assert "the word is hello" in nixc("run", "-", stdin=WORKFLOW).stdout


def test_what_does_not_compile_does_not_run(nixc: Nixc, folder: Path) -> None:
    (folder / "w.nxa").write_text("workflow w {")
    ran = nixc("run", "w.nxa")
    assert (ran.status, ran.stdout) == (1, "")
    assert "error[NX" in ran.stderr


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGHUP, 129)]
)
def test_signals_reach_the_script(
    folder: Path, tmp_path: Path, number: signal.Signals, status: int
) -> None:
    started = tmp_path / "started"
    (folder / "w.nxa").write_text(SLOW.replace("touch started", f"touch '{started}'"))
    process = subprocess.Popen(
        [NIXC, "run", "w.nxa"],
        cwd=folder,
        env={**os.environ, "NIXACTIONS_HOME": str(tmp_path / "nixactions")},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # A test runner in the background may have it ignored, and that is inherited.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    deadline = time.monotonic() + 30
    while not started.exists():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.send_signal(number)
    out, _ = process.communicate(timeout=30)
    assert process.returncode == status
    assert "cleaned up" in out
