"""Words that mean something already: language tags, variables always set, reserved names."""

from __future__ import annotations

from nixc.records import dataclass
from nixc.schema.executors import EXECUTORS
from nixc.schema.functions import CONDITIONS


@dataclass(frozen=True, eq=False)
class Language:
    """A language tag of raw texts, and the dependency that its interpreter is."""

    tag: str
    doc: str
    #: `package:command` as in `deps`; None for what every runner has.
    dep: str | None = None


LANGUAGES = (
    Language("bash", "Run as `bash -eo pipefail`; the default."),
    Language("sh", "Run as `sh -e`."),
    Language("python", "The first of python3 and python, unbuffered.", "python3"),
    Language("node", "Node.js.", "nodejs:node"),
    Language("ruby", "Ruby.", "ruby"),
    Language("perl", "Perl.", "perl"),
)

LANGUAGE_BY_TAG = {language.tag: language for language in LANGUAGES}

#: Variables that the runtime sets for every step, and what they hold.
ALWAYS_SET = {
    "CI": "`true`",
    "NIXACTIONS": "`true`",
    "WORKFLOW_NAME": "the workflow's name",
    "WORKFLOW_ID": "the run's id",
    "JOB_NAME": "the job's name",
    "JOB_DIR": "the job's directory",
    "JOB_ENV": "the file that passes variables on",
    "STEP_NAME": "the step's name",
    "ATTEMPT": "the attempt, from 1",
}

#: Variables that bash itself keeps and lets nobody set, and what they hold.
READ_ONLY = {
    "UID": "the user's number",
    "EUID": "the number of the user in force",
    "PPID": "the number of the parent process",
    "SHELLOPTS": "the options of the shell",
    "BASHOPTS": "the options of bash",
    "BASH_VERSINFO": "the version of bash",
}

#: Where values known only at run time come from, and `matrix`.
ROOTS = ("env", "input", "needs", "matrix")

#: Names that no declaration may have, and why.
RESERVED = {
    **dict.fromkeys(ROOTS, "values are read from it"),
    "result": "`needs.JOB.result` is a job's result",
    **{function.name: "it is a condition function" for function in CONDITIONS},
    **{kind.name: "it is an executor kind" for kind in EXECUTORS},
    **dict.fromkeys(ALWAYS_SET, "it is a variable that is always set"),
}

#: What `needs.JOB.result` can be.
RESULTS = ("success", "failure", "skipped", "cancelled")
