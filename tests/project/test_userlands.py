"""Built scripts run with whatever tools a machine has, and without nixc or Python."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from nixc import driver
from tests.conftest import RunScript
from tests.harness import ROOT

EXAMPLES = ["actions", "artifacts", "demo", "inputs", "matrix", "parallel", "resilience"]


def bash_and_links(folder: Path, box: str, names: list[str]) -> Path:
    """A directory for PATH with bash and the tools of one binary."""
    folder.mkdir()
    for name in names:
        (folder / name).symlink_to(box)
    bash = shutil.which("bash")
    assert bash is not None
    (folder / "bash").unlink(missing_ok=True)
    (folder / "bash").symlink_to(bash)
    return folder


@pytest.mark.parametrize("example", EXAMPLES)
def test_busybox_and_bash_are_enough(
    example: str, tmp_path: Path, run_script: RunScript, needs_tool: Callable[[str], str]
) -> None:
    box = needs_tool("busybox")
    listed = subprocess.run([box, "--list"], capture_output=True, text=True, check=True)
    path = bash_and_links(tmp_path / "bin", box, listed.stdout.split())
    result = driver.build(str(ROOT / "examples" / f"{example}.nxa"), shellcheck=False)
    assert result.script is not None
    script = tmp_path / "example.sh"
    script.write_text(result.script)
    ran = run_script(script, env={"PATH": str(path)})
    assert ran.status == 0, ran.stdout + ran.stderr
