"""What is offered where."""

from __future__ import annotations

from pathlib import Path

import pytest

from nixc.schema.blocks import JOB, STEP
from nixc.schema.executors import EXECUTORS
from nixc.schema.functions import CONDITIONS, PROVIDERS
from nixc.schema.names import LANGUAGE_BY_TAG, RESULTS
from nixc_lsp.features.completion import Item, complete
from nixc_lsp.features.signature import signature
from tests.lsp.cursor import analysed

HEAD = """\
import "std:python" as python
let image = "debian:12"
action greet(who, how = "loud") { run = "echo $who" }
template check(tool) { run "x" }
executor box = oci { image = image }
"""


def offered(text: str, folder: Path | None = None) -> dict[str, Item]:
    return {one.label: one for one in complete(*analysed(text, folder))}


def in_workflow(body: str) -> str:
    others = (
        '  job lint { outputs = { dist = "d" }\n run "x" }\n  job last { needs = [it]\n run "x" }\n'
    )
    return f"{HEAD}workflow w {{\n{others}  input level {{ }}\n{body}\n}}\n"


def in_job(body: str) -> str:
    return in_workflow(f"  job it {{\n    {body}\n  }}")


def test_fields_that_are_missing_and_declarations() -> None:
    found = offered(in_job("timeout = 1m\n    |"))
    assert found.keys() == ({*JOB.by_name} - {"timeout"}) | {"step", "run", "use", "parallel"}
    assert "The jobs that this one waits for." in found["needs"].doc
    assert "workflow" in offered("|")
    assert offered(in_job('step "a" {\n|\n}')).keys() == set(STEP.by_name)


@pytest.mark.parametrize("body", ["needs = [|", "needs = [|]", "needs = [li|", "needs = [\n  |\n]"])
def test_jobs_without_circles(body: str) -> None:
    assert offered(in_job(body)).keys() == {"lint"}


def test_jobs_are_named_once() -> None:
    assert offered(in_job("needs = [lint, |]")).keys() == set()


@pytest.mark.parametrize("body", ["executor = |", "executor = lo|"])
def test_executors(body: str) -> None:
    assert offered(in_job(body)).keys() == {one.name for one in EXECUTORS} | {"box"}


@pytest.mark.parametrize("body", ["executor = oci { mo|", "executor = oci { mo| }"])
def test_fields_of_an_executor(body: str) -> None:
    found = offered(in_job(body))
    assert "mode" in found
    assert "timeout" not in found


def test_choices() -> None:
    found = offered(in_job("retry = { backoff = | }"))
    assert found["linear"].text == '"linear"'
    assert offered(in_job('retry = { backoff = "|" }')).keys() >= {"linear", "constant"}
    assert offered(in_job("continueOnError = |")).keys() == {"true", "false"}


def test_actions_with_their_parameters() -> None:
    found = offered(in_job("use |"))
    assert found["greet"].text == "greet(who = ${1})"
    assert found["greet"].detail == '(who, how = "loud")'
    assert "python.test" in found
    members = offered(in_job("use python.|"))
    assert "test" in members
    assert members["test"].doc
    assert offered(in_job("use greet(|")).keys() >= {"who", "how", "image"}


def test_templates() -> None:
    assert offered(in_workflow("  job it = |")).keys() == {"check"}


def test_conditions_and_providers() -> None:
    found = offered(in_job("condition = |")).keys()
    assert found >= {one.name for one in CONDITIONS} | {"env", "needs"}
    assert offered(in_job("envFrom = [|]")).keys() == {one.name for one in PROVIDERS}


def test_members_of_the_roots() -> None:
    assert offered(in_job("env = { A = input.| }")).keys() == {"level"}
    assert offered(in_job("condition = needs.lint.|")).keys() == {"result"}
    axes = 'matrix = { os = ["a"], failFast = true }'
    assert offered(in_job(f"{axes}\n env = {{ A = matrix.| }}")).keys() == {"os"}


@pytest.mark.parametrize("field", ["include", "exclude"])
def test_combinations_of_a_matrix(field: str) -> None:
    def written(combination: str) -> str:
        axes = 'os = ["linux", "mac"], v = [1, 2], failFast = true'
        return in_job(f"matrix = {{ {axes}, {field} = [{{ {combination} }}] }}")

    assert offered(written("|")).keys() == {"os", "v"}
    assert offered(written("os = 1, |")).keys() == {"v"}
    assert offered(written("v|"))["v"].text == "v = $0"
    found = offered(written("os = |"))
    assert (found["linux"].text, found["mac"].text) == ('"linux"', '"mac"')
    assert offered(written("v = |")).keys() >= {"1", "2"}


def in_graph(body: str) -> str:
    """A job `it` among others; `lint` and `mid` come before, `side` and `last` do not."""
    jobs = {
        "lint": 'exports = ["VERSION"]\n outputs = { dist = "d" }',
        "mid": 'needs = [lint]\n outputs = { report = "r" }\n matrix = { v = [1, 2] }',
        "side": 'outputs = { other = "o" }',
        "last": 'needs = [it]\n outputs = { late = "l" }',
    }
    text = "".join(f'  job {name} {{ {own}\n run "x" }}\n' for name, own in jobs.items())
    level = '  input level { type = "choice"\n options = ["low", "high"] }\n'
    return f"{HEAD}workflow w {{\n{text}{level}  job it {{\n    {body}\n  }}\n}}\n"


@pytest.mark.parametrize("inside", ['["|"]', '["|', '[{ name = "|" }]', '["x", "|"]'])
def test_artifacts_of_jobs_before(inside: str) -> None:
    found = offered(in_graph(f"needs = [mid]\n    inputs = {inside}"))
    assert found.keys() == {"dist", "report"}
    assert found["dist"].text == "dist"
    assert "`lint`" in found["dist"].doc
    assert offered(in_graph(f"inputs = {inside}")) == {}


def test_artifacts_get_their_quotes() -> None:
    assert offered(in_graph("needs = [lint]\n    inputs = [|]"))["dist"].text == '"dist"'


@pytest.mark.parametrize(
    "body", ["condition = needs.{}", "env = {{ A = needs.{} }}", 'env = {{ A = "${{needs.{}}}" }}']
)
def test_exports_of_jobs_that_are_needed(body: str) -> None:
    needing = "needs = [lint]\n    " + body
    assert offered(in_graph(needing.format("|"))).keys() == {"lint"}
    assert offered(in_graph(needing.format("lint.|"))).keys() == {"result", "VERSION"}
    assert offered(in_graph(needing.format("lint.VER|"))).keys() == {"result", "VERSION"}
    assert offered(in_graph("needs = [mid]\n    " + body.format("lint.|"))).keys() == {"result"}


def test_values_that_are_compared() -> None:
    need = "needs = [lint]\n    condition = needs.lint.result =="
    assert offered(in_graph(f'{need} "|"')).keys() == set(RESULTS)
    assert offered(in_graph(f"{need} |"))["failure"].text == '"failure"'
    assert offered(in_graph('condition = input.level != "|"')).keys() == {"low", "high"}


def test_parameters_in_expressions() -> None:
    template = "template t(tool) {{ env = {{ A = {} }} }}\n"
    assert {"tool", "env"} <= offered(template.format("t|")).keys()
    assert {"tool", "env"} <= offered(template.format('"x ${t|}"')).keys()
    assert "tool" not in offered(template.format('"${x} t|"'))


def test_languages_of_raw_texts() -> None:
    assert offered(in_job('run """ |')).keys() == LANGUAGE_BY_TAG.keys()
    assert offered(in_job('run """py|\n')).keys() == LANGUAGE_BY_TAG.keys()


def test_variables_in_shell_text() -> None:
    found = offered(in_job('env = { COLOUR = "red" }\n    run "echo $CO|"'))
    assert {"COLOUR", "JOB_NAME", "INPUT_LEVEL"} <= found.keys()
    assert offered(in_job('run "echo CO|"')) == {}


def test_values_in_a_string() -> None:
    assert "image" in offered(in_job('workdir = "${im|}"'))


def test_imports(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "x.nxa").touch()
    (tmp_path / "y.nxa").touch()
    assert offered('import "|', tmp_path).keys() >= {"std:git", "./y.nxa"}
    assert "./lib/x.nxa" in offered('import "./lib/|" as x', tmp_path)


@pytest.mark.parametrize("text", ["|", "}|", "job {|", "]]|((", '"|', "use python.|", "= |", ".|"])
def test_nothing_breaks_it(text: str) -> None:
    complete(*analysed(text))


@pytest.mark.parametrize(
    ("body", "label", "active"),
    [
        ("use greet(|", 'greet(who, how = "loud")', 0),
        ("use greet(1, |", 'greet(who, how = "loud")', 1),
        ("use greet(how = |", 'greet(who, how = "loud")', 1),
        ("condition = changed(|)", "changed(globs)", 0),
    ],
)
def test_signatures(body: str, label: str, active: int) -> None:
    found = signature(*analysed(in_job(body)))
    assert found is not None
    assert (found.label, found.active) == (label, active)


def test_what_is_not_called_has_no_signature() -> None:
    assert signature(*analysed(in_job("run |"))) is None
    assert signature(*analysed(in_job("use nobody(|"))) is None
