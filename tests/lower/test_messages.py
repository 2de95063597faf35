"""What all messages have in common."""

from __future__ import annotations

import pytest

from nixc import passes, rules
from nixc.lower import lower
from nixc.lower.context import Context
from nixc.report import json
from nixc.source import Source
from nixc.syntax import parse
from tests.lower.texts import NoImports

LONG = "a" * 1_000_000
JOB = 'job j { run "x" }'


@pytest.mark.parametrize(
    "body",
    [
        f'job j {{ outputs = {{ x = "/{LONG}" }}\n run "x" }}',
        f'job j {{ executor = oci {{ image = "{LONG}" }}\n run "x" }}',
        f'job j {{ executor = {LONG} {{ }}\n run "x" }}',
        f'job j {{ executor = {LONG}.b.c\n run "x" }}',
        f'job j {{ {LONG} = 1\n run "x" }}',
        f'job j {{ needs = [{LONG}]\n run "x" }}',
        f'job j {{ needs = {LONG}\n run "x" }}',
        f'job j {{ needs = ["{LONG}"]\n run "x" }}',
        f"job j {{ use {LONG}() }}",
        f"job j {{ use k() }}\n job {LONG} = {LONG}() {{ }}",
        f'job {LONG} {{ needs = [{LONG}]\n run "x" }}',
        f'job j {{ env = {{ "{LONG}-" = "x" }}\n run "x" }}',
        f'job j {{ env = {{ {LONG} = [1] }}\n run """{LONG}\n""" }}',
        f'job j {{ timeout = "1{LONG}"\n run """\n ${{matrix.{LONG}}}\n """ }}',
        f'job j {{ continueOnError = "{LONG}"\n run "x" }}',
        f'job j {{ matrix = {{ "{LONG} " = ["1"] }}\n run "x" }}',
        f'job j {{ condition = needs.{LONG}.result == "{LONG}"\n run "x" }}',
        f'job j {{ condition = input.{LONG} == "{LONG}"\n run "x" }}',
        f"let {LONG} = {LONG}\n {JOB}",
        f"input {LONG} {{ }}\n {JOB}",
        f'input j {{ type = "choice"\n options = ["a"]\n default = "{LONG}" }}\n {JOB}',
        f'input j {{ type = "{LONG}" }}\n {JOB}',
        f"jb {LONG} {{ }}\n {JOB}",
        f"job {LONG}\n {JOB}",
        f"{LONG} j {{ }}\n {JOB}",
        f'job j {{ run "\\u{{{LONG}}}" }}',
        f"x = 1{LONG}\n {JOB}",
    ],
    ids=lambda body: body.replace(LONG, "X"),
)
def test_no_message_quotes_a_megabyte(body: str) -> None:
    parsed = parse(Source("test.nxa", "workflow w {\n" + body + "\n}\n"))
    lowered = lower(parsed.file, NoImports(), parsed.diagnostics)
    found = [*parsed.diagnostics, *lowered.diagnostics]
    if lowered.workflow is not None:
        passed = passes.run(lowered.workflow)
        found += [*passed.diagnostics, *rules.check(passed.workflow, lowered)]
    assert found
    for diagnostic in found:
        assert len(json.render([diagnostic])) < 2000


def test_what_is_cut_says_so() -> None:
    text = f'workflow w {{ job j {{ outputs = {{ x = "/{"a" * 50}" }}\n run "x" }} }}'
    (found,) = lower(parse(Source("test.nxa", text)).file, NoImports()).diagnostics
    assert f"`/{'a' * 39}…`" in found.message


def test_what_cannot_be_printed_is_written_as_in_a_string() -> None:
    text = 'workflow w { job j { deps = ["a\\nb"]\n outputs = { x = "/\\u{1B}\\t" }\n run "x" } }'
    (found,) = [
        one
        for one in lower(parse(Source("test.nxa", text)).file, NoImports()).diagnostics
        if one.code == "NX310"
    ]
    assert found.message.startswith("`/\\u{1B}\\t` ")


@pytest.mark.parametrize(
    ("written", "meant"), [("gti", "git"), ("chekout", "checkout"), ("Test", "test"), ("x", None)]
)
def test_what_was_meant(written: str, meant: str | None) -> None:
    names = ["git", "checkout", "test", "y"]
    assert Context().nearest(written, names) == meant
