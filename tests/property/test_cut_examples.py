"""Every prefix of every example, and every example with one character left out.

Every eighth of them is built; a text that can be built differs from the whole one in a shell text,
mostly.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.harness import ROOT
from tests.property.compiling import Compiler
from tests.property.texts import EXAMPLES

#: One of so many is built.
BUILT = 8


@pytest.fixture
def compiler(example: Path, memory: Path) -> Compiler:
    """Compiles in place of the example, in a copy of its folder: its imports are there."""
    folder = memory / "copy"
    shutil.copytree(example.parent, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return Compiler(folder, example.name)


examples = pytest.mark.parametrize(
    "example", EXAMPLES, ids=lambda path: str(path.relative_to(ROOT).with_suffix(""))
)


@examples
def test_every_prefix(example: Path, compiler: Compiler) -> None:
    text = example.read_text(encoding="utf-8")
    for end in range(len(text)):
        _tried(compiler, text[:end], end)


@examples
def test_every_deletion_of_a_character(example: Path, compiler: Compiler) -> None:
    text = example.read_text(encoding="utf-8")
    for at in range(len(text)):
        _tried(compiler, text[:at] + text[at + 1 :], at)


def _tried(compiler: Compiler, text: str, number: int) -> None:
    if number % BUILT:
        compiler.checks(text)
    else:
        compiler.builds(text)
