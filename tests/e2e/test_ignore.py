"""`.nxaignore`: what copies of the repository leave out."""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.runs import Flow
from tests.harness import ROOT

FIND = """
    workflow w {
      job j {
        executor = local { copyRepo = MODE }
        run "find . -print0 | tr '\\\\n\\\\0' '@\\\\n' | LC_ALL=C sort"
      }
    }
    """
WHOLE = FIND.replace("MODE", "true")


def test_what_is_left_out(flow: Flow) -> None:
    ignored = ["a.o", "sub/b.o", "build/x", "sub/build/deep/y", "top", "d/c.log", "line\nbreak"]
    kept = ["keep.o", "sub/top", "d/keep.log", "x/build2/f", "line", "-dash", "back\\slash"]
    for name in (*ignored, *kept):
        flow.say(name, name)
    flow.say(
        ".nxaignore",
        "# a comment\n\n*.o\n!keep.o\nbuild/\r\n/top\n*.log\n!d/keep.log\nline?break\n!build/x\n",
    )
    directories = {".", "./sub", "./d", "./x", "./x/build2"}
    assert set(flow(WHOLE).output("j")) == {
        *directories,
        "./.nxaignore",
        *(f"./{name}" for name in kept),
    }


def test_directories_stay_what_they_are(flow: Flow) -> None:
    """Modes, times and links, also of a directory of which something is left out."""
    repo = flow.place.repo
    for name in ("a/b/gone", "a/b/kept", "a/empty/gone"):
        flow.say(name)
    flow.say(".nxaignore", "gone\n")
    (repo / "a/link").symlink_to("b/kept")
    (repo / "a/b").chmod(0o550)
    os.utime(repo / "a/b", (1_000_000_000, 1_000_000_000))
    text = WHOLE.replace(
        "| LC_ALL=C sort",
        "| LC_ALL=C sort; ls -ld a/b | cut -c1-10; date -ur a/b +%Y; readlink a/link",
    )
    *found, mode, year, link = flow(text).output("j")
    assert found == [".", "./.nxaignore", "./a", "./a/b", "./a/b/kept", "./a/empty", "./a/link"]
    assert (mode, year, link) == ("dr-xr-x---", "2001", "b/kept")


@pytest.mark.parametrize("patterns", ["", "# nothing\n", "none\n"])
def test_nothing_to_leave_out(flow: Flow, patterns: str) -> None:
    flow.say("a/b")
    flow.say(".nxaignore", patterns)
    assert flow(WHOLE).output("j") == [".", "./.nxaignore", "./a", "./a/b"]


def test_everything_left_out(flow: Flow) -> None:
    flow.say("a/b")
    flow.say(".nxaignore", "*")
    assert flow(WHOLE).output("j") == ["."]


def test_our_own_directories_are_left_out_too(flow: Flow) -> None:
    repo = flow.place.repo
    flow.say("tmp/kept")
    flow.say("gone")
    flow.say(".nxaignore", "gone\n")
    run = flow(WHOLE, env={"TMPDIR": str(repo / "tmp"), "NIXACTIONS_HOME": str(repo / "home")})
    assert run.output("j") == [".", "./.nxaignore", "./tmp", "./tmp/kept"]


def test_of_what_git_tracks(flow: Flow, needs_tool: Callable[[str], str]) -> None:
    repo = flow.place.repo
    for name in ("run", "a b/-f", "line\nbreak", "out/deep/x", "gone.md", "x.o"):
        flow.say(name, name)
    flow.say(".gitignore", "*.o\n")
    flow.say(".nxaignore", "out/\n*.md\n")
    subprocess.run([needs_tool("git"), "init", "-q"], cwd=repo, check=True)
    subprocess.run(["git", "add", "run", "out", "gone.md"], cwd=repo, check=True)
    assert flow(FIND.replace("MODE", '"tracked"')).output("j") == [
        ".",
        "./.gitignore",
        "./.nxaignore",
        "./a b",
        "./a b/-f",
        "./line@break",
        "./run",
    ]


# --- beside git ---------------------------------------------------------------------------------

LETTERS = "ab.c- [*\\é#!"
PARTS = ["a", "b", "*", "**", "?", "[ab]", "[!a]", "[a-c]", "[]a]", "[^b-]", "[[:alpha:]]"]
PARTS += ["[[:x:]]", "/", "/", "/", "\\a", "\\*", "!", "#", ".", "ab", "é", "[a\\-c]", "[c-a]"]
PARTS += ["[", "]", "***", "-", "\\", "[[:punct:]]", "[[a:]"]


def trees(seed: int) -> Iterator[tuple[list[str], str]]:
    """Paths (a directory's ends with a slash) and patterns, made at random."""
    rnd = random.Random(seed)

    def name() -> str:
        return "".join(rnd.choice(LETTERS) for _ in range(rnd.randint(1, 3)))

    def pattern() -> str:
        parts = [*PARTS, " ", "\\ ", "a b"]
        text = "".join(rnd.choice(parts) for _ in range(rnd.randint(1, 5)))
        return text + rnd.choice(["", "", "", "/", "\r", " "])

    while True:
        names = [[name() for _ in range(rnd.randint(1, 4))] for _ in range(12)]
        paths = ["/".join(each) + rnd.choice(["", "", "/"]) for each in names]
        lines = "\n".join(pattern() for _ in range(rnd.randint(1, 4)))
        yield [path for path in paths if not {".", ".."} & set(path.split("/"))], lines


@pytest.mark.parametrize("awk", ["mawk", "gawk", "busybox"])
def test_the_same_as_git(tmp_path: Path, awk: str, needs_tool: Callable[[str], str]) -> None:
    git = needs_tool("git")
    command = [needs_tool(awk), *(["awk"] if awk == "busybox" else [])]
    made = trees(int(os.environ.get("NIXC_SEED", "1")))
    for number in range(60):
        repo = tmp_path / str(number)
        subprocess.run([git, "init", "-q", str(repo)], check=True)
        paths, patterns = next(made)
        for path in paths:
            grow(repo, path)
        (repo / ".gitignore").write_text(patterns, encoding="utf-8", newline="")
        assert left_out(command, repo) == left_out_by_git(git, repo), (awk, patterns)


def grow(repo: Path, path: str) -> None:
    """Makes a file, or a directory; not where another file is in the way."""
    try:
        (repo / path).parent.mkdir(parents=True, exist_ok=True)
        if path.endswith("/"):
            (repo / path).mkdir(exist_ok=True)
        else:
            (repo / path).touch()
    except (FileExistsError, NotADirectoryError):
        return


def everything(repo: Path) -> list[str]:
    found = (str(path.relative_to(repo)) for path in repo.rglob("*"))
    return [path for path in found if path.split("/")[0] != ".git"]


def left_out_by_git(git: str, repo: Path) -> set[str]:
    command = [git, "check-ignore", "--no-index", "-z", "--stdin"]
    given = "\0".join(everything(repo))
    said = subprocess.run(command, cwd=repo, input=given, capture_output=True, encoding="utf-8")
    assert said.returncode in (0, 1), said.stderr
    return set(said.stdout.split("\0")) - {""}


def left_out(command: list[str], repo: Path) -> set[str]:
    program = (ROOT / "runtime/core/ignore.awk").read_text(encoding="utf-8")
    listing = subprocess.run(
        ["sh", "-c", "find .//. -type d; echo .//; find .//. ! -type d"],
        cwd=repo,
        capture_output=True,
        check=True,
    )
    said = subprocess.run(
        [*command, program],
        input=listing.stdout,
        capture_output=True,
        check=True,
        env={"LC_ALL": "C", "NXA_IGNORE": str(repo / ".gitignore"), "NXA_OURS_1": ".git"},
    )
    assert said.stderr == b""
    lines = said.stdout.decode("utf-8").replace("\\\\", "\\").splitlines()
    roots = [line[4:] for line in lines if line.startswith("i ")]
    return {
        path
        for path in everything(repo)
        if any(path == root or path.startswith(f"{root}/") for root in roots)
    }
