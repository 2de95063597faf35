"""The `std:` modules: found, documented, free of findings, and never blamed on the user."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nixc import driver
from nixc.diagnostics import Diagnostic
from nixc.report import text as text_report
from nixc.resources import standard_modules
from tests import std_reference
from tests.project.test_floor import FORBIDDEN, code_of
from tests.std_reference import Action

ACTIONS = [
    pytest.param(action, id=f"{action.module}.{action.name}") for action in std_reference.actions()
]


def checked(folder: Path, text: str, *, shellcheck: bool = False) -> tuple[Diagnostic, ...]:
    file = folder / "ci.nxa"
    file.write_text(text, encoding="utf-8")
    result = driver.check([str(file)], shellcheck=shellcheck)
    assert result.troubles == ()
    return result.diagnostics


def test_the_modules_are_there() -> None:
    named = {"docker", "git", "go", "nix", "node", "notify", "python", "rust"}
    assert set(standard_modules()) == {f"std:{name}" for name in named}


def test_nothing_is_to_be_said_of_them() -> None:
    paths = [str(path) for path in standard_modules().values()]
    result = driver.check(paths, shellcheck=True)
    assert result.troubles == ()
    assert text_report.render(result.diagnostics, colour=False) == ""


def test_the_page_is_fresh() -> None:
    written = std_reference.PAGE.read_text(encoding="utf-8")
    assert written == std_reference.markdown(), "run: python -m tests.std_reference"


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_is_documented(action: Action) -> None:
    assert action.prose
    assert list(action.described) == [parameter.name for parameter in action.parameters]
    assert all(action.described.values())
    assert f"use {action.module}.{action.name}(" in action.example


@pytest.mark.parametrize("action", ACTIONS)
def test_an_example_is_free_of_findings(action: Action, tmp_path: Path) -> None:
    found = checked(tmp_path, action.workflow, shellcheck=True)
    assert text_report.render(found, colour=False) == ""


@pytest.mark.parametrize("path", standard_modules().values(), ids=lambda path: path.stem)
def test_scripts_keep_to_what_every_runner_has(path: Path) -> None:
    found = [
        f"{number}: {why}: {line.strip()}"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        for pattern, why in FORBIDDEN.items()
        if re.search(pattern, code_of(line))
    ]
    assert found == []


def test_an_unknown_module_is_told_the_nearest(tmp_path: Path) -> None:
    (found,) = checked(tmp_path, 'import "std:pyhton" as python\n')
    assert (found.code, found.span.text) == ("NX212", '"std:pyhton"')
    assert found.message == "there is no module `std:pyhton`"
    assert found.help == "did you mean `std:python`?"


def test_an_unknown_module_without_a_near_one_is_told_all(tmp_path: Path) -> None:
    (found,) = checked(tmp_path, 'import "std:../loader" as loader\n')
    assert found.help is not None
    assert found.help.startswith("there are `std:docker`, `std:git`, ")


def test_a_wrong_argument_is_shown_where_the_user_wrote_it(tmp_path: Path) -> None:
    text = """\
import "std:python" as python
workflow w {
  job j {
    use python.setup(versoin = "3")
    use python.install(packages = ["a", "b"])
    use python.instal()
  }
}
"""
    found = checked(tmp_path, text)
    assert [one.span.text for one in found] == ["versoin", '["a", "b"]', "instal"]
    assert {one.span.source.name for one in found} == {str(tmp_path / "ci.nxa")}


def test_a_shell_finding_in_a_module_is_not_the_users(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = tmp_path / "git.nxa"
    module.write_text('action status() {\n  run = "x = 1"\n}\n', encoding="utf-8")
    monkeypatch.setattr("nixc.loader.standard_modules", lambda: {"std:git": module})
    text = 'import "std:git" as git\nworkflow w {\n  job j {\n    use git.status()\n  }\n}\n'
    assert checked(tmp_path, text, shellcheck=True) == ()
    # Whoever checks the module itself hears of it.
    (found,) = driver.check([str(module)], shellcheck=True).diagnostics
    assert found.code == "SC2283"


def test_a_module_is_a_file_to_go_to(tmp_path: Path) -> None:
    (tmp_path / "ci.nxa").write_text(
        'import "std:git" as git\n' + "workflow w {\n  job j {\n    use git.checkout()\n  }\n}\n"
    )
    built = driver.build(str(tmp_path / "ci.nxa"), shellcheck=False)
    assert [Path(path).is_file() for path in built.sources] == [True, True]
