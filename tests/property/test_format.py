"""The layout of any source: stable, complete, of the same meaning."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from random import Random

from hypothesis import strategies as st

from nixc import driver
from nixc.source import Source
from nixc.syntax.errors import Errors
from nixc.syntax.format import Edit, format_source, format_text
from nixc.syntax.lexer import lex
from tests.property import texts
from tests.property.holding import SEED, hold, parts
from tests.syntax.meaning import commented, meaning, reading_order, untidied
from tests.syntax.reading import read
from tests.syntax.sources import Sources

#: Seeds rather than choices: what is made of one is too much for hypothesis to make smaller.
seeds = st.integers(0, 2**40)


def source(seed: int) -> str:
    return Sources(Random(seed)).file()


@parts
def test_any_source(part: int) -> None:
    hold(seeds, holds_for, part=part, count=150)


def holds_for(seed: int) -> None:
    before = source(seed)
    after = format_text(before)
    assert format_text(after) == after
    assert meaning(after) == meaning(before)
    assert reading_order(after) == reading_order(before)
    assert commented(after) == commented(before)
    assert format_text(untidied(before, Random(seed))) == after
    assert_tidy(after)


@parts
def test_any_choice_of_edits(part: int) -> None:
    hold(seeds, edits_hold_for, part=part, count=50)


def edits_hold_for(seed: int) -> None:
    before = source(seed)
    found = format_source(Source("x.nxa", before))
    assert edited(before, found.edits) == found.text
    random = Random(seed)
    some = edited(before, [edit for edit in found.edits if random.random() < 0.5])
    assert meaning(some) == meaning(before)
    assert reading_order(some) == reading_order(before)


@parts
def test_the_built_script_stays(part: int, memory: Path) -> None:
    file = memory / "ci.nxa"
    print(f"part {part} of NIXC_SEED={SEED // 1000}")
    random = Random(SEED + part)
    for text, script in compilable(file, random, made_up=5, changed=25):
        assert built(file, format_text(text)) == script
        assert built(file, untidied(text, random)) == script


def compilable(
    file: Path, random: Random, *, made_up: int, changed: int
) -> Iterator[tuple[str, str]]:
    """So many texts of both sorts that can be compiled, with their scripts: one of thirty that are
    made up, one of five examples changed."""
    examples = [path.read_text(encoding="utf-8") for path in texts.EXAMPLES]
    makers = ((texts.made_up, made_up), (partial(texts.changed, examples=examples), changed))
    for make, count in makers:
        tried = (make(random.randrange(2**40)).replace("\r\n", "\n") for _ in range(100 * count))
        scripts = ((text, script) for text in tried if (script := built(file, text)) is not None)
        found = 0
        for found, pair in enumerate(islice(scripts, count), 1):  # noqa: B007
            yield pair
        assert found == count, "too few texts can be compiled"


def built(file: Path, text: str) -> str | None:
    """The script that is made of a text; None if it has errors."""
    file.write_text(text, encoding="utf-8")
    return driver.build(str(file), shellcheck=False).script


def test_the_sources_are_sources() -> None:
    found = [source(seed) for seed in range(200)]
    assert all(not read(text).diagnostics for text in found)
    # So much of what is hard comes along that the properties mean something.
    for sign in ("# ", "{", '"""', "&&", "||", "!", "\t", ",\n", "job", "oci", "f("):
        assert sum(sign in text for text in found) > 20, sign


def edited(text: str, edits: Iterable[Edit]) -> str:
    for edit in reversed(list(edits)):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


def assert_tidy(text: str) -> None:
    """No blanks at line ends, no two blank lines: raw texts aside."""
    lexed = lex(Source("x.nxa", text), Errors())
    for kind, start, end in reversed(lexed.tokens):
        if kind == "TEXT":
            text = text[:start] + "TEXT" + text[end:]
    lines = text.split("\n")
    assert [line for line in lines if line != line.rstrip()] == []
    assert "\n\n\n" not in text
    assert not text.startswith("\n")
    assert text == "" or (text.endswith("\n") and not text.endswith("\n\n"))
