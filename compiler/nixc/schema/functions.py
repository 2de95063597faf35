"""What may be called: condition functions and `envFrom` providers, with their parameters."""

from __future__ import annotations

from nixc.records import dataclass
from nixc.schema.types import (
    SOME,
    VARIABLE,
    Bool,
    Choice,
    DefaultValue,
    EnvMap,
    Shell,
    Str,
    Type,
)


@dataclass(frozen=True, eq=False)
class Parameter:
    """A parameter; a variadic one takes all positional arguments, at least one."""

    name: str
    type: Type
    doc: str
    default: DefaultValue = None
    required: bool = False
    variadic: bool = False


@dataclass(frozen=True, eq=False)
class Function:
    """Something that can be called in a field of its sort."""

    name: str
    doc: str
    parameters: tuple[Parameter, ...] = ()
    example: str = ""
    #: The command that a provider calls on the host.
    tool: str | None = None


CONDITIONS = (
    Function(
        "success",
        "For a job: all jobs it needs ended well. For a step: no earlier step failed.",
        example="condition = success()",
    ),
    Function(
        "failure",
        "For a job: one it needs, directly or further up, failed. For a step: an earlier one did.",
        example="condition = failure()",
    ),
    Function("always", "Whatever happened before.", example="condition = always()"),
    Function(
        "cancelled",
        "The run, or this job's matrix, is being cancelled.",
        example="condition = cancelled()",
    ),
    Function(
        "changed",
        "Whether a file that matches one of the globs differs from the base.",
        (Parameter("globs", Str(SOME), "gitignore-like globs.", required=True, variadic=True),),
        example='condition = changed("src/**", "*.toml")',
    ),
)


def _text(name: str, doc: str, *, required: bool = True) -> Parameter:
    return Parameter(name, Str(SOME), doc, required=required)


PROVIDERS = (
    Function(
        "file",
        "The variables of a dotenv file.",
        (
            _text("path", "The file, in the repository."),
            Parameter("required", Bool(), "Whether it must be there.", default=True),
            Parameter("secret", Bool(), "Whether its values are secret.", default=False),
        ),
        example='file(".env", required = false)',
    ),
    Function(
        "static",
        "Variables written down here.",
        (Parameter("values", EnvMap(), "Variables and their values.", required=True),),
        example='static({ LANG = "C.UTF-8" })',
    ),
    Function(
        "required",
        "Fails, naming all that are missing, unless the variables are set.",
        (Parameter("names", Str(VARIABLE), "Names of variables.", required=True, variadic=True),),
        example='required("API_KEY", "API_URL")',
    ),
    Function(
        "exec",
        "What a command prints, as dotenv.",
        (Parameter("command", Shell(), "The command.", required=True),),
        example='exec("./print-env.sh")',
    ),
    Function(
        "sops",
        "A file encrypted with sops; all values are secret.",
        (
            _text("file", "The file, in the repository."),
            Parameter("format", Choice(("yaml", "json", "dotenv")), "Its format.", default="yaml"),
        ),
        example='sops("secrets.yaml")',
        tool="sops",
    ),
    Function(
        "vault",
        "A secret of HashiCorp Vault.",
        (_text("path", "The secret's path."),),
        example='vault("secret/ci")',
        tool="vault",
    ),
    Function(
        "onepassword",
        "An item of 1Password.",
        (_text("vault", "The vault."), _text("item", "The item.")),
        example='onepassword("ci", "deploy")',
        tool="op",
    ),
    Function(
        "bitwarden",
        "An item of Bitwarden.",
        (_text("item", "The item."),),
        example='bitwarden("deploy")',
        tool="bw",
    ),
    Function(
        "age",
        "A dotenv file encrypted with age; all values are secret.",
        (_text("file", "The file."), _text("identity", "The identity file.")),
        example='age("secrets.age", identity = "~/.age/key.txt")',
        tool="age",
    ),
)

CONDITION_BY_NAME = {function.name: function for function in CONDITIONS}
PROVIDER_BY_NAME = {function.name: function for function in PROVIDERS}
