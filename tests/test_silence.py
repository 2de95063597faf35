"""`# nixc: ignore=CODE`: what it reaches, what it does not, and how mistakes in it are told."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from nixc import driver
from nixc.diagnostics import Diagnostic


def found(folder: Path, text: str, *, shellcheck: bool = False) -> tuple[Diagnostic, ...]:
    path = folder / "a.nxa"
    path.write_text(dedent(text), encoding="utf-8")
    return driver.check([str(path)], shellcheck=shellcheck).diagnostics


def told(folder: Path, text: str, *, shellcheck: bool = False) -> list[tuple[int, str]]:
    """Lines and codes of what is found."""
    return [
        (one.span.source.position(one.span.start).line, one.code)
        for one in found(folder, text, shellcheck=shellcheck)
    ]


TWICE = """\
workflow ci {{
  {above_job}
  job a {{
    {above_field}
    retry = {{ maxAttempts = 1 }}
    step "x" {{
      {above_step_field}
      retry = {{
        {above_key}
        maxAttempts = 1
      }}
      run = "true"
    }}
  }}
}}
"""
PLACES = ("above_job", "above_field", "above_step_field", "above_key")


def retries(**comments: str) -> str:
    return TWICE.format(**{**dict.fromkeys(PLACES, "#"), **comments})


@pytest.mark.parametrize(
    ("where", "left"),
    [
        ("above_job", []),
        ("above_field", [(10, "NX704")]),
        ("above_step_field", [(5, "NX704")]),
        ("above_key", [(5, "NX704")]),
    ],
)
def test_what_a_comment_reaches(tmp_path: Path, where: str, left: list[tuple[int, str]]) -> None:
    assert told(tmp_path, retries()) == [(5, "NX704"), (10, "NX704")]
    assert told(tmp_path, retries(**{where: "# nixc: ignore=NX704"})) == left


@pytest.mark.parametrize(
    "comment",
    [
        "# nixc: ignore=NX704",
        "#nixc:ignore = nx704",
        "# nixc: ignore=NX701,NX704",
        "# nixc: ignore=NX701 , NX704 as the nightly run raises it",
        "# nixc: ignore=NX704\n  # What the job is for.",
        "# What the job is for.\n  # nixc: ignore=NX704",
        "# nixc: ignore=NX701\n  # nixc: ignore=NX704",
    ],
)
def test_how_it_may_be_written(tmp_path: Path, comment: str) -> None:
    assert told(tmp_path, retries(above_job=comment)) == []


def test_an_unknown_code(tmp_path: Path) -> None:
    (one, *_) = found(tmp_path, retries(above_job="# nixc: ignore=NX740"))
    assert (one.code, one.severity.value, one.span.text) == ("NX002", "warning", "NX740")
    assert one.message == "there is no code `NX740`"
    assert str(one.help).startswith("did you mean `NX7")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# nixc: ignore=NX704\n\nlet a = 1\n", "above no declaration"),
        ("let a = 1 # nixc: ignore=NX704\nlet b = 2\n", "above no declaration"),
        ("let a = [\n  # nixc: ignore=NX704\n  1,\n]\n", "above no declaration"),
        ("let a = 1\n# nixc: ignore=NX704", "above no declaration"),
        ("# nixc: ignroe=NX704\nlet a = 1\n", "none that nixc knows"),
        ("# nixc: ignore\nlet a = 1\n", "none that nixc knows"),
        ("# nixc: ignore=\nlet a = 1\n", "none that nixc knows"),
    ],
)
def test_a_comment_that_silences_nothing(tmp_path: Path, text: str, message: str) -> None:
    (one,) = found(tmp_path, text)
    assert (one.code, one.severity.value) == ("NX002", "warning")
    assert message in one.message
    assert one.span.text.startswith("# nixc:")


def test_a_code_that_is_not_found_is_no_mistake(tmp_path: Path) -> None:
    assert told(tmp_path, "# nixc: ignore=NX704,SC2086\nlet a = 1\n") == []


def test_errors_of_nixc_stay(tmp_path: Path) -> None:
    text = """\
        workflow ci {
          # nixc: ignore=NX206
          job a {
            needs = [b]
            run "true"
          }
        }
    """
    assert told(tmp_path, text) == [(2, "NX002"), (4, "NX206")]
    assert driver.build(str(tmp_path / "a.nxa"), shellcheck=False).script is None


SHELL = '''\
workflow ci {{
  job a {{
    run "true"
    {comment}
    run """
      x=$(date)
      for i in $@; do echo "$i"; done
    """
  }}
}}
'''


def test_findings_of_shellcheck(tmp_path: Path) -> None:
    """SC2068 is an error: without the comment there is no script."""
    text = SHELL.format(comment="#")
    assert told(tmp_path, text, shellcheck=True) == [(6, "SC2034"), (7, "SC2068")]
    assert driver.build(str(tmp_path / "a.nxa"), shellcheck=True).script is None
    text = SHELL.format(comment="# nixc: ignore=SC2034,SC2068")
    assert told(tmp_path, text, shellcheck=True) == []
    assert driver.build(str(tmp_path / "a.nxa"), shellcheck=True).script is not None


def test_an_imported_file_has_its_own_comments(tmp_path: Path) -> None:
    action = 'action hello() {\n  retry = { maxAttempts = 1 }\n  run = "true"\n}\n'
    (tmp_path / "lib.nxa").write_text(action)
    text = """\
        # nixc: ignore=NX704
        import "./lib.nxa" as lib
        workflow ci {
          # nixc: ignore=NX704
          job a {
            use lib.hello()
          }
        }
    """
    assert told(tmp_path, text) == [(2, "NX704")]
    (tmp_path / "lib.nxa").write_text("# nixc: ignore=NX704\n" + action)
    assert told(tmp_path, text) == []


def test_broken_declarations_are_no_second_mistake(tmp_path: Path) -> None:
    text = "# nixc: ignore=NX704\nworkflow ci\n"
    assert {code for _, code in told(tmp_path, text)} == {"NX101"}
