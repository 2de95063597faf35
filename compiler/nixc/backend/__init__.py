"""IR to script. The way out of the compiler: one function."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import PurePath

from nixc import __version__
from nixc.backend.link import linked
from nixc.backend.numbers import takes_from_nix
from nixc.backend.plan import Plan
from nixc.backend.planner import make_plan
from nixc.backend.template import template
from nixc.ir.model import Provider, Workflow
from nixc.ir.walk import has_groups, steps

__all__ = ["render"]


def render(workflow: Workflow, source_name: str, source_hash: str) -> str:
    """The built script: the same text for the same workflow, source and nixc.

    `source_name` is shown without its directories, so that a build does not depend on where it ran.
    Raises FileNotFoundError where the installation lacks a runtime file.
    """
    name = PurePath(source_name).name
    plan = make_plan(workflow, name, __version__)
    return _signed(_rendered(workflow, name, source_hash, plan))


#: The line of a script that records the hash of all other lines; core/verify.sh looks there.
_HASH_LINE = 5


def _signed(script: str) -> str:
    """The script with its own hash in a line of its head."""
    lines = script.split("\n")
    digest = sha256(script.encode()).hexdigest()
    lines.insert(_HASH_LINE - 1, f"# SHA-256 of all other lines: {digest}")
    return "\n".join(lines)


def _rendered(workflow: Workflow, name: str, source_hash: str, plan: Plan) -> str:
    kinds = dict.fromkeys(executor.kind for executor in workflow.executors)
    return template("script.sh.j2").render(
        name=workflow.name,
        source_name=_one_line(name),
        source_hash=source_hash,
        version=__version__,
        script_name=f"{workflow.name}.sh",
        start=linked(["core/start.sh"]),
        runtime=linked([*_core(workflow), *(f"executors/{kind}.sh" for kind in kinds)]),
        plan=plan,
    )


def _core(workflow: Workflow) -> list[str]:
    """The runtime's roots: what every script has, and what only some workflows use."""
    roots = ["core/main.sh"]
    if any(_provided(workflow)):
        roots.append("core/providers.sh")
    if any(job.cache is not None for job in workflow.jobs):
        roots.append("core/cache.sh")
    if workflow.secrets or any(_provided(workflow)):
        roots.append("core/mask.sh")
    if has_groups(workflow):
        roots.append("core/parallel.sh")
    if any(takes_from_nix(executor) for executor in workflow.executors):
        roots.append("core/nix.sh")
    return roots


def _provided(workflow: Workflow) -> Iterator[tuple[Provider, ...]]:
    """The providers of every level."""
    yield workflow.env_from
    for job in workflow.jobs:
        yield job.env_from
        yield from (step.env_from for step in steps(job))


def _one_line(text: str) -> str:
    """A name that can stand in a comment, whatever a file may be called."""
    return "".join(character if character.isprintable() else "?" for character in text)
