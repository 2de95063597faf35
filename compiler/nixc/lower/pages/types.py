"""Manual pages about values and their types."""

from __future__ import annotations

from nixc.lower import codes
from nixc.page import Page

PAGES: tuple[Page, ...] = (
    Page(
        codes.WRONG_TYPE,
        "value of a wrong type",
        """\
A field takes values of its type only.

    continueOnError = "yes"

Write a value of the type that the message names.

    continueOnError = true
""",
    ),
    Page(
        codes.BAD_DURATION,
        "not a duration",
        """\
Durations have a unit and no quotes: `500ms`, `30s`, `5m`, `2h`, `1h30m`.

    timeout = "30m"

Write `30m`.

    timeout = 30m
""",
    ),
    Page(
        codes.UNKNOWN_VALUE,
        "unknown value",
        """\
The field takes one of a few values.

    retry = { maxAttempts = 3, backoff = "exponentially" }

Write one of those that the message lists.

    retry = { maxAttempts = 3, backoff = "exponential" }
""",
    ),
    Page(
        codes.OUT_OF_RANGE,
        "number out of range",
        """\
A number, a duration or the length of a list beyond what the field allows.

    maxParallel = 0

Stay within the range that the message names.

    maxParallel = 4
""",
    ),
    Page(
        codes.MISSING_FIELD,
        "missing field",
        """\
A block lacks a field that it must have.

    step "build" {
      timeout = 5m
    }

Add the field.

    step "build" {
      timeout = 5m
      run     = "make"
    }
""",
    ),
    Page(
        codes.RUNTIME_VALUE,
        "value known only at run time",
        r"""
`env.X`, `input.X` and `needs.X.Y` are known when the script runs. They may stand in conditions,
in `env` values, in arguments of `use` and in some fields of executors.

    workdir = env.DIR
    run "make"

Use a let or a parameter, or read the variable in the script.

    run "cd \"$DIR\" && make"
""",
    ),
    Page(
        codes.QUOTED_CONDITION,
        "condition in quotes",
        """\
A text in a condition is run by bash; a condition function is written without quotes.

    condition = "success()"

Write `success()`.

    condition = success()
""",
    ),
    Page(
        codes.NO_CONDITION,
        "expression that cannot stand here",
        """\
Conditions hold functions, comparisons, booleans and texts for bash; values hold no functions.

    condition = 5

Compare it with something.

    condition = env.LEVEL == "5"
""",
    ),
    Page(
        codes.BAD_MATRIX,
        "matrix without use",
        """\
A matrix that has no combination at all, or more than 10,000.

    matrix = { python = [] }

Give each axis a value, and exclude less.

    matrix = { python = ["3.10", "3.12"] }
""",
    ),
    Page(
        codes.BAD_PATH,
        "path that leaves the job's directory",
        """\
Artifacts, caches and working directories stay below the job's directory.

    outputs = { log = "../test.log" }

Write a path relative to the job's directory, without `..` at its head.

    outputs = { log = "test.log" }
""",
    ),
    Page(
        codes.NO_SUCH_RESULT,
        "comparison with no result",
        """\
`needs.JOB.result` is `success`, `failure`, `skipped` or `cancelled`.

    job test {
      run "make test"
    }
    job report {
      needs     = [test]
      condition = needs.test.result == "failed"
      run "./report.sh"
    }

Compare it with one of these.

    job test {
      run "make test"
    }
    job report {
      needs     = [test]
      condition = needs.test.result == "failure"
      run "./report.sh"
    }
""",
    ),
    Page(
        codes.BAD_FORM,
        "malformed text",
        """\
A text that has not the form its field asks for.

    deps = ["ripgrep:"]

Write it in the form that the message names.

    deps = ["ripgrep:rg"]
""",
    ),
    Page(
        codes.ALWAYS_SET,
        "variable that is always set",
        """\
The runtime sets some variables for every step, and bash keeps some for itself (`UID`, `EUID`,
`PPID`, `SHELLOPTS`, `BASHOPTS`, `BASH_VERSINFO`); nothing else may set them.

    env = { JOB_NAME = "nightly" }

Choose another name.

    env = { NAME = "nightly" }
""",
    ),
    Page(
        codes.BAD_DEFAULT,
        "default that its input cannot have",
        """\
An input's default must be a value that could be given: a number, a boolean, or one of the
options. `options` belong to `type = "choice"`.

    input level {
      type    = "number"
      default = "high"
    }

Correct the default or the type.

    input level {
      type    = "number"
      default = 3
    }
""",
    ),
)
