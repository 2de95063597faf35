"""Short ways to parse a text and to look at what came of it."""

from __future__ import annotations

from pathlib import Path

from nixc.source import Source
from nixc.syntax import ParseResult, nodes, parse

EXAMPLE = (Path(__file__).parent / "example.nxa").read_text()


def read(text: str) -> ParseResult:
    return parse(Source("ci.nxa", text))


def file(text: str) -> nodes.File:
    """The tree of a text that has no errors."""
    result = read(text)
    assert result.diagnostics == ()
    return result.file


def value(text: str) -> nodes.Expression:
    """The expression `text`."""
    (let,) = file(f"let x = {text}").entries
    assert isinstance(let, nodes.Let)
    return let.value


def errors(text: str) -> list[str]:
    """`line:column code what` of each error; `what` is the text it points at."""
    found = []
    for diagnostic in read(text).diagnostics:
        place = diagnostic.span.source.position(diagnostic.span.start)
        found.append(f"{place.line}:{place.column} {diagnostic.code} {diagnostic.span.text}")
    return found


def messages(text: str) -> list[str]:
    return [diagnostic.message for diagnostic in read(text).diagnostics]


def outline(entries: tuple[nodes.Entry, ...]) -> list[object]:
    """Kinds and names of entries, with those inside as a list behind."""
    lines: list[object] = []
    for entry in entries:
        name = getattr(entry, "name", None)
        word = type(entry).__name__.removesuffix("Decl")
        lines.append(f"{word} {name.text}" if isinstance(name, nodes.Name) else word)
        if body := getattr(entry, "body", ()):
            lines.append(outline(body))
    return lines


def shape(expression: nodes.Expression) -> str:
    """An expression with all its parentheses."""
    match expression:
        case nodes.Or(operands=operands):
            return f"({' || '.join(map(shape, operands))})"
        case nodes.And(operands=operands):
            return f"({' && '.join(map(shape, operands))})"
        case nodes.Not(operand=operand):
            return f"!{shape(operand)}"
        case nodes.Comparison(operator=operator, left=left, right=right):
            return f"({shape(left)} {operator} {shape(right)})"
        case _:
            return expression.span.text
