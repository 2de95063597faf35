"""Executor deduplication: one executor per name, or an error with both places."""

from __future__ import annotations

from nixc.diagnostics import Diagnostic, Label, Severity, quoted
from nixc.ir import model as ir
from nixc.ir.walk import Plain, plain_config
from nixc.lower import codes
from nixc.memo import Memo
from nixc.passes.model import Passed
from nixc.records import replace


def deduplicate_executors(workflow: ir.Workflow, _: Memo) -> Passed:
    """Same name, same configuration: one executor. Same name, another configuration: an error
    at the second, once per configuration."""
    first: dict[str, ir.Executor] = {}
    configs: dict[str, set[Plain]] = {}
    found: list[Diagnostic] = []
    for executor in workflow.executors:
        known = first.setdefault(executor.name, executor)
        seen = configs.setdefault(executor.name, set())
        config = _config(executor)
        if seen and config not in seen:
            found.append(_conflict(known, executor))
        seen.add(config)
    return Passed(replace(workflow, executors=tuple(first.values())), tuple(found))


def _config(executor: ir.Executor) -> Plain:
    fields = ((name, plain_config(value)) for name, value in executor.config)
    return (executor.kind, *fields)


def _conflict(known: ir.Executor, executor: ir.Executor) -> Diagnostic:
    inline = executor.name == executor.kind
    advice = f"declare one: `executor NAME = {executor.kind} {{ … }}`, or set `name`"
    return Diagnostic(
        codes.TWO_CONFIGURATIONS,
        Severity.ERROR,
        f"the executor {quoted(executor.name)} has two configurations",
        executor.span,
        advice if inline else "give one of them another name",
        (Label(known.span, "the other one is here"),),
    )
