"""Actions that change what is right into something else that means the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from nixc.ir.model import Workflow
from nixc.ir.walk import steps
from nixc_lsp.analysis import Analysis
from nixc_lsp.features.actions import Action
from nixc_lsp.features.declare_executor import declared
from nixc_lsp.features.extract_action import extracted
from nixc_lsp.features.organise_imports import organised
from tests.lsp.conftest import Start
from tests.lsp.cursor import analysed


def applied(analysis: Analysis, action: Action) -> str:
    text = analysis.source.text
    for span, new in sorted(action.edits, key=lambda edit: -edit[0].start):
        text = text[: span.start] + new + text[span.end :]
    return text


def selected(text: str) -> tuple[Analysis, int, int]:
    """The analysis of a text and the stretch between its two `|`, or at the only one."""
    first = text.index("|")
    rest = text[:first] + text[first + 1 :]
    if "|" not in rest:
        return (*analysed(text), first)
    analysis, last = analysed(rest)
    return analysis, first, last


def workflow(text: str, folder: Path | None = None) -> Workflow:
    analysis, _ = analysed(text + "|", folder)
    assert analysis.findings == ()
    assert analysis.compiled.workflow is not None
    return analysis.compiled.workflow


# --- executors --------------------------------------------------------------------------

INLINE = """\
workflow w {
  # The first.
  job a {
    executor = oci {
      image = "debian:12"
    }
    run "true"
  }
  job b {
    executor = oci { im|age = "debian:12" }
    run "true"
  }
  job c {
    executor = oci { image = "alpine:3.20", name = "c" }
    run "true"
  }
}
"""


def test_an_inline_executor_is_declared_for_all_that_share_it() -> None:
    analysis, first, last = selected(INLINE)
    (action,) = declared(analysis, first, last)
    text = applied(analysis, action)
    assert text.startswith(
        'workflow w {\n  executor b-oci = oci { image = "debian:12" }\n\n'
        "  # The first.\n  job a {\n"
    )
    assert text.count("executor = b-oci\n") == 2
    after = {job.name: job.executor for job in workflow(text).jobs}
    assert after == {"a": "b-oci", "b": "b-oci", "c": "c"}


def test_one_over_several_lines_is_moved_with_its_indentation() -> None:
    analysis, first, last = selected(
        INLINE.replace("im|age", "image").replace("oci {\n", "o|ci {\n")
    )
    (action,) = declared(analysis, first, last)
    assert '  executor a-oci = oci {\n    image = "debian:12"\n  }\n\n' in applied(analysis, action)


def test_one_of_a_template_goes_to_the_top() -> None:
    text = (
        'template t(x) {\n  executor = oci { image| = "x:1" }\n  env = { X = x }\n  run "true"\n}\n'
    )
    text += "workflow w {\n  job a = t(1)\n}\n"
    analysis, first, last = selected(text)
    (action,) = declared(analysis, first, last)
    after = applied(analysis, action)
    assert after.startswith('executor t-oci = oci { image = "x:1" }\n\ntemplate t(x) {\n')
    assert workflow(after).jobs[0].executor == "t-oci"


@pytest.mark.parametrize(
    "text",
    [
        "workflow w {\n job a {\n matrix = { v = [1] }\n"
        ' executor = oci { image = "${|matrix.v}" }\n run "true"\n }\n}\n',
        'template t(x) {\n executor = oci { image = "${x|}" }\n run "true"\n}',
        'workflow w {\n job a {\n executor = lo|cal\n run "true"\n }\n}\n',
        "workflow w {\n job a {\n executor = oci {|",
        "|",
    ],
)
def test_what_cannot_stand_elsewhere_stays(text: str) -> None:
    assert list(declared(*selected(text))) == []


# --- steps ------------------------------------------------------------------------------

STEPS = """\
let level = "3"
# It all.
workflow w {
  job a {
    |step "Unit tests" {
      env = { LEVEL = level }
      # Why.
      run = \"\"\"
        make
          it
      \"\"\"
    }
    run "tr|ue"
    step { run = "false" }
  }
}
"""


def test_selected_steps_become_actions_that_run_the_same() -> None:
    analysis, first, last = selected(STEPS)
    (action,) = extracted(analysis, first, last)
    assert action.title == "extract to 2 actions"
    text = applied(analysis, action)
    assert "\n    use unit-tests()\n    use a-step()\n    step {" in text
    assert (
        'action unit-tests() {\n  env = { LEVEL = level }\n  # Why.\n  run = """\n    make\n'
        in text
    )
    assert '\n\naction a-step() {\n  run = "true"\n}\n\n# It all.\nworkflow w {' in text
    before = workflow(STEPS.replace("|", ""))

    def scripts(one: Workflow) -> list[object]:
        return [
            (s.action.script.text, [(e.name, e.value) for e in s.action.env])
            for job in one.jobs
            for s in steps(job)
        ]

    assert scripts(workflow(text)) == scripts(before)


def test_a_step_in_a_parallel_group() -> None:
    text = 'workflow w {\n  job a {\n    parallel {\n      run "a|"\n      run "b"\n    }\n  }\n}\n'
    analysis, first, last = selected(text)
    (action,) = extracted(analysis, first, last)
    assert "      use a-step()\n      run" in applied(analysis, action)


def test_names_are_fresh() -> None:
    text = 'let a-step = 1\nworkflow w {\n  job a {\n    run "|x"\n  }\n}\n'
    (action,) = extracted(*selected(text))
    assert action.title == "extract to an action: `a-step-2`"


@pytest.mark.parametrize(
    "body",
    [
        'matrix = { v = ["1"] }\n step { run = "x|"\n env = { V = matrix.v } }',
        'step { run = "x|"\n env = { V = here } }',
        'step { run = "x|"\n env = { V = input.level } }',
        "use x|()",
        "|",
    ],
)
def test_what_stands_on_its_workflow_stays(body: str) -> None:
    text = f"workflow w {{\n let here = 1\n input level {{ }}\n job a {{\n {body}\n }}\n}}\n"
    assert list(extracted(*selected(text))) == []


def test_unfinished_steps_break_nothing() -> None:
    for text in (
        "workflow w { job a { run |",
        "workflow w { job a { step |",
        "template t( { run '|",
    ):
        list(extracted(*selected(text)))


# --- imports ----------------------------------------------------------------------------


def organise(text: str, folder: Path) -> list[str]:
    analysis, _ = analysed(text + "|", folder)
    return [applied(analysis, one) for one in organised(analysis)]


def test_imports_are_ordered_and_unused_ones_go(tmp_path: Path) -> None:
    (tmp_path / "m.nxa").write_text("let x = 1\n")
    text = (
        'import "./m.nxa" as m\nimport "./none.nxa" as none\n'
        'import "std:python" as python\nimport "std:git" as git\n\nlet y = m.x\n'
    )
    (found,) = organise(text, tmp_path)
    assert found == 'import "./m.nxa" as m\nimport "./none.nxa" as none\n\nlet y = m.x\n'
    used = text + "action a() { run = python.x }\naction b() { run = git.x }\n"
    (found,) = organise(used, tmp_path)
    assert found.startswith(
        'import "std:git" as git\nimport "std:python" as python\nimport "./m.nxa" as m\n'
    )
    assert organise(found, tmp_path) == []
    assert organise('import "std:git" as git\n\nlet y = 1\n', tmp_path) == ["let y = 1\n"]


@pytest.mark.parametrize(
    "text",
    [
        'import "std:python" as p\n# Why.\nimport "std:git" as g\n',
        'import "std:python" as p # why\nimport "std:git" as g\n',
        'import "std:python" as p\nlet x = 1\nimport "std:git" as g\n',
        'import "std:python" as p\nlet x = \n',
        "",
    ],
)
def test_imports_that_cannot_be_moved_stay(text: str, tmp_path: Path) -> None:
    assert organise(text, tmp_path) == []


def test_only_the_kinds_that_are_wanted(start: Start, tmp_path: Path) -> None:
    wire, uri = start(), (tmp_path / "w" / "a.nxa").as_uri()
    text = 'import "std:git" as git\nworkflow w {\n  job a {\n    run "true"\n  }\n}\n'
    wire.open(uri, text)
    place = {"line": 3, "character": 5}

    def kinds(*only: str) -> list[str]:
        context = {"diagnostics": [], **({"only": list(only)} if only else {})}
        params = {"textDocument": {"uri": uri}, "range": {"start": place, "end": place}}
        answer = wire.ask("textDocument/codeAction", {**params, "context": context})
        return [one["kind"] for one in answer["result"]]

    assert kinds() == ["refactor.extract", "source.organizeImports"]
    assert kinds("refactor") == ["refactor.extract"]
    assert kinds("source") == ["source.organizeImports"]
    assert kinds("quickfix") == []
    assert kinds("somebody.elses") == []
