"""What other tools call it, and what to write for it here."""

from __future__ import annotations

from nixc.records import dataclass


@dataclass(frozen=True)
class _Idea:
    """Words for one thing, and what is written here for it."""

    words: tuple[str, ...]
    advice: str


_IDEAS = (
    _Idea(("and",), "both of two conditions is written `&&`"),
    _Idea(("or",), "one of two conditions is written `||`"),
    _Idea(("not",), "a condition is negated with `!`"),
    _Idea(("for", "foreach"), "there are no loops: a `matrix` makes a job for each value"),
    _Idea(
        ("if", "when", "unless", "only", "except", "rules"),
        "whether a job or step runs is a field: `condition = …`",
    ),
    _Idea(
        ("steps", "script", "scripts", "command", "commands", "cmd", "sh", "bash", "shell"),
        'steps stand in their job one by one: `run "…"` or `step "name" { run = "…" }`',
    ),
    _Idea(("uses", "with"), "an action is used with `use name(parameter = …)`"),
    _Idea(
        ("image", "container", "docker", "services", "runsOn", "agent", "runner", "platform"),
        "where a job runs is a field: `executor = oci { image = … }`",
    ),
    _Idea(
        ("dependsOn", "depends", "depends_on", "after", "requires", "stage", "stages"),
        "what a job waits for is a field: `needs = [job]`",
    ),
    _Idea(
        ("on", "trigger", "triggers", "schedule", "cron"),
        "a workflow does not say when it runs: whatever calls its script does",
    ),
    _Idea(
        ("artifacts", "upload", "publish"), 'files are passed on by `outputs = { name = "path" }`'
    ),
    _Idea(("download", "dependencies"), 'files of other jobs are fetched by `inputs = ["name"]`'),
    _Idea(("variables", "vars", "environment"), 'variables are a field: `env = { NAME = "…" }`'),
    _Idea(("strategy",), "the axes are a field: `matrix = { axis = […] }`"),
    _Idea(
        ("allowFailure", "allow_failure", "ignoreErrors", "continue_on_error"),
        "whether others go on is a field: `continueOnError = true`",
    ),
    _Idea(
        ("dir", "cwd", "directory", "workingDirectory", "working_directory"),
        'where it runs is a field: `workdir = "…"`',
    ),
    _Idea(
        ("timeoutMinutes", "timeout_minutes"), "minutes are written with the time: `timeout = 10m`"
    ),
    _Idea(
        ("retries", "attempts"), "how often it is tried is a field: `retry = { maxAttempts = 3 }`"
    ),
    _Idea(("jobs",), "jobs stand in a workflow one by one: `job name { … }`"),
    _Idea(("workflows", "pipeline"), "a file holds a workflow: `workflow name { … }`"),
    _Idea(("const", "var", "def", "set", "local"), "a constant is declared with `let name = …`"),
    _Idea(
        ("function", "func", "fn", "macro"),
        "steps with parameters are declared with `action name(…) { … }`",
    ),
    _Idea(
        ("include", "extends", "require", "source"),
        'another file is read with `import "…" as name`',
    ),
)

#: Word -> what to write instead.
ADVICE = {word: idea.advice for idea in _IDEAS for word in idea.words}
