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
    "A name that no let, parameter, executor, action, template or import has.\n\n"
    '    let registry = "ghcr.io/acme"\n'
    "    executor b = oci { image = registri }\n\n"
    "Correct the name, or declare it.",
)
DUPLICATE_NAME = _code(
    "NX202",
    "name declared twice",
    "Lets, executors, actions, templates and imports share one namespace per file; jobs and "
    "inputs have one each. A parameter or a let of the workflow may not shadow another name.\n\n"
    "    let a = 1\n"
    "    let a = 2\n\n"
    "Rename one of them.",
)
UNKNOWN_FIELD = _code(
    "NX203",
    "unknown field",
    "A field that the block does not have.\n\n"
    "    job test {\n      timeuot = 5m\n    }\n\n"
    "Correct its name; `nixc schema` lists the fields of each block.",
)
REPEATED_FIELD = _code(
    "NX204",
    "field given twice",
    "A field, or a key of an object, may be given once.\n\n"
    "    job test {\n      timeout = 5m\n      timeout = 6m\n    }\n\n"
    "Remove one of them.",
)
RESERVED_NAME = _code(
    "NX205",
    "reserved name",
    "Names that mean something already cannot be declared: `env`, `input`, `matrix`, `needs`, "
    "`result`, the condition functions, the executor kinds, and the variables always set.\n\n"
    "    let matrix = 1\n\n"
    "Choose another name.",
)
UNKNOWN_JOB = _code(
    "NX206",
    "unknown job",
    "No job of this name is in the workflow.\n\n"
    "    job test {\n      needs = [biuld]\n    }\n\n"
    "Correct the name. A job of a matrix is named by the whole matrix or in full.",
)
UNKNOWN_AXIS = _code(
    "NX207",
    "unknown matrix axis",
    "`matrix.AXIS` reads an axis of the job's own `matrix`.\n\n"
    "    job test {\n      env = { P = matrix.python }\n    }\n\n"
    "Give the job a `matrix` with that axis. An action has no matrix: pass the value to it as "
    "an argument.",
)
UNKNOWN_INPUT = _code(
    "NX208",
    "unknown input",
    "`input.NAME` reads an input that the workflow declares.\n\n"
    '    job test {\n      condition = input.level == "full"\n    }\n\n'
    "Correct the name, or declare the input.",
)
UNKNOWN_ARGUMENT = _code(
    "NX209",
    "unknown argument",
    "What is called has no parameter of this name, or takes fewer arguments.\n\n"
    '    action hello(who) { run = "echo $who" }\n'
    "    # …\n"
    '    use hello(whom = "world")\n\n'
    "Correct the argument's name.",
)
MISSING_ARGUMENT = _code(
    "NX210",
    "missing argument",
    "A parameter without a default needs an argument.\n\n"
    '    action hello(who) { run = "echo $who" }\n'
    "    # …\n"
    "    use hello()\n\n"
    "Pass it, or give the parameter a default.",
)
REPEATED_ARGUMENT = _code(
    "NX211",
    "argument given twice",
    "Each parameter takes one argument; positional ones come before named ones.\n\n"
    '    use hello("a", who = "b")\n\n'
    "Remove one of them.",
)
IMPORT_FAILED = _code(
    "NX212",
    "import cannot be read",
    "The imported file is not there or cannot be read. `./` and `../` are relative to the "
    "importing file; `std:` modules come with nixc.\n\n"
    '    import "./missing.nxa" as common\n\n'
    "Correct the path.",
)
CIRCULAR_IMPORT = _code(
    "NX213",
    "circular import",
    "Files that import one another, directly or round a corner.\n\n"
    "    # a.nxa\n"
    '    import "./b.nxa" as b\n'
    "    # b.nxa\n"
    '    import "./a.nxa" as a\n\n'
    "Move what both need to a third file.",
)
COLLISION = _code(
    "NX214",
    "names collide",
    "Two names that become one: parameters, inputs and axes become variables with `-` as `_`; "
    "matrix jobs are named after their values, with `-` for what a name may not hold.\n\n"
    '    action a(log-level, log_level) { run = "true" }\n\n'
    "Rename one of them.",
)
MISPLACED = _code(
    "NX215",
    "declaration that cannot stand here",
    "Each block holds certain declarations only.\n\n"
    "    job test {\n      let x = 1\n    }\n\n"
    "Move it: lets and executors stand at the top or in the workflow, actions, templates and "
    "imports at the top, steps in jobs and templates.",
)
BAD_NAME = _code(
    "NX216",
    "malformed name",
    "A name that cannot be one of its sort: variables are letters, digits and `_`, executors "
    "become directories and container names.\n\n"
    '    env = { "MY-VAR" = "1" }\n\n'
    "Choose a name of that form.",
)
CIRCULAR_LET = _code(
    "NX217",
    "name defined by itself",
    "A let or an executor whose value needs itself, or that stands on 100 others one after the "
    "other.\n\n"
    "    let a = b\n"
    "    let b = a\n\n"
    "Give one of them a value of its own.",
)
WRONG_SORT = _code(
    "NX218",
    "name of another sort",
    "The name exists, but is no value, action, template or executor as is expected here.\n\n"
    "    let x = 1\n"
    "    # …\n"
    "    use x()\n\n"
    "`use` takes actions, `job NAME = …` templates, `executor` executors, expressions lets and "
    "parameters.",
)
UNKNOWN_FUNCTION = _code(
    "NX219",
    "unknown function",
    "Conditions call `success`, `failure`, `always`, `cancelled` and `changed`; `envFrom` calls "
    "its providers; nothing else is called in expressions.\n\n"
    "    condition = allways()\n\n"
    "Correct the name.",
)
UNKNOWN_KIND = _code(
    "NX220",
    "unknown executor kind",
    "Executors are `local`, `oci`, `ssh`, `k8s`, `nixosVm` and `custom`.\n\n"
    "    executor b = docker { }\n\n"
    "Correct the kind; containers of docker and podman are `oci`.",
)

# --- types -------------------------------------------------------------------------

WRONG_TYPE = _code(
    "NX301",
    "value of a wrong type",
    "A field takes values of its type only.\n\n"
    '    job test {\n      continueOnError = "yes"\n    }\n\n'
    "Write a value of the type that the message names.",
)
BAD_DURATION = _code(
    "NX302",
    "not a duration",
    "Durations have a unit and no quotes: `500ms`, `30s`, `5m`, `2h`, `1h30m`.\n\n"
    '    timeout = "30m"\n\n'
    "Write `30m`.",
)
UNKNOWN_VALUE = _code(
    "NX303",
    "unknown value",
    "The field takes one of a few values.\n\n"
    '    retry = { backoff = "exponentially" }\n\n'
    "Write one of those that the message lists.",
)
OUT_OF_RANGE = _code(
    "NX304",
    "number out of range",
    "A number, a duration or the length of a list beyond what the field allows.\n\n"
    "    maxParallel = 0\n\n"
    "Stay within the range that the message names.",
)
MISSING_FIELD = _code(
    "NX305",
    "missing field",
    "A block lacks a field that it must have.\n\n"
    '    step "build" {\n      timeout = 5m\n    }\n\n'
    "Add the field.",
)
RUNTIME_VALUE = _code(
    "NX306",
    "value known only at run time",
    "`env.X`, `input.X` and `needs.X.Y` are known when the script runs. They may stand in "
    "conditions, in `env` values, in arguments of `use` and in some fields of executors.\n\n"
    "    job test {\n      workdir = env.DIR\n    }\n\n"
    "Use a let or a parameter, or read the variable in the script.",
)
QUOTED_CONDITION = _code(
    "NX307",
    "condition in quotes",
    "A text in a condition is run by bash; a condition function is written without quotes.\n\n"
    '    condition = "success()"\n\n'
    "Write `success()`.",
)
NO_CONDITION = _code(
    "NX308",
    "expression that cannot stand here",
    "Conditions hold functions, comparisons, booleans and texts for bash; values hold no "
    "functions.\n\n"
    "    condition = 5\n\n"
    "Compare it with something.",
)
BAD_MATRIX = _code(
    "NX309",
    "matrix without use",
    "A matrix that has no combination at all, or more than 10,000.\n\n"
    "    matrix = { python = [] }\n\n"
    "Give each axis a value, and exclude less.",
)
BAD_PATH = _code(
    "NX310",
    "path that leaves the job's directory",
    "Artifacts, caches and working directories stay below the job's directory.\n\n"
    '    outputs = { log = "../log" }\n\n'
    "Write a path relative to the job's directory, without `..` at its head.",
)
NO_SUCH_RESULT = _code(
    "NX311",
    "comparison with no result",
    "`needs.JOB.result` is `success`, `failure`, `skipped` or `cancelled`.\n\n"
    '    condition = needs.test.result == "failed"\n\n'
    "Compare it with one of these.",
)
BAD_FORM = _code(
    "NX312",
    "malformed text",
    "A text that has not the form its field asks for.\n\n"
    '    deps = ["rg:"]\n\n'
    "Write it in the form that the message names.",
)
ALWAYS_SET = _code(
    "NX313",
    "variable that is always set",
    "The runtime sets some variables for every step; nothing else may set them.\n\n"
    '    env = { JOB_NAME = "x" }\n\n'
    "Choose another name.",
)
BAD_DEFAULT = _code(
    "NX314",
    "default that its input cannot have",
    "An input's default must be a value that could be given: a number, a boolean, or one of "
    'the options. `options` belong to `type = "choice"`.\n\n'
    '    input level {\n      type = "number"\n      default = "high"\n    }\n\n'
    "Correct the default or the type.",
)

# --- graph ---------------------------------------------------------------------------

SELF_NEED = _code(
    "NX402",
    "job that needs itself",
    "A job cannot wait for itself, nor one of a matrix for another of it.\n\n"
    "    job test {\n      needs = [test]\n    }\n\n"
    "Remove it.",
)
NOT_NEEDED = _code(
    "NX406",
    "job that is not needed",
    "`needs.JOB` reads a job that this job needs directly.\n\n"
    '    job deploy {\n      condition = needs.test.result == "success"\n    }\n\n'
    "Add it: `needs = [test]`.",
)

CIRCLE = _code(
    "NX401",
    "circle in needs",
    "Jobs that wait for one another would wait for ever.\n\n"
    "    job a {\n      needs = [b]\n    }\n    job b {\n      needs = [a]\n    }\n\n"
    "Remove one of the needs that the message shows.",
)

# --- executors -------------------------------------------------------------------------

TWO_CONFIGURATIONS = _code(
    "NX501",
    "executor with two configurations",
    "Jobs whose executors have one name share a workspace, so that one name is one "
    "configuration.\n\n"
    '    job a {\n      executor = oci { image = "debian:12" }\n    }\n'
    '    job b {\n      executor = oci { image = "alpine:3.20" }\n    }\n\n'
    "Declare each with a name of its own: `executor NAME = oci { … }`.",
)
OTHER_KIND = _code(
    "NX502",
    "field of another executor kind",
    "The field exists, but not for this kind of executor.\n\n"
    '    executor b = local { image = "debian" }\n\n'
    "Remove it, or use the kind that has it.",
)
MODE_NEEDS = _code(
    "NX503",
    "field that the mode needs",
    "Some fields must be given in some modes, or one of two always.\n\n"
    '    executor b = ssh { mode = "pool" }\n\n'
    "Add the field that the message names.",
)
MODE_FORBIDS = _code(
    "NX504",
    "field that the mode has no use for",
    "Some fields belong to other modes, or exclude one another.\n\n"
    '    executor b = ssh { host = "a", mode = "pool", hosts = ["b"] }\n\n'
    "Remove the field, or change the mode.",
)

# --- smells -----------------------------------------------------------------------------

LONG_STEP = _code(
    "NX703",
    "step timeout above its job's",
    "The job's timeout ends the step before its own can.\n\n"
    '    job test {\n      timeout = 5m\n      step "all" {\n        timeout = 10m\n'
    '        run = "make"\n      }\n    }\n\n'
    "Raise the job's or lower the step's.",
)
SINGLE_ATTEMPT = _code(
    "NX704",
    "retry with one attempt",
    "One attempt in all is no retry.\n\n"
    "    retry = { maxAttempts = 1 }\n\n"
    "Raise `maxAttempts`, or switch retries off with `retry = null`.",
)
UNPINNED_IMAGE = _code(
    "NX705",
    "image without a fixed version",
    "An image tagged `latest`, or not at all, changes under the workflow.\n\n"
    '    executor b = oci { image = "debian" }\n\n'
    "Name a version or a digest: `debian:12`.",
)
SETS_CI = _code(
    "NX710",
    "`CI` is set",
    '`CI` is `true` in every run; programs look at it.\n\n    env = { CI = "1" }\n\nLeave it out.',
)
SHELL_LOOKS_LIKE_VALUE = _code(
    "NX711",
    "shell text that reads like an expression",
    "In shell text `${…}` is the shell's own: nothing of the language is put in.\n\n"
    '    let version = "1.2"\n'
    "    # …\n"
    '    run "echo ${version}"\n\n'
    "Pass the value as a variable: `env = { VERSION = version }` and `$VERSION`.",
)
