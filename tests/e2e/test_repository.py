"""What a job finds in its directory: copies of the repository, and where it works."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from tests.e2e.runs import Flow

BASH = '"""'


def job(script: str, executor: str = "local { copyRepo = true }", fields: str = "") -> str:
    return f"""
        workflow w {{
          job j {{
            executor = {executor}
            {fields}
            run {BASH}
              {script}
            {BASH}
          }}
        }}
        """


FIND = "find . | LC_ALL=C sort"


def test_a_copy_has_everything(flow: Flow) -> None:
    repo = flow.place.repo
    for name in (".dot", "..odd", ".git/config", "a b/c", "-rf", "line\nbreak", "empty/x"):
        flow.say(name, name)
    (repo / "empty/x").unlink()
    (repo / "a b/c").chmod(0o754)
    (repo / "link").symlink_to("a b/c")
    (repo / "dangling").symlink_to("nowhere")
    os.utime(repo / ".dot", (1_000_000_000, 1_000_000_000))
    run = flow(
        job(
            "find . -print0 | tr '\\n\\0' '@\\n' | LC_ALL=C sort; readlink link dangling;"
            " ls -l 'a b/c' | cut -c1-10; date -ur .dot +%Y; pwd -P"
        )
    )
    *found, link, dangling, mode, year, where = run.output("j")
    names = ["-rf", "..odd", ".dot", ".git", ".git/config", "a b", "a b/c", "dangling", "empty"]
    names += ["line@break", "link"]
    assert found == sorted([".", *(f"./{name}" for name in names)])
    assert (link, dangling, mode, year) == ("a b/c", "nowhere", "-rwxr-xr--", "2001")
    assert Path(where).parent.parent.parent.parent == flow.place.workspaces.resolve()


def test_without_a_copy(flow: Flow) -> None:
    flow.say("file")
    assert flow(job(FIND, "local { copyRepo = false }")).output("j") == ["."]


def test_jobs_have_copies_of_their_own(flow: Flow) -> None:
    flow.say("file", "original\n")
    run = flow(
        """
        workflow w {
          job a { run "echo changed > file; touch new" }
          job b {
            needs = [a]
            run "cat file; ls"
          }
        }
        """
    )
    assert run.output("b") == ["original", "file"]
    assert (flow.place.repo / "file").read_text() == "original\n"


@pytest.mark.parametrize("inside", ["TMPDIR", "NIXACTIONS_HOME", "both", "deep"])
def test_our_own_directories_inside_the_repository(flow: Flow, inside: str) -> None:
    repo = flow.place.repo
    for name in ("file", "a/file", "a/b [x]/file", "a/b [x]/.dot"):
        flow.say(name)
    (repo / "a/b [x]/tmp").mkdir()
    variables = {
        "TMPDIR": {"TMPDIR": str(repo)},
        "NIXACTIONS_HOME": {"NIXACTIONS_HOME": str(repo / ".nixactions")},
        "both": {"TMPDIR": str(repo / "a"), "NIXACTIONS_HOME": str(repo / "a/home")},
        "deep": {"TMPDIR": str(repo / "a/b [x]/tmp")},
    }[inside]
    run = flow(job(f"{FIND} -u"), env=variables)
    expected = [".", "./a", "./a/b [x]", "./a/b [x]/.dot", "./a/b [x]/file", "./a/b [x]/tmp"]
    expected += ["./a/file", "./file"]
    assert run.output("j") == expected
    assert flow(flow.place.root / "ci.sh", env=variables).output("j") == expected


@pytest.mark.parametrize(
    "name", ["with blank", "quote'\"", "$(touch canary)", "-C", "é*[a]", "a\nb"]
)
def test_odd_directories(flow: Flow, name: str) -> None:
    here = flow.place.repo / name
    (here / "tmp").mkdir(parents=True)
    (here / "file").write_text("1")
    run = flow(
        job("cat file; pwd | wc -l | tr -d ' '"),
        cwd=here,
        env={"TMPDIR": str(here / "tmp"), "NIXACTIONS_HOME": str(here / "home")},
    )
    assert run.status == 0, run.stderr
    assert "".join(run.output("j")).startswith("1")
    assert list((here / "tmp" / "nixactions").iterdir()) == []
    assert not list(flow.place.root.rglob("canary"))


def test_the_repository_can_be_named(flow: Flow) -> None:
    flow.say("sub dir/file", "inside\n")
    script = flow.build(job("cat file", fields='condition = "[ -e file ]"'))
    assert flow(script, "-C", "sub dir").output("j") == ["inside"]
    run = flow(script, f"--directory={flow.place.repo}/sub dir", cwd=Path("/"))
    assert run.output("j") == ["inside"]
    missing = flow(script, "-C", "nowhere")
    assert (missing.status, missing.stdout) == (2, b"")
    assert "nowhere" in missing.stderr


def test_workdir(flow: Flow) -> None:
    flow.say("sub dir/deep/file")
    run = flow(
        """
        workflow w {
          job j {
            workdir = "sub dir"
            step "job" { run = "ls; echo \\"${PWD#\\"$JOB_DIR\\"}\\"" }
            step "step" {
              workdir = "sub dir/deep"
              run     = "ls"
            }
            step "missing" {
              workdir         = "nowhere"
              continueOnError = true
              run             = "true"
            }
            step "made" {
              workdir = "."
              run     = "ls"
            }
          }
        }
        """
    )
    assert run.output("j", "job") == ["deep", "/sub dir"]
    assert run.output("j", "step") == ["file"]
    assert run.steps("j")["missing"] == "failure"
    assert run.output("j", "made") == ["sub dir"]


def test_workspaces_are_private_and_go(flow: Flow) -> None:
    run = flow(job("pwd; umask; ls -ld . .. ../.. | cut -c1-10"))
    assert run.output("j")[2:] == ["drwx------"] * 3
    assert list(flow.place.workspaces.iterdir()) == []
    assert stat.S_IMODE(flow.place.workspaces.stat().st_mode) == 0o700


@pytest.mark.parametrize("how", ["option", "variable"])
def test_workspaces_can_be_kept(flow: Flow, how: str) -> None:
    script = flow.build(job("touch made"))
    if how == "option":
        flow(script, "--keep-workspace")
    else:
        flow(script, env={"NIXACTIONS_KEEP_WORKSPACE": "1"})
    (kept,) = flow.place.workspaces.iterdir()
    assert (kept / "local/jobs/j/made").exists()


def test_read_only_leftovers_are_removed(flow: Flow) -> None:
    run = flow(job("mkdir -p a/b; touch a/b/c; chmod 500 a/b a"))
    assert run.warnings() == []
    assert list(flow.place.workspaces.iterdir()) == []


@pytest.mark.parametrize("mask", [0o022, 0o077, 0o002])
def test_steps_have_the_callers_umask(flow: Flow, mask: int) -> None:
    text = job("umask; touch made; ls -l made | cut -c1-10", fields='condition = "umask"')

    def prepare() -> None:
        os.umask(mask)

    run = flow.start(text, prepare=prepare).end()
    mode = stat.filemode(stat.S_IFREG | (0o666 & ~mask))
    assert run.output("j") == [f"{mask:04o}", f"{mask:04o}", mode]
