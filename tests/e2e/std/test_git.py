"""`std:git`: the commit asked for, the files that changed, the user's repository untouched."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.runs import Flow, Run
from tests.e2e.std import projects
from tests.e2e.std.projects import commit, git
from tests.project.test_userlands import bash_and_links

NeedsTool = Callable[[str], str]


@pytest.fixture
def repo(flow: Flow) -> Path:
    """Two commits on `main`, the first one tagged `v1`, and a branch `side`."""
    projects.fill(flow.place, "git")
    repo = flow.place.repo
    git(repo, "tag", "v1")
    git(repo, "branch", "side")
    flow.say("a.py", "print(2)\n")
    commit(repo, "second")
    return repo


def use(flow: Flow, call: str, then: str = "cat a.py", **options: str) -> Run:
    fields = "".join(f"{name} = {value}\n" for name, value in options.items())
    return flow(f"""
        import "std:git" as git
        workflow w {{
          job j {{
            {fields}
            use git.{call}
            run '{then}'
          }}
        }}
    """)


@pytest.mark.parametrize("ref", ["v1", "side", "HEAD~1"])
def test_checkout_takes_what_names_a_commit(ref: str, flow: Flow, repo: Path) -> None:
    flow.say("a.py", "print('not committed')\n")
    ran = use(flow, f'checkout(ref = "{ref}")')
    assert ran.status == 0, ran.text
    assert ran.output()[-1] == "print(1)"
    # The job has a copy: here nothing has changed.
    assert (repo / "a.py").read_text() == "print('not committed')\n"
    assert git(repo, "rev-parse", "--abbrev-ref", "HEAD") == "main"


def test_checkout_finds_a_branch_that_only_origin_has(flow: Flow, repo: Path) -> None:
    clone = flow.place.root / "clone"
    git(repo, "clone", "-q", ".", str(clone))
    text = """
        import "std:git" as git
        workflow w {
          job j {
            use git.checkout(ref = "side")
          }
        }
    """
    ran = flow(text, cwd=clone)
    assert (ran.status, ran.output()) == (
        0,
        [f"at {git(repo, 'rev-parse', '--short', 'v1')} first"],
    )


def test_checkout_says_which_commit_there_is_not(flow: Flow, repo: Path) -> None:
    ran = use(flow, 'checkout(ref = "v7")')
    assert ran.status == 1
    said = "git.checkout: there is no commit 'v7' in this copy: fetch it first, or give repository"
    assert ran.output() == [said]


@pytest.mark.parametrize("ref", ["--help", ""])
def test_a_ref_is_no_option(ref: str, flow: Flow, repo: Path) -> None:
    ran = use(flow, f'checkout(ref = "{ref}")')
    assert (ran.status, ran.output()) == (
        1,
        [f"git.checkout: ref is a branch, a tag or a commit, not '{ref}'"],
    )


def test_checkout_of_a_work_tree_leaves_the_original_alone(flow: Flow, repo: Path) -> None:
    tree = flow.place.root / "tree"
    git(repo, "worktree", "add", "-q", "--detach", str(tree), "main")
    (tree / "a.py").write_text("print(3)\n")
    here = commit(tree, "only here")
    text = """
        import "std:git" as git
        workflow w {
          job j {
            use git.checkout(ref = "HEAD")
            use git.checkout(ref = "v1")
          }
        }
    """
    ran = flow(text, cwd=tree)
    assert ran.status == 0, ran.text
    assert [line.split(" ", 2)[2] for line in ran.output()] == ["only here", "first"]
    assert git(tree, "rev-parse", "HEAD") == here
    assert git(tree, "status", "--porcelain") == ""


@pytest.mark.parametrize(("depth", "commits"), [("1", "1"), ("0", "2")])
def test_checkout_of_another_repository(depth: str, commits: str, flow: Flow, repo: Path) -> None:
    other = flow.place.root / "other"
    git(repo, "clone", "-q", ".", str(other))
    call = f'checkout(repository = "file://{other}", ref = "main", path = "lib", depth = {depth})'
    ran = use(flow, call, "cat lib/a.py; git -C lib rev-list --count HEAD")
    assert ran.status == 0, ran.text
    assert ran.output()[-2:] == ["print(2)", commits]


@pytest.mark.parametrize(("submodules", "found"), [("true", ["print(1)"]), ("false", [])])
def test_submodules_come_if_wanted(
    submodules: str, found: list[str], flow: Flow, repo: Path
) -> None:
    # Git distrusts submodules on this very machine unless told.
    trust = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "protocol.file.allow"}
    trust["GIT_CONFIG_VALUE_0"] = "always"
    other = flow.place.root / "other"
    git(repo, "clone", "-q", ".", str(other), "-b", "side")
    source = flow.place.root / "source"
    git(repo, "clone", "-q", ".", str(source))
    git(source, "-c", "protocol.file.allow=always", "submodule", "-q", "add", str(other), "sub")
    commit(source, "with a submodule")
    text = f"""
        import "std:git" as git
        workflow w {{
          job j {{
            use git.checkout(repository = "file://{source}", path = "x", submodules = {submodules})
            step "show" {{ run = "cat x/sub/a.py 2>/dev/null || true" }}
          }}
        }}
    """
    ran = flow(text, env=trust)
    assert ran.status == 0, ran.text
    assert ran.output(step="show") == found


def test_another_repository_does_not_overwrite(flow: Flow, repo: Path) -> None:
    ran = use(flow, 'checkout(repository = "file:///nowhere", path = "docs")')
    said = "git.checkout: 'docs' is not empty: give another path"
    assert (ran.status, ran.output()) == (1, [said])


def test_another_repository_that_is_not_there(flow: Flow, repo: Path) -> None:
    ran = use(flow, 'checkout(repository = "file:///nowhere", path = "lib")')
    assert ran.status == 1
    assert ran.output()[-1] == "git.checkout: cannot fetch 'HEAD'"


@pytest.mark.parametrize("call", ["checkout()", "changes()"])
def test_a_repository_further_up_is_not_taken(call: str, flow: Flow, repo: Path) -> None:
    """Workspaces may lie in the user's repository; that one is no copy."""
    head = git(repo, "rev-parse", "HEAD")
    tmp = repo / "tmp"
    tmp.mkdir()
    text = f"""
        import "std:git" as git
        executor bare = local {{ copyRepo = false }}
        workflow w {{
          job j {{
            executor = bare
            use git.{call}
          }}
        }}
    """
    ran = flow(text, env={"TMPDIR": str(tmp)})
    assert ran.status == 1
    assert "no git repository in the job's directory" in ran.output()[-1]
    assert git(repo, "rev-parse", "HEAD") == head


def test_git_bash_and_busybox_are_enough(flow: Flow, repo: Path, needs_tool: NeedsTool) -> None:
    busybox, git = needs_tool("busybox"), needs_tool("git")
    listed = subprocess.run([busybox, "--list"], capture_output=True, text=True, check=True)
    path = bash_and_links(flow.place.root / "box", busybox, listed.stdout.split())
    (path / "git").symlink_to(git)
    text = f"""
        import "std:git" as git
        workflow w {{
          job j {{
            use git.changes(base = "v1")
            use git.checkout(ref = "v1")
            use git.checkout(repository = "file://{repo}", path = "again")
          }}
        }}
    """
    ran = flow(text, env={"PATH": str(path)})
    assert ran.status == 0, ran.text
    assert ran.output()[0].endswith(": a.py")


def changes(flow: Flow, call: str, base: str | None = None) -> tuple[str, list[str]]:
    """What `git.changes` gives to later steps: CHANGED and CHANGED_FILES."""
    ran = flow(
        f"""
        import "std:git" as git
        workflow w {{
          job j {{
            use git.{call}
            step "show" {{ run = 'echo "$CHANGED"; echo "$CHANGED_FILES"' }}
          }}
        }}
        """,
        env={"NIXACTIONS_BASE": base} if base else {},
    )
    assert ran.status == 0, ran.text
    changed, *files = ran.output(step="show")
    return changed, [file for file in files if file]


def test_changes_are_committed_uncommitted_and_new(flow: Flow, repo: Path) -> None:
    git(repo, "checkout", "-q", "-b", "work")
    flow.say("committed.py")
    commit(repo, "third")
    flow.say("docs/a.md", "changed\n")
    flow.say("new ä.txt")
    expected = ["committed.py", "docs/a.md", "new ä.txt"]
    assert changes(flow, "changes()") == ("true", expected)
    assert changes(flow, 'changes(paths = "*.py docs")') == ("true", expected[:2])
    assert changes(flow, 'changes(paths = "*.rs")') == ("false", [])
    assert changes(flow, 'changes(paths = "a.py", base = "v1")') == ("true", ["a.py"])
    assert changes(flow, 'changes(paths = "a.py")', base="v1") == ("true", ["a.py"])


def test_nothing_has_changed(flow: Flow, repo: Path) -> None:
    assert changes(flow, "changes()") == ("false", [])


def test_a_name_with_a_line_break_stays_one_line(flow: Flow, repo: Path) -> None:
    flow.say("a\n/\nPATH=x")
    assert changes(flow, "changes()") == ("true", ['"a\\n/\\nPATH=x"'])


def test_changes_can_go_to_a_file(flow: Flow, repo: Path) -> None:
    for number in range(3000):
        flow.say(f"{'long-' * 10}{number}.txt")
    ran = use(flow, "changes()")
    assert ran.status == 1
    assert ran.output()[-1] == "git.changes: the list is too long for a variable: give file"
    ran = use(flow, 'changes(file = "list")', 'wc -l <list; echo "${CHANGED_FILES-none}"')
    assert ran.status == 0
    assert [line.strip() for line in ran.output()[-2:]] == ["3000", "none"]


def test_changes_of_a_base_that_is_not_there(flow: Flow, repo: Path) -> None:
    ran = use(flow, 'changes(base = "v7")')
    assert (ran.status, ran.output()) == (1, ["git.changes: there is no commit 'v7' in this copy"])


def test_other_jobs_can_ask_what_changed(flow: Flow, repo: Path) -> None:
    flow.say("new.py")
    ran = flow("""
        import "std:git" as git
        workflow w {
          job look {
            exports = ["CHANGED"]
            use git.changes(paths = "*.py")
          }
          job test {
            needs     = [look]
            condition = needs.look.CHANGED == "true"
            run "echo tested"
          }
        }
    """)
    assert ran.jobs == {"look": "success", "test": "success"}
