"""Strings, literal strings and raw texts, and the way back to where they are written."""

from __future__ import annotations

import pytest

from nixc.source import Source
from nixc.syntax import decode, nodes, parse
from tests.syntax.reading import errors, read, value

Q = '"""'


def raw(text: str) -> nodes.RawText:
    found = value(text)
    assert isinstance(found, nodes.RawText)
    return found


def string(text: str) -> nodes.String:
    found = value(text)
    assert isinstance(found, nodes.String)
    return found


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (f"{Q}echo hi{Q}", "echo hi"),
        (f"{Q}\n    echo a\n      echo b\n  {Q}", "echo a\n  echo b\n"),
        (f"{Q}  \n    echo a{Q}", "echo a"),
        (f"{Q}\n    a\n\n    b\n  {Q}", "a\n\nb\n"),
        (f"{Q}\n    a\n  \n    b\n{Q}", "a\n\nb\n"),
        (f"{Q}\n\ta\n\t\tb\n{Q}", "a\n\tb\n"),
        (f"{Q}\n\ta\n  b\n{Q}", "\ta\n  b\n"),
        (f"{Q}echo a\n  echo b\n  {Q}", "echo a\n  echo b\n  "),
        (f"{Q}\n{Q}", ""),
        (f'{Q}\\n ${{x}} "" \\"{Q}', '\\n ${x} "" \\"'),
        (f'{Q}say "hi"{Q}', 'say "hi"'),
        (f'{Q}x"{Q}', 'x"'),
        (f'{Q}x""{Q}', 'x""'),
        (f'"{Q}a {Q} b"{Q}', f"a {Q} b"),
    ],
)
def test_raw_texts(text: str, meant: str) -> None:
    assert raw(text).value == meant


def test_surplus_closing_quotes_belong_to_the_text() -> None:
    assert raw(f'{Q}\n  echo ""\n  echo "x""{Q}').value == 'echo ""\necho "x""'


@pytest.mark.parametrize("tag", ["bash", "sh", "python", "node", "ruby", "perl"])
def test_tags(tag: str) -> None:
    found = raw(f"{Q}{tag}\n  x\n{Q}")
    assert found.tag is not None
    assert (found.tag.text, found.value) == (tag, "x\n")


def test_a_word_within_the_text_is_no_tag() -> None:
    assert raw(f"{Q}python{Q}").tag is None
    assert raw(f"{Q}python -V\n{Q}").tag is None


def test_an_unknown_tag_is_an_error_at_the_tag() -> None:
    result = read(f"let x = {Q}pyton\n  x\n{Q}")
    (found,) = result.diagnostics
    assert (found.code, found.span.text, found.help) == ("NX106", "pyton", 'did you mean "python"?')


def test_the_map_leads_back_through_removed_indentation() -> None:
    text = f"let x = {Q}\n    echo a\n      echo bé\n  {Q}"
    found = raw(text.removeprefix("let x = "))
    for word in ("echo a", "echo bé", "bé"):
        at = found.value.index(word)
        assert found.map.span(at, at + len(word)).text == word


def test_line_ends_of_dos() -> None:
    data = b'let x = """\r\n  a\r\n  b\r\n"""\r\nlet y = 1\r\n'
    source, found = decode("x", b"\xef\xbb\xbf" + data)
    assert not found
    let = parse(source).file.entries[0]
    assert isinstance(let, nodes.Let)
    assert isinstance(let.value, nodes.RawText)
    assert let.value.value == "a\nb\n"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (r'"a\n\t\r\"\\\$b"', 'a\n\t\r"\\$b'),
        (r'"\u{1F600}\u{41}"', "\U0001f600A"),
        (r'"$ $x \${y} $"', "$ $x ${y} $"),
        ('""', ""),
    ],
)
def test_escapes(text: str, meant: str) -> None:
    found = string(text)
    assert found.shell.value == meant
    assert "".join(part.value for part in found.parts if isinstance(part, nodes.TextPart)) == meant


@pytest.mark.parametrize("escape", [r"\q", r"\u{110000}", r"\u{D800}", r"\u{0}", r"\u{}", r"\u"])
def test_unknown_escapes(escape: str) -> None:
    assert errors(f'let x = "ab{escape}cd"') == [f"1:12 NX105 {escape}"]


def test_the_map_leads_back_through_escapes() -> None:
    found = string(r'"a\tb\u{41}c${x}\nd"')
    shell = found.shell
    assert shell.value == "a\tbAc${x}\nd"
    assert [shell.map.span(i, i + 1).text[:1] for i in range(len(shell.value))] == list(
        "a\\b\\c${x}\\d"
    )


def test_interpolation() -> None:
    found = string("\"a${x.y}b${f('}', { a = 1 })}\"")
    first, one, second, two = found.parts
    assert isinstance(one, nodes.Interpolation)
    assert isinstance(two, nodes.Interpolation)
    assert (first.span.text, one.span.text, second.span.text) == ("a", "${x.y}", "b")
    assert isinstance(one.expression, nodes.Reference)
    assert one.expression.span.text == "x.y"
    assert isinstance(two.expression, nodes.Call)
    assert found.shell.value == "a${x.y}b${f('}', { a = 1 })}"
    assert found.problems == ()


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('"${X:-y}"', ":"),
        ('"a ${}"', "}"),
        ('"a ${x"', "${"),
        ('"a ${x y}"', "y"),
        ('"a ${x.}"', "."),
    ],
)
def test_errors_in_interpolations_stay_with_the_string(text: str, place: str) -> None:
    (problem,) = string(text).problems
    assert problem.span.text == place


def test_literal_strings() -> None:
    found = value("'a\\n${x}\"'")
    assert isinstance(found, nodes.LiteralString)
    assert found.value == 'a\\n${x}"'
    assert found.map.span(0, 2).text == "a\\"


@pytest.mark.parametrize(
    ("data", "code", "start"),
    [(b"let x = \xff1", "NX108", 8), (b"a\r\n\xe4b", "NX108", 2), (b"a = 1\n#\0", "NX109", 7)],
)
def test_bytes_that_no_text_holds(data: bytes, code: str, start: int) -> None:
    source, (found,) = decode("x", data)
    assert isinstance(source, Source)
    assert (found.code, found.span.start, found.span.end) == (code, start, start + 1)


def test_all_wrong_bytes_are_reported() -> None:
    _, found = decode("x", b"# \xff \xe4\n# \xf0\x9f")
    assert [d.message for d in found] == [
        f"byte 0x{byte} is not UTF-8" for byte in ("ff", "e4", "f0", "9f")
    ]
