"""What the documents show works."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from nixc import driver
from nixc.report import text as text_report
from tests import fragments
from tests.conftest import Build, RunScript
from tests.harness import ROOT, Place, run_process

_FENCE = re.compile(r"^```(\S+)( fragment)?\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?!https?:)([^)#]+)")

_LEFT_OUT = re.compile(r"/(\.|build/|dist/|node_modules/)")

#: All pages of the project; what the reference shows of single fields stands for itself.
DOCUMENTS = [
    path
    for path in sorted(ROOT.glob("*.md")) + sorted(ROOT.glob("*/**/*.md"))
    if not _LEFT_OUT.search(f"/{path.relative_to(ROOT)}")
]
REFERENCE = ROOT / "grammar" / "reference.md"
README = ROOT / "README.md"
EXAMPLES = sorted((ROOT / "examples").glob("*.nxa"))


@dataclass(frozen=True)
class Block:
    """A fenced block of a document; a fragment says so behind its language."""

    document: Path
    language: str
    fragment: bool
    text: str


def blocks(*languages: str) -> list[Block]:
    return [
        Block(document, language, bool(fragment), text)
        for document in DOCUMENTS
        for language, fragment, text in _FENCE.findall(document.read_text(encoding="utf-8"))
        if language in languages
    ]


def named(found: Iterable[Block]) -> list[object]:
    """The blocks as parameters of a test, named by their documents."""
    return [
        pytest.param(block, id=f"{block.document.relative_to(ROOT)}-{index}")
        for index, block in enumerate(found)
    ]


WORKFLOWS = [
    block for block in blocks("nxa") if "workflow " in block.text and block.document == README
]


@pytest.mark.parametrize("block", named(WORKFLOWS))
def test_a_workflow_in_the_readme_runs(build: Build, run_script: RunScript, block: Block) -> None:
    ran = run_script(build(block.text, shellcheck=True))
    assert ran.status == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize(
    "block", named(block for block in blocks("nxa") if block.document != REFERENCE)
)
def test_a_block_compiles(block: Block, tmp_path: Path) -> None:
    """Only what is marked as a fragment is made whole first; unused names are part of both."""
    path = tmp_path / "example.nxa"
    if block.fragment:
        path = fragments.write(block.text, tmp_path)
    else:
        path.write_text(block.text, encoding="utf-8")
    found = driver.check([str(path)], shellcheck=True).diagnostics
    found = tuple(one for one in found if one.code not in ("NX701", "NX702"))
    assert text_report.render(found, colour=False) == ""


def commands(block: Block) -> list[str]:
    """The commands of a block that shows a terminal, those aside that CI itself runs."""
    lines = [line[2:] for line in block.text.splitlines() if line.startswith("$ ")]
    return [line for line in lines if not line.startswith(("git clone", "make "))]


CONSOLES = [block for block in blocks("console") if commands(block)]


@pytest.mark.parametrize("block", named(CONSOLES))
def test_commands_run(block: Block, place: Place) -> None:
    (place.repo / "ci.nxa").write_text(WORKFLOWS[0].text, encoding="utf-8")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for command in commands(block):
        ran = run_process(
            ["bash", "-c", command], cwd=place.repo, env=place.environment({"PATH": path})
        )
        assert ran.status == 0, f"{command}\n{ran.stdout}{ran.stderr}"


@pytest.mark.parametrize("block", named(blocks("bash", "sh")))
def test_shell_can_be_read(block: Block) -> None:
    ran = subprocess.run(["bash", "-n"], input=block.text, capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_the_readme_shows_what_is_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (block,) = (block for block in blocks("text") if block.document == README)
    number, line = re.findall(r"^(\d+) \| (.+)$", block.text, re.MULTILINE)[0]
    above = ["workflow ci {", "  job greet {", *([""] * (int(number) - 3))]
    monkeypatch.chdir(tmp_path)
    Path("ci.nxa").write_text("\n".join([*above, line, "  }", "}\n"]), encoding="utf-8")
    (found,) = driver.check(["ci.nxa"], shellcheck=True).diagnostics
    assert text_report.render([found], colour=False).startswith(block.text)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    links = _LINK.findall(document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_make_targets_that_are_named_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for document in DOCUMENTS:
        for target in re.findall(r"`make ([a-z]+)`", document.read_text(encoding="utf-8")):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"{document.name}: {target}"


def test_every_example_is_free_of_findings() -> None:
    result = driver.check([str(ROOT / "examples")], shellcheck=True)
    assert result.troubles == ()
    assert text_report.render(result.diagnostics, colour=False) == ""


@pytest.mark.parametrize(
    "example", [path for path in EXAMPLES if path.stem != "ci"], ids=lambda path: path.stem
)
def test_every_example_runs(example: Path, tmp_path: Path, run_script: RunScript) -> None:
    result = driver.build(str(example), shellcheck=False)
    assert result.script is not None
    script = tmp_path / "example.sh"
    script.write_text(result.script)
    ran = run_script(script)
    assert ran.status == 0, ran.stdout + ran.stderr


def test_examples_explain_themselves() -> None:
    for example in EXAMPLES:
        text = example.read_text(encoding="utf-8")
        assert text.startswith("# "), example.name
        for name in re.findall(r"(?<=\n)  job (\S+)", text):
            assert re.search(rf"  # .+\n  job {name}\b", text), f"{example.name}: {name}"


def test_the_same_example_gives_the_same_bytes() -> None:
    path = str(ROOT / "examples" / "demo.nxa")
    first, second = (driver.build(path, shellcheck=False).script for _ in range(2))
    assert first == second


def test_built_scripts_pass_bash(build: Build) -> None:
    script = build((ROOT / "examples" / "demo.nxa").read_text(encoding="utf-8"))
    ran = subprocess.run(["bash", "-n", script], capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")
