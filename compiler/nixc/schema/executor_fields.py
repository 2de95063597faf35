"""What an executor kind is, and the fields that several kinds have."""

from __future__ import annotations

from nixc.records import dataclass
from nixc.schema.types import (
    IMAGE_NAME,
    PACKAGE,
    VARIABLE,
    WORKSPACE,
    Block,
    Bool,
    Choice,
    Field,
    ListOf,
    MapOf,
    Shell,
    Str,
)


@dataclass(frozen=True, eq=False)
class ExecutorKind:
    """A kind of executor: its word and its fields."""

    block: Block
    #: Whether this version has a runtime for it; else `build` refuses it.
    available: bool = False
    #: Whether it installs the `deps` of steps, into an image that it builds.
    installs: bool = False

    @property
    def name(self) -> str:
        return self.block.name


NAME = Field(
    "name",
    Str(WORKSPACE),
    "Its name; jobs whose executors have one name share a workspace. Left out: the declared "
    "name, or the kind.",
    nullable=True,
    example='name = "build-env"',
)
COPY_REPO = Field(
    "copyRepo",
    Bool(),
    "Whether a job's directory starts as a copy of the repository.",
    default=True,
    example="copyRepo = false",
)
PACKAGES = Field(
    "packages",
    Choice(("nix",)),
    "Takes the `deps` of the steps from `nix shell` where nix is on that machine.",
    example='packages = "nix"',
)
EXTRA_PACKAGES = Field(
    "extraPackages",
    ListOf(Str(PACKAGE)),
    "Packages to install into the image besides the `deps` of the steps.",
    default=(),
    example='extraPackages = ["git", "curl"]',
)
CONTAINER_ENV = Field(
    "containerEnv",
    MapOf(Str(), "a variable", VARIABLE),
    "Variables of the container itself.",
    default=(),
    runtime=True,
    example='containerEnv = { TZ = "UTC" }',
)
IMAGE = Field(
    "image",
    Str(IMAGE_NAME),
    "The image to start from.",
    default="debian:bookworm-slim",
    example='image = "alpine:3.20"',
)


def mode(values: tuple[str, ...], default: str, doc: str) -> Field:
    return Field("mode", Choice(values), doc, default=default, example=f'mode = "{values[-1]}"')


def hook(name: str, doc: str, *, required: bool = False) -> Field:
    return Field(name, Shell(), doc, required=required, example=f'{name} = "…"')
