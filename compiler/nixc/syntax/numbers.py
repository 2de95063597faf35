"""Integers and durations."""

from __future__ import annotations

import re
from collections.abc import Callable

from nixc.source import Span
from nixc.syntax import nodes

#: What bash can count to.
LARGEST = 2**63 - 1

_MILLISECONDS = {"h": 3_600_000, "m": 60_000, "s": 1000, "ms": 1}
_PART = re.compile("([0-9]+)(ms|h|m|s)")

#: Takes a message and a help.
Report = Callable[[str, str | None], None]


def integer(span: Span, report: Report) -> nodes.Number | nodes.Missing:
    """A decimal integer; anything else that begins with a digit is reported."""
    text = span.text
    digits = text.removeprefix("-")
    if not digits.isascii() or not digits.isdigit():
        report(f'"{_short(text)}" is neither an integer nor a duration', _advice(digits))
    elif len(digits) > 1 and digits[0] == "0":
        report(f'"{_short(text)}" has leading zeros', f'as a text it is written "{_short(text)}"')
    elif len(digits) > 19 or int(digits) > LARGEST:
        report(f'"{_short(text)}" is too large: the largest integer is {LARGEST}', None)
    else:
        return nodes.Number(span, int(text))
    return nodes.Missing(span)


def duration(span: Span, report: Report) -> nodes.Duration | nodes.Missing:
    """`1h30m`: units from the largest to the smallest, each at most once."""
    parts = _PART.findall(span.text)
    units = [unit for _, unit in parts]
    if units != [unit for unit in _MILLISECONDS if unit in units]:
        report(
            f'the units of "{_short(span.text)}" are not in order',
            "units go from large to small, each once: 1h30m, 1m30s, 500ms",
        )
        return nodes.Missing(span)
    if any(len(count) > 19 for count, _ in parts):
        total = LARGEST + 1
    else:
        total = sum(int(count) * _MILLISECONDS[unit] for count, unit in parts)
    if total > LARGEST:
        report(f'"{_short(span.text)}" is too long a time', None)
        return nodes.Missing(span)
    return nodes.Duration(span, total)


def _advice(digits: str) -> str:
    if re.fullmatch(r"[0-9]+(\.[0-9]+)+", digits):
        return f'numbers are whole; as a text it is written "{_short(digits)}"'
    return "durations are written 500ms, 30s, 5m, 2h or 1h30m; other words stand in quotes"


def _short(text: str) -> str:
    return text if len(text) <= 30 else text[:29] + "…"
