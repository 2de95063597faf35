"""ShellCheck's findings, at their place in the `.nxa`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest

from nixc.backend import shellcheck, verify
from nixc.diagnostics import Diagnostic, Severity
from nixc.ir.model import Interpreter, Script
from nixc.ir.texts import ShellText, merged
from nixc.source import Source, Span, TextMap


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


def text_of(
    shell: str,
    *names: str,
    role: Literal["step", "condition"] = "step",
    interpreter: Interpreter = Interpreter.BASH,
    open: bool = False,
) -> ShellText:
    """A text that stands indented by four in its source, as in a raw text."""
    head = '    run = """\n'
    lines = shell.split("\n")
    source = Source("ci.nxa", head + "".join(f"    {line}\n" for line in lines) + '    """\n')
    anchors, decoded, original = [], 0, len(head)
    for line in lines:
        anchors.append((decoded, original + 4))
        decoded += len(line) + 1
        original += len(line) + 5
    span = Span(source, 10, len(source.text) - 1)
    script = Script(span, shell, interpreter, TextMap(source, tuple(anchors)))
    return ShellText(script, role, frozenset(names), open)


def check(*texts: ShellText) -> list[Diagnostic]:
    verdict = verify.check_texts(merged(texts))
    assert verdict.unchecked == ()
    return list(verdict.diagnostics)


def codes(*texts: ShellText) -> list[str]:
    return [found.code for found in check(*texts)]


def test_a_finding_points_into_the_source() -> None:
    (found,) = check(text_of('true\n\tprintf "%s" "日本" $HOME'))
    assert (found.code, found.severity) == ("SC2086", Severity.INFO)
    assert found.span.text == "$HOME"
    position = found.span.source.position(found.span.start)
    assert (position.line, position.column) == (3, 23)


def test_errors_stay_errors_and_style_is_info() -> None:
    assert [(d.code, d.severity) for d in check(text_of("a =1"))] == [("SC2283", Severity.ERROR)]
    (style,) = check(text_of("echo `date`"))[-1:]
    assert (style.code, style.severity) == ("SC2006", Severity.INFO)


def test_text_that_does_not_parse_is_an_error() -> None:
    assert Severity.ERROR in {found.severity for found in check(text_of("if true; then\n  :"))}


def test_steps_are_checked_as_they_run() -> None:
    assert codes(text_of("cd /srv")) == []
    assert codes(text_of("cd /srv", role="condition")) == ["SC2164"]


def test_the_dialect_is_that_of_the_tag() -> None:
    assert codes(text_of("[[ -n $HOME ]]", interpreter=Interpreter.SH)) == ["SC3010"]


def test_other_languages_are_left_alone() -> None:
    assert codes(text_of("if (", interpreter=Interpreter.PYTHON)) == []


def test_provided_names_are_known() -> None:
    shell = 'echo "$who" "$whose"'
    assert codes(text_of(shell)) == ["SC2154", "SC2154"]
    assert [found.span.text for found in check(text_of(shell, "who"))] == ["$whose"]
    assert codes(text_of(shell, open=True)) == []


def test_an_upper_case_name_that_is_provided_is_no_misspelling() -> None:
    shell = 'MATRIX_DBS=1\necho "$MATRIX_DB" "$MATRIX_DBS"'
    assert codes(text_of(shell)) == ["SC2153"]
    assert codes(text_of(shell, "MATRIX_DB")) == []


def test_directives_of_the_user_work() -> None:
    assert codes(text_of("# shellcheck disable=SC2086\necho $HOME\necho $HOME")) == []
    assert codes(text_of("true\n# shellcheck disable=SC2086\necho $HOME")) == []


def test_a_shebang_in_the_text_changes_nothing() -> None:
    (found,) = check(text_of("#!/usr/bin/env zsh\necho $HOME"))
    assert (found.code, found.span.text) == ("SC2086", "$HOME")


def test_one_text_used_twice_is_reported_once() -> None:
    text = text_of('echo "$who" $1')
    other = ShellText(text.script, "step", frozenset({"who"}))
    assert codes(text, other) == ["SC2086"]


def test_many_texts_keep_their_order() -> None:
    texts = [text_of(f"echo $x{index}", f"x{index}") for index in range(20)]
    found = check(*texts)
    assert [d.span.text for d in found] == [f"$x{index}" for index in range(20)]


def test_nothing_to_check_starts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shellcheck, "find", lambda: pytest.fail("looked for ShellCheck"))
    assert codes() == []


def test_an_unusable_cache_directory_is_no_cache(own_cache: Path) -> None:
    own_cache.write_text("a file")
    assert codes(text_of("echo $HOME")) == ["SC2086"]


def test_a_relative_cache_home_counts_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.delenv("HOME")
    assert codes(text_of("echo $HOME")) == ["SC2086"]
    assert not Path("relative").exists()


def test_settings_of_the_caller_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELLCHECK_OPTS", "--exclude=SC2086")
    assert codes(text_of("echo $HOME")) == ["SC2086"]


def test_a_whole_script() -> None:
    assert verify.check_script("#!/usr/bin/env bash\nset -eu\nprintf '%s\\n' \"$HOME\"\n") == []
    assert "syntax error" in verify.check_script("#!/usr/bin/env bash\nif\n")[0]
