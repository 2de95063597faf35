"""A file with one token too few, one too many or a slip of the pen has one mistake, told once."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from nixc import driver
from nixc.diagnostics import Diagnostic, Severity
from nixc.source import Source
from nixc.syntax.errors import Errors
from nixc.syntax.lexer import lex

EXAMPLE = '''\
import "std:python" as python

let registry = "ghcr.io/acme"

executor builder = local {
  copyRepo = false
}

action announce(who, greeting = "hello") {
  run = """
    echo "$greeting, $who"
  """
}

template check(tool, options = "") {
  timeout = 5m
  run "make"
}

workflow ci {
  timeout = 1h
  env     = { REGISTRY = registry }
  envFrom = [file(".env", required = false), required("API_KEY")]
  secrets = ["API_KEY"]

  input environment {
    type    = "choice"
    options = ["staging", "production"]
    default = "staging"
  }

  job lint = check("ruff", options = "-q") {
    retry = { maxAttempts = 3, backoff = "exponential" }
  }

  job test {
    needs    = [lint]
    executor = builder
    matrix   = { python = ["3.10", "3.12"], db = ["sqlite", "postgres"] }
    outputs  = { coverage = "coverage/" }

    use python.setup(version = matrix.python)
    step "unit tests" {
      deps    = ["make"]
      timeout = 10m
      run     = """
        make test DB="$MATRIX_DB"
      """
    }
    step "upload even if red" {
      condition = always()
      run       = "./upload.sh coverage/"
    }
    parallel {
      run "make a"
      run "make b"
    }
  }

  job deploy {
    needs     = [test]
    condition = success() && env.BRANCH == "main" && input.environment == "production"
    inputs    = [{ name = "coverage", path = "report/", each = true }]
    use announce(who = "world") {
      timeout = 10s
    }
    run "./deploy.sh"
  }
}
'''

TOKENS = [one for one in lex(Source("x.nxa", EXAMPLE), Errors()).tokens if one.kind != "NL"]

#: What is two mistakes, or could be: the field that tells how others are read, parameters and
#: names that others use, an axis with a value twice.
TWO = {"type", "who", "greeting", "options", '"3.10"', '"3.12"', '"sqlite"', '"postgres"'}


def told(folder: Path, text: str) -> list[Diagnostic]:
    file = folder / "ci.nxa"
    file.write_text(text, encoding="utf-8")
    return list(driver.check([str(file)], shellcheck=False).diagnostics)


def errors(folder: Path, text: str) -> list[str]:
    found = told(folder, text)
    return [f"{one.code} {one.message}" for one in found if one.severity is Severity.ERROR]


def test_the_example_is_right(memory: Path) -> None:
    assert told(memory, EXAMPLE) == []


#: Slips of the pen in a word.
SLIPS: dict[str, Callable[[str], str]] = {
    "a letter more": lambda word: word + "x",
    "letters swapped": lambda word: word[:-2] + word[-1] + word[-2],
    "upper case": str.capitalize,
}


@pytest.mark.parametrize("slip", SLIPS.values(), ids=SLIPS)
def test_a_misspelt_word_is_one_mistake(memory: Path, slip: Callable[[str], str]) -> None:
    """Warnings count, too: what a misspelt field or name uses is used."""
    wrong = {}
    for token in TOKENS:
        word = EXAMPLE[token.start : token.end]
        if token.kind == "TEXT" or not word.strip('"')[1:2].isalnum():
            continue
        quotes = '"' * word.startswith('"')
        misspelt = f"{quotes}{slip(word.strip(quotes or None))}{quotes}"
        changed = f"{EXAMPLE[: token.start]}{misspelt}{EXAMPLE[token.end :]}"
        found = told(memory, changed)
        if len(found) > 1:
            wrong[f"{word} at {token.start}"] = [f"{one.code} {one.message}" for one in found]
    assert wrong == {}


@pytest.mark.parametrize("doubled", [False, True], ids=["without", "twice"])
def test_one_token_is_one_error(memory: Path, doubled: bool) -> None:
    wrong = {}
    for token in TOKENS:
        word = EXAMPLE[token.start : token.end]
        again = f"{word} {word}" if doubled else " "
        changed = f"{EXAMPLE[: token.start]}{again}{EXAMPLE[token.end :]}"
        found = errors(memory, changed)
        if len(found) > 1 and word not in TWO:
            wrong[f"{word!r} at {token.start}"] = found
    assert wrong == {}


@pytest.mark.parametrize("sign", "=,:.$)]}([{")
def test_a_sign_too_many_is_one_error(memory: Path, sign: str) -> None:
    wrong = {}
    for token in TOKENS[1:]:
        if sign == "," and token.kind == "LPAR":
            continue  # `required, ("KEY")` in a list: two items
        changed = f"{EXAMPLE[: token.start]}{sign} {EXAMPLE[token.start :]}"
        found = errors(memory, changed)
        if len(found) > 1:
            wrong[f"{sign} before {EXAMPLE[token.start : token.end]!r} at {token.start}"] = found
    assert wrong == {}


#: Without its opening quotes a text is read as if it were the language: anything may be in it.
OPENING = re.compile(r'\s*run += """\n')


@pytest.mark.parametrize("doubled", [False, True], ids=["without", "twice"])
def test_one_line_is_one_mistake(memory: Path, doubled: bool) -> None:
    lines = EXAMPLE.splitlines(keepends=True)
    wrong = {}
    for number, line in enumerate(lines):
        changed = [*lines[:number], *[line] * (2 * doubled), *lines[number + 1 :]]
        found = told(memory, "".join(changed))
        if len(found) > 1 and not OPENING.fullmatch(line):
            wrong[f"{number + 1}: {line}"] = [f"{one.code} {one.message}" for one in found]
    assert wrong == {}
