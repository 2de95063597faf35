"""One syntax error of the shell is told once."""

from __future__ import annotations

from pathlib import Path

import pytest

from nixc import driver
from nixc.diagnostics import Diagnostic, Severity


def told(folder: Path, script: str) -> tuple[Diagnostic, ...]:
    source = folder / "ci.nxa"
    body = "".join(f"      {line}\n" for line in script.split("\n"))
    source.write_text(f'workflow w {{\n  job j {{\n    run """\n{body}    """\n  }}\n}}\n')
    return driver.check([str(source)], shellcheck=True).diagnostics


@pytest.mark.parametrize(
    ("script", "code", "place"),
    [
        ("true\nif true; then\n  :", "SC1046", "if"),
        ('echo "foo', "SC1073", '"'),
        ("echo 'it's'", "SC1073", "'"),
        ("f() {\n  echo", "SC1056", ""),
        ("cat <<EOF\nfoo", "SC1044", "EOF"),
        ("echo )", "SC1089", ")"),
        ("true &&", "SC1072", ""),
        ("foo(", "SC1036", "("),
    ],
)
def test_a_syntax_error_is_told_once(tmp_path: Path, script: str, code: str, place: str) -> None:
    (found,) = told(tmp_path, script)
    assert (found.code, found.severity) == (code, Severity.ERROR)
    assert found.span.source.text[found.span.start :].startswith(place)


def test_the_other_places_are_shown_beside(tmp_path: Path) -> None:
    (found,) = told(tmp_path, 'echo "foo')
    assert [label.message for label in found.related] == [
        "Expected end of double quoted string. Fix any mentioned problems and try again."
    ]


def test_what_stands_above_a_syntax_error_is_still_told(tmp_path: Path) -> None:
    assert {one.code for one in told(tmp_path, "echo $1\necho )")} == {"SC2086", "SC1089"}
