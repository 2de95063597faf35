"""The executor kind `oci`."""

from __future__ import annotations

from nixc.schema.executor_fields import (
    CONTAINER_ENV,
    COPY_REPO,
    EXTRA_PACKAGES,
    IMAGE,
    NAME,
    ExecutorKind,
    mode,
)
from nixc.schema.types import (
    PLATFORM,
    SOME,
    Block,
    Bool,
    Choice,
    Field,
    Int,
    ListOf,
    ObjectOf,
    Str,
    Union,
)

_OCI_RESOURCES = Block(
    "resources",
    "Limits of a container.",
    (
        Field("cpus", Union((Int(1), Str(SOME))), "How many processors.", example='cpus = "1.5"'),
        Field("memory", Str(SOME), "How much memory.", example='memory = "2g"'),
    ),
    example='resources = { cpus = 2, memory = "2g" }',
)

OCI = ExecutorKind(
    Block(
        "oci",
        "In a container of docker or podman.",
        (
            NAME,
            mode(("shared", "isolated"), "shared", "One container for all jobs, or one per job."),
            COPY_REPO,
            EXTRA_PACKAGES,
            Field(
                "extraMounts",
                ListOf(Str(SOME)),
                "More mounts, as the engine takes them.",
                default=(),
                runtime=True,
                example='extraMounts = ["/data:/data:ro"]',
            ),
            CONTAINER_ENV,
            IMAGE,
            Field(
                "engine",
                Choice(("auto", "docker", "podman")),
                "The container engine; `auto` takes the first that is there.",
                default="auto",
                example='engine = "podman"',
            ),
            Field(
                "platform",
                Str(PLATFORM),
                "The platform of the image.",
                example='platform = "linux/amd64"',
            ),
            Field("user", Str(SOME), "The user that jobs run as.", example='user = "1000:1000"'),
            Field("network", Str(SOME), "The container's network.", example='network = "none"'),
            Field(
                "resources",
                ObjectOf(_OCI_RESOURCES),
                _OCI_RESOURCES.doc,
                example=_OCI_RESOURCES.example,
            ),
            Field(
                "entrypoint",
                Bool(),
                "Whether the image's own entry point is run.",
                default=True,
                example="entrypoint = false",
            ),
        ),
        example='executor = oci { image = "node:22", mode = "isolated" }',
    ),
    available=True,
    installs=True,
)
