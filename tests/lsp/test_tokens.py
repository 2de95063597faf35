"""What every word is, and the numbers that clients are told."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nixc_lsp import shell
from nixc_lsp.features.tokens import Piece, tokens
from nixc_lsp.handlers.tokens import _edits
from nixc_lsp.legend import MODIFIERS, TYPES
from tests.lsp.conftest import Start
from tests.lsp.cursor import analysed

HEAD = """\
import "std:python" as python
let image = "debian:12"
action greet(some-one) { run = "echo $some_one" }
"""


def kinds(text: str) -> dict[str, str]:
    """What the words of a text are, with their modifiers; the last of equal words counts."""
    analysis, _ = analysed(f"{text}|")
    return {analysis.source.text[p.start : p.end]: said(p) for p in tokens(analysis)}


def said(piece: Piece) -> str:
    return " ".join((str(piece.type), *piece.modifiers))


def in_job(body: str) -> str:
    return f"{HEAD}workflow w {{\n  job a {{\n    {body}\n  }}\n}}\n"


def test_declarations_and_what_names_them() -> None:
    found = kinds(f"# x\n{HEAD}")
    assert found["# x"] == "comment"
    assert found["import"] == found["as"] == found["action"] == "keyword"
    assert found["python"] == "namespace declaration"
    assert found["image"] == "variable declaration readonly"
    assert found["greet"] == "function declaration"
    assert found["some_one"] == "parameter"
    assert found["run"] == "property"
    used = kinds(in_job("use greet(some-one = image)\n use python.test()\n"))
    assert used["greet"] == "function"
    assert used["some-one"] == "parameter"
    assert used["image"] == "variable readonly"
    assert used["test"] == "function defaultLibrary"


@pytest.mark.parametrize(
    ("body", "word", "kind"),
    [
        ("timeout = 1h30m", "timeout", "property"),
        ("timeout = 1h30m", "1h30m", "number"),
        ('retry = { backoff = "linear" }', '"linear"', "enumMember"),
        ("retry = { maxAttempts = 3 }", "3", "number"),
        ("continueOnError = true", "true", "keyword"),
        ('executor = oci { image = "x" }', "oci", "class defaultLibrary"),
        ("env = { run = 1 }", "run", "property"),
        ('condition = !changed("x")', "changed", "function defaultLibrary"),
        ('condition = env.X == "if"', '"if"', "string"),
        ('condition = "[ -n $X ]"', "X", "variable"),
        ('workdir = "x${image}\\n"', "image", "variable readonly"),
        ('workdir = "x${image}\\n"', "${", "operator"),
        ('workdir = "x${image}\\n"', "\\n", "operator"),
        ('workdir = "x${env.HOME}"', "env", "variable defaultLibrary"),
    ],
)
def test_words_of_fields(body: str, word: str, kind: str) -> None:
    assert kinds(in_job(body))[word] == kind
    # The same where all after it is missing.
    whole = in_job(body)
    if kind != "variable readonly":
        assert kinds(whole[: whole.rindex(body) + len(body)])[word] == kind


def test_shell_in_raw_text_is_split_by_lines() -> None:
    body = 'run """\n      if x; then # why\n        echo "a\n        $b"\n      fi\n    """'
    found = kinds(in_job(body))
    assert found["if"] == found["fi"] == "keyword"
    assert found["# why"] == "comment"
    assert found["b"] == "variable"
    assert found["echo"] == "function"
    assert found["a"] == "string"
    assert not any("\n" in word for word in found)


def test_shell_behind_escapes() -> None:
    found = kinds(in_job(r'run "echo \"$x\" # it"'))
    assert (found["x"], found['\\"'], found["# it"]) == ("variable", "string", "comment")


def test_other_languages_are_left_alone() -> None:
    found = kinds(in_job('run """ python\n      if 1: pass\n    """'))
    assert found["python"] == "keyword"
    assert "if" not in found


@given(st.text("if $x{}\"'`#<E\nO()\\ ü\U0001f600"))
def test_pieces_of_any_shell_text(text: str) -> None:
    found = shell.pieces(text)
    assert all(0 <= start < end <= len(text) for start, end, _ in found)
    assert all("\n" not in text[start:end] for start, end, _ in found)


def decoded(data: list[int], text: str, encoding: str) -> list[tuple[str, str]]:
    """What a client makes of the numbers."""
    width = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]
    codec = encoding if width == 1 else f"{encoding}-le"
    lines = [line.encode(codec) for line in text.split("\n")]
    line = column = 0
    found: list[tuple[str, str]] = []
    for at in range(0, len(data), 5):
        down, right, length, kind, modifiers = data[at : at + 5]
        line, column = line + down, right if down else column + right
        word = lines[line][column * width : (column + length) * width].decode(codec)
        assert modifiers < 1 << len(MODIFIERS)
        found.append((word, TYPES[kind]))
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_over_the_wire(start: Start, tmp_path: Path, encoding: str) -> None:
    wire, uri = start(encoding), (tmp_path / "w" / "a.nxa").as_uri()
    text = 'let smile = "😀😀" # ü\nlet both = "😀${smile}😀"\nworkflow w {\n  job a {\n'
    wire.open(uri, text)
    document = {"textDocument": {"uri": uri}}
    first = wire.ask("textDocument/semanticTokens/full", document)["result"]
    words = decoded(first["data"], text, encoding)
    assert ('"😀😀"', "string") in words
    assert ("# ü", "comment") in words
    assert words.count(("smile", "variable")) == 2
    assert ('😀"', "string") in words

    place = {"line": 1, "character": 0}
    wire.change(uri, 2, {"range": {"start": place, "end": place}, "text": "let x = 1\n"})
    after = {**document, "previousResultId": first["resultId"]}
    told = wire.ask("textDocument/semanticTokens/full/delta", after)["result"]
    (edit,) = told["edits"]
    data = list(first["data"])
    data[edit["start"] : edit["start"] + edit["deleteCount"]] = edit.get("data", [])
    again = wire.ask("textDocument/semanticTokens/full", document)["result"]
    assert data == again["data"]
    assert len(edit["data"]) < len(data) // 2

    stale = wire.ask("textDocument/semanticTokens/full/delta", after)["result"]
    assert stale["data"] == data
    within = {"start": {"line": 1, "character": 0}, "end": {"line": 2, "character": 0}}
    part = wire.ask("textDocument/semanticTokens/range", {**document, "range": within})["result"]
    assert decoded(part["data"], "\nlet x = 1", encoding) == [
        ("let", "keyword"),
        ("x", "variable"),
        ("=", "operator"),
        ("1", "number"),
    ]


numbers = st.lists(st.integers(0, 2), max_size=12)


@given(numbers, numbers)
def test_edits_make_the_one_of_the_other(before: list[int], after: list[int]) -> None:
    data = list(before)
    for edit in _edits(before, after):
        data[edit.start : edit.start + edit.delete_count] = edit.data or ()
    assert data == after
