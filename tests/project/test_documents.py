"""What the documents show works."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from nixc import driver
from nixc.report import text as text_report
from tests.conftest import Build, RunScript
from tests.harness import ROOT

_BLOCK = re.compile(r"^```nxa\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?!https?:)([^)#]+)")

DOCUMENTS = sorted(ROOT.glob("*.md"))
BLOCKS = [
    pytest.param(block, id=f"{document.name}-{index}")
    for document in DOCUMENTS
    for index, block in enumerate(_BLOCK.findall(document.read_text(encoding="utf-8")))
]
EXAMPLES = sorted((ROOT / "examples").glob("*.nxa"))


@pytest.mark.parametrize("block", BLOCKS)
def test_a_workflow_in_a_document_runs(build: Build, run_script: RunScript, block: str) -> None:
    ran = run_script(build(block, shellcheck=True))
    assert ran.status == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    links = _LINK.findall(document.read_text(encoding="utf-8"))
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_make_targets_that_are_named_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for document in DOCUMENTS:
        for target in re.findall(r"`make ([a-z]+)`", document.read_text(encoding="utf-8")):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"{document.name}: {target}"


def test_every_example_is_free_of_findings() -> None:
    result = driver.check([str(ROOT / "examples")], shellcheck=True)
    assert result.unreadable == ()
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
