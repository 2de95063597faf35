"""Shell fields: texts to scripts with their interpreter and the way back to the source."""

from __future__ import annotations

import re

from nixc.diagnostics import quoted, shortened
from nixc.ir.model import Interpreter, Script
from nixc.lower import codes
from nixc.lower.context import Context
from nixc.lower.evaluate import evaluate
from nixc.lower.scope import Scope
from nixc.lower.values import RuntimeV, TextV, Unknown, Value, sort
from nixc.schema.names import LANGUAGE_BY_TAG, ROOTS
from nixc.syntax import nodes

_EXPANSION = re.compile(r"(?<!\\)\$\{([A-Za-z_][A-Za-z0-9_-]*)((?:\.[A-Za-z0-9_-]+)*)\}")


def script(ctx: Context, node: nodes.Expression, scope: Scope, *, tagged: bool) -> Script | None:
    """The script that a field holds; None where an error was reported."""
    if isinstance(node, nodes.String):
        _warn_of_expressions(ctx, node.shell, scope)
        text, tag, where = node.shell.value, None, node.shell.map
    else:
        value = evaluate(ctx, node, scope)
        if not isinstance(value, TextV):
            _refuse(ctx, value)
            return None
        text, tag, where = value.text, value.tag, value.map
    if "\0" in text:
        ctx.error(codes.BAD_FORM, "a script cannot hold a NUL character", node.span)
        return None
    interpreter = _interpreter(ctx, tag, tagged)
    return interpreter and Script(node.span, text, interpreter, where)


def _refuse(ctx: Context, value: Value) -> None:
    if isinstance(value, RuntimeV):
        message = "a script is known when it is compiled"
        hint = 'run a variable\'s content with `eval "$NAME"` if you must'
        ctx.error(codes.RUNTIME_VALUE, message, value.span, help=hint, related=(value.note,))
    elif not isinstance(value, Unknown):
        message = f"expected the text of a script, found {sort(value)}"
        ctx.error(codes.WRONG_TYPE, message, value.span, related=(value.note,))


def _interpreter(ctx: Context, tag: nodes.Name | None, tagged: bool) -> Interpreter | None:
    if tag is None:
        return Interpreter.BASH
    if tag.text not in LANGUAGE_BY_TAG:  # the parser has reported it
        ctx.errors += 1
        return None
    if not tagged and tag.text != "bash":
        message = f"this text is run by bash, not by {quoted(tag.text)}"
        ctx.error(codes.WRONG_TYPE, message, tag.span, help="take the tag off")
        return None
    return Interpreter(tag.text)


def _warn_of_expressions(ctx: Context, text: nodes.TextPart, scope: Scope) -> None:
    """Warns of `${…}` that reads like the language's, but is the shell's."""
    for match in _EXPANSION.finditer(text.value):
        name, rest = match[1], match[2]
        if name in ROOTS and rest:
            hint = _way_to_read(name, rest.removeprefix("."))
        elif not rest and _is_value(name, scope) and not _is_assigned(name, text.value):
            variable = name.replace("-", "_")
            hint = _way_to_pass(name, name.upper())
            if name != variable and scope.exported(variable):
                hint = f"write `${shortened(variable)}`"
        else:
            continue
        message = f"{quoted(match[0])} is the shell's own here: nothing is put in"
        span = text.map.span(match.start(), match.end())
        ctx.warning(codes.SHELL_LOOKS_LIKE_VALUE, message, span, help=hint)


def _is_value(name: str, scope: Scope) -> bool:
    """Whether a name is a let's or a parameter's and no variable of the script."""
    known = name in scope.locals or isinstance(scope.find(name), nodes.Let)
    return known and not scope.exported(name)


def _is_assigned(name: str, text: str) -> bool:
    """Whether the script itself sets the variable, as far as can be told at a glance."""
    word = re.escape(name)
    forms = rf"(?m)(^|[\s;&|(]){word}\+?=|\bfor {word} in\b|\bread\b[^\n;|]* {word}\b"
    return re.search(forms, text) is not None


def _way_to_read(root: str, name: str) -> str:
    """How a script gets at `ROOT.NAME`."""
    variable = shortened(name).replace("-", "_")
    match root:
        case "env":
            return f"write `${variable}`"
        case "input" | "matrix":
            return f"write `${root.upper()}_{variable.upper()}`"
        case _:
            return _way_to_pass(f"{root}.{name}", name.replace(".", "_").upper())


def _way_to_pass(value: str, variable: str) -> str:
    variable = shortened(variable).replace("-", "_")
    return f"pass the value: `env = {{ {variable} = {shortened(value)} }}` and write `${variable}`"
