"""Sessions in real editors: set up as docs/editors.md says, seeing the same two files."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nixc.source import Source
from nixc.syntax.format import format_source
from tests.harness import ROOT

MODULE = """\
# Greets somebody.
action greet(who: string) {
  run 'echo "$who"'
}
"""
FLOW = """\
import "./lib.nxa" as lib
workflow w {
  job build {
    neds = []
    use lib.greet(who = "all")
  }
  job test {
    needs = [build]
    run   "true"
  }
}
"""


def set_ups(editor: str, language: str) -> list[str]:
    """The page's own texts in a language, below the heading of an editor."""
    page = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
    section = re.search(rf"\n## {editor}.*?\n(.*?)\n## ", page, re.DOTALL)
    assert section
    return re.findall(rf"```{language}\n(.*?)```", section[1], re.DOTALL)


def seen_by(
    command: Sequence[str | Path], folder: Path, scripts: Mapping[str, str]
) -> dict[str, Any]:
    """Runs an editor beside both files and its scripts: what it has written to `seen.json`."""
    for name, text in {"lib.nxa": MODULE, "flow.nxa": FLOW, **scripts}.items():
        (folder / name).write_text(text, encoding="utf-8")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    home = {"HOME": str(folder), "XDG_CACHE_HOME": str(folder), "PATH": path}
    ended = subprocess.run(
        command, cwd=folder, env={**os.environ, **home}, timeout=300, capture_output=True, text=True
    )
    answer = folder / "seen.json"
    assert answer.exists(), ended
    found: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8"))
    return found


def mended() -> str:
    """`flow.nxa` as it is at a session's end: without its mistake, renamed, laid out."""
    text = FLOW.replace("neds", "needs").replace("greet", "hail")
    return format_source(Source("flow.nxa", text)).text
