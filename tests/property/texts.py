"""Texts to compile: noise, words of the language at random, files made up, examples changed."""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tests.harness import ROOT
from tests.property.author import ATOMS, OTHERS, TEXTS, Author

#: Every example of the project; they import nothing that a copy elsewhere lacks, or say so.
EXAMPLES = sorted([*ROOT.glob("examples/**/*.nxa"), ROOT / "tests/syntax/example.nxa"])

#: Words and signs of the language, and what is none.
WORDS = (
    *("import", "as", "let", "executor", "action", "template", "workflow", "input", "job", "step"),
    *("run", "use", "parallel", "needs", "matrix", "env", "condition", "timeout", "x", "a-b", "_"),
    *("{", "}", "(", ")", "[", "]", ",", ".", "=", "==", "!=", "&&", "||", "!", "&", ":", "-"),
    *("\n", "\n", "\n  ", "  ", "\t", "\r\n", "\r", "\f", "#", "# nixc: ignore=NX701\n", "\\"),
    *('"', "'", '"""', '""""', '"""python\n', '"${', "}", "$", "${x}", "\\u{", "\0", "\ufeff"),
    *(
        "ä",
        "\u2028",
        "\u202e",
        "𝒳",
        "e\u0301",
        "\x1b[2J",
        "007",
        "1x",
        "1.5",
        "9" * 30,
        "5m",
        "1h1h",
    ),
    *TEXTS,
    *OTHERS,
    *ATOMS,
)

bytes_at_random: SearchStrategy[bytes] = st.binary(max_size=200)
unicode_at_random: SearchStrategy[str] = st.text(max_size=200)
words_at_random: SearchStrategy[str] = st.lists(st.sampled_from(WORDS), max_size=60).map("".join)
spaced_words: SearchStrategy[str] = st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join)


def made_up(number: int) -> str:
    """A file that the number stands for."""
    return Author(Random(number)).file()


def changed(number: int, examples: list[str]) -> str:
    """An example with a few stretches left out, doubled, moved or written over."""
    random = Random(number)
    text = random.choice(examples)
    for _ in range(random.randrange(1, 4)):
        start, end = sorted(random.choices(range(len(text) + 1), k=2))
        end = min(end, start + random.choice((1, 3, 10, 60)))
        word = random.choice((*WORDS, "", text[start:end] * 2, text[end : end + 20]))
        text = text[:start] + word + text[end:]
    return text


def files_made_up() -> SearchStrategy[str]:
    return st.integers(0, 2**40).map(made_up)


def examples_changed() -> SearchStrategy[str]:
    texts = [path.read_text(encoding="utf-8") for path in EXAMPLES]
    return st.integers(0, 2**40).map(lambda number: changed(number, texts))
