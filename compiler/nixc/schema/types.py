"""What a field may hold: a closed union of type descriptions, as data."""

from __future__ import annotations

from functools import cached_property
from typing import TypeAlias

from nixc.records import dataclass


@dataclass(frozen=True, eq=False)
class Form:
    """A shape that a text must have: the whole text matches `pattern`."""

    #: How messages call it: `a variable's name`.
    name: str
    pattern: str
    example: str
    #: Whether the text is a path that must stay below the job's directory.
    inside: bool = False


VARIABLE = Form("a variable's name", r"[A-Za-z_][A-Za-z0-9_]*", "API_KEY")
WORKSPACE = Form("a name", r"[A-Za-z0-9_][A-Za-z0-9._-]*", "build-env")
DEP = Form("a command or `package:command`", r"[^\s:-][^\s:]*(:[^\s:-][^\s:]*)?", "ripgrep:rg")
PACKAGE = Form("a package: without blanks, not beginning with `-`", r"[^\s-]\S*", "curl")
INSIDE = Form("a path below the job's directory", r"(?s:.+)", "dist/", inside=True)
SOME = Form("a text that is not empty", r"(?s:.+)", "text")
#: What begins with `-` would be taken for an option of ssh.
DESTINATION = Form(
    "a host or user: without blanks, not beginning with `-`", r"[^\s-]\S*", "build.example.com"
)
#: What begins with `-` would be taken for an option of the engine.
IMAGE_NAME = Form(
    "an image: without blanks, not beginning with `-`", r"[^\s-]\S*", "debian:bookworm-slim"
)
PLATFORM = Form("a platform", r"[a-z0-9._-]+(/[a-z0-9._-]+){0,2}", "linux/amd64")
DNS_LABEL = Form(
    "a Kubernetes name: small letters, digits, `-`, at most 63",
    r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?",
    "ci",
)
DIRECTORY = Form("an absolute directory", r"[/~](?s:.*)", "/var/tmp/ci")


@dataclass(frozen=True, eq=False)
class Str:
    """A text, of a certain form or any."""

    form: Form | None = None


@dataclass(frozen=True, eq=False)
class Int:
    """A whole number within limits, both inclusive."""

    minimum: int = 0
    maximum: int = 2**31 - 1


@dataclass(frozen=True, eq=False)
class Bool:
    """`true` or `false`."""


@dataclass(frozen=True, eq=False)
class DurationT:
    """A stretch of time, in milliseconds where it is a default; longer than `minimum`."""

    minimum: int = 1


@dataclass(frozen=True, eq=False)
class Choice:
    """One of a few texts."""

    values: tuple[str, ...]
    #: Values that this version checks but has no runtime for.
    pending: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class ListOf:
    """A list with items of one type."""

    item: Type
    minimum: int = 0


@dataclass(frozen=True, eq=False)
class MapOf:
    """An object with free keys and values of one type."""

    value: Type
    #: What a key is, in messages and documentation.
    key: str
    key_form: Form | None = None


@dataclass(frozen=True, eq=False)
class ObjectOf:
    """An object with the fields of a block."""

    block: Block


@dataclass(frozen=True, eq=False)
class Union:
    """One of several types; the first that a value has the shape of."""

    options: tuple[Type, ...]


@dataclass(frozen=True, eq=False)
class Shell:
    """The text of a script. `tagged` says whether a language tag may choose the interpreter."""

    tagged: bool = False


@dataclass(frozen=True, eq=False)
class ConditionT:
    """A condition: functions, comparisons, booleans and shell texts."""


@dataclass(frozen=True, eq=False)
class EnvMap:
    """Variables and their values."""


@dataclass(frozen=True, eq=False)
class ExecutorT:
    """An executor: a declared one's name, a kind, or a kind with fields."""


@dataclass(frozen=True, eq=False)
class JobRefs:
    """A list of jobs by name."""


@dataclass(frozen=True, eq=False)
class ProviderT:
    """A call of an `envFrom` provider."""


@dataclass(frozen=True, eq=False)
class Free:
    """Any value that is known at compile time."""


Type: TypeAlias = (
    Str
    | Int
    | Bool
    | DurationT
    | Choice
    | ListOf
    | MapOf
    | ObjectOf
    | Union
    | Shell
    | ConditionT
    | EnvMap
    | ExecutorT
    | JobRefs
    | ProviderT
    | Free
)


# Blocks stand here because types and blocks hold one another.


@dataclass(frozen=True, eq=False)
class Field:
    """One field of a block; the only place where it is described."""

    name: str
    type: Type
    #: One or two sentences.
    doc: str
    #: The value when it is left out; None where there is none. Durations in milliseconds.
    default: DefaultValue = None
    required: bool = False
    #: Whether `null` may be written, which means "none".
    nullable: bool = False
    #: Whether values known only at run time may stand in it.
    runtime: bool = False
    #: Whether an overriding block adds to it by name instead of replacing it.
    merges: bool = False
    #: Whether this version has a runtime for it; else `build` refuses it.
    available: bool = True
    example: str = ""


DefaultValue: TypeAlias = str | int | bool | tuple[()] | None


@dataclass(frozen=True, eq=False)
class Needed:
    """`field` must be given where `when` has one of `values`, and is wrong elsewhere if
    `exclusive`."""

    field: str
    when: str
    values: tuple[str | bool, ...]
    exclusive: bool = False


@dataclass(frozen=True, eq=False)
class ExactlyOne:
    """One of `fields`, and only one, must be given."""

    fields: tuple[str, ...]


Constraint: TypeAlias = Needed | ExactlyOne


@dataclass(frozen=True, eq=False)
class Block:
    """What may stand between a pair of braces."""

    name: str
    doc: str
    fields: tuple[Field, ...] = ()
    #: Words of the declarations that it may hold.
    declarations: tuple[str, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    #: What other keys mean and hold; None where there are only the fields.
    rest: MapOf | None = None
    example: str = ""

    @cached_property
    def by_name(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields}
