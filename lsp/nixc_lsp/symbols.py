"""What can have a name, and what names mean at a place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from nixc.records import dataclass, field
from nixc.schema.objects import MATRIX
from nixc.source import Source, Span
from nixc.syntax import nodes


@dataclass(frozen=True, eq=False)
class Symbol:
    """Something with a name. `sort` is the word of its declaration, or what messages call it."""

    sort: str
    name: str
    #: Where the name is declared.
    span: Span
    node: object
    doc: str | None = None

    @property
    def key(self) -> tuple[str, Source, int]:
        return self.sort, self.span.source, self.span.start


@dataclass(frozen=True, eq=False)
class Occurrence:
    """A place where a symbol is named."""

    span: Span
    symbol: Symbol


@dataclass(frozen=True, eq=False)
class Scope:
    """What names mean at a place."""

    top: Mapping[str, Symbol] = field(default_factory=dict)
    workflow: Mapping[str, Symbol] = field(default_factory=dict)
    parameters: Mapping[str, Symbol] = field(default_factory=dict)
    jobs: Mapping[str, Symbol] = field(default_factory=dict)
    inputs: Mapping[str, Symbol] = field(default_factory=dict)
    artifacts: Mapping[str, Symbol] = field(default_factory=dict)
    axes: Mapping[str, Symbol] = field(default_factory=dict)

    def find(self, name: str) -> Symbol | None:
        return self.parameters.get(name) or self.workflow.get(name) or self.top.get(name)


def declared(entries: Iterable[nodes.Entry]) -> dict[str, Symbol]:
    """What stands at the top of a file, by name; the first of two counts."""
    found: dict[str, Symbol] = {}
    for entry in entries:
        match entry:
            case nodes.Import():
                symbol = Symbol("import", entry.alias.text, entry.alias.span, entry)
            case (
                nodes.Let()
                | nodes.ExecutorDecl()
                | nodes.ActionDecl()
                | nodes.TemplateDecl()
                | nodes.JobDecl()
                | nodes.InputDecl()
                | nodes.WorkflowDecl()
            ):
                symbol = Symbol(
                    SORTS[type(entry)], entry.name.text, entry.name.span, entry, entry.doc
                )
            case _:
                continue
        found.setdefault(symbol.name, symbol)
    return found


SORTS: dict[type, str] = {
    nodes.Let: "let",
    nodes.ExecutorDecl: "executor",
    nodes.ActionDecl: "action",
    nodes.TemplateDecl: "template",
    nodes.JobDecl: "job",
    nodes.InputDecl: "input",
    nodes.WorkflowDecl: "workflow",
}


def of_sort(found: Mapping[str, Symbol], *sorts: str) -> dict[str, Symbol]:
    return {name: one for name, one in found.items() if one.sort in sorts}


def symbol_of(sort: str, name: nodes.Name, node: object) -> Symbol:
    return Symbol(sort, name.text, name.span, node, getattr(node, "doc", None))


def parameter_symbol(parameter: nodes.Parameter) -> Symbol:
    return Symbol("parameter", parameter.name.text, parameter.name.span, parameter)


def parameters(symbol: Symbol) -> dict[str, Symbol]:
    """The parameters of what can be called."""
    if not isinstance(symbol.node, nodes.ActionDecl | nodes.TemplateDecl):
        return {}
    return {one.name.text: parameter_symbol(one) for one in symbol.node.parameters}


def _body_field(body: Iterable[nodes.Entry], name: str) -> nodes.Expression | None:
    found = (e.value for e in body if isinstance(e, nodes.Field) and e.name.text == name)
    return next(found, None)


def axes_of(body: Iterable[nodes.Entry]) -> dict[str, Symbol]:
    found = _keys(_body_field(body, "matrix"), "axis")
    return {name: one for name, one in found.items() if name not in MATRIX.by_name}


def artifacts_of(
    jobs: Iterable[nodes.JobDecl | nodes.ActionDecl | nodes.TemplateDecl],
) -> dict[str, Symbol]:
    found: dict[str, Symbol] = {}
    for job in jobs:
        for name, symbol in _keys(_body_field(job.body, "outputs"), "artifact").items():
            found.setdefault(name, symbol)
    return found


def _keys(value: nodes.Expression | None, sort: str) -> dict[str, Symbol]:
    if not isinstance(value, nodes.ObjectValue):
        return {}
    names = [(key_name(entry.key), entry) for entry in value.entries]
    return {n.text: Symbol(sort, n.text, n.span, entry) for n, entry in names if n is not None}


def artifact_name(item: nodes.Expression) -> nodes.Name | None:
    if isinstance(item, nodes.ObjectValue):
        for entry in item.entries:
            if isinstance(entry.key, nodes.Name) and entry.key.text == "name":
                return artifact_name(entry.value)
        return None
    return key_name(item) if isinstance(item, nodes.String | nodes.LiteralString) else None


def key_name(key: nodes.Name | nodes.String | nodes.LiteralString) -> nodes.Name | None:
    """A key or a text as the name that it is; its span is without quotes."""
    if isinstance(key, nodes.Name):
        return key
    inner = Span(key.span.source, key.span.start + 1, max(key.span.start + 1, key.span.end - 1))
    if isinstance(key, nodes.LiteralString) or inner.text.isidentifier() or "$" not in inner.text:
        return nodes.Name(inner, inner.text)
    return None
