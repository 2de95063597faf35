"""`nixc schema` and the page made of it."""

from __future__ import annotations

import json
import re
import typing
from collections.abc import Iterator
from typing import Any

import pytest

from nixc import manual
from nixc.reference import markdown, shape
from nixc.reference.schema import schema
from nixc.reference.types import written
from nixc.schema import functions
from nixc.schema import types as t
from nixc.schema.blocks import BLOCKS
from nixc.schema.declarations import DECLARATIONS
from nixc.schema.executors import EXECUTORS
from nixc.source import Source
from nixc.syntax import parse
from tests import fragments
from tests.harness import ROOT

PAGE = (ROOT / "grammar" / "reference.md").read_text(encoding="utf-8")
SHAPES = [
    shape.Schema,
    shape.Block,
    shape.Field,
    shape.Type,
    shape.Constraint,
    shape.Executor,
    shape.Function,
    shape.Parameter,
    shape.Declaration,
    shape.Language,
    shape.Named,
    shape.Code,
]


def all_blocks() -> Iterator[t.Block]:
    """Every block of the table, those within types included."""
    waiting = [*BLOCKS, *(kind.block for kind in EXECUTORS)]
    seen: set[int] = set()
    while waiting:
        block = waiting.pop()
        if id(block) not in seen:
            seen.add(id(block))
            yield block
            waiting += [f.type.block for f in block.fields if isinstance(f.type, t.ObjectOf)]


def test_the_page_is_fresh() -> None:
    assert markdown.render(schema()) == PAGE, "run `make reference`"


def test_every_field_is_on_the_page() -> None:
    for block in all_blocks():
        for field in block.fields:
            assert f"| `{field.name}` |" in PAGE
            assert field.doc.replace("|", "\\|") in PAGE
        for constraint in block.constraints:
            names = constraint.fields if isinstance(constraint, t.ExactlyOne) else ()
            assert all(f"`{name}`" in PAGE for name in names)


def test_everything_else_is_on_the_page() -> None:
    for function in (*functions.CONDITIONS, *functions.PROVIDERS):
        assert f"### `{function.name}(" in PAGE
    for code, page in manual.pages().items():
        assert f"| `{code}` | {page.title} |" in PAGE


def test_rows_of_tables_are_whole() -> None:
    columns = 0
    for line in PAGE.splitlines():
        cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
        assert cells in (0, columns) or columns == 0, line
        columns = cells


def test_every_declaration_is_described() -> None:
    words = {word for block in BLOCKS for word in block.declarations}
    assert words == {one.word for one in DECLARATIONS}


def test_it_is_json() -> None:
    value = schema()
    assert json.loads(json.dumps(value)) == value
    assert value["version"] == 1


def test_the_shape_is_documented() -> None:
    text = (ROOT / "docs" / "schema.md").read_text(encoding="utf-8")
    for one in SHAPES:
        for key in typing.get_type_hints(one):
            assert f"`{key}`" in text, f"{one.__name__}.{key}"
    for kind in {one["kind"] for one in types_in(schema())}:
        assert f"`{kind}`" in text or f'`"{kind}"`' in text, kind


def types_in(value: Any) -> Iterator[dict[str, Any]]:
    """Every type in the data, however deep."""
    if isinstance(value, dict):
        if "kind" in value:
            yield value
        for inner in value.values():
            yield from types_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from types_in(inner)


def test_every_type_has_words() -> None:
    assert all(one["kind"] and one["words"] for one in types_in(schema()))


@pytest.mark.parametrize(
    ("value", "wanted", "text"),
    [
        (None, t.Str(), None),
        ("local", t.ExecutorT(), "local"),
        ("x", t.Str(), '"x"'),
        (True, t.Bool(), "true"),
        (5, t.Int(), "5"),
        (1000, t.DurationT(), "1s"),
        (60_000, t.DurationT(), "1m"),
        (90_000, t.DurationT(), "90s"),
        (0, t.DurationT(), "0ms"),
        ((), t.ListOf(t.Str()), "[]"),
        ((), t.MapOf(t.Str(), "a key"), "{ }"),
    ],
)
def test_defaults_are_written_as_in_a_file(
    value: t.DefaultValue, wanted: t.Type, text: str | None
) -> None:
    assert written(value, wanted) == text


def examples() -> Iterator[object]:
    for block in all_blocks():
        if block.name != "file":
            yield pytest.param(block.example, id=block.name)
        for field in block.fields:
            yield pytest.param(field.example, id=f"{block.name}.{field.name}")


@pytest.mark.parametrize("example", list(examples()))
def test_examples_can_be_read(example: str) -> None:
    assert example, "every block and field shows how it is written"
    parsed = parse(Source("example.nxa", fragments.whole(example + "\n")))
    assert [one.message for one in parsed.diagnostics] == []
