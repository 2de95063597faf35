"""Parameters of actions and templates, where they are declared."""

from __future__ import annotations

from nixc.diagnostics import Label, quoted, shortened
from nixc.lower import codes
from nixc.lower.calls import variable
from nixc.lower.context import Context
from nixc.lower.evaluate import evaluate
from nixc.lower.modules import declarable, places_of
from nixc.lower.scope import Module, Scope
from nixc.schema.names import READ_ONLY
from nixc.syntax import nodes


def check_parameters(
    ctx: Context, node: nodes.ActionDecl | nodes.TemplateDecl, module: Module
) -> None:
    """Reports reserved, repeated and shadowing names, and wrong defaults."""
    places = places_of(module)
    variables: dict[str, nodes.Name] = {}
    for parameter in node.parameters:
        name = parameter.name
        if parameter.default is not None:
            evaluate(ctx, parameter.default, Scope(module))
        if not declarable(ctx, name, places):
            continue
        places[name.text] = name
        if isinstance(node, nodes.ActionDecl) and variable(name.text) in READ_ONLY:
            message = f"{quoted(name.text)} cannot be a parameter: scripts cannot get that variable"
            hint = f"bash keeps it, with {READ_ONLY[variable(name.text)]}"
            ctx.error(codes.RESERVED_NAME, message, name.span, help=hint)
        other = variables.setdefault(variable(name.text), name)
        if other is not name and isinstance(node, nodes.ActionDecl):
            label = Label(other.span, "the other one")
            message = f"two parameters become `${shortened(variable(name.text))}`"
            ctx.error(codes.COLLISION, message, name.span, related=(label,))
