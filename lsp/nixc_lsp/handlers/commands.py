"""The commands of the server (`workspace/executeCommand`).

They work on what is open, saved or not. What cannot be done is an error answer with words for the
user; where a person asked for something to be done, it is shown to them, too.
"""

from __future__ import annotations

import asyncio
import os
from hashlib import sha256
from typing import Any

from nixc import cachefile, driver, files
from nixc.diagnostics import Severity
from nixc.ir import model as ir
from nixc.ir.groups import declared_name
from nixc.trouble import Trouble
from nixc_lsp.analysis import Analysis
from nixc_lsp.convert import path_of
from nixc_lsp.features.drawing import Drawn, NoWorkflow, drawn, workflow_of
from nixc_lsp.protocol import Refusal
from nixc_lsp.session import Session


async def build(session: Session, uri: object, out: object = None) -> dict[str, Any]:
    """Writes the script, beside its source or where `out` says (a path or a URI)."""
    try:
        analysis = _analysis(session, uri)
        target = _target(analysis, _text(uri, "a URI"), out)
        built = await _built(session, analysis, shellcheck=True)
        await asyncio.to_thread(_write, target, built)
    except Refusal as refused:
        raise _shown(session, refused) from None
    return {"out": target}


async def run(session: Session, uri: object) -> dict[str, Any]:
    """What the client is to start in a terminal of its own: the script, built just now."""
    try:
        return await _runnable(session, _analysis(session, uri), [])
    except Refusal as refused:
        raise _shown(session, refused) from None


async def run_job(session: Session, uri: object, job: object) -> dict[str, Any]:
    """As `run`, for one job and what it needs."""
    try:
        analysis = _analysis(session, uri)
        workflow = _workflow_of(analysis)
        name = _text(job, "the name of a job")
        if name not in {n for one in workflow.jobs for n in (one.name, declared_name(one))}:
            raise Refusal(f"there is no job `{name}` in the workflow `{workflow.name}`")
        return await _runnable(session, analysis, [name])
    except Refusal as refused:
        raise _shown(session, refused) from None


async def show_graph(session: Session, uri: object) -> dict[str, Any]:
    """The graph as a drawing and as data. A view asks for it after each edit: what cannot be
    drawn is answered, and nobody is disturbed."""
    try:
        found = drawn(_analysis(session, uri))
    except NoWorkflow as error:
        raise Refusal(str(error)) from None
    graph = found.graph
    return {
        "workflow": graph.name,
        "svg": found.svg,
        "jobs": [_job(session, found, number) for number in range(len(graph.nodes))],
        "groups": [
            {"name": one.name, "kind": one.kind, "jobs": [node.name for node in one.nodes]}
            for one in graph.groups
        ],
    }


async def show_script(session: Session, uri: object) -> dict[str, Any]:
    """The script as it would be built, to be read."""
    built = await _built(session, _analysis(session, uri), shellcheck=False)
    return {"text": built.script}


def _job(session: Session, found: Drawn, number: int) -> dict[str, Any]:
    node = found.graph.nodes[number]
    outcome = found.outcomes.get(node.name)
    return {
        "name": node.name,
        "executor": node.group,
        "needs": [need.name for need in node.needs],
        "uri": session.convert.uri_of(node.span.source),
        "range": session.convert.range(node.span),
        "status": outcome.status if outcome else None,
        "duration_ms": outcome.duration if outcome else None,
    }


async def _runnable(session: Session, analysis: Analysis, arguments: list[str]) -> dict[str, Any]:
    built = await _built(session, analysis, shellcheck=True)
    assert built.script is not None
    # One file for each source, so that they do not heap up; replaced as a whole.
    mark = sha256(os.fsencode(analysis.path)).hexdigest()[:16]
    try:
        script = await asyncio.to_thread(cachefile.store, f"run-{mark}.sh", built.script.encode())
    except Trouble as error:
        raise Refusal(str(error)) from None
    return {"command": ["bash", script, *arguments], "cwd": _folder(session, analysis.path)}


async def _built(session: Session, analysis: Analysis, *, shellcheck: bool) -> driver.Built:
    """The script of a file as it is open; there is one. Raises Refusal."""
    _workflow_of(analysis)
    read = session.project.reader(analysis.paths)
    try:
        built = await asyncio.to_thread(
            driver.build, analysis.path, shellcheck=shellcheck, read=read
        )
    except Trouble as error:
        raise Refusal(str(error)) from None
    if built.script is None:
        errors = [one for one in built.diagnostics if one.severity is Severity.ERROR]
        said = [f"{one.message} [{one.code}]" for one in errors] or list(built.troubles)
        raise Refusal(said[0])
    return built


def _write(target: str, built: driver.Built) -> None:
    assert built.script is not None
    try:
        files.refuse_same(target, built.sources)
        files.write_script(target, built.script)
    except Trouble as error:
        raise Refusal(str(error)) from None


def _workflow_of(analysis: Analysis) -> ir.Workflow:
    try:
        return workflow_of(analysis)
    except NoWorkflow as error:
        raise Refusal(str(error)) from None


def _analysis(session: Session, uri: object) -> Analysis:
    analysis = session.project.analysis(path_of(_text(uri, "a URI")))
    if analysis is None:
        raise Refusal(f"{uri} cannot be read")
    return analysis


def _target(analysis: Analysis, uri: str, out: object) -> str:
    if out is not None:
        text = _text(out, "a path or a URI")
        given = path_of(text) if text.startswith("file:") else text
        return os.path.join(os.path.dirname(analysis.path), given)
    if not uri.startswith("file:"):
        raise Refusal("the workflow must be saved to a file first")
    return files.output_for(analysis.path)


def _folder(session: Session, path: str) -> str:
    """The innermost folder of the workspace around a file, else the file's own."""
    folders = [path_of(uri) for uri in session.server.protocol.workspace.folders]
    around = [one for one in folders if os.path.commonpath([one, path]) == one]
    return max(around, key=len, default=os.path.dirname(path))


def _text(value: object, what: str) -> str:
    if not isinstance(value, str):
        raise Refusal(f"{what} is missing among the arguments")
    return value


def _shown(session: Session, refused: Refusal) -> Refusal:
    session.fail(refused.message)
    return refused
