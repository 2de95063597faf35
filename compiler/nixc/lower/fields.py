"""Blocks of declarations to records: the entries of one or more layers, field by field.

A layer is a block with the scope that its expressions see. A later layer overrides: what it
gives replaces, except in fields that merge by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from nixc.diagnostics import Label, quoted, shortened
from nixc.lower import codes
from nixc.lower.context import Context, Pending
from nixc.lower.objects import check_complete, keep, unknown_field
from nixc.lower.record import Record
from nixc.lower.scope import Scope
from nixc.lower.values import BROKEN
from nixc.records import dataclass, replace
from nixc.schema.blocks import BLOCKS, FILE
from nixc.schema.foreign import ADVICE
from nixc.schema.types import Block, Field
from nixc.source import Span
from nixc.syntax import nodes


@dataclass(frozen=True, eq=False)
class Layer:
    """The entries of a block and what names mean in it."""

    entries: tuple[nodes.Entry, ...]
    scope: Scope


def sharing_variables(layers: tuple[Layer, ...]) -> tuple[Layer, ...]:
    """The layers where the scripts of each see what any of them sets as variables."""
    names = frozenset(name for layer in layers for name in _variables(layer.entries))
    if not names:
        return layers
    return tuple(
        Layer(one.entries, replace(one.scope, variables=one.scope.variables | names))
        for one in layers
    )


def _variables(entries: Iterable[nodes.Entry]) -> Iterator[str]:
    """The names in `env` and `exports`, where these are written out."""
    for entry in entries:
        if isinstance(entry, nodes.Field) and entry.name.text in ("env", "exports"):
            match entry.value:
                case nodes.ObjectValue(entries=pairs):
                    yield from (pair.key.span.text.strip("\"'") for pair in pairs)
                case nodes.ListValue(items=items):
                    yield from (item.span.text.strip("\"'") for item in items)
                case _:
                    pass


#: Lowers the value of a field to what its type promises, or BROKEN.
Convert: TypeAlias = Callable[[Field, nodes.Expression, Scope], object]
#: Joins the values of a field that merges.
Join: TypeAlias = Callable[[Field, list[object]], object]
_Given: TypeAlias = dict[str, list[tuple[nodes.Field, Scope]]]


def collect(ctx: Context, fields: Record, layers: Iterable[Layer]) -> _Given:
    """The given fields of all layers by name, unknown and repeated ones reported."""
    given: _Given = {}
    for layer in layers:
        seen: dict[str, nodes.Field] = {}
        for entry in layer.entries:
            if isinstance(entry, nodes.Field):
                if _enter(ctx, fields, entry, seen):
                    given.setdefault(entry.name.text, []).append((entry, layer.scope))
            elif _WORDS[type(entry)] not in fields.block.declarations:
                # `run "…"` or a step in a step: what it lacks may be meant by that.
                fields.broken |= {field.name for field in fields.block.fields if field.required}
    return given


def misspelt(
    ctx: Context, block: Block, name: str, layers: Iterable[Layer]
) -> tuple[nodes.Field, Scope] | None:
    """The last unknown field that was meant to be this one, if there is one."""
    found: tuple[nodes.Field, Scope] | None = None
    for layer in layers:
        for entry in layer.entries:
            if not isinstance(entry, nodes.Field) or entry.name.text in block.by_name:
                continue
            if ctx.nearest(entry.name.text, block.by_name) == name:
                found = entry, layer.scope
    return found


def _enter(ctx: Context, fields: Record, entry: nodes.Field, seen: dict[str, nodes.Field]) -> bool:
    name = entry.name.text
    if name in seen:
        label = Label(seen[name].name.span, "first given here")
        message = f"{quoted(name)} is given twice"
        ctx.error(codes.REPEATED_FIELD, message, entry.name.span, related=(label,))
        return False
    seen[name] = entry
    if name not in fields.block.by_name:
        unknown_field(ctx, fields, name, entry.name.span)
        return False
    return True


def lower_field(
    ctx: Context,
    fields: Record,
    field: Field,
    given: list[tuple[nodes.Field, Scope]],
    convert: Convert,
    join: Join | None,
) -> None:
    """Lowers one given field and enters it. What is replaced is looked at, too: it is somebody's
    text, and what it names is used."""
    used = given if field.merges and join is not None else given[-1:]
    for entry, scope in given[: -len(used)]:
        convert(field, entry.value, scope)
    values: list[object] = []
    for entry, scope in used:
        if not field.available:
            ctx.pending.append(Pending(entry.name.span, field.name))
        nothing = field.nullable and isinstance(entry.value, nodes.Null)
        before = ctx.errors
        values.append(None if nothing else convert(field, entry.value, scope))
        if ctx.errors > before:
            fields.broken.add(field.name)
    value = values[-1]
    if len(values) > 1 and join is not None:
        value = join(field, [one for one in values if one is not BROKEN])
    keep(ctx, fields, field.name, used[-1][0].value.span, value)


def lower_fields(
    ctx: Context,
    block: Block,
    layers: Iterable[Layer],
    head: Span,
    convert: Convert,
    join: Join | None = None,
) -> Record:
    """The fields of a block; `head` is blamed for what is missing."""
    fields = Record(block)
    layers = tuple(layers)
    given = collect(ctx, fields, layers)
    for name, entries in given.items():
        lower_field(ctx, fields, block.by_name[name], entries, convert, join)
    for name in sorted(fields.broken - given.keys()):
        meant = misspelt(ctx, block, name, layers)
        with ctx.silently():
            if meant is not None:
                lower_field(ctx, fields, block.by_name[name], [meant], convert, join)
    check_complete(ctx, fields, head)
    return fields


_WORDS: dict[type[nodes.Entry], str] = {
    nodes.Import: "import",
    nodes.Let: "let",
    nodes.ExecutorDecl: "executor",
    nodes.ActionDecl: "action",
    nodes.TemplateDecl: "template",
    nodes.WorkflowDecl: "workflow",
    nodes.InputDecl: "input",
    nodes.JobDecl: "job",
    nodes.StepDecl: "step",
    nodes.RunDecl: "run",
    nodes.UseDecl: "use",
    nodes.ParallelDecl: "parallel",
}


def check_places(ctx: Context, block: Block, entries: Iterable[nodes.Entry]) -> None:
    """Reports declarations that the block does not hold."""
    for entry in entries:
        if isinstance(entry, nodes.Field):
            if not block.fields:
                _stray_field(ctx, block, entry)
        elif _WORDS[type(entry)] not in block.declarations:
            word = _WORDS[type(entry)]
            span = entry.span.beginning(len(word))
            _misplaced(ctx, f"{quoted(word)}", block, span, _place(word, block))


def _place(word: str, block: Block) -> str:
    """Where a declaration stands that a block does not hold."""
    if word in block.by_name:
        return f"it is a field here: `{word} = …`"
    holding = [quoted(one.name) for one in BLOCKS if word in one.declarations and one is not FILE]
    if not holding:
        return "it stands at the top of a file"
    return f"it stands in {' or '.join(holding)}"


def _stray_field(ctx: Context, block: Block, entry: nodes.Field) -> None:
    """Reports a field where there are only declarations: the word that declares may be missing."""
    hint = None
    if block.name == "file" and entry.name.text in ("executor", "let"):
        hint = f"its name is missing: `{entry.name.text} NAME = …`"
        ctx.garbled.miss_name(entry.name.text)
    elif block.name == "file":
        word = "executor" if isinstance(entry.value, nodes.ExecutorValue) else "let"
        declared = f"it is declared with a word in front: `{word} {shortened(entry.name.text)} = …`"
        hint = ADVICE.get(entry.name.text, declared)
        ctx.garbled.doubt(entry.name.text)
    _misplaced(ctx, f"the field {quoted(entry.name.text)}", block, entry.name.span, hint)


def _misplaced(ctx: Context, what: str, block: Block, span: Span, hint: str | None = None) -> None:
    where = "at the top of a file" if block.name == "file" else f"in {quoted(block.name)}"
    ctx.error(codes.MISPLACED, f"{what} cannot stand {where}", span, help=hint)
