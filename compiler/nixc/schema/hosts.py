"""The executor kinds that run on a machine as it is: local, ssh and custom."""

from __future__ import annotations

from nixc.schema.executor_fields import COPY_REPO, NAME, PACKAGES, ExecutorKind, hook, mode
from nixc.schema.types import (
    DESTINATION,
    DIRECTORY,
    SOME,
    Block,
    Bool,
    Choice,
    DurationT,
    Field,
    Int,
    ListOf,
    Needed,
    Str,
    Union,
)

LOCAL = ExecutorKind(
    Block(
        "local",
        "On this machine, each job in a directory of its own.",
        (
            NAME,
            Field(
                "copyRepo",
                Union((Bool(), Choice(("tracked", "overlay")))),
                "Whether a job's directory starts as a copy of the repository: all of it, what "
                "git tracks or would add, or a copy-on-write mount.",
                default=True,
                example='copyRepo = "tracked"',
            ),
            PACKAGES,
        ),
        example="executor = local { copyRepo = false }",
    ),
    available=True,
)

SSH = ExecutorKind(
    Block(
        "ssh",
        "On another machine over ssh.",
        (
            NAME,
            Field(
                "host",
                Str(DESTINATION),
                "The machine, for the modes `shared` and `dedicated`.",
                runtime=True,
                example='host = "build.example.com"',
            ),
            Field(
                "hosts",
                ListOf(Str(DESTINATION), minimum=1),
                "The machines of a pool.",
                runtime=True,
                example='hosts = ["build-1", "build-2"]',
            ),
            Field(
                "user",
                Str(DESTINATION),
                "The user there; left out: as ssh decides.",
                runtime=True,
                example='user = "ci"',
            ),
            Field("port", Int(1, 65535), "The port there.", example="port = 2222"),
            Field(
                "identityFile",
                Str(SOME),
                "The private key.",
                runtime=True,
                example='identityFile = "~/.ssh/id_ed25519"',
            ),
            mode(
                ("shared", "dedicated", "pool"),
                "shared",
                "One connection for all jobs, one per job, or jobs spread over `hosts`.",
            ),
            COPY_REPO,
            Field(
                "workspaceDir",
                Str(DIRECTORY),
                "Where workspaces live there.",
                default="/tmp/nixactions",
                example='workspaceDir = "/var/tmp/ci"',
            ),
            Field(
                "options",
                ListOf(Str(SOME)),
                "More `-o` options of ssh.",
                default=(),
                example='options = ["StrictHostKeyChecking=accept-new"]',
            ),
            Field(
                "connectTimeout",
                DurationT(),
                "How long connecting may take.",
                default=10_000,
                example="connectTimeout = 30s",
            ),
            Field(
                "maxJobsPerHost",
                Int(1),
                "How many jobs may run on a host at once.",
                nullable=True,
                example="maxJobsPerHost = 2",
            ),
            PACKAGES,
            Field(
                "reconnect",
                DurationT(0),
                "How long a broken connection is tried again before the job fails.",
                default=300_000,
                example="reconnect = 5m",
            ),
        ),
        constraints=(
            Needed("host", "mode", ("shared", "dedicated"), exclusive=True),
            Needed("hosts", "mode", ("pool",), exclusive=True),
        ),
        example='executor = ssh { host = "build.example.com", user = "ci" }',
    ),
    available=True,
)

CUSTOM = ExecutorKind(
    Block(
        "custom",
        "An executor of your own: hooks that bash runs on the host.",
        (
            NAME,
            COPY_REPO,
            hook("setupWorkspace", "Runs once, before the first job."),
            hook("cleanupWorkspace", "Runs once, at the end, whatever the end."),
            hook("setupJob", "Runs before each job."),
            hook(
                "executeJob",
                'Runs the job, by `bash "$JOB_SCRIPT"` wherever that is taken; its standard '
                "output is the job's stream.",
                required=True,
            ),
            hook("cleanupJob", "Runs after each job, also a failed one."),
            hook("saveArtifact", "Fills `$ARTIFACT_DIR` from `$ARTIFACT_PATH`."),
            hook("restoreArtifact", "Puts what is in `$ARTIFACT_DIR` to `$ARTIFACT_PATH`."),
        ),
        example='executor mine = custom { executeJob = \'cd "$JOB_DIR" && bash "$JOB_SCRIPT"\' }',
    ),
    available=True,
)
