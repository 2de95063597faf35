"""Any text gives diagnostics or a script, never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis.strategies import SearchStrategy

from tests.property import texts
from tests.property.compiling import Compiler
from tests.property.holding import hold, parts

#: Strategies with how many examples of each are tried in a part.
TRIED = {
    "bytes": (texts.bytes_at_random, 400),
    "unicode": (texts.unicode_at_random, 400),
    "words": (texts.words_at_random, 500),
    "spaced words": (texts.spaced_words, 500),
    "files made up": (texts.files_made_up(), 500),
    "examples changed": (texts.examples_changed(), 500),
}


def test_enough_is_tried() -> None:
    assert sum(count for _, count in TRIED.values()) * len(parts.args[1]) >= 10_000


@parts
@pytest.mark.parametrize(("examples", "count"), TRIED.values(), ids=TRIED)
def test_any_text(
    examples: SearchStrategy[str | bytes], count: int, part: int, memory: Path
) -> None:
    compiler = Compiler(memory)
    hold(examples, compiler.builds, part=part, count=count)
