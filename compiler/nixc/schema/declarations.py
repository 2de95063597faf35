"""The declarations of the language: their words, how they are written, what they mean."""

from __future__ import annotations

from nixc.records import dataclass


@dataclass(frozen=True, eq=False)
class Declaration:
    """Something that begins with a word of its own."""

    word: str
    form: str
    doc: str


DECLARATIONS = (
    Declaration(
        "import",
        'import "PATH" as NAME',
        "Another file's actions, executors, templates and lets, as `NAME.x`. `./` and `../` are "
        "relative to this file; `std:` modules come with nixc.",
    ),
    Declaration("let", "let NAME = expression", "A constant, known at compile time."),
    Declaration(
        "executor",
        "executor NAME = KIND { … }",
        "A configured executor, named NAME unless it sets a name.",
    ),
    Declaration(
        "action",
        "action NAME(parameters) { … }",
        "A reusable step. Each parameter is a variable of the script's environment.",
    ),
    Declaration(
        "template",
        "template NAME(parameters) { … }",
        "A reusable job body. Its parameters may stand in its expressions.",
    ),
    Declaration("workflow", "workflow NAME { … }", "The workflow; a file has one at most."),
    Declaration("input", "input NAME { … }", "A value given at run time."),
    Declaration("job", "job NAME { … }", "A job."),
    Declaration(
        "job",
        "job NAME = template(arguments) { … }",
        "A job from a template; the block may be left out. It overrides fields and appends steps.",
    ),
    Declaration("step", 'step "name" { … }', "A step; the name may be left out."),
    Declaration("run", "run TEXT", "Short for `step { run = TEXT }`."),
    Declaration(
        "use",
        "use action(arguments) { … }",
        "A step from an action; the block may be left out. It overrides the action's fields.",
    ),
    Declaration(
        "parallel",
        "parallel { … }",
        "Steps that run at once. The group fails if one of them does, after all have ended.",
    ),
)
