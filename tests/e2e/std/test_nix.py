"""`std:nix` with the real `nix` and a store of the test's own.

What nobody has without a network is nixpkgs. Here `nixpkgs` is a flake with one package, which the
user's flake registry names as that: the tool, its command line and the look-up are the real ones.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Callable

import pytest

from tests import std_reference
from tests.e2e.runs import Flow, Run

NeedsTool = Callable[[str], str]

FLAKE = """
{
  outputs = { self }: {
    packages.SYSTEM.hello = derivation {
      name = "hello";
      system = "SYSTEM";
      builder = "/bin/sh";
      args = [ "-c" ''
        PATH=/usr/bin:/bin
        mkdir -p $out/bin
        printf '#!/bin/sh\\necho NAME "$@"\\n' > $out/bin/hello
        chmod +x $out/bin/hello
      '' ];
    };
  };
}
"""


@pytest.fixture
def env(flow: Flow, needs_tool: NeedsTool) -> dict[str, str]:
    """Keeps nix to the test's own directories, offline; `nixpkgs` is our flake."""
    needs_tool("nix")
    root = flow.place.root
    flake(flow, "nixpkgs", "from nixpkgs")
    home = root / "home"
    (home / ".config" / "nix").mkdir(parents=True)
    entry = {
        "from": {"type": "indirect", "id": "nixpkgs"},
        "to": {"type": "path", "path": str(root / "nixpkgs")},
    }
    registry = {"version": 2, "flakes": [entry]}
    (home / ".config" / "nix" / "registry.json").write_text(json.dumps(registry))
    return {
        "NIX_STORE_DIR": str(root / "nix" / "store"),
        "NIX_STATE_DIR": str(root / "nix" / "var"),
        "NIX_LOG_DIR": str(root / "nix" / "log"),
        "NIX_CONFIG": "sandbox = false\nbuild-users-group =\nsubstituters =\n"
        f"flake-registry = {home}/.config/nix/registry.json\n",
    }


def flake(flow: Flow, folder: str, name: str) -> None:
    """A flake whose `hello` says that name and its arguments."""
    system = f"{platform.machine()}-linux"
    path = flow.place.root / folder
    path.mkdir()
    (path / "flake.nix").write_text(FLAKE.replace("SYSTEM", system).replace("NAME", name))


def use(flow: Flow, arguments: str, env: dict[str, str]) -> Run:
    return flow(
        f"""
        import "std:nix" as nix
        workflow w {{
          job j {{
            use nix.run({arguments})
          }}
        }}
        """,
        env=env,
        timeout=120,
    )


@pytest.mark.parametrize(
    "action",
    [action for action in std_reference.actions() if action.module == "nix"],
    ids=lambda action: action.name,
)
def test_the_example_runs(action: std_reference.Action, flow: Flow, env: dict[str, str]) -> None:
    ran = flow(action.workflow, env=env, timeout=120)
    assert ran.status == 0, ran.text
    assert ran.output()[-1] == "from nixpkgs --version"


def test_flakes_are_taken_as_they_are(flow: Flow, env: dict[str, str]) -> None:
    flake(flow, "tools", "from tools")
    where = f"path:{flow.place.root}/tools"
    ran = use(flow, f'packages = "{where}#hello", command = "hello"', env)
    assert (ran.status, ran.output()[-1]) == (0, "from tools")
    ran = use(flow, f'packages = "hello", command = "hello", nixpkgs = "{where}"', env)
    assert (ran.status, ran.output()[-1]) == (0, "from tools")


@pytest.mark.parametrize(
    ("command", "status"),
    [("hello | cat; exit 3", 3), ("false | cat; echo no", 1), ("false; echo no", 1)],
)
def test_the_commands_status_counts(
    command: str, status: int, flow: Flow, env: dict[str, str]
) -> None:
    ran = use(flow, f'packages = "hello", command = "{command}"', env)
    assert ran.of("step_end")[0]["exit_code"] == status
    assert "no" not in ran.output()


def test_a_package_that_is_not_there(flow: Flow, env: dict[str, str]) -> None:
    ran = use(flow, 'packages = "hello goodbye", command = "true"', env)
    assert ran.jobs == {"j": "failure"}
    assert any("goodbye" in line for line in ran.output())


@pytest.mark.parametrize(
    ("packages", "said"),
    [("", "nix.run: no packages are given"), ("--help", "nix.run: '--help' is no package")],
)
def test_what_is_no_package(packages: str, said: str, flow: Flow, env: dict[str, str]) -> None:
    ran = use(flow, f'packages = "{packages}", command = "true"', env)
    assert (ran.status, ran.output()) == (1, [said])
