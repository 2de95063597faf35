"""The fields that several blocks have."""

from __future__ import annotations

from nixc.schema.objects import RETRY
from nixc.schema.types import (
    INSIDE,
    Bool,
    DurationT,
    EnvMap,
    Field,
    ListOf,
    ObjectOf,
    ProviderT,
    Str,
)

DESCRIPTION = Field(
    "description",
    Str(),
    "What it is for, in a sentence; shown by `--list` and hover.",
    example='description = "Style and types."',
)
ENV = Field(
    "env",
    EnvMap(),
    "Variables of the environment. Numbers and booleans count as their text, `null` unsets.",
    default=(),
    runtime=True,
    merges=True,
    example='env = { CI_LEVEL = 2, BRANCH = "${env.GIT_BRANCH}" }',
)
ENV_FROM = Field(
    "envFrom",
    ListOf(ProviderT()),
    "Where more variables come from; run in order, on the host. A later one wins.",
    default=(),
    example='envFrom = [file(".env", required = false), required("API_KEY")]',
)
RETRY_FIELD = Field(
    "retry",
    ObjectOf(RETRY),
    "How steps are retried. A step's stands over its job's over the workflow's; `null` is off.",
    nullable=True,
    example=RETRY.example,
)
CONTINUE_ON_ERROR = Field(
    "continueOnError",
    Bool(),
    "Whether a failure is tolerated.",
    default=False,
    example="continueOnError = true",
)
WORKDIR = Field(
    "workdir",
    Str(INSIDE),
    "Where steps run, relative to the job's directory. A step's replaces its job's.",
    example='workdir = "backend"',
)


def timeout(doc: str) -> Field:
    return Field("timeout", DurationT(), doc, nullable=True, example="timeout = 10m")
