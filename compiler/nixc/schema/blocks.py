"""The blocks of the language with their fields: the table that everything else reads."""

from __future__ import annotations

from nixc.schema.common import (
    CONTINUE_ON_ERROR,
    DESCRIPTION,
    ENV,
    ENV_FROM,
    RETRY_FIELD,
    WORKDIR,
    timeout,
)
from nixc.schema.objects import ARTIFACT_INPUT, CACHE, LOGGING, MATRIX, RETRY, SCALAR
from nixc.schema.types import (
    DEP,
    INSIDE,
    SOME,
    VARIABLE,
    Block,
    Bool,
    Choice,
    ConditionT,
    ExecutorT,
    Field,
    Int,
    JobRefs,
    ListOf,
    MapOf,
    ObjectOf,
    Shell,
    Str,
    Union,
)

WORKFLOW = Block(
    "workflow",
    "Jobs and what they share. A file holds one at most.",
    (
        DESCRIPTION,
        ENV,
        ENV_FROM,
        Field(
            "secrets",
            ListOf(Str(VARIABLE)),
            "Variables whose values never appear in a log.",
            default=(),
            example='secrets = ["API_KEY"]',
        ),
        RETRY_FIELD,
        timeout("Bounds the whole run."),
        Field(
            "failFast",
            Bool(),
            "Whether the first failure cancels the run.",
            default=False,
            example="failFast = true",
        ),
        Field(
            "maxParallel",
            Int(1),
            "How many jobs may run at once.",
            nullable=True,
            example="maxParallel = 4",
        ),
        Field("logging", ObjectOf(LOGGING), LOGGING.doc, example=LOGGING.example),
    ),
    declarations=("let", "executor", "input", "job"),
    example='workflow ci {\n  job lint {\n    run "ruff check ."\n  }\n}',
)

JOB = Block(
    "job",
    "Steps that run one after the other in one place.",
    (
        DESCRIPTION,
        Field(
            "executor",
            ExecutorT(),
            "Where the job runs.",
            default="local",
            example='executor = oci { image = "alpine:3.20" }',
        ),
        Field(
            "needs",
            JobRefs(),
            "The jobs that this one waits for.",
            default=(),
            example="needs = [lint, test]",
        ),
        Field(
            "condition",
            ConditionT(),
            "Whether the job runs.",
            default="success()",
            runtime=True,
            example='condition = success() && env.BRANCH == "main"',
        ),
        CONTINUE_ON_ERROR,
        ENV,
        ENV_FROM,
        Field(
            "inputs",
            ListOf(Union((Str(SOME), ObjectOf(ARTIFACT_INPUT)))),
            "Artifacts of earlier jobs, restored before the steps.",
            default=(),
            merges=True,
            example=ARTIFACT_INPUT.example,
        ),
        Field(
            "outputs",
            MapOf(Str(INSIDE), "an artifact", SOME),
            "Artifacts that are saved after the steps: a name and a path or glob.",
            default=(),
            merges=True,
            example='outputs = { dist = "dist/", coverage = "coverage/*.xml" }',
        ),
        Field(
            "exports",
            ListOf(Str(VARIABLE)),
            "Variables written to `$JOB_ENV` that later jobs may read as `needs.JOB.NAME`.",
            default=(),
            example='exports = ["VERSION"]',
        ),
        Field("matrix", ObjectOf(MATRIX), MATRIX.doc, nullable=True, example=MATRIX.example),
        RETRY_FIELD,
        timeout("Bounds the whole job."),
        Field(
            "cache",
            ObjectOf(CACHE),
            CACHE.doc,
            nullable=True,
            example=CACHE.example,
        ),
        WORKDIR,
    ),
    declarations=("step", "run", "use", "parallel"),
    example='job test {\n  needs = [lint]\n  run "make test"\n}',
)

TEMPLATE = Block(
    "template",
    "A reusable job body. Its parameters may stand in its expressions.",
    JOB.fields,
    declarations=JOB.declarations,
    example='template check(tool) {\n  env = { TOOL = tool }\n  run "\\"$TOOL\\" ."\n}',
)

STEP = Block(
    "step",
    "One script of a job.",
    (
        Field(
            "run",
            Shell(tagged=True),
            "The script. A language tag on a raw text chooses its interpreter.",
            required=True,
            example='run = "make test"',
        ),
        Field(
            "deps",
            ListOf(Str(DEP)),
            "Commands that the script needs, each `command` or `package:command`.",
            default=(),
            example='deps = ["make", "ripgrep:rg"]',
        ),
        ENV,
        ENV_FROM,
        WORKDIR,
        Field(
            "condition",
            ConditionT(),
            "Whether the step runs.",
            default="success()",
            runtime=True,
            example="condition = always()",
        ),
        RETRY_FIELD,
        timeout("Bounds each attempt; one that takes longer ends with status 124."),
        CONTINUE_ON_ERROR,
        DESCRIPTION,
    ),
    example='step "unit tests" {\n  deps = ["make"]\n  run  = "make test"\n}',
)

ACTION = Block(
    "action",
    "A reusable step. Each parameter is a variable of the script's environment.",
    STEP.fields,
    example='action announce(who) {\n  run = "echo \\"hello, $who\\""\n}',
)

USE = Block(
    "use",
    "A step from an action; an optional block overrides the action's fields.",
    STEP.fields,
    example='use announce(who = "world") {\n  timeout = 10s\n}',
)

PARALLEL = Block(
    "parallel",
    "Steps that run at once. The group fails if one of them does, after all have ended.",
    declarations=("step", "run", "use"),
    example='parallel {\n  run "make a"\n  run "make b"\n}',
)

INPUT = Block(
    "input",
    "A value given at run time; in scripts `$INPUT_NAME`.",
    (
        Field(
            "type",
            Choice(("string", "number", "boolean", "choice")),
            "What the value must be.",
            default="string",
            example='type = "choice"',
        ),
        Field(
            "options",
            ListOf(Str(), minimum=1),
            "The values of a choice.",
            default=(),
            example='options = ["staging", "production"]',
        ),
        Field("default", SCALAR, "The value when none is given.", example='default = "staging"'),
        Field(
            "required",
            Bool(),
            "Whether a run without it is refused.",
            default=False,
            example="required = true",
        ),
        DESCRIPTION,
    ),
    constraints=(),
    example='input environment {\n  type = "choice"\n  options = ["staging", "production"]\n}',
)

FILE = Block(
    "file",
    "What stands at the top of a file.",
    declarations=("import", "let", "executor", "action", "template", "workflow"),
)

#: Every block that documentation and tools go through, in the order of the reference.
BLOCKS = (
    FILE,
    WORKFLOW,
    INPUT,
    JOB,
    TEMPLATE,
    STEP,
    ACTION,
    USE,
    PARALLEL,
    RETRY,
    LOGGING,
    MATRIX,
    ARTIFACT_INPUT,
    CACHE,
)
