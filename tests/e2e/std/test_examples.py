"""The example of every `std:` action runs, with the real tools, on a small project."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable

import pytest

from tests import std_reference
from tests.e2e.runs import Flow
from tests.e2e.std import projects
from tests.std_reference import Action

NeedsTool = Callable[[str], str]

#: The command that tells a language's version; the modules that stand on nothing else.
TOOLS = {
    "git": ["git", "--version"],
    "go": ["go", "version"],
    "node": ["node", "--version"],
    "python": ["python3", "--version"],
    "rust": ["rustc", "--version"],
}

#: What an example must have printed, so that it is known to have done something.
PRINTED = {
    "git.checkout": "first",
    "git.changes": "new.py",
    "go.setup": "go version go",
    "go.install": "Go ",
    "go.test": "ok  \texample.com/hello",
    "go.build": "hello",
    "go.lint": "Go ",
    "node.setup": "v",
    "node.install": "added ",
    "node.test": "tested: good morning",
    "node.build": "built",
    "node.lint": "node --check test.js",
    "python.setup": "Python 3.",
    "python.install": "Successfully installed iniconfig",
    "python.test": "1 passed",
    "python.lint": "All checks passed",
    "python.build": "hello-1.0.tar.gz",
    "rust.setup": "cargo ",
    "rust.install": "Rust ",
    "rust.test": "test doubles ... ok",
    "rust.build": "hello",
    "rust.lint": "Finished",
}

ACTIONS = [action for action in std_reference.actions() if action.module in TOOLS]


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: f"{action.module}.{action.name}")
def test_the_example_runs(action: Action, flow: Flow, needs_tool: NeedsTool) -> None:
    command = TOOLS[action.module]
    needs_tool(command[0])
    projects.fill(flow.place, action.module)
    if action.name == "changes":
        flow.say("new.py", "print(2)\n")
    # The page speaks of some version; which one this machine has is its own affair.
    version = f'version = "{installed(command)}"'
    text = re.sub(r'version = "[^"]*"', version, action.workflow)
    ran = flow(text, env=projects.environment(), timeout=300)
    assert ran.status == 0, "\n".join(ran.output())
    assert any(PRINTED[f"{action.module}.{action.name}"] in line for line in ran.output()), ran.text


def installed(command: list[str]) -> str:
    """The major and minor version of a tool."""
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"\d+\.\d+", said)
    assert found is not None
    return found[0]
