"""A built script passes ShellCheck and `bash -n` whole, whatever stands in its workflow.

A build does not ask ShellCheck about the script: its runtime is fixed, and what the compiler adds
is quoted words. This is where that is held.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from nixc import driver

ROOT = Path(__file__).parents[2]
SHELLCHECK = Path(sys.executable).with_name("shellcheck")

#: Texts that ShellCheck would have something to say about if they were code.
WORDS = (
    "",
    " ",
    "it's",
    "'",
    "\\",
    "'\\'",
    "a\\",
    "$HOME",
    "${x",
    "$(date)",
    "`date`",
    '"',
    "~/.ssh",
    "*",
    "a b*",
    "[a]",
    "{a,b}",
    "{",
    "}",
    ")",
    "esac",
    ";;",
    "fi",
    "done",
    "#",
    "# shellcheck disable=all",
    "&& a",
    "a || b",
    "-n",
    "--",
    "a=b",
    "=",
    "1 > 2",
    "<<EOF",
    "\n",
    "a\nb\n",
    "\ta",
    "\r",
    "‘a’ “b” –",
    "\u00a0",
    "\u200b",
    "\ufeff",
    "😀",
    "\x01\x7f",
    "if then else",
    "local a",
    "x" * 5000,
)


def text(value: str) -> str:
    """The value as a string of the language."""
    short = {"\\": "\\\\", '"': '\\"', "$": "\\$", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    return '"' + "".join(short.get(c, c) for c in value) + '"'


def hostile() -> str:
    """A workflow that has the words wherever a text may stand."""
    env = ", ".join(f"V{n} = {text(word)}" for n, word in enumerate(WORDS))
    runs = "\n".join(
        f"    step {text(word or 'empty')} {{\n"
        f"      run = {text(word)}\n"
        f"      env = {{ W = {text(word)} }}\n"
        f"      condition = env.X == {text(word)} || !{text(word or 'true')}\n"
        f"      description = {text(word)}\n"
        "    }"
        for word in WORDS
    )
    globs = ", ".join(text(word) for word in WORDS if word)
    axis = ", ".join(text(word) for word in ("a", "it's", "$x", "\\2", "*3"))
    options = ", ".join(text(word) for word in WORDS)
    sources = ", ".join(
        f"file({text(word)}, required = false), exec({text(word)})" for word in WORDS if word
    )
    return (
        f"# It's {WORDS[12]}\nworkflow w {{\n  env = {{ {env} }}\n"
        f'  input level {{\n    type = "choice"\n    options = [{options}]\n'
        f'    default = ""\n    description = "it\'s `x` $y"\n  }}\n'
        f"  # It's `documented`, $x.\n  job first {{\n    condition = changed({globs})\n"
        f"    env = {{ {env} }}\n    envFrom = [static({{ {env} }}), {sources}]\n"
        f'    outputs = {{ "it\'s" = "a b/*\'x", "$x" = "\\\\" }}\n{runs}\n  }}\n'
        f"  job second {{\n    needs = [first]\n    matrix = {{ axis = [{axis}], other = [1] }}\n"
        f'    inputs = [{{ name = "it\'s", path = "it\'s" }}, "$x"]\n'
        f'    run "true"\n  }}\n}}\n'
    )


def flaws(source: Path) -> str:
    """What ShellCheck and bash have against the script of a source."""
    built = driver.build(str(source), shellcheck=False)
    assert built.script is not None, [one.message for one in built.diagnostics]
    said = ""
    for command in ([str(SHELLCHECK), "--norc", "-"], ["bash", "-n"]):
        ran = subprocess.run(command, input=built.script.encode(), capture_output=True)
        said += (ran.stdout + ran.stderr).decode()
    return said


@pytest.mark.parametrize("example", sorted((ROOT / "examples").glob("*.nxa")), ids=lambda p: p.stem)
def test_an_example(example: Path) -> None:
    assert flaws(example) == ""


def test_hostile_texts(tmp_path: Path) -> None:
    source = tmp_path / "hostile.nxa"
    source.write_text(hostile(), encoding="utf-8")
    assert flaws(source) == ""


def test_containers(tmp_path: Path) -> None:
    values = ", ".join(f"V{n} = {text(word)}" for n, word in enumerate(WORDS))
    mounts = ", ".join(text(f"/{word}:/x") for word in WORDS)
    source = tmp_path / "containers.nxa"
    source.write_text(
        f"executor box = oci {{\n  containerEnv = {{ {values}, W = env.X }}\n"
        f'  extraMounts = [{mounts}]\n  extraPackages = ["it\'s", "$x"]\n  user = "$x"\n'
        '  resources = { cpus = 1, memory = "$y" }\n}\n'
        'workflow w {\n  job j {\n    executor = box\n    run "true"\n  }\n}\n',
        encoding="utf-8",
    )
    assert flaws(source) == ""


@pytest.mark.parametrize("where", ['host = "x"', 'mode = "pool", hosts = ["x", env.Y]'])
def test_other_machines(where: str, tmp_path: Path) -> None:
    source = tmp_path / "machines.nxa"
    values = ", ".join(text(word) for word in WORDS if word)
    source.write_text(
        f"executor there = ssh {{\n  {where}\n  options = [{values}]\n  identityFile = '$x'\n}}\n"
        'workflow w {\n  job j {\n    executor = there\n    run "true"\n  }\n}\n',
        encoding="utf-8",
    )
    assert flaws(source) == ""
