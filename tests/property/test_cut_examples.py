"""Every prefix of every example, and every example with one character left out.

Every eighth of them is built; a text that can be built differs from the whole one in a shell text,
mostly.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.harness import ROOT
from tests.property.compiling import Compiler
from tests.property.texts import EXAMPLES

#: One of so many is built.
BUILT = 8

#: Characters of an example that one test cuts at, so that tests are alike long.
STRETCH = 500


def _stretches() -> Iterable[object]:
    for path in EXAMPLES:
        name = str(path.relative_to(ROOT).with_suffix(""))
        for start in range(0, len(path.read_text(encoding="utf-8")), STRETCH):
            yield pytest.param(path, start, id=f"{name}-{start}")


@pytest.fixture
def compiler(example: Path, memory: Path) -> Compiler:
    """Compiles in place of the example, in a copy of its folder: its imports are there."""
    folder = memory / "copy"
    shutil.copytree(example.parent, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return Compiler(folder, example.name)


stretches = pytest.mark.parametrize(("example", "start"), list(_stretches()))


@stretches
def test_every_prefix(example: Path, start: int, compiler: Compiler) -> None:
    text = example.read_text(encoding="utf-8")
    _tried(compiler, [text[:end] for end in _places(text, start)])


@stretches
def test_every_deletion_of_a_character(example: Path, start: int, compiler: Compiler) -> None:
    text = example.read_text(encoding="utf-8")
    # In a row of blanks it is all the same which one is left out.
    _tried(compiler, dict.fromkeys(text[:at] + text[at + 1 :] for at in _places(text, start)))


def _places(text: str, start: int) -> range:
    return range(start, min(start + STRETCH, len(text)))


def _tried(compiler: Compiler, texts: Iterable[str]) -> None:
    for number, text in enumerate(texts):
        if number % BUILT:
            compiler.checks(text)
        else:
            compiler.builds(text)
