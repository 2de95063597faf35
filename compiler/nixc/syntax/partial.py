"""What is kept of a broken entry: its name, so that those who refer to it still find it."""

from __future__ import annotations

from typing import Any

from nixc.source import Span
from nixc.syntax import nodes
from nixc.syntax.tokens import Token


def kept(symbol: str, parts: list[Any], span: Span) -> Any:
    """The node in the place of a broken unit of the grammar; None where nothing is known of it.

    `parts` is what the parser had read of it.
    """
    missing = nodes.Missing(span)
    assigned = len(parts) > 1 and isinstance(parts[1], Token) and parts[1].kind == "ASSIGN"
    key = parts[0] if assigned else None
    if symbol == "item":
        return missing
    if symbol == "argument":
        return nodes.Argument(span, key, missing)
    if symbol == "parameter":
        name = parts[0] if parts else None
        return nodes.Parameter(span, name, None) if isinstance(name, nodes.Name) else None
    if symbol == "object_entry":
        return nodes.ObjectEntry(span, key, missing) if key is not None else None
    if key is not None:
        return nodes.Field(span, key, missing)
    return _declaration(parts, span)


def _declaration(parts: list[Any], span: Span) -> nodes.Entry | None:
    if len(parts) < 2 or not isinstance(parts[0], Token) or not isinstance(parts[1], nodes.Name):
        return None
    name, missing = parts[1], nodes.Missing(span)
    if not name.text:
        return None
    match parts[0].kind:
        case "LET":
            return nodes.Let(span, name, missing, None)
        case "EXECUTOR":
            return nodes.ExecutorDecl(span, name, missing, None)
        case "JOB":
            return nodes.JobDecl(span, name, None, (), None)
    return None
