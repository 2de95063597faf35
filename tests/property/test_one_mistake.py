"""Of a file with one token too few or one too many, one error is said at most."""

from __future__ import annotations

from pathlib import Path

import pytest

from nixc import driver
from nixc.diagnostics import Severity
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


def errors(folder: Path, text: str) -> list[str]:
    file = folder / "ci.nxa"
    file.write_text(text, encoding="utf-8")
    found = driver.check([str(file)], shellcheck=False).diagnostics
    return [f"{one.code} {one.message}" for one in found if one.severity is Severity.ERROR]


def test_the_example_is_right(memory: Path) -> None:
    assert errors(memory, EXAMPLE) == []


@pytest.mark.parametrize("doubled", [False, True], ids=["without", "twice"])
def test_one_token_is_one_error(memory: Path, doubled: bool) -> None:
    told = {}
    for token in TOKENS:
        word = EXAMPLE[token.start : token.end]
        again = f"{word} {word}" if doubled else " "
        changed = f"{EXAMPLE[: token.start]}{again}{EXAMPLE[token.end :]}"
        found = errors(memory, changed)
        if len(found) > 1 and word not in TWO:
            told[f"{word!r} at {token.start}"] = found
    assert told == {}
