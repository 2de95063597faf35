"""Podman of an ordinary user: the whole script is run by one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.conftest import Build
from tests.e2e.engines import DEBIAN, Engine

USER = 65534


def test_an_ordinary_user(build: Build, engine_of: Callable[[str], Engine]) -> None:
    engine = engine_of("rootless")
    script = build(f"""
        executor box = oci {{ engine = "podman", image = "{DEBIAN}" }}
        workflow w {{
          job make {{
            executor = box
            outputs  = {{ made = "made" }}
            run "cat file; id -u; mkdir made; echo text > made/file; chmod 640 made/file"
          }}
          job look {{
            executor = box
            needs    = [make]
            inputs   = ["made"]
            run "cat made/file"
          }}
        }}
    """)
    # Pytest's directories are root's.
    home = Path(engine.env["HOME"]) / "place"
    for name in ("repo", "tmp"):
        (home / name).mkdir(parents=True)
    shutil.copy(script, home / "ci.sh")
    (home / "repo" / "file").write_text("from the repository\n")
    for path in (home, *home.rglob("*")):
        os.chown(path, USER, USER)
    env = {**engine.env, "PATH": os.environ["PATH"], "TMPDIR": str(home / "tmp")}
    ran = subprocess.run(
        [*engine.prefix, "bash", str(home / "ci.sh"), "--log-format", "json"],
        cwd=home / "repo",
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
    )
    events = [json.loads(line) for line in ran.stdout.splitlines()]
    said = [each["message"] for each in events if each["event"] == "output"]
    assert said == ["from the repository", "0", "text"], ran.stdout + ran.stderr
    assert ran.returncode == 0
    (made,) = home.glob("../.cache/nixactions/runs/*/artifacts/made/made/file")
    assert (made.stat().st_uid, made.stat().st_mode & 0o777) == (USER, 0o640)
    shutil.rmtree(Path(engine.env["HOME"]) / ".cache")
    assert engine.containers() == []
