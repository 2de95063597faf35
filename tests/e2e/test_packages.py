"""`packages = "nix"`: the deps of steps come from `nix shell`.

With the real nix, a store of the test's own, and a `nixpkgs` of one package.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.e2e.runs import Flow
from tests.e2e.sshd import Server
from tests.e2e.std.test_nix import env

__all__ = ["env"]

WORKFLOW = """
    workflow w {
      job j {
        executor = local { name = "with-nix", packages = "nix" }
        step "with it" {
          deps = ["PACKAGE:hello"]
          run  = "hello there"
        }
        run "command -v hello"
        step "with a provider" {
          envFrom = [static({ GIVEN = "given" })]
          run     = "hello $GIVEN"
        }
      }
      job plain { run "! command -v hello" }
    }
    """


def test_deps_come_from_nix(flow: Flow, env: dict[str, str]) -> None:
    run = flow(WORKFLOW.replace("PACKAGE", "hello"), env=env, timeout=120)
    assert run.jobs == {"j": "success", "plain": "success"}, run.text
    first, where, last = run.output("j")
    assert (first, last) == ("from nixpkgs there", "from nixpkgs given")
    assert where.endswith("/bin/hello")


def test_what_nix_lacks_fails_the_job_in_its_words(flow: Flow, env: dict[str, str]) -> None:
    run = flow(WORKFLOW.replace("PACKAGE", "goodbye"), env=env, timeout=120)
    assert run.jobs == {"j": "failure", "plain": "success"}
    assert run.reason("j") == "nix could not give the packages goodbye"
    assert any("goodbye" in warning for warning in run.warnings())


def test_without_nix_nothing_starts(flow: Flow, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    for directory in flow.path.split(":"):
        for tool in Path(directory).glob("*"):
            link = bare / tool.name
            if tool.name != "nix" and not link.is_symlink():
                link.symlink_to(tool)
    run = flow(WORKFLOW.replace("PACKAGE", "hello"), env={"PATH": str(bare)})
    assert run.status == 3
    assert 'command not found: nix (wanted by step "with it" of job j)' in run.stderr


def test_deps_come_from_nix_over_there(
    flow: Flow, env: dict[str, str], server_of: Callable[[str], Server]
) -> None:
    there = server_of(flow.shell).fields(more=', packages = "nix"')
    given = ", ".join(f"{name} = {json.dumps(value)}" for name, value in env.items())
    text = f"""
    workflow w {{
      env = {{ {given}, HOME = {json.dumps(str(flow.place.root / "home"))} }}
      job j {{
        executor = ssh {{ {there} }}
        step "with it" {{
          deps = ["hello:hello"]
          run  = "hello there"
        }}
      }}
    }}
    """
    run = flow(text, timeout=120)
    assert run.jobs == {"j": "success"}, run.text
    assert run.output("j") == ["from nixpkgs there"]
