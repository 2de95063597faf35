"""The codes of what lowering finds, each with its title and manual page."""

from __future__ import annotations

from nixc.page import Page

PAGES: dict[str, Page] = {}


def _code(code: str, title: str, text: str) -> str:
    PAGES[code] = Page(code, title, text)
    return code


# --- names -----------------------------------------------------------------------

UNKNOWN_NAME = _code(
    "NX201",
    "unknown name",
    """\
A name that no let, parameter, executor, action, template or import has.

    let registry = "ghcr.io/acme"
    executor builder = oci { image = "${registri}/builder:1" }

Correct the name, or declare it.

    let registry = "ghcr.io/acme"
    executor builder = oci { image = "${registry}/builder:1" }
""",
)
DUPLICATE_NAME = _code(
    "NX202",
    "name declared twice",
    """\
Lets, executors, actions, templates and imports share one namespace per file; jobs and inputs have
one each. A parameter or a let of the workflow may not shadow another name.

    let version = "1.2"
    let version = "1.3"

Rename one of them.

    let version = "1.2"
    let next-version = "1.3"
""",
)
UNKNOWN_FIELD = _code(
    "NX203",
    "unknown field",
    """\
A field that the block does not have.

    job test {
      timeuot = 5m
      run "make test"
    }

Correct its name; `nixc schema` lists the fields of each block.

    job test {
      timeout = 5m
      run "make test"
    }
""",
)
REPEATED_FIELD = _code(
    "NX204",
    "field given twice",
    """\
A field, or a key of an object, may be given once.

    job test {
      timeout = 5m
      timeout = 6m
      run "make test"
    }

Remove one of them.

    job test {
      timeout = 6m
      run "make test"
    }
""",
)
RESERVED_NAME = _code(
    "NX205",
    "reserved name",
    """\
Names that mean something already cannot be declared: `env`, `input`, `matrix`, `needs`, `result`,
the condition functions, the executor kinds, and the variables always set.

    let matrix = ["3.10", "3.12"]

Choose another name.

    let versions = ["3.10", "3.12"]
""",
)
UNKNOWN_JOB = _code(
    "NX206",
    "unknown job",
    """\
No job of this name is in the workflow.

    job build {
      run "make"
    }
    job test {
      needs = [biuld]
      run "make test"
    }

Correct the name. A job of a matrix is named by the whole matrix or in full.

    job build {
      run "make"
    }
    job test {
      needs = [build]
      run "make test"
    }
""",
)
UNKNOWN_AXIS = _code(
    "NX207",
    "unknown matrix axis",
    """\
`matrix.AXIS` reads an axis of the job's own `matrix`.

    job test {
      env = { PYTHON = matrix.python }
      run "make test"
    }

Give the job a `matrix` with that axis. An action has no matrix: pass the value to it as an
argument.

    job test {
      matrix = { python = ["3.10", "3.12"] }
      env    = { PYTHON = matrix.python }
      run "make test"
    }
""",
)
UNKNOWN_INPUT = _code(
    "NX208",
    "unknown input",
    """\
`input.NAME` reads an input that the workflow declares.

    job test {
      condition = input.level == "full"
      run "make test"
    }

Correct the name, or declare the input.

    input level {
      default = "quick"
    }
    job test {
      condition = input.level == "full"
      run "make test"
    }
""",
)
UNKNOWN_ARGUMENT = _code(
    "NX209",
    "unknown argument",
    r"""
What is called has no parameter of this name, or takes fewer arguments.

    action hello(who = "you") {
      run = "echo \"hello, $who\""
    }
    job greet {
      use hello(whom = "world")
    }

Correct the argument's name.

    action hello(who = "you") {
      run = "echo \"hello, $who\""
    }
    job greet {
      use hello(who = "world")
    }
""",
)
MISSING_ARGUMENT = _code(
    "NX210",
    "missing argument",
    r"""
A parameter without a default needs an argument.

    action hello(who) {
      run = "echo \"hello, $who\""
    }
    job greet {
      use hello()
    }

Pass it, or give the parameter a default.

    action hello(who) {
      run = "echo \"hello, $who\""
    }
    job greet {
      use hello("world")
    }
""",
)
REPEATED_ARGUMENT = _code(
    "NX211",
    "argument given twice",
    r"""
Each parameter takes one argument; positional ones come before named ones.

    action hello(who) {
      run = "echo \"hello, $who\""
    }
    job greet {
      use hello("you", who = "world")
    }

Remove one of them.

    action hello(who) {
      run = "echo \"hello, $who\""
    }
    job greet {
      use hello(who = "world")
    }
""",
)
IMPORT_FAILED = _code(
    "NX212",
    "import cannot be read",
    """\
The imported file is not there or cannot be read. `./` and `../` are relative to the importing
file; `std:` modules come with nixc.

    import "./comon.nxa" as common
    # common.nxa
    let registry = "ghcr.io/acme"

Correct the path.

    import "./common.nxa" as common
    # common.nxa
    let registry = "ghcr.io/acme"
""",
)
CIRCULAR_IMPORT = _code(
    "NX213",
    "circular import",
    """\
Files that import one another, directly or round a corner.

    # build.nxa
    import "./test.nxa" as test
    # test.nxa
    import "./build.nxa" as build

Move what both need to a third file.

    # build.nxa
    import "./common.nxa" as common
    # test.nxa
    import "./common.nxa" as common
    # common.nxa
    let registry = "ghcr.io/acme"
""",
)
COLLISION = _code(
    "NX214",
    "names collide",
    r"""
Two names that become one: parameters, inputs and axes become variables with `-` as `_`; matrix
jobs are named after their values, with `-` for what a name may not hold.

    action deploy(log-level, log_level) {
      run = "./deploy.sh \"$log_level\""
    }

Rename one of them.

    action deploy(log-level) {
      run = "./deploy.sh \"$log_level\""
    }
""",
)
MISPLACED = _code(
    "NX215",
    "declaration that cannot stand here",
    """\
Each block holds certain declarations only.

    job test {
      let level = "full"
      run "make test"
    }

Move it: lets and executors stand at the top or in the workflow, actions, templates and imports at
the top, steps in jobs and templates.

    let level = "full"
    job test {
      run "make test"
    }
""",
)
BAD_NAME = _code(
    "NX216",
    "malformed name",
    """\
A name that cannot be one of its sort: variables are letters, digits and `_`, executors become
directories and container names.

    env = { "LOG-LEVEL" = "debug" }

Choose a name of that form.

    env = { LOG_LEVEL = "debug" }
""",
)
CIRCULAR_LET = _code(
    "NX217",
    "name defined by itself",
    """\
A let or an executor whose value needs itself, or that stands on 100 others one after the other.

    let stable = newest
    let newest = stable

Give one of them a value of its own.

    let stable = "1.2"
    let newest = stable
""",
)
WRONG_SORT = _code(
    "NX218",
    "name of another sort",
    """\
The name exists, but is no value, action, template or executor as is expected here.

    let hello = "hello, world"
    job greet {
      use hello()
    }

`use` takes actions, `job NAME = …` templates, `executor` executors, expressions lets and
parameters.

    action hello() {
      run = "echo 'hello, world'"
    }
    job greet {
      use hello()
    }
""",
)
UNKNOWN_FUNCTION = _code(
    "NX219",
    "unknown function",
    """\
Conditions call `success`, `failure`, `always`, `cancelled` and `changed`; `envFrom` calls its
providers; nothing else is called in expressions.

    condition = allways()

Correct the name.

    condition = always()
""",
)
UNKNOWN_KIND = _code(
    "NX220",
    "unknown executor kind",
    """\
Executors are `local`, `oci`, `ssh`, `k8s`, `nixosVm` and `custom`.

    executor builder = docker { image = "debian:12" }

Correct the kind; containers of docker and podman are `oci`.

    executor builder = oci { image = "debian:12" }
""",
)

# --- types -------------------------------------------------------------------------

WRONG_TYPE = _code(
    "NX301",
    "value of a wrong type",
    """\
A field takes values of its type only.

    continueOnError = "yes"

Write a value of the type that the message names.

    continueOnError = true
""",
)
BAD_DURATION = _code(
    "NX302",
    "not a duration",
    """\
Durations have a unit and no quotes: `500ms`, `30s`, `5m`, `2h`, `1h30m`.

    timeout = "30m"

Write `30m`.

    timeout = 30m
""",
)
UNKNOWN_VALUE = _code(
    "NX303",
    "unknown value",
    """\
The field takes one of a few values.

    retry = { maxAttempts = 3, backoff = "exponentially" }

Write one of those that the message lists.

    retry = { maxAttempts = 3, backoff = "exponential" }
""",
)
OUT_OF_RANGE = _code(
    "NX304",
    "number out of range",
    """\
A number, a duration or the length of a list beyond what the field allows.

    maxParallel = 0

Stay within the range that the message names.

    maxParallel = 4
""",
)
MISSING_FIELD = _code(
    "NX305",
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
)
RUNTIME_VALUE = _code(
    "NX306",
    "value known only at run time",
    r"""
`env.X`, `input.X` and `needs.X.Y` are known when the script runs. They may stand in conditions,
in `env` values, in arguments of `use` and in some fields of executors.

    workdir = env.DIR
    run "make"

Use a let or a parameter, or read the variable in the script.

    run "cd \"$DIR\" && make"
""",
)
QUOTED_CONDITION = _code(
    "NX307",
    "condition in quotes",
    """\
A text in a condition is run by bash; a condition function is written without quotes.

    condition = "success()"

Write `success()`.

    condition = success()
""",
)
NO_CONDITION = _code(
    "NX308",
    "expression that cannot stand here",
    """\
Conditions hold functions, comparisons, booleans and texts for bash; values hold no functions.

    condition = 5

Compare it with something.

    condition = env.LEVEL == "5"
""",
)
BAD_MATRIX = _code(
    "NX309",
    "matrix without use",
    """\
A matrix that has no combination at all, or more than 10,000.

    matrix = { python = [] }

Give each axis a value, and exclude less.

    matrix = { python = ["3.10", "3.12"] }
""",
)
BAD_PATH = _code(
    "NX310",
    "path that leaves the job's directory",
    """\
Artifacts, caches and working directories stay below the job's directory.

    outputs = { log = "../test.log" }

Write a path relative to the job's directory, without `..` at its head.

    outputs = { log = "test.log" }
""",
)
NO_SUCH_RESULT = _code(
    "NX311",
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
)
BAD_FORM = _code(
    "NX312",
    "malformed text",
    """\
A text that has not the form its field asks for.

    deps = ["ripgrep:"]

Write it in the form that the message names.

    deps = ["ripgrep:rg"]
""",
)
ALWAYS_SET = _code(
    "NX313",
    "variable that is always set",
    """\
The runtime sets some variables for every step; nothing else may set them.

    env = { JOB_NAME = "nightly" }

Choose another name.

    env = { NAME = "nightly" }
""",
)
BAD_DEFAULT = _code(
    "NX314",
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
)

# --- graph ---------------------------------------------------------------------------

SELF_NEED = _code(
    "NX402",
    "job that needs itself",
    """\
A job cannot wait for itself, nor one of a matrix for another of it.

    job test {
      needs = [test]
      run "make test"
    }

Remove it.

    job test {
      run "make test"
    }
""",
)
NOT_NEEDED = _code(
    "NX406",
    "job that is not needed",
    """\
`needs.JOB` reads a job that this job needs directly.

    job test {
      run "make test"
    }
    job report {
      condition = needs.test.result == "failure"
      run "./report.sh"
    }

Add it: `needs = [test]`.

    job test {
      run "make test"
    }
    job report {
      needs     = [test]
      condition = needs.test.result == "failure"
      run "./report.sh"
    }
""",
)

CIRCLE = _code(
    "NX401",
    "circle in needs",
    """\
Jobs that wait for one another would wait for ever.

    job build {
      needs = [test]
      run "make"
    }
    job test {
      needs = [build]
      run "make test"
    }

Remove one of the needs that the message shows.

    job build {
      run "make"
    }
    job test {
      needs = [build]
      run "make test"
    }
""",
)

# --- executors -------------------------------------------------------------------------

TWO_CONFIGURATIONS = _code(
    "NX501",
    "executor with two configurations",
    """\
Jobs whose executors have one name share a workspace, so that one name is one configuration.

    job build {
      executor = oci { image = "debian:12" }
      run "make"
    }
    job test {
      executor = oci { image = "alpine:3.20" }
      run "make test"
    }

Declare each with a name of its own: `executor NAME = oci { … }`.

    executor debian = oci { image = "debian:12" }
    executor alpine = oci { image = "alpine:3.20" }
    job build {
      executor = debian
      run "make"
    }
    job test {
      executor = alpine
      run "make test"
    }
""",
)
OTHER_KIND = _code(
    "NX502",
    "field of another executor kind",
    """\
The field exists, but not for this kind of executor.

    executor builder = local { image = "debian:12" }

Remove it, or use the kind that has it.

    executor builder = oci { image = "debian:12" }
""",
)
MODE_NEEDS = _code(
    "NX503",
    "field that the mode needs",
    """\
Some fields must be given in some modes, or one of two always.

    executor builder = ssh { mode = "pool" }

Add the field that the message names.

    executor builder = ssh { mode = "pool", hosts = ["build-1", "build-2"] }
""",
)
MODE_FORBIDS = _code(
    "NX504",
    "field that the mode has no use for",
    """\
Some fields belong to other modes, or exclude one another.

    executor builder = ssh { mode = "pool", hosts = ["build-1"], host = "build-2" }

Remove the field, or change the mode.

    executor builder = ssh { mode = "pool", hosts = ["build-1", "build-2"] }
""",
)

# --- smells -----------------------------------------------------------------------------

LONG_STEP = _code(
    "NX703",
    "step timeout above its job's",
    """\
The job's timeout ends the step before its own can.

    job test {
      timeout = 5m
      step "all" {
        timeout = 10m
        run     = "make test"
      }
    }

Raise the job's or lower the step's.

    job test {
      timeout = 15m
      step "all" {
        timeout = 10m
        run     = "make test"
      }
    }
""",
)
SINGLE_ATTEMPT = _code(
    "NX704",
    "retry with one attempt",
    """\
One attempt in all is no retry.

    retry = { maxAttempts = 1 }

Raise `maxAttempts`, or switch retries off with `retry = null`.

    retry = null
""",
)
UNPINNED_IMAGE = _code(
    "NX705",
    "image without a fixed version",
    """\
An image tagged `latest`, or not at all, changes under the workflow.

    executor builder = oci { image = "debian" }

Name a version or a digest: `debian:12`.

    executor builder = oci { image = "debian:12" }
""",
)
SETS_CI = _code(
    "NX710",
    "`CI` is set",
    """\
`CI` is `true` in every run; programs look at it.

    env = { CI = "1" }

Leave it out, or choose a name of your own.

    env = { LEVEL = "1" }
""",
)
SHELL_LOOKS_LIKE_VALUE = _code(
    "NX711",
    "shell text that reads like an expression",
    r"""
In shell text `${…}` is the shell's own: nothing of the language is put in.

    let version = "1.2"
    job release {
      run "./release.sh ${version}"
    }

Pass the value as a variable: `env = { VERSION = version }` and `$VERSION`.

    let version = "1.2"
    job release {
      env = { VERSION = version }
      run "./release.sh \"$VERSION\""
    }
""",
)
