"""Strings: escapes decoded, interpolations parsed in place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from nixc.diagnostics import Diagnostic, shortened
from nixc.source import Source, Span, TextMap
from nixc.syntax import nodes
from nixc.syntax.errors import Errors

_ESCAPE = re.compile(r"\\(?:u\{([0-9A-Fa-f]{1,6})\}|u\{[0-9A-Za-z]*\}?|.|\Z)", re.DOTALL)
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "$": "$"}
_BRACES = re.compile(r"'[^']*'|[{}]")
_SPECIAL = re.compile(r"\\.|\$\{")

#: Parses an expression in a stretch of a source; gives the errors in it, too.
ParseExpression = Callable[[Source, int, int], tuple[nodes.Expression, tuple[Diagnostic, ...]]]


def string(span: Span, closing: int, errors: Errors, parse: ParseExpression) -> nodes.String:
    """A `"…"`, of which the last `closing` characters close it. Reports unknown escapes."""
    source, start, end = span.base, span.first + 1, span.last - closing
    content = source.text[start:end]
    if "\\" not in content and "${" not in content:
        plain = nodes.TextPart(Span(source, start, end), content, TextMap(source, ((0, start),)))
        return nodes.String(span, (plain,) if content else (), plain)
    shell = decoded_text(source, start, end, errors)
    silent = Errors()  # the escapes are all reported above
    parts: list[nodes.TextPart | nodes.Interpolation] = []
    problems: list[Diagnostic] = []
    for first, last, is_expression in stretches(source.text, start, end):
        if not is_expression:
            parts.append(decoded_text(source, first, last, silent))
            continue
        interpolation, found = _interpolation(source, first, last, parse)
        parts.append(interpolation)
        problems += found
    return nodes.String(span, tuple(parts), shell, tuple(problems))


def literal_string(span: Span, closing: int) -> nodes.LiteralString:
    """A `'…'`, of which the last `closing` characters close it."""
    start, end = span.first + 1, span.last - closing
    value = span.base.text[start:end]
    return nodes.LiteralString(span, value, TextMap(span.base, ((0, start),)))


def stretches(text: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """Cut a string's content into texts and `${…}`: (start, end, whether it is an expression)."""
    position = start
    for match in _SPECIAL.finditer(text, start, end):
        if match.start() < position or match.group() != "${":
            continue
        if match.start() > position:
            yield position, match.start(), False
        position = _interpolation_end(text, match.end(), end)
        yield match.start(), position, True
    if position < end:
        yield position, end, False


def _interpolation_end(text: str, start: int, end: int) -> int:
    """Behind the `}` that belongs to a `${`, or the end of the string."""
    depth = 1
    for match in _BRACES.finditer(text, start, end):
        depth += {"{": 1, "}": -1}.get(match.group(), 0)
        if depth == 0:
            return match.end()
    return end


def _interpolation(
    source: Source, start: int, end: int, parse: ParseExpression
) -> tuple[nodes.Interpolation, tuple[Diagnostic, ...]]:
    span = Span(source, start, end)
    if source.text[end - 1] != "}" or end - start < 3:
        errors = Errors()
        opening = Span(source, start, start + 2)
        errors.add("NX114", 'this "${" has no "}"', opening, "a plain one is written `\\${`")
        return nodes.Interpolation(span, nodes.Missing(span)), errors.sorted()
    expression, problems = parse(source, start + 2, end - 1)
    return nodes.Interpolation(span, expression), problems


def decoded_text(source: Source, start: int, end: int, errors: Errors) -> nodes.TextPart:
    """Decode the escapes of a stretch; an unknown one is reported and stays as written."""
    pieces: list[str] = []
    anchors: list[tuple[int, int]] = []
    wholes: set[int] = set()
    decoded, position = 0, start
    for match in _ESCAPE.finditer(source.text, start, end):
        if match.start() > position or not anchors:
            anchors.append((decoded, position))
        pieces.append(source.text[position : match.start()])
        decoded += match.start() - position
        anchors.append((decoded, match.start()))
        wholes.add(decoded)
        pieces.append(_escape(source, match, errors))
        decoded += len(pieces[-1])
        position = match.end()
    anchors.append((decoded, position))
    pieces.append(source.text[position:end])
    value = "".join(pieces)
    origin = TextMap(source, tuple(anchors), frozenset(wholes))
    return nodes.TextPart(Span(source, start, end), value, origin)


def _escape(source: Source, match: re.Match[str], errors: Errors) -> str:
    text = match.group()
    if match[1]:
        code = int(match[1], 16)
        if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000:
            return chr(code)
    elif text[1:] in _SIMPLE:
        return _SIMPLE[text[1:]]
    if text == "\\":
        return text  # of a string that does not end on its line: that is the error
    span = Span(source, match.start(), match.end())
    if match[1]:
        why = "no text can hold NUL" if not int(match[1], 16) else "no character has that number"
        errors.add("NX105", f'"{shortened(text)}" is no character: {why}', span)
    else:
        advice = 'known are \\n \\t \\r \\" \\\\ \\$ \\u{1F600}; a backslash is written \\\\'
        errors.add("NX105", f'unknown escape "{shortened(text)}"', span, advice)
    return text
