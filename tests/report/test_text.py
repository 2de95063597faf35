"""The text that people read: layout, widths, long and hostile lines."""

from __future__ import annotations

from typing import Any

from nixc.diagnostics import Diagnostic, Label, Severity
from nixc.report import text
from nixc.source import Source, Span


def span_of(source: Source, needle: str) -> Span:
    start = source.text.index(needle)
    return Span(source, start, start + len(needle))


def error(span: Span, message: str = "something is wrong", **more: Any) -> Diagnostic:
    return Diagnostic("NX001", Severity.ERROR, message, span, **more)


def rendered(diagnostic: Diagnostic) -> str:
    return text.render([diagnostic], colour=False)


def underlined(diagnostic: Diagnostic) -> tuple[str, str]:
    """The first source line with its underline, gutters removed."""
    lines = rendered(diagnostic).splitlines()
    return lines[3].split("| ", 1)[1], lines[4].split("| ", 1)[1]


def test_layout() -> None:
    source = Source("ci.nxa", "workflow ci {\n  job lint {\n    needs = [lnt]\n  }\n}\n")
    found = error(
        span_of(source, "lnt"),
        'unknown job "lnt"',
        help='did you mean "lint"?\nor a second line',
        related=(Label(span_of(source, "job lint"), "declared here"),),
    )
    assert rendered(found) == (
        'error[NX001]: unknown job "lnt"\n'
        " --> ci.nxa:3:14\n"
        "  |\n"
        "3 |     needs = [lnt]\n"
        "  |              ^^^\n"
        " ::: ci.nxa:2:3\n"
        "  |\n"
        "2 |   job lint {\n"
        "  |   -------- declared here\n"
        "  |\n"
        '  = help: did you mean "lint"?\n'
        "          or a second line\n"
        "\n"
        "1 error\n"
    )


def test_several_lines_show_the_first_and_the_last() -> None:
    source = Source("a.nxa", "let a = [\n  1,\n  2,\n]\n")
    found = error(span_of(source, "[\n  1,\n  2,\n]"))
    assert rendered(found).splitlines()[2:-2] == [
        "  |",
        "1 | let a = [",
        "  |         ^",
        "...",
        "4 | ]",
        "  | ^",
    ]


def test_tabs_and_wide_characters_keep_the_underline_below() -> None:
    source = Source("a.nxa", "\tlet 日本 = e\u0301x bad\n")
    line, marks = underlined(error(span_of(source, "bad")))
    assert line == "    let 日本 = e\u0301x bad"
    assert marks == " " * (4 + 4 + 4 + 3 + 3) + "^^^"


def test_an_empty_span_at_the_end_of_the_file_has_one_mark() -> None:
    source = Source("a.nxa", "let a =\n")
    found = error(Span(source, len(source.text), len(source.text)))
    assert " --> a.nxa:2:1" in rendered(found)
    assert "  | ^" in rendered(found)


def test_a_megabyte_line_is_cut_around_the_span() -> None:
    source = Source("a.nxa", "x" * 500_000 + "BAD" + "y" * 500_000)
    line, marks = underlined(error(span_of(source, "BAD")))
    assert line.startswith("...xxx")
    assert line.endswith("yyy...")
    assert len(line) < 200
    assert line[marks.index("^") : marks.rindex("^") + 1] == "BAD"


def test_a_span_longer_than_the_window_is_underlined_as_far_as_shown() -> None:
    source = Source("a.nxa", "x" * 1000)
    line, marks = underlined(error(Span(source, 0, 1000)))
    assert marks == "^" * (len(line) - len("..."))


def test_a_source_cannot_steer_the_terminal() -> None:
    source = Source("a.nxa", "let \x1b[31m \u202e a\x7f = bad\n")
    shown = rendered(error(span_of(source, "bad"), "no \x1b here \u202e", help="\x7f"))
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "\x7f" not in shown


def test_colour_only_adds_escapes() -> None:
    source = Source("a.nxa", "let a = bad\n")
    found = error(span_of(source, "bad"), help="a cure")
    coloured = text.render([found], colour=True)
    assert "\x1b[1;31merror[NX001]" in coloured
    plain = coloured
    for codes in ("0", "1", "1;31", "1;34"):
        plain = plain.replace(f"\x1b[{codes}m", "")
    assert plain == rendered(found)


def test_the_closing_line_counts() -> None:
    source = Source("a.nxa", "x")
    here = Span(source, 0, 1)
    found = [
        Diagnostic("NX001", severity, "m", here)
        for severity in (Severity.ERROR, Severity.WARNING, Severity.WARNING, Severity.INFO)
    ]
    assert text.summary(found) == "1 error, 2 warnings, 1 note"


def test_nothing_found_prints_nothing() -> None:
    assert text.render([], colour=True) == ""
