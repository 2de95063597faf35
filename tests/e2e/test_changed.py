"""changed(): what differs from the base, in a git repository and without one."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.runs import Flow


def git(repo: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
    ran = subprocess.run(
        ["git", *identity, *arguments],
        cwd=repo,
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": str(repo.parent / "home")},
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


def workflow(*globs: str) -> str:
    listed = ", ".join(f'"{glob}"' for glob in globs)
    return f"""
        workflow w {{
          job j {{
            condition = changed({listed})
            run "true"
          }}
        }}
        """


@pytest.fixture
def repo(flow: Flow, needs_tool: Callable[[str], str]) -> Path:
    needs_tool("git")
    repo = flow.place.repo
    git(repo, "init", "--quiet", "--initial-branch=main")
    for name in ("top.py", "src/a.py", "src/deep/b.py", "docs/x.md", "odd [1] é.txt"):
        flow.say(name, "first\n")
    flow.say(".gitignore", "ignored*\n")
    git(repo, "add", "--all")
    git(repo, "commit", "--quiet", "--message=first")
    return repo


@pytest.mark.parametrize(
    ("touched", "globs", "differs"),
    [
        ([], ["*"], False),
        (["src/a.py"], ["*.py"], True),
        (["src/a.py"], ["/*.py"], False),
        (["top.py"], ["/*.py"], True),
        (["src/deep/b.py"], ["src/"], True),
        (["src/deep/b.py"], ["src"], True),
        (["src/deep/b.py"], ["src/*.py"], False),
        (["src/deep/b.py"], ["src/**/*.py"], True),
        (["src/a.py"], ["src/**/*.py"], True),
        (["src/deep/b.py"], ["deep/"], True),
        (["docs/x.md"], ["src/", "*.md"], True),
        (["docs/x.md"], ["src/", "*.py"], False),
        (["docs/x.md"], ["*", "!docs/"], False),
        (["docs/x.md", "src/a.py"], ["*", "!docs/"], True),
        (["new/file.py"], ["*.py"], True),
        (["ignored.py"], ["*.py"], False),
        (["odd [1] é.txt"], ["*é.txt"], True),
    ],
)
def test_uncommitted_and_untracked(
    flow: Flow, repo: Path, touched: list[str], globs: list[str], differs: bool
) -> None:
    for name in touched:
        flow.say(name, "second\n")
    run = flow(workflow(*globs))
    assert run.jobs == {"j": "success" if differs else "skipped"}
    assert run.warnings() == []


def test_the_base_of_a_branch_is_where_it_left_main(flow: Flow, repo: Path) -> None:
    git(repo, "checkout", "--quiet", "-b", "topic")
    flow.say("src/a.py", "second\n")
    git(repo, "commit", "--quiet", "--all", "--message=second")
    flow.say("top.py", "second\n")
    git(repo, "commit", "--quiet", "--all", "--message=third")
    script = flow.build(workflow("src/"))
    assert flow(script).jobs == {"j": "success"}
    assert flow(script, env={"NIXACTIONS_BASE": "HEAD~1"}).jobs == {"j": "skipped"}
    assert flow(script, env={"NIXACTIONS_BASE": "HEAD~2"}).jobs == {"j": "success"}


def test_in_a_directory_below(flow: Flow, repo: Path) -> None:
    flow.say("src/a.py", "second\n")
    assert flow(workflow("/a.py"), cwd=repo / "src").jobs == {"j": "success"}


def test_deleted_and_staged(flow: Flow, repo: Path) -> None:
    (repo / "docs/x.md").unlink()
    assert flow(workflow("docs/")).jobs == {"j": "success"}
    git(repo, "add", "--all")
    assert flow(workflow("docs/")).jobs == {"j": "success"}


def test_without_a_repository_it_is_true_with_a_warning(flow: Flow) -> None:
    run = flow(workflow("*.py"))
    assert run.jobs == {"j": "success"}
    assert len(run.warnings()) == 1
    assert "changed()" in run.warnings()[0]


def test_without_a_commit_or_a_base_it_is_true_with_a_warning(
    flow: Flow, needs_tool: Callable[[str], str]
) -> None:
    needs_tool("git")
    git(flow.place.repo, "init", "--quiet")
    run = flow(workflow("*.py"))
    assert run.jobs == {"j": "success"}
    assert len(run.warnings()) == 1


def test_a_base_that_does_not_exist(flow: Flow, repo: Path) -> None:
    run = flow(workflow("*.py"), env={"NIXACTIONS_BASE": "no-such-commit"})
    assert run.jobs == {"j": "success"}
    assert len(run.warnings()) == 1


def test_of_a_step(flow: Flow, repo: Path) -> None:
    flow.say("src/a.py", "second\n")
    run = flow(
        """
        workflow w {
          job j {
            step "sources" {
              condition = changed("src/")
              run       = "true"
            }
            step "docs" {
              condition = changed("docs/")
              run       = "true"
            }
          }
        }
        """
    )
    assert run.steps("j") == {"sources": "success", "docs": "skipped"}
