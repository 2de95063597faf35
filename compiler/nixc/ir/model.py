"""The intermediate representation: typed, resolved, immutable.

Names are resolved, compile-time values evaluated, matrices expanded, actions merged with their
arguments. The backend looks nothing up. Durations are milliseconds; spans point at what the
user wrote.
"""

from __future__ import annotations

from enum import Enum
from typing import Literal, TypeAlias

from nixc.records import dataclass
from nixc.source import Span, TextMap

# --- runtime texts ------------------------------------------------------------


@dataclass(frozen=True)
class EnvRef:
    """`env.NAME`: the variable as the job or step sees it; unset reads as empty."""

    span: Span
    name: str


@dataclass(frozen=True)
class InputRef:
    """`input.NAME`; `name` as declared, the variable is :func:`input_variable`."""

    span: Span
    name: str


@dataclass(frozen=True)
class NeedsResult:
    """`needs.JOB.result`; `job` as written (a matrix name stands for all its jobs)."""

    span: Span
    job: str


@dataclass(frozen=True)
class NeedsExport:
    """`needs.JOB.NAME`: an export of a job that is needed directly."""

    span: Span
    job: str
    name: str


RuntimeRef: TypeAlias = EnvRef | InputRef | NeedsResult | NeedsExport


@dataclass(frozen=True)
class RuntimeText:
    """A text made of literal parts and values known only at run time."""

    parts: tuple[str | RuntimeRef, ...]

    @property
    def constant(self) -> str | None:
        """The text, if all of it is known now."""
        if all(isinstance(part, str) for part in self.parts):
            return "".join(part for part in self.parts if isinstance(part, str))
        return None


# --- scripts --------------------------------------------------------------------


class Interpreter(Enum):
    """The language tags of raw texts."""

    BASH = "bash"
    SH = "sh"
    PYTHON = "python"
    NODE = "node"
    RUBY = "ruby"
    PERL = "perl"


@dataclass(frozen=True)
class Script:
    """A user's text as it is run, with the way back to where it was written."""

    span: Span
    text: str
    interpreter: Interpreter
    map: TextMap


# --- conditions -----------------------------------------------------------------


class Status(Enum):
    """The condition functions without arguments."""

    SUCCESS = "success"
    FAILURE = "failure"
    ALWAYS = "always"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class StatusCondition:
    span: Span
    status: Status


@dataclass(frozen=True)
class ChangedCondition:
    """`changed("glob", …)`."""

    span: Span
    globs: tuple[str, ...]


@dataclass(frozen=True)
class CompareCondition:
    """Texts compared with `==`, or `!=` where `negated`."""

    span: Span
    left: RuntimeText
    right: RuntimeText
    negated: bool


@dataclass(frozen=True)
class TruthCondition:
    """A boolean value: true where the text is `true`."""

    span: Span
    value: RuntimeText


@dataclass(frozen=True)
class ShellCondition:
    """A bash text: exit status 0 holds, 1 does not, above 1 is an error."""

    span: Span
    script: Script


@dataclass(frozen=True)
class NotCondition:
    span: Span
    operand: Condition


@dataclass(frozen=True)
class AllCondition:
    span: Span
    operands: tuple[Condition, ...]


@dataclass(frozen=True)
class AnyCondition:
    span: Span
    operands: tuple[Condition, ...]


Condition: TypeAlias = (
    StatusCondition
    | ChangedCondition
    | CompareCondition
    | TruthCondition
    | ShellCondition
    | NotCondition
    | AllCondition
    | AnyCondition
)

# --- environment ------------------------------------------------------------------


@dataclass(frozen=True)
class EnvEntry:
    """A variable and its value; None unsets it."""

    span: Span
    name: str
    value: RuntimeText | None


# --- providers ----------------------------------------------------------------------

ProviderValue: TypeAlias = "str | bool | Script | tuple[str, ...] | tuple[EnvEntry, ...]"


@dataclass(frozen=True)
class Provider:
    """A call in `envFrom`: where more variables come from. `kind` is the provider's name in the
    schema; the arguments stand by parameter, in the schema's order, defaults included."""

    span: Span
    kind: str
    arguments: tuple[tuple[str, ProviderValue], ...]


# --- actions and steps --------------------------------------------------------------


@dataclass(frozen=True)
class Dep:
    """A command that a script needs and the package that has it."""

    span: Span
    package: str
    command: str


@dataclass(frozen=True)
class Action:
    """A script with what it needs. `id` is the hash of that content, hexadecimal; equal content
    is one action. Parameters are not part of it: they reach the script as variables."""

    id: str
    name: str
    script: Script
    env: tuple[EnvEntry, ...]
    deps: tuple[Dep, ...]


@dataclass(frozen=True)
class Retry:
    """Attempts in all, and the delay before the next one (milliseconds)."""

    max_attempts: int
    backoff: Literal["exponential", "linear", "constant"]
    min_time: int
    max_time: int


@dataclass(frozen=True)
class Step:
    """One step in effect: retry is resolved over job and workflow. `params` are the arguments
    of `use` as variables, below `action.env`."""

    span: Span
    name: str
    description: str | None
    action: Action
    params: tuple[EnvEntry, ...]
    env_from: tuple[Provider, ...]
    #: As in force: joined with `success() &&` where the language says so.
    condition: Condition
    #: The condition as the user wrote it, for logs and `--dry-run`; `success()` by default.
    condition_text: str
    retry: Retry | None
    timeout: int | None
    continue_on_error: bool
    workdir: str | None


@dataclass(frozen=True)
class Parallel:
    """Steps that run at once."""

    span: Span
    steps: tuple[Step, ...]


# --- executors -------------------------------------------------------------------------

ConfigValue: TypeAlias = (
    "str | int | bool | RuntimeText | Script | tuple[ConfigValue, ...] | ConfigObject"
)


@dataclass(frozen=True)
class ConfigObject:
    """An object among executor fields, by key."""

    entries: tuple[tuple[str, ConfigValue], ...]


@dataclass(frozen=True)
class Executor:
    """A configured executor. `config` holds every field of its kind that has a value, defaults
    included, sorted by name; durations are milliseconds. Spans take no part in comparing
    configurations: see `nixc.passes.executors`."""

    span: Span
    name: str
    kind: str
    config: tuple[tuple[str, ConfigValue], ...]


# --- jobs --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Need:
    """What a job waits for: `name` as written, and the jobs it stands for."""

    span: Span
    name: str
    jobs: tuple[str, ...]


@dataclass(frozen=True)
class ArtifactInput:
    """An artifact that a job reads. `producers` are the jobs that make it, by name."""

    span: Span
    name: str
    path: str | None
    each: bool
    optional: bool
    producers: tuple[str, ...]


@dataclass(frozen=True)
class ArtifactOutput:
    """An artifact that a job saves: a path or a glob below its directory."""

    span: Span
    name: str
    path: str


@dataclass(frozen=True)
class Cache:
    """What a job keeps on the host across runs. `key_files` are paths or globs in the repository,
    `paths` paths or globs below the job's directory."""

    key: str
    key_files: tuple[str, ...]
    paths: tuple[str, ...]
    #: Whether the newest of the same key will do.
    fallback: bool


@dataclass(frozen=True)
class Export:
    """A variable that a job passes on to later ones."""

    span: Span
    name: str


@dataclass(frozen=True)
class MatrixOf:
    """What a job of a matrix shares with its siblings, and its own combination."""

    #: The declared job's name; the key of the group.
    name: str
    #: (axis, value as text), axes in alphabetical order.
    values: tuple[tuple[str, str], ...]
    max_parallel: int | None
    fail_fast: bool


@dataclass(frozen=True)
class Job:
    """One job as it runs, after templates and matrix."""

    span: Span
    name: str
    doc: str | None
    matrix: MatrixOf | None
    executor: str
    needs: tuple[Need, ...]
    condition: Condition
    condition_text: str
    continue_on_error: bool
    env: tuple[EnvEntry, ...]
    env_from: tuple[Provider, ...]
    inputs: tuple[ArtifactInput, ...]
    outputs: tuple[ArtifactOutput, ...]
    exports: tuple[Export, ...]
    cache: Cache | None
    steps: tuple[Step | Parallel, ...]
    timeout: int | None
    workdir: str | None


@dataclass(frozen=True)
class Input:
    """A value given at run time."""

    span: Span
    name: str
    doc: str | None
    type: Literal["string", "number", "boolean", "choice"]
    options: tuple[str, ...]
    default: str | None
    required: bool


@dataclass(frozen=True)
class Workflow:
    """A whole workflow, ready for the backend. Jobs are in an order in which each stands after
    what it needs; executors in the order of first use."""

    span: Span
    name: str
    doc: str | None
    env: tuple[EnvEntry, ...]
    env_from: tuple[Provider, ...]
    #: Variables whose values are masked wherever they appear.
    secrets: tuple[str, ...]
    inputs: tuple[Input, ...]
    jobs: tuple[Job, ...]
    executors: tuple[Executor, ...]
    timeout: int | None
    fail_fast: bool
    max_parallel: int | None
    log_format: str | None
    log_level: str | None


def input_variable(name: str) -> str:
    """The variable of a workflow input: `INPUT_` and the name in upper case, `-` as `_`."""
    return "INPUT_" + name.upper().replace("-", "_")


def matrix_variable(axis: str) -> str:
    """The variable of a matrix axis: `MATRIX_` and the name in upper case, `-` as `_`."""
    return "MATRIX_" + axis.upper().replace("-", "_")
