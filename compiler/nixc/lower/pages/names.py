"""Manual pages about names: declared, read, called."""

from __future__ import annotations

from nixc.lower import codes
from nixc.page import Page

PAGES: tuple[Page, ...] = (
    Page(
        codes.UNKNOWN_NAME,
        "unknown name",
        """\
A name that no let, parameter, executor, action, template or import has.

    let registry = "ghcr.io/acme"
    executor builder = oci { image = "${registri}/builder:1" }

Correct the name, or declare it.

    let registry = "ghcr.io/acme"
    executor builder = oci { image = "${registry}/builder:1" }
""",
    ),
    Page(
        codes.DUPLICATE_NAME,
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
    ),
    Page(
        codes.UNKNOWN_FIELD,
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
    ),
    Page(
        codes.REPEATED_FIELD,
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
    ),
    Page(
        codes.RESERVED_NAME,
        "reserved name",
        """\
Names that mean something already cannot be declared: `env`, `input`, `matrix`, `needs`, `result`,
the condition functions, the executor kinds, and the variables always set.

    let matrix = ["3.10", "3.12"]

Choose another name.

    let versions = ["3.10", "3.12"]
""",
    ),
    Page(
        codes.UNKNOWN_JOB,
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
    ),
    Page(
        codes.UNKNOWN_AXIS,
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
    ),
    Page(
        codes.UNKNOWN_INPUT,
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
    ),
    Page(
        codes.UNKNOWN_ARGUMENT,
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
    ),
    Page(
        codes.MISSING_ARGUMENT,
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
    ),
    Page(
        codes.REPEATED_ARGUMENT,
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
    ),
    Page(
        codes.IMPORT_FAILED,
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
    ),
    Page(
        codes.CIRCULAR_IMPORT,
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
    ),
    Page(
        codes.COLLISION,
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
    ),
    Page(
        codes.MISPLACED,
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
    ),
    Page(
        codes.BAD_NAME,
        "malformed name",
        """\
A name that cannot be one of its sort: variables are letters, digits and `_`, executors become
directories and container names.

    env = { "LOG-LEVEL" = "debug" }

Choose a name of that form.

    env = { LOG_LEVEL = "debug" }
""",
    ),
    Page(
        codes.CIRCULAR_LET,
        "name defined by itself",
        """\
A let or an executor whose value needs itself, or that stands on 100 others one after the other.

    let stable = newest
    let newest = stable

Give one of them a value of its own.

    let stable = "1.2"
    let newest = stable
""",
    ),
    Page(
        codes.WRONG_SORT,
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
    ),
    Page(
        codes.UNKNOWN_FUNCTION,
        "unknown function",
        """\
Conditions call `success`, `failure`, `always`, `cancelled` and `changed`; `envFrom` calls its
providers; nothing else is called in expressions.

    condition = allways()

Correct the name.

    condition = always()
""",
    ),
    Page(
        codes.UNKNOWN_KIND,
        "unknown executor kind",
        """\
Executors are `local`, `oci`, `ssh`, `k8s`, `nixosVm` and `custom`.

    executor builder = docker { image = "debian:12" }

Correct the kind; containers of docker and podman are `oci`.

    executor builder = oci { image = "debian:12" }
""",
    ),
)
