"""The objects that fields hold: retry, logging, matrix, artifact inputs, cache."""

from __future__ import annotations

from nixc.schema.types import (
    INSIDE,
    SOME,
    Block,
    Bool,
    Choice,
    DurationT,
    Field,
    Int,
    ListOf,
    MapOf,
    Str,
    Union,
)

SCALAR = Union((Str(), Int(minimum=-(2**63), maximum=2**63 - 1), Bool()))

RETRY = Block(
    "retry",
    "How often a step is tried, and how long to wait in between.",
    (
        Field(
            "maxAttempts",
            Int(1, 1000),
            "Attempts in all, the first included.",
            default=1,
            example="maxAttempts = 3",
        ),
        Field(
            "backoff",
            Choice(("exponential", "linear", "constant")),
            "How the delay grows: doubled each time, by `minTime` each time, or not at all.",
            default="exponential",
            example='backoff = "linear"',
        ),
        Field(
            "minTime",
            DurationT(0),
            "The delay before the second attempt.",
            default=1000,
            example="minTime = 2s",
        ),
        Field(
            "maxTime",
            DurationT(0),
            "No delay is longer than this.",
            default=60_000,
            example="maxTime = 5m",
        ),
    ),
    example="retry = { maxAttempts = 3, minTime = 2s }",
)

LOGGING = Block(
    "logging",
    "How the built script logs, unless its command line says otherwise.",
    (
        Field(
            "format",
            Choice(("auto", "pretty", "structured", "json", "simple")),
            "The layout of log lines. `auto` is `pretty` on a terminal, else `structured`.",
            default="auto",
            example='format = "json"',
        ),
        Field(
            "level",
            Choice(("error", "warning", "info", "debug")),
            "What is shown: this level and the graver ones.",
            default="info",
            example='level = "debug"',
        ),
    ),
    example='logging = { format = "json", level = "info" }',
)

_COMBINATIONS = ListOf(MapOf(SCALAR, "an axis"))

MATRIX = Block(
    "matrix",
    "Runs the job once for each combination of its axes.",
    (
        Field(
            "include",
            _COMBINATIONS,
            "Extends the combinations that it matches, or adds new ones.",
            default=(),
            example='include = [{ python = "3.13", experimental = true }]',
        ),
        Field(
            "exclude",
            _COMBINATIONS,
            "Leaves out the combinations that have all of the given values.",
            default=(),
            example='exclude = [{ python = "3.10", db = "postgres" }]',
        ),
        Field(
            "maxParallel",
            Int(1),
            "How many of these jobs may run at once.",
            nullable=True,
            example="maxParallel = 2",
        ),
        Field(
            "failFast",
            Bool(),
            "Whether the first failure cancels the rest of this matrix.",
            default=True,
            example="failFast = false",
        ),
    ),
    rest=MapOf(ListOf(SCALAR), "an axis"),
    example='matrix = { python = ["3.10", "3.12"], db = ["sqlite", "postgres"] }',
)

ARTIFACT_INPUT = Block(
    "artifact input",
    "An artifact of an earlier job, restored before the steps.",
    (
        Field(
            "name",
            Str(SOME),
            "The artifact's name, as in the `outputs` of the job that makes it.",
            required=True,
            example='name = "coverage"',
        ),
        Field(
            "path",
            Str(INSIDE),
            "The directory to restore it below; left out: where it was saved from.",
            example='path = "report/"',
        ),
        Field(
            "each",
            Bool(),
            "Whether each job's artifact of a matrix goes below a directory of the job's name.",
            default=False,
            example="each = true",
        ),
        Field(
            "optional",
            Bool(),
            "Whether the job goes on without it.",
            default=False,
            example="optional = true",
        ),
    ),
    example='inputs = ["dist", { name = "coverage", path = "report/", each = true }]',
)

CACHE = Block(
    "cache",
    "Files kept on the host across runs.",
    (
        Field("key", Str(SOME), "What is cached.", required=True, example='key = "deps"'),
        Field(
            "keyFiles",
            ListOf(Str(SOME)),
            "Files of the repository whose content belongs to the key.",
            default=(),
            example='keyFiles = ["package-lock.json"]',
        ),
        Field(
            "paths",
            ListOf(Str(INSIDE), minimum=1),
            "What is kept, below the job's directory.",
            required=True,
            example='paths = ["node_modules"]',
        ),
        Field(
            "fallback",
            Bool(),
            "Whether the newest cache of the same key will do when the files have changed.",
            default=False,
            example="fallback = true",
        ),
    ),
    example='cache = { key = "deps", keyFiles = ["uv.lock"], paths = [".venv"] }',
)
