"""Raw texts: the language tag, and the indentation that is not part of the text."""

from __future__ import annotations

import re
from difflib import get_close_matches

from nixc.diagnostics import shortened
from nixc.source import Source, Span, TextMap
from nixc.syntax import nodes
from nixc.syntax.errors import Errors

#: The words that may stand behind the opening quotes.
LANGUAGES = ("bash", "sh", "python", "node", "ruby", "perl")

_OPENING = re.compile(r'("+)[ \t]*([A-Za-z_][\w+#.-]*)?[ \t]*(?=\n)')
_QUOTES = re.compile('"+')


def raw_text(span: Span, closing: int, errors: Errors) -> nodes.RawText:
    """The text between the quotes of `span`, of which the last `closing` characters close."""
    source, end = span.base, span.last - closing
    opening = _OPENING.match(source.text, span.first, end)
    if opening is None:
        start = _quotes_end(source, span.first)
        value = source.text[start:end]
        return nodes.RawText(span, None, value, TextMap(source, ((0, start),)))
    tag = None
    if opening[2]:
        tag = nodes.Name(Span(source, opening.start(2), opening.end(2)), opening[2])
        _check_tag(tag, errors)
    value, origin = _unindented(source, opening.end() + 1, max(end, opening.end() + 1))
    return nodes.RawText(span, tag, value, origin)


def _quotes_end(source: Source, start: int) -> int:
    match = _QUOTES.match(source.text, start)
    return match.end() if match else start


def _check_tag(tag: nodes.Name, errors: Errors) -> None:
    if tag.text in LANGUAGES:
        return
    near = get_close_matches(tag.text.lower(), LANGUAGES, 1)
    advice = f'did you mean "{near[0]}"?' if near else "known are " + ", ".join(LANGUAGES)
    errors.add("NX106", f'unknown language tag "{shortened(tag.text)}"', tag.span, advice)


def _unindented(source: Source, start: int, end: int) -> tuple[str, TextMap]:
    """The lines without their common white-space prefix and without a blank closing line."""
    lines = source.text[start:end].split("\n")
    if not lines[-1].strip(" \t"):
        lines[-1] = ""
    indents = [line[: len(line) - len(line.lstrip(" \t"))] for line in lines if line.strip(" \t")]
    prefix = _common_start(min(indents, default=""), max(indents, default=""))
    pieces: list[str] = []
    anchors: list[tuple[int, int]] = []
    decoded, offset = 0, start
    for line in lines:
        # A blank line may have less than the others.
        cut = len(_common_start(prefix, line))
        anchors.append((decoded, offset + cut))
        pieces.append(line[cut:])
        decoded += len(line) - cut + 1
        offset += len(line) + 1
    return "\n".join(pieces), TextMap(source, tuple(anchors))


def _common_start(first: str, second: str) -> str:
    """What both begin with; of the least and the greatest of many texts: what all begin with."""
    if second.startswith(first):
        return first
    length = next(at for at, (a, b) in enumerate(zip(first, second + "\0", strict=False)) if a != b)
    return first[:length]
