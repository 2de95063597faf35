"""`nixc check`: what it says, in which form, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Nixc

GOOD = 'workflow w {\n  job j {\n    run "echo hello"\n  }\n}\n'
WARNING = 'workflow w {\n  job j {\n    run "x=1"\n  }\n}\n'
ERROR = 'workflow w {\n  job j {\n    needs = [k]\n    run "true"\n  }\n}\n'


def test_nothing_to_say(nixc: Nixc, folder: Path) -> None:
    (folder / "a.nxa").write_text(GOOD)
    ran = nixc("check", "a.nxa")
    assert (ran.status, ran.stdout, ran.stderr) == (0, "", "")


@pytest.mark.parametrize("text", ["", "\n", "\ufeff", "# only a comment\n", "let a = 1\n"])
def test_a_module_is_fine(nixc: Nixc, folder: Path, text: str) -> None:
    (folder / "a.nxa").write_text(text)
    assert nixc("check", "a.nxa").status == 0


def test_an_error(nixc: Nixc, folder: Path) -> None:
    (folder / "a.nxa").write_text(ERROR)
    ran = nixc("check", "a.nxa")
    assert ran.status == 1
    assert ran.stdout.startswith("error[NX")
    assert " --> a.nxa:3:14\n" in ran.stdout
    assert "3 |     needs = [k]\n  |              ^\n" in ran.stdout


def test_warnings_fail_only_where_asked(nixc: Nixc, folder: Path) -> None:
    (folder / "a.nxa").write_text(WARNING)
    ran = nixc("check", "a.nxa")
    assert ran.status == 0
    assert "warning[SC2034]" in ran.stdout
    assert " --> a.nxa:3:10\n" in ran.stdout
    assert nixc("check", "--strict", "a.nxa").status == 1
    assert nixc("check", "--strict", "--no-shellcheck", "a.nxa").status == 0


def test_json(nixc: Nixc, folder: Path) -> None:
    (folder / "a.nxa").write_text(ERROR)
    ran = nixc("check", "--format", "json", "a.nxa")
    assert ran.status == 1
    (found,) = json.loads(ran.stdout)
    assert set(found) == {
        *("code", "severity", "message", "file", "line", "column", "endLine", "endColumn"),
        *("help", "related", "docs"),
    }
    assert (found["file"], found["line"], found["column"]) == ("a.nxa", 3, 14)
    assert (found["endLine"], found["endColumn"]) == (3, 15)
    assert found["severity"] == "error"


@pytest.mark.parametrize(
    ("style", "nothing"), [("text", ""), ("json", "[]\n"), ("github", ""), ("gitlab", "[]\n")]
)
def test_forms_of_nothing(nixc: Nixc, folder: Path, style: str, nothing: str) -> None:
    (folder / "a.nxa").write_text(GOOD)
    ran = nixc("check", "--format", style, "a.nxa")
    assert (ran.status, ran.stdout, ran.stderr) == (0, nothing, "")


def test_forms_for_services(nixc: Nixc, folder: Path) -> None:
    (folder / ".git").mkdir()
    (folder / "sub dir").mkdir()
    (folder / "sub dir" / "a.nxa").write_text(ERROR)
    ran = nixc("check", "--format", "github", "sub dir")
    assert ran.status == 1
    assert ran.stdout.startswith("::error file=sub dir/a.nxa,line=3,endLine=3,col=14,endColumn=15")
    (issue,) = json.loads(nixc("check", "--format", "gitlab", "sub dir").stdout)
    assert issue["location"]["path"] == "sub dir/a.nxa"
    (run,) = json.loads(nixc("check", "--format", "sarif", "sub dir").stdout)["runs"]
    assert [result["ruleId"] for result in run["results"]] == ["NX206"]


def test_json_of_nothing(nixc: Nixc, folder: Path) -> None:
    (folder / "a.nxa").write_text(GOOD)
    ran = nixc("check", "--format", "json", "a.nxa")
    assert (ran.status, json.loads(ran.stdout), ran.stderr) == (0, [], "")


def test_directories_are_searched(nixc: Nixc, folder: Path) -> None:
    for name in (
        *("b.nxa", "sub/a.nxa", "sub/not.txt"),
        *(".hidden/c.nxa", ".git/c.nxa", "node_modules/c.nxa", "env/pyvenv.cfg", "env/lib/c.nxa"),
    ):
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_text(ERROR)
    ran = nixc("check", ".", "--format", "json")
    assert [found["file"] for found in json.loads(ran.stdout)] == ["./b.nxa", "./sub/a.nxa"]


def test_a_directory_without_sources_is_said(nixc: Nixc) -> None:
    ran = nixc("check", ".")
    assert (ran.status, ran.stderr) == (2, "nixc: no *.nxa below .\n")


def test_such_a_directory_does_not_hide_the_others(nixc: Nixc, folder: Path) -> None:
    (folder / "empty").mkdir()
    (folder / "a.nxa").write_text(ERROR)
    ran = nixc("check", "empty", "a.nxa", "--format", "json")
    assert (ran.status, ran.stderr) == (2, "nixc: no *.nxa below empty\n")
    assert len(json.loads(ran.stdout)) == 1


def test_a_file_given_twice_is_checked_once(nixc: Nixc, folder: Path) -> None:
    (folder / "a.nxa").write_text(ERROR)
    ran = nixc("check", "a.nxa", "./a.nxa", ".", "--format", "json")
    assert len(json.loads(ran.stdout)) == 1


def test_a_fault_in_a_shared_module_is_said_once(nixc: Nixc, folder: Path) -> None:
    (folder / "lib.nxa").write_text('action a() { run = "x=1" }\n')
    user = 'import "./lib.nxa" as lib\nworkflow w {\n  job j {\n    use lib.a()\n  }\n}\n'
    (folder / "one.nxa").write_text(user)
    (folder / "two.nxa").write_text(user)
    ran = nixc("check", ".", "--format", "json")
    assert [found["code"] for found in json.loads(ran.stdout)] == ["SC2034"]


def test_shell_of_a_module_is_checked(nixc: Nixc, folder: Path) -> None:
    (folder / "lib.nxa").write_text('action a(who) { run = "x=1; echo \\"$who\\"" }\n')
    ran = nixc("check", "lib.nxa", "--format", "json")
    assert [found["code"] for found in json.loads(ran.stdout)] == ["SC2034"]


LIBRARY = """
action greet(who, in-full = "no") {
  env = { name = who, fixed = "x" }
  run = "echo \\"$who $in_full $name $fixed $missing\\""
}

template checks(image, tool) {
  executor = oci { image = image }
  env      = { tool = tool }
  exports  = ["version"]
  use greet(who = tool)
  step "test" {
    condition = "[ $tool = x ]"
    run       = "echo \\"$tool $version\\"; y=1"
  }
}
"""


def test_what_an_unused_declaration_provides_is_known(nixc: Nixc, folder: Path) -> None:
    (folder / "lib.nxa").write_text(LIBRARY)
    ran = nixc("check", "lib.nxa", "--format", "json")
    found = [(found["code"], found["line"]) for found in json.loads(ran.stdout)]
    assert found == [("SC2154", 4), ("SC2086", 13), ("SC2034", 14)]


def test_shell_beside_a_workflow_is_checked(nixc: Nixc, folder: Path) -> None:
    text = GOOD + 'action a() { run = "echo $x" }\n'
    (folder / "a.nxa").write_text(text)
    ran = nixc("check", "a.nxa", "--format", "json")
    assert {"SC2154", "SC2086"} <= {found["code"] for found in json.loads(ran.stdout)}


def test_one_unreadable_file_does_not_hide_the_others(nixc: Nixc, folder: Path) -> None:
    (folder / "a.nxa").write_text(ERROR)
    ran = nixc("check", "missing.nxa", "a.nxa", "--format", "json")
    assert ran.status == 2
    assert len(json.loads(ran.stdout)) == 1
    assert ran.stderr == "nixc: cannot read missing.nxa: No such file or directory\n"


def test_standard_input(nixc: Nixc) -> None:
    ran = nixc("check", "-", stdin=ERROR)
    assert ran.status == 1
    assert " --> <stdin>:3:14" in ran.stdout


def test_no_colour_without_a_terminal(nixc: Nixc, folder: Path) -> None:
    (folder / "a.nxa").write_text(ERROR)
    assert "\x1b" not in nixc("check", "a.nxa").stdout


def test_a_locale_without_the_character(nixc: Nixc, folder: Path) -> None:
    (folder / "a.nxa").write_text(ERROR.replace("[k]", '["日本"]'))
    env = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    assert nixc("check", "a.nxa", env=env).status == 1


def test_usage(nixc: Nixc) -> None:
    assert nixc("check").status == 2
    assert nixc("check", "--format", "xml", "a.nxa").status == 2
    assert nixc("bild").status == 2
    assert nixc("--unknown").status == 2
