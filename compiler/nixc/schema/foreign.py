"""What other tools call it, and what to write for it here."""

from __future__ import annotations

#: Words for one thing, and what is written here for it.
_WORDS = (
    ("and", "both of two conditions is written `&&`"),
    ("or", "one of two conditions is written `||`"),
    ("not", "a condition is negated with `!`"),
    ("for foreach", "there are no loops: a `matrix` makes a job for each value"),
    ("if when unless only except rules", "whether a job or step runs is a field: `condition = …`"),
    (
        "steps script scripts command commands cmd sh bash shell",
        'steps stand in their job one by one: `run "…"` or `step "name" { run = "…" }`',
    ),
    ("uses with", "an action is used with `use name(parameter = …)`"),
    (
        "image container docker services runsOn agent runner platform",
        "where a job runs is a field: `executor = oci { image = … }`",
    ),
    (
        "dependsOn depends depends_on after requires stage stages",
        "what a job waits for is a field: `needs = [job]`",
    ),
    (
        "on trigger triggers schedule cron",
        "a workflow does not say when it runs: whatever calls its script does",
    ),
    ("artifacts upload publish", 'files are passed on by `outputs = { name = "path" }`'),
    ("download dependencies", 'files of other jobs are fetched by `inputs = ["name"]`'),
    ("variables vars environment", 'variables are a field: `env = { NAME = "…" }`'),
    ("strategy", "the axes are a field: `matrix = { axis = […] }`"),
    (
        "allowFailure allow_failure ignoreErrors continue_on_error",
        "whether others go on is a field: `continueOnError = true`",
    ),
    (
        "dir cwd directory workingDirectory working_directory",
        'where it runs is a field: `workdir = "…"`',
    ),
    ("timeoutMinutes timeout_minutes", "minutes are written with the time: `timeout = 10m`"),
    ("retries attempts", "how often it is tried is a field: `retry = { maxAttempts = 3 }`"),
    ("jobs", "jobs stand in a workflow one by one: `job name { … }`"),
    ("workflows pipeline", "a file holds a workflow: `workflow name { … }`"),
    ("const var def set local", "a constant is declared with `let name = …`"),
    ("function func fn macro", "steps with parameters are declared with `action name(…) { … }`"),
    ("include extends require source", 'another file is read with `import "…" as name`'),
)

#: Word -> what to write instead.
ADVICE = {word: advice for words, advice in _WORDS for word in words.split()}
