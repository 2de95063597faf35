"""The syntax tree: frozen nodes, each with its whole span. Nothing is resolved here.

Every text node keeps a map from its decoded value to the source, so that a finding inside
shell text can be shown where the user wrote it.
"""

from __future__ import annotations

from typing import Literal as LiteralType
from typing import TypeAlias

from nixc.diagnostics import Diagnostic
from nixc.records import dataclass
from nixc.source import Span, TextMap


@dataclass(frozen=True)
class Name:
    """An identifier or a keyword standing where a name may."""

    span: Span
    text: str


# --- texts -----------------------------------------------------------------


@dataclass(frozen=True)
class TextPart:
    """A literal stretch of a string with its escapes decoded."""

    span: Span
    value: str
    map: TextMap


@dataclass(frozen=True)
class Interpolation:
    """`${expression}` within a string; the span includes `${` and `}`."""

    span: Span
    expression: Expression


@dataclass(frozen=True)
class String:
    """`"…"` on one line.

    `parts` is the value with interpolations; `shell` is the same text with escapes decoded but
    `${…}` left alone: what counts where the field holds shell text. Which one applies is decided
    by the schema, not here. `problems` are the errors in the expressions of `parts`: whoever takes
    `parts` reports them; in shell text `${X:-y}` is the shell's own and no error.
    """

    span: Span
    parts: tuple[TextPart | Interpolation, ...]
    shell: TextPart
    problems: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True)
class LiteralString:
    """`'…'`: no escapes, no interpolation."""

    span: Span
    value: str
    map: TextMap


@dataclass(frozen=True)
class RawText:
    """Three or more quotes: `value` has the common indentation removed."""

    span: Span
    tag: Name | None
    value: str
    map: TextMap


# --- values and expressions --------------------------------------------------


@dataclass(frozen=True)
class Number:
    span: Span
    value: int


@dataclass(frozen=True)
class Duration:
    span: Span
    milliseconds: int


@dataclass(frozen=True)
class Boolean:
    span: Span
    value: bool


@dataclass(frozen=True)
class Null:
    span: Span


@dataclass(frozen=True)
class ListValue:
    span: Span
    items: tuple[Expression, ...]


@dataclass(frozen=True)
class ObjectEntry:
    """`key = value`; a quoted key may interpolate."""

    span: Span
    key: Name | String | LiteralString
    value: Expression


@dataclass(frozen=True)
class ObjectValue:
    span: Span
    entries: tuple[ObjectEntry, ...]


@dataclass(frozen=True)
class Reference:
    """`a` or `a.b.c`."""

    span: Span
    names: tuple[Name, ...]


@dataclass(frozen=True)
class Argument:
    """An argument of a call; `name` is None for a positional one."""

    span: Span
    name: Name | None
    value: Expression


@dataclass(frozen=True)
class Call:
    """`callee(arguments)`: condition functions, providers, `use`, templates."""

    span: Span
    callee: Reference
    arguments: tuple[Argument, ...]


@dataclass(frozen=True)
class ExecutorValue:
    """`oci { … }`: an executor kind with its fields. A bare `oci` is a Reference."""

    span: Span
    kind: Name
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Not:
    span: Span
    operand: Expression


@dataclass(frozen=True)
class Comparison:
    span: Span
    operator: LiteralType["==", "!="]
    left: Expression
    right: Expression


@dataclass(frozen=True)
class And:
    """Two or more operands joined with `&&`."""

    span: Span
    operands: tuple[Expression, ...]


@dataclass(frozen=True)
class Or:
    """Two or more operands joined with `||`."""

    span: Span
    operands: tuple[Expression, ...]


@dataclass(frozen=True)
class Missing:
    """Stands where a value was expected and none could be read; already reported."""

    span: Span


Expression: TypeAlias = (
    String
    | LiteralString
    | RawText
    | Number
    | Duration
    | Boolean
    | Null
    | ListValue
    | ObjectValue
    | Reference
    | Call
    | ExecutorValue
    | Not
    | Comparison
    | And
    | Or
    | Missing
)

# --- declarations --------------------------------------------------------------


@dataclass(frozen=True)
class Comment:
    """`# …`; the text is without the sign and one blank after it."""

    span: Span
    text: str


@dataclass(frozen=True)
class Field:
    """`name = value` in a block."""

    span: Span
    name: Name
    value: Expression


@dataclass(frozen=True)
class Import:
    span: Span
    path: String | LiteralString
    alias: Name


@dataclass(frozen=True)
class Let:
    span: Span
    name: Name
    value: Expression
    doc: str | None


@dataclass(frozen=True)
class ExecutorDecl:
    span: Span
    name: Name
    value: Expression
    doc: str | None


@dataclass(frozen=True)
class Parameter:
    span: Span
    name: Name
    default: Expression | None


@dataclass(frozen=True)
class ActionDecl:
    span: Span
    name: Name
    parameters: tuple[Parameter, ...]
    body: tuple[Entry, ...]
    doc: str | None


@dataclass(frozen=True)
class TemplateDecl:
    span: Span
    name: Name
    parameters: tuple[Parameter, ...]
    body: tuple[Entry, ...]
    doc: str | None


@dataclass(frozen=True)
class WorkflowDecl:
    span: Span
    name: Name
    body: tuple[Entry, ...]
    doc: str | None


@dataclass(frozen=True)
class InputDecl:
    span: Span
    name: Name
    body: tuple[Entry, ...]
    doc: str | None


@dataclass(frozen=True)
class JobDecl:
    """`job NAME { … }`, or `job NAME = template(args) { … }` with the block optional."""

    span: Span
    name: Name
    template: Call | None
    body: tuple[Entry, ...]
    doc: str | None


@dataclass(frozen=True)
class StepDecl:
    """`step "name" { … }`; the name may be left out."""

    span: Span
    name: String | LiteralString | None
    body: tuple[Entry, ...]
    doc: str | None


@dataclass(frozen=True)
class RunDecl:
    """`run TEXT`."""

    span: Span
    text: Expression
    doc: str | None


@dataclass(frozen=True)
class UseDecl:
    """`use action(args)`, with an optional overriding block."""

    span: Span
    action: Call
    body: tuple[Entry, ...]
    doc: str | None


@dataclass(frozen=True)
class ParallelDecl:
    span: Span
    body: tuple[Entry, ...]
    doc: str | None


#: What may stand in a block. Which of them a block takes is decided by the schema.
Entry: TypeAlias = (
    Field
    | Import
    | Let
    | ExecutorDecl
    | ActionDecl
    | TemplateDecl
    | WorkflowDecl
    | InputDecl
    | JobDecl
    | StepDecl
    | RunDecl
    | UseDecl
    | ParallelDecl
)


@dataclass(frozen=True)
class File:
    """One parsed source. Comments are kept apart, in order, for the formatter."""

    span: Span
    entries: tuple[Entry, ...]
    comments: tuple[Comment, ...]
