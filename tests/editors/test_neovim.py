"""The set-up of docs/editors.md for Neovim, as it stands there, in a real Neovim."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.harness import ROOT

#: Waits for the server's word on a mistake and writes it down; nothing is written if none comes.
CHECK = """
vim.cmd("edit bad.nxa")
vim.wait(30000, function() return #vim.diagnostic.get(0) > 0 end, 50)
local said = {}
for _, one in ipairs(vim.diagnostic.get(0)) do table.insert(said, one.code .. " " .. one.lnum) end
vim.fn.writefile(said, "said")
vim.cmd("qall!")
"""


def setup() -> str:
    """The page's own text."""
    page = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
    found = re.search(r"## Neovim.*?```lua\n(.*?)```", page, re.DOTALL)
    assert found
    return found[1]


def said(nvim: str, place: Path, path: str) -> list[str]:
    (place / "init.lua").write_text(setup(), encoding="utf-8")
    (place / "check.lua").write_text(CHECK, encoding="utf-8")
    (place / "bad.nxa").write_text(
        'workflow w {\n  job a {\n    neds = []\n    run "true"\n  }\n}\n'
    )
    command = [nvim, "--headless", "-u", "init.lua", "-i", "NONE", "-n", "-c", "luafile check.lua"]
    environment = {**os.environ, "PATH": path, "HOME": str(place), "XDG_CACHE_HOME": str(place)}
    subprocess.run(command, cwd=place, env=environment, timeout=120, capture_output=True)
    answer = place / "said"
    return answer.read_text().splitlines() if answer.exists() else []


def test_a_mistake_is_shown(needs_tool: Callable[[str], str], tmp_path: Path) -> None:
    beside = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    assert said(needs_tool("nvim"), tmp_path, beside) == ["NX203 2"]
