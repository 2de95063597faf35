"""The one layout: what it looks like, and what it leaves alone."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest

from nixc.source import Source
from nixc.syntax.format import format_source, format_text
from tests.harness import ROOT
from tests.syntax.meaning import meaning, reading_order, untidied
from tests.syntax.reading import EXAMPLE, read

CASES = ROOT / "tests" / "cases"
BEFORE = sorted((CASES / "fmt").glob("*.before.nxa"))
#: What is in the layout already, and stays pleasant to read by it.
TIDY = sorted([*ROOT.glob("examples/**/*.nxa"), *ROOT.glob("compiler/nixc/std/*.nxa")])
#: What is written as it came.
UNTIDY = [
    path
    for path in sorted([*CASES.glob("ok/*.nxa"), *CASES.glob("err/*.nxa")])
    if not read(path.read_text()).diagnostics
]
_BLOCK = re.compile(r"^```nxa\n(.*?)^```", re.MULTILINE | re.DOTALL)
BLOCKS = [
    pytest.param(block, id=f"{document.name}-{index}")
    for document in sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
    for index, block in enumerate(_BLOCK.findall(document.read_text(encoding="utf-8")))
]


def name(path: Path) -> str:
    return path.name.removesuffix(".before.nxa").removesuffix(".nxa")


@pytest.mark.parametrize("path", BEFORE, ids=name)
def test_case(path: Path) -> None:
    before = path.read_text(encoding="utf-8")
    after = path.with_name(f"{name(path)}.after.nxa").read_text(encoding="utf-8")
    assert format_text(before) == after
    assert format_text(after) == after
    assert meaning(after) == meaning(before)
    assert reading_order(after) == reading_order(before)


@pytest.mark.parametrize("path", TIDY, ids=name)
def test_our_own_sources_are_in_the_layout(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert format_text(text) == text
    assert format_text(untidied(text, Random(1))) == text


def test_the_example_of_the_language_is_in_the_layout() -> None:
    assert format_text(EXAMPLE) == EXAMPLE
    assert format_text(untidied(EXAMPLE, Random(1))) == EXAMPLE


@pytest.mark.parametrize("block", BLOCKS)
def test_what_documents_show_is_in_the_layout(block: str) -> None:
    assert format_text(block) == block


@pytest.mark.parametrize("path", UNTIDY, ids=name)
def test_meaning_stays(path: Path) -> None:
    before = path.read_text(encoding="utf-8")
    after = format_text(before)
    assert meaning(after) == meaning(before)
    assert reading_order(after) == reading_order(before)
    assert format_text(after) == after


@pytest.mark.parametrize(
    "text", ["let a =\n", "  job a {\n", 'x = "', "a = ]", "#\n let  a =  007"]
)
def test_a_text_with_syntax_errors_stays_as_it_is(text: str) -> None:
    assert format_text(text) == text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        (" \n\n\t\n", ""),
        ("a=1", "a = 1\n"),
        ("a = 1\n\n\n", "a = 1\n"),
        ("\n\n#x \t", "#x\n"),
        (
            "\ufeffa=1\r\nb='''\r\n".replace("'''", '"""\r\n  x\r\n"""'),
            'a = 1\nb = """\n  x\n"""\n',
        ),
    ],
)
def test_ends_of_lines_and_files(before: str, after: str) -> None:
    assert format_text(before) == after


def test_the_deepest_nesting() -> None:
    text = "let a = " + "[\n" * 200 + "]" * 200
    after = format_text(text)
    assert after != text
    assert format_text(after) == after
    blocks = "parallel {" * 200 + "}" * 200
    assert format_text(blocks).count("\n") == 2 * 199 + 1


def test_edits_are_as_small_as_a_field() -> None:
    before = "job a {\n  timeout=1h\n  deps = []\n\n  # x\n  run  'x'\n}\nlet b   = 1\n"
    source = Source("x.nxa", before)
    found = [(edit.span.text, edit.text) for edit in format_source(source).edits]
    assert found == [
        ("timeout=1h", "timeout = 1h"),
        ("deps = []", "deps    = []"),
        ("# x\n  run  'x'", "# x\n  run 'x'"),
        ("\n", "\n\n"),
        ("let b   = 1", "let b = 1"),
    ]
