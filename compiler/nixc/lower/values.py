"""What compile-time expressions evaluate to. Every value knows where it was written."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, TypeVar

from nixc.diagnostics import Label
from nixc.ir.model import RuntimeText
from nixc.records import dataclass, replace
from nixc.source import Span, TextMap
from nixc.syntax import nodes

if TYPE_CHECKING:
    from nixc.lower.scope import Scope


@dataclass(frozen=True, eq=False)
class TextV:
    """A text known now. `map` leads back to the source, as far as it can."""

    span: Span
    text: str
    map: TextMap
    tag: nodes.Name | None = None
    note: Label | None = None


@dataclass(frozen=True, eq=False)
class NumberV:
    span: Span
    value: int
    note: Label | None = None


@dataclass(frozen=True, eq=False)
class BoolV:
    span: Span
    value: bool
    note: Label | None = None


@dataclass(frozen=True, eq=False)
class DurationV:
    span: Span
    milliseconds: int
    note: Label | None = None


@dataclass(frozen=True, eq=False)
class NullV:
    span: Span
    note: Label | None = None


@dataclass(frozen=True, eq=False)
class ListV:
    span: Span
    items: tuple[Value, ...]
    note: Label | None = None


@dataclass(frozen=True, eq=False)
class Key:
    """A key of an object."""

    span: Span
    text: str


@dataclass(frozen=True, eq=False)
class ObjectV:
    span: Span
    entries: tuple[tuple[Key, Value], ...]
    note: Label | None = None


@dataclass(frozen=True, eq=False)
class ExecutorV:
    """An executor that is not looked at yet, with the scope that its fields see."""

    span: Span
    node: nodes.ExecutorDecl | nodes.ExecutorValue | nodes.Name
    scope: Scope
    note: Label | None = None


@dataclass(frozen=True, eq=False)
class CallV:
    """A call that is not looked at yet: what it means depends on where it stands."""

    span: Span
    node: nodes.Call
    scope: Scope
    note: Label | None = None


@dataclass(frozen=True, eq=False)
class RuntimeV:
    """A text with parts known only at run time."""

    span: Span
    text: RuntimeText
    note: Label | None = None


@dataclass(frozen=True, eq=False)
class Unknown:
    """Fits every type and causes no errors: what an error was reported for already, or a
    parameter of something that is checked without being used."""

    span: Span
    note: Label | None = None


Value: TypeAlias = (
    TextV
    | NumberV
    | BoolV
    | DurationV
    | NullV
    | ListV
    | ObjectV
    | ExecutorV
    | CallV
    | RuntimeV
    | Unknown
)

_SORTS = {
    TextV: "a text",
    NumberV: "a number",
    BoolV: "a boolean",
    DurationV: "a duration",
    NullV: "`null`",
    ListV: "a list",
    ObjectV: "an object",
    ExecutorV: "an executor",
    CallV: "a call",
    RuntimeV: "a value known only at run time",
    Unknown: "a value",
}

V = TypeVar("V", bound=Value)


def sort(value: Value) -> str:
    """What a value is, as messages say it."""
    return _SORTS[type(value)]


def moved(value: V, span: Span, note: Label | None) -> V:
    """The same value as if written at `span`, with a label that explains."""
    return replace(value, span=span, note=note)


def duration_text(milliseconds: int) -> str:
    """A duration as the language writes it: `1h30m`, `500ms`, `0s`."""
    text = ""
    for unit, length in (("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)):
        count, milliseconds = divmod(milliseconds, length)
        text += f"{count}{unit}" if count else ""
    return text or "0s"


def as_text(value: Value) -> RuntimeText | None:
    """The text that a value counts as; None where it is no text."""
    if isinstance(value, TextV):
        return RuntimeText((value.text,))
    if isinstance(value, RuntimeV):
        return value.text
    if isinstance(value, BoolV):
        return RuntimeText(("true" if value.value else "false",))
    if isinstance(value, NumberV):
        return RuntimeText((str(value.value),))
    if isinstance(value, DurationV):
        return RuntimeText((duration_text(value.milliseconds),))
    return None


#: Stands for a lowered value that was wrong; reported already.
BROKEN = object()
