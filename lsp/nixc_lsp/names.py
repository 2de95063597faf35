"""What each name of a file stands for: where it is declared, and where it is read.

By the syntax alone, so that it holds in files with mistakes, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from nixc.records import replace
from nixc.schema.blocks import FILE, INPUT, JOB, PARALLEL, STEP, WORKFLOW
from nixc.schema.types import Block, ConditionT, JobRefs, Shell
from nixc.source import Source, Span
from nixc.syntax import nodes
from nixc_lsp.symbols import (
    SORTS,
    Occurrence,
    Scope,
    Symbol,
    artifact_name,
    artifacts_of,
    axes_of,
    declared,
    key_name,
    of_sort,
    parameter_symbol,
    parameters,
    symbol_of,
)

#: Finds the file that an import leads to.
Imported = Callable[[nodes.Import], nodes.File | None]

_NO_NAMES: Mapping[str, Symbol] = {}


def occurrences(file: nodes.File, imported: Imported) -> list[Occurrence]:
    """Every place of a file that names something, declarations included, in order."""
    walk = _Walk(imported)
    found = walk.entries(file.entries, Scope(top=_top(file)), FILE)
    return sorted(found, key=lambda one: one.span.start)


def _top(file: nodes.File) -> dict[str, Symbol]:
    named = (entry for entry in file.entries if not isinstance(entry, nodes.WorkflowDecl))
    return declared(named)


class _Walk:
    """Goes through the syntax tree with what names mean."""

    def __init__(self, imported: Imported) -> None:
        self._imported = imported
        self._tops: dict[Source, dict[str, Symbol]] = {}

    def members(self, symbol: Symbol) -> dict[str, Symbol]:
        """What an import makes known."""
        assert isinstance(symbol.node, nodes.Import)
        file = self._imported(symbol.node)
        if file is None:
            return {}
        source = file.span.source
        if source not in self._tops:
            self._tops[source] = _top(file)
        return {n: one for n, one in self._tops[source].items() if one.sort != "import"}

    def entries(
        self, entries: Iterable[nodes.Entry], scope: Scope, block: Block
    ) -> Iterator[Occurrence]:
        for entry in entries:
            yield from self.entry(entry, scope, block)

    def entry(self, entry: nodes.Entry, scope: Scope, block: Block) -> Iterator[Occurrence]:
        match entry:
            case nodes.Field():
                yield from self.field(entry, scope, block)
            case nodes.Import():
                yield Occurrence(entry.alias.span, _here(scope, entry.alias, "import", entry))
            case nodes.Let() | nodes.ExecutorDecl():
                yield Occurrence(entry.name.span, _here(scope, entry.name, "let", entry))
                yield from self.value(entry.value, scope)
            case nodes.ActionDecl() | nodes.TemplateDecl():
                yield from self.parametrised(entry, scope)
            case nodes.WorkflowDecl():
                yield from self.workflow(entry, scope)
            case nodes.JobDecl():
                yield from self.job(entry, scope)
            case nodes.InputDecl():
                symbol = scope.inputs.get(entry.name.text) or symbol_of("input", entry.name, entry)
                yield Occurrence(entry.name.span, symbol)
                yield from self.entries(entry.body, scope, INPUT)
            case _:
                yield from self.step(entry, scope)

    def step(
        self,
        entry: nodes.RunDecl | nodes.UseDecl | nodes.StepDecl | nodes.ParallelDecl,
        scope: Scope,
    ) -> Iterator[Occurrence]:
        match entry:
            case nodes.RunDecl():
                yield from self.script(entry.text, scope)
            case nodes.UseDecl():
                yield from self.call(entry.action, scope)
                yield from self.entries(entry.body, scope, STEP)
            case nodes.StepDecl():
                if entry.name is not None:
                    yield from self.value(entry.name, scope)
                yield from self.entries(entry.body, scope, STEP)
            case nodes.ParallelDecl():
                yield from self.entries(entry.body, scope, PARALLEL)

    def parametrised(
        self, entry: nodes.ActionDecl | nodes.TemplateDecl, scope: Scope
    ) -> Iterator[Occurrence]:
        word = SORTS[type(entry)]
        yield Occurrence(entry.name.span, _here(scope, entry.name, word, entry))
        own: dict[str, Symbol] = {}
        for parameter in entry.parameters:
            own[parameter.name.text] = parameter_symbol(parameter)
            yield Occurrence(parameter.name.span, own[parameter.name.text])
            if parameter.default is not None:
                yield from self.value(parameter.default, scope)
        block = STEP if isinstance(entry, nodes.ActionDecl) else JOB
        axes = axes_of(entry.body)
        inner = Scope(scope.top, parameters=own, axes=axes, artifacts=artifacts_of([entry]))
        yield from self.entries(entry.body, inner, block)

    def workflow(self, entry: nodes.WorkflowDecl, scope: Scope) -> Iterator[Occurrence]:
        yield Occurrence(entry.name.span, symbol_of("workflow", entry.name, entry))
        own = declared(entry.body)
        jobs = {e.name.text: e for e in entry.body if isinstance(e, nodes.JobDecl)}
        inputs = {e.name.text: e for e in entry.body if isinstance(e, nodes.InputDecl)}
        inner = replace(
            scope,
            workflow=of_sort(own, "let", "executor"),
            jobs={name: symbol_of("job", e.name, e) for name, e in reversed(jobs.items())},
            inputs={name: symbol_of("input", e.name, e) for name, e in inputs.items()},
            artifacts=artifacts_of(jobs.values()),
        )
        yield from self.entries(entry.body, inner, WORKFLOW)

    def job(self, entry: nodes.JobDecl, scope: Scope) -> Iterator[Occurrence]:
        symbol = scope.jobs.get(entry.name.text) or symbol_of("job", entry.name, entry)
        yield Occurrence(entry.name.span, symbol)
        if entry.template is not None:
            yield from self.call(entry.template, scope)
        yield from self.entries(entry.body, replace(scope, axes=axes_of(entry.body)), JOB)

    # --- fields and values ------------------------------------------------------------

    def field(self, entry: nodes.Field, scope: Scope, block: Block) -> Iterator[Occurrence]:
        known = block.by_name.get(entry.name.text)
        kind = known.type if known else None
        name = entry.name.text
        if isinstance(kind, JobRefs):
            yield from self.needs(entry.value, scope)
        elif isinstance(kind, Shell) or (
            isinstance(kind, ConditionT) and isinstance(entry.value, nodes.String)
        ):
            yield from self.script(entry.value, scope)
        elif name in ("inputs", "outputs", "matrix") and block is JOB:
            yield from self.keyed(name, entry.value, scope)
        else:
            yield from self.value(entry.value, scope)

    def keyed(self, field: str, value: nodes.Expression, scope: Scope) -> Iterator[Occurrence]:
        """Fields whose texts and keys are names: of artifacts, of axes."""
        known = scope.axes if field == "matrix" else scope.artifacts
        if isinstance(value, nodes.ObjectValue):
            for entry in value.entries:
                yield from _named(key_name(entry.key), known)
        elif isinstance(value, nodes.ListValue) and field == "inputs":
            for item in value.items:
                yield from _named(artifact_name(item), known)
        yield from self.value(value, scope)

    def needs(self, value: nodes.Expression, scope: Scope) -> Iterator[Occurrence]:
        items = value.items if isinstance(value, nodes.ListValue) else (value,)
        for item in items:
            if isinstance(item, nodes.Reference) and len(item.names) == 1:
                name = item.names[0]
                symbol = scope.jobs.get(name.text) or scope.find(name.text)
                if symbol is not None:
                    yield Occurrence(name.span, symbol)
            else:
                yield from self.value(item, scope)

    def script(self, value: nodes.Expression, scope: Scope) -> Iterator[Occurrence]:
        """Parameters of an action are variables of its scripts."""
        if isinstance(value, nodes.Reference):
            yield from self.reference(value, scope)
            return
        by_variable = {name.replace("-", "_"): one for name, one in scope.parameters.items()}
        if not by_variable or not isinstance(value, nodes.String | nodes.RawText):
            return
        for match in re.finditer(r"\$\{?[#!]?([A-Za-z_]\w*)", value.span.text):
            symbol = by_variable.get(match[1])
            if symbol is not None:
                start = value.span.start + match.start(1)
                span = Span(value.span.source, start, start + len(match[1]))
                yield Occurrence(span, symbol)

    def value(self, value: nodes.Expression, scope: Scope) -> Iterator[Occurrence]:
        if isinstance(value, nodes.Reference):
            yield from self.reference(value, scope)
        elif isinstance(value, nodes.Call):
            yield from self.call(value, scope)
        else:
            for inner in parts(value):
                yield from self.value(inner, scope)

    def call(self, call: nodes.Call, scope: Scope) -> Iterator[Occurrence]:
        callee = list(self.reference(call.callee, scope))
        yield from callee
        own = parameters(callee[-1].symbol) if len(callee) == len(call.callee.names) else {}
        for argument in call.arguments:
            if argument.name is not None:
                yield from _named(argument.name, own)
            yield from self.value(argument.value, scope)

    def reference(self, node: nodes.Reference, scope: Scope) -> Iterator[Occurrence]:
        first, *rest = node.names
        roots = {"needs": scope.jobs, "input": scope.inputs, "matrix": scope.axes}
        if rest and first.text in roots:
            yield from _named(rest[0], roots[first.text])
            return
        symbol = scope.find(first.text)
        if symbol is None:
            return
        yield Occurrence(first.span, symbol)
        if rest and symbol.sort == "import":
            yield from _named(rest[0], self.members(symbol))


def _named(name: nodes.Name | None, known: Mapping[str, Symbol]) -> Iterator[Occurrence]:
    if name is not None and name.text in known:
        yield Occurrence(name.span, known[name.text])


def _here(scope: Scope, name: nodes.Name, sort: str, node: nodes.Entry) -> Symbol:
    """The symbol of a declaration; a second one of a name is a symbol of its own."""
    known = scope.workflow.get(name.text) or scope.top.get(name.text)
    if known is not None and known.node is node:
        return known
    return symbol_of(SORTS.get(type(node), sort), name, node)


def parts(value: nodes.Expression) -> Iterator[nodes.Expression]:
    """The expressions right inside another one."""
    match value:
        case nodes.String():
            yield from (p.expression for p in value.parts if isinstance(p, nodes.Interpolation))
        case nodes.ListValue():
            yield from value.items
        case nodes.ObjectValue():
            yield from (e.key for e in value.entries if isinstance(e.key, nodes.String))
            yield from (entry.value for entry in value.entries)
        case nodes.ExecutorValue():
            yield from (field.value for field in value.fields)
        case nodes.Not():
            yield value.operand
        case nodes.Comparison():
            yield from (value.left, value.right)
        case nodes.And() | nodes.Or():
            yield from value.operands
        case _:
            pass
