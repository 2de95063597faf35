"""Short ways from a text to the IR."""

from __future__ import annotations

from textwrap import dedent

from nixc import passes
from nixc.ir import model as ir
from nixc.lower import Lowered, lower
from nixc.lower.modules import NoFile
from nixc.source import Source
from nixc.syntax import nodes, parse


class NoImports:
    """A loader for texts that import nothing."""

    def load(self, importing: Source, path: str) -> nodes.File | NoFile:
        return NoFile(f"no {path} here")


def lowered(text: str) -> Lowered:
    """The text lowered; it must have no syntax error."""
    parsed = parse(Source("test.nxa", dedent(text)))
    assert parsed.diagnostics == ()
    return lower(parsed.file, NoImports())


def workflow(text: str) -> ir.Workflow:
    """The workflow of a correct text, before the passes."""
    result = lowered(text)
    assert [one.message for one in result.diagnostics if one.severity.value == "error"] == []
    assert result.workflow is not None
    return result.workflow


def passed(text: str) -> ir.Workflow:
    """The workflow of a correct text, after the passes."""
    result = passes.run(workflow(text))
    assert result.diagnostics == ()
    return result.workflow


def steps(job: ir.Job) -> list[ir.Step]:
    """The steps of a job that has no parallel groups."""
    return [step for step in job.steps if isinstance(step, ir.Step)]
