"""What ShellCheck finds is shown at exactly the characters that it is about."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nixc import driver
from nixc.diagnostics import Diagnostic

BAD = "$zzqx"
#: Control characters, the CR of a line end and U+0085 are no business of this test.
LETTER = st.characters(
    codec="utf-8",
    exclude_categories=("Cc", "Cs"),
    exclude_characters="'\"",
    include_characters="\t",
)


@dataclass(frozen=True)
class Written:
    """A source, and where in it the bad word stands."""

    text: str
    start: int
    end: int


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("places") / "ci.nxa"


def found(file: Path, source: str, code: str) -> Diagnostic:
    """The one finding of a code."""
    file.write_bytes(source.encode())
    result = driver.check([str(file)], shellcheck=True)
    (one,) = (one for one in result.diagnostics if one.code == code)
    return one


@st.composite
def scripts(draw: st.DrawFn) -> tuple[str, str]:
    """A script before and after its bad word: quoted words of any letters, on any lines."""
    words = st.builds("'{}'".format, st.text(LETTER, max_size=6))
    blanks = st.text(" \t", min_size=1, max_size=3)
    lines = st.lists(st.builds("{1}:{1}{0}".format, words, blanks), max_size=4)
    above, below = draw(lines), draw(lines)
    left, right, gap = draw(words), draw(words), draw(blanks)
    before = "".join(f"{line}\n" for line in above) + f"{gap}echo {left}{gap}"
    return before, f"{gap}{right}" + "".join(f"\n{line}" for line in below)


def in_raw_text(script: tuple[str, str], indent: str, line_end: str) -> Written:
    """The script in a raw text, behind an indentation that does not belong to it."""
    before, after = (part.replace("\n", f"\n{indent}") for part in script)
    head = 'workflow w {\n  job j {\n    run """""\n' + indent
    text = head + before + BAD + after + '\n"""""\n  }\n}\n'
    start = len(head + before)
    return Written(text.replace("\n", line_end), start, start + len(BAD))


def in_string(script: tuple[str, str], escaped: list[bool]) -> Written:
    """The script on one line, with all escapes that it needs and some that it does not."""
    flags = iter(escaped * 1000)
    before, bad, after = (
        "".join(escape(c, next(flags)) for c in part) for part in (script[0], BAD, script[1])
    )
    head = 'workflow w { job j { run "'
    text = head + before + bad + after + '" } }\n'
    start = len(head + before)
    return Written(text, start, start + len(bad))


def escape(character: str, freely: bool) -> str:
    short = {"\n": "\\n", '"': '\\"', "\\": "\\\\"}
    if character in short:
        return short[character]
    if character == "\t" and freely:
        return "\\t"
    return f"\\u{{{ord(character):x}}}" if freely else character


def check(file: Path, written: Written) -> None:
    span = found(file, written.text, "SC2154").span
    assert (span.start, span.end) == (written.start, written.end), span.text


once = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@once
@given(scripts(), st.text(" \t", max_size=5), st.sampled_from(["\n", "\r\n"]))
def test_in_raw_texts(file: Path, script: tuple[str, str], indent: str, line_end: str) -> None:
    check(file, in_raw_text(script, indent, line_end))


@once
@given(scripts(), st.lists(st.booleans(), min_size=1, max_size=20))
def test_in_strings(file: Path, script: tuple[str, str], escaped: list[bool]) -> None:
    check(file, in_string(script, escaped))


@pytest.mark.parametrize(
    ("source", "code", "place"),
    [
        ('workflow w { job j { run "echo \\"$zz\\"" } }', "SC2154", "$zz"),
        (
            'let a = "a long one"\nlet t = "echo ${a} \\"$zz\\""\nworkflow w { job j { run t } }',
            "SC2154",
            "$zz",
        ),
        # What was put in is shown as a whole.
        ('let a = "$zz"\nlet t = "echo ${a} b"\nworkflow w { job j { run t } }', "SC2154", "${a}"),
        ("workflow w { job j { run 'echo \"😀\" $zz' } }", "SC2154", "$zz"),
        ('workflow w { job j { run "echo \\u{1F600}\\u{22}$zz\\u{22}" } }', "SC2154", "$zz"),
    ],
)
def test_in_other_texts(file: Path, source: str, code: str, place: str) -> None:
    assert found(file, source, code).span.text == place


def test_a_finding_without_an_end_points_at_its_place(file: Path) -> None:
    span = found(file, 'workflow w { job j { run "echo a\\r\\ntrue" } }', "SC1017").span
    assert span.start == span.end == span.source.text.index("\\r")


def test_a_finding_may_span_lines(file: Path) -> None:
    script = "      echo $(\n        date\n      )\n"
    source = f'workflow w {{\n  job j {{\n    run """\n{script}    """\n  }}\n}}\n'
    span = found(file, source, "SC2046").span
    assert span.text == "$(\n        date\n      )"


def test_equal_texts_are_each_told_of(file: Path) -> None:
    source = 'workflow w {\n  job a { run "echo $1" }\n  job b { run "echo $1" }\n}\n'
    file.write_text(source)
    result = driver.check([str(file)], shellcheck=True)
    assert [one.span.source.position(one.span.start).line for one in result.diagnostics] == [2, 3]
