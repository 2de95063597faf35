"""copyRepo = "tracked": what git tracks or would add, as it is in the work tree."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

from tests.e2e.runs import Flow

WORKFLOW = """
    workflow w {
      job j {
        executor = local { copyRepo = "tracked" }
        run "find . -print0 | tr '\\\\n\\\\0' '@\\\\n' | LC_ALL=C sort; ls -l run | cut -c1-10"
      }
    }
    """


def test_tracked_and_new_files(flow: Flow, needs_tool: Callable[[str], str]) -> None:
    git = needs_tool("git")
    repo = flow.place.repo
    for name in ("run", "a b/-f", "line\nbreak", "made.o", "new", "gone"):
        flow.say(name, name)
    flow.say(".gitignore", "*.o\n")
    (repo / "run").chmod(0o755)
    (repo / "link").symlink_to("run")
    subprocess.run([git, "init", "-q"], cwd=repo, check=True)
    subprocess.run([git, "add", "run", "a b", "gone", "link"], cwd=repo, check=True)
    (repo / "gone").unlink()
    *found, mode = flow(WORKFLOW).output("j")
    assert found == [
        ".",
        "./.gitignore",
        "./a b",
        "./a b/-f",
        "./line@break",
        "./link",
        "./new",
        "./run",
    ]
    assert mode == "-rwxr-xr-x"


def test_more_files_than_one_call_takes(flow: Flow, needs_tool: Callable[[str], str]) -> None:
    git = needs_tool("git")
    repo = flow.place.repo
    for number in range(1201):
        (repo / f"f{number}").touch()
    (repo / "run").touch()
    subprocess.run([git, "init", "-q"], cwd=repo, check=True)
    *found, _ = flow(WORKFLOW).output("j")
    assert len(found) == 1 + 1201 + 1


def test_without_git_the_job_fails_and_says_so(flow: Flow) -> None:
    run = flow(WORKFLOW)
    assert run.status == 1
    assert run.output("j")[-1] == (
        f'copyRepo = "tracked" needs git, and a git work tree at {flow.place.repo}'
    )
