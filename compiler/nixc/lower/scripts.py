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
        known = name in scope.locals or isinstance(scope.find(name), nodes.Let)
        if (name in ROOTS and rest) or (known and not rest and not scope.exported(name)):
            variable = (rest or name).strip(".").replace(".", "_").replace("-", "_").upper()
            variable = shortened(variable)
            ctx.warning(
                codes.SHELL_LOOKS_LIKE_VALUE,
                f"{quoted(match[0])} is the shell's own here: nothing is put in",
                text.map.span(match.start(), match.end()),
                help=f"pass the value: `env = {{ {variable} = {shortened(match[0][2:-1])} }}` "
                f"and write `${variable}`",
            )
