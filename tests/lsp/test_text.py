"""Texts as clients edit them, in all encodings."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nixc.syntax import decode
from nixc_lsp.text import Encoding, Point, Text

#: What tears positions apart: line ends of all sorts, what Python takes for one, wide characters.
PIECES = ["a", "é", "€", "😀", "\n", "\r\n", "\r", "\u2028", "\f", "\x85", '"', " ", "\ud800"]
#: Each encoding as Python has it, and the bytes of a unit.
CODECS = {
    Encoding.UTF8: ("utf-8", 1),
    Encoding.UTF16: ("utf-16-le", 2),
    Encoding.UTF32: ("utf-32-le", 4),
}

texts = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


def client_point(raw: str, offset: int, encoding: Encoding) -> Point:
    """The place of an offset as a client computes it: by its units."""
    before = raw[:offset]
    if before.endswith("\r") and raw[offset : offset + 1] == "\n":
        before = before[:-1]
    parts = before.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    codec, width = CODECS[encoding]
    return Point(len(parts) - 1, len(parts[-1].encode(codec, "surrogatepass")) // width)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(list(Encoding)), texts, st.lists(st.tuples(st.data(), texts), max_size=6))
def test_after_any_edits_both_have_the_same_text(
    encoding: Encoding, raw: str, edits: list[tuple[st.DataObject, str]]
) -> None:
    text = Text(raw)
    for data, new in edits:
        first = data.draw(st.integers(0, len(raw)))
        last = data.draw(st.integers(first, len(raw)))
        if "\r\n" in (raw[first - 1 : first + 1], raw[last - 1 : last + 1]):
            continue  # no client has a place between the two
        start, end = client_point(raw, first, encoding), client_point(raw, last, encoding)
        raw = raw[:first] + new + raw[last:]
        text = text.edited(start, end, new, encoding)
        assert text.raw == raw


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(list(Encoding)), st.booleans(), texts)
def test_each_place_of_the_source_has_one_of_the_client_and_back(
    encoding: Encoding, bom: bool, raw: str
) -> None:
    text = Text("\ufeff" * bom + raw)
    source, _ = decode("x.nxa", text.bytes)
    for offset in range(len(source.text) + 1):
        point = text.point(offset, encoding)
        assert text.offset(point, encoding) == offset, (offset, point)


@pytest.mark.parametrize(
    ("encoding", "character"), [(Encoding.UTF8, 8), (Encoding.UTF16, 6), (Encoding.UTF32, 5)]
)
def test_characters_beyond_the_first_plane(encoding: Encoding, character: int) -> None:
    text = Text('x\nx "😀" = 1')
    assert text.point(7, encoding) == Point(1, character)
    assert text.offset(Point(1, character), encoding) == 7


@pytest.mark.parametrize("point", [Point(9, 0), Point(1, 99), Point(-1, -5)])
def test_places_that_are_not_there_are_the_nearest(point: Point) -> None:
    text = Text("one\r\ntwo")
    assert text.offset(point, Encoding.UTF16) in (0, 7)
