"""Reports of a run, made by the awk programs that scripts carry for `--report`.

One definition for both: an awk is wherever a script has run.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from nixc.resources import runtime_path
from nixc.tools.runs import EVENTS
from nixc.trouble import Trouble


def render(run: Path, style: str) -> bytes:
    """The report of the run whose directory this is. Raises Trouble."""
    parts = runtime_path() / "report"
    program = _text(parts / "events.awk") + "\n" + _text(parts / f"{style}.awk")
    environment = {
        **os.environ,
        # Everything is bytes there.
        "LC_ALL": "C",
        "NXA_PAGE_CSS": _text(parts / "page.css"),
        "NXA_PAGE_JS": _text(parts / "page.js"),
    }
    plan = run / "plan" if (run / "plan").exists() else Path(os.devnull)
    files = ["part=plan", str(plan), "part=events", str(run / EVENTS)]
    try:
        ran = subprocess.run(["awk", program, *files], env=environment, capture_output=True)
    except OSError as error:
        raise Trouble(f"cannot run awk, which makes reports: {error.strerror}") from error
    if ran.returncode != 0:
        said = ran.stderr.decode("utf-8", "replace").strip()
        raise Trouble(f"awk could not make the report: {said or f'status {ran.returncode}'}")
    return ran.stdout


def _text(path: Path) -> str:
    # As the linker puts it into scripts.
    return path.read_text(encoding="utf-8").strip("\n")
