r'''A text that is run by Python is no Python.

    step "count" {
      run = """python
        print("a"
      """
    }

Correct it.

    step "count" {
      run = """python
        print("a")
      """
    }

The text is read by the Python that nixc runs on. Where a newer Python may know what is written, it
is a warning, since the runner's Python may be that one.
'''

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Iterable

from nixc.diagnostics import Diagnostic, Severity
from nixc.ir.model import Interpreter
from nixc.ir.texts import ShellText
from nixc.rules.model import TextRule

CODE = "NX602"

#: What a line looks like that newer Pythons read, and from which one on.
_NEWER = (
    ((3, 11), r"\bexcept\s*\*|\[\s*\*"),
    ((3, 12), r"^\s*type\s+\w+|^\s*(async\s+)?(def|class)\s+\w+\s*\["),
    ((3, 12), r"\b([fF][rR]?|[rR][fF])[\"']"),
    ((3, 14), r"\bexcept\b[^(:]*,|\b([tT][rR]?|[rR][tT])[\"']"),
    ((3, 15), r"^\s*lazy\s+(from|import)\b|[\[({]\s*\*"),
)
_LINE_END = re.compile(r"\r\n|\r|\n")
_TOKEN = re.compile(r"\w+|\S?")
#: Characters of Python's own words that are shown; they may quote the text.
_LONGEST = 160


def check(text: ShellText) -> Iterable[Diagnostic]:
    script = text.script
    error = _error(script.text) if script.interpreter is Interpreter.PYTHON else None
    if error is None:
        return
    version = ".".join(str(number) for number in sys.version_info[:2])
    severity, hint = Severity.ERROR, f"Python {version} has read it"
    if _may_be_newer(script.text, error):
        severity, hint = Severity.WARNING, f"{hint}; a newer one may know what this is"
    start, end = _place(script.text, error)
    message = f"no Python: {error.msg[:_LONGEST]}"
    yield Diagnostic(CODE, severity, message, script.map.span(start, end), hint)


def _error(text: str) -> SyntaxError | None:
    """What Python has against a text; None where there is nothing, or it gives up."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, "<run>", "exec", dont_inherit=True)
    except SyntaxError as error:
        return error
    except (RecursionError, MemoryError):  # nested too deep for this Python, not for all
        return None
    return None


def _may_be_newer(text: str, error: SyntaxError) -> bool:
    line = _LINE_END.split(text)[(error.lineno or 1) - 1 :][:1]
    return any(
        sys.version_info[:2] < version and re.search(pattern, "".join(line))
        for version, pattern in _NEWER
    )


def _place(text: str, error: SyntaxError) -> tuple[int, int]:
    """Where the error is: offsets of its start and end."""
    starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
    number = min(error.lineno or 1, len(starts))
    line = _LINE_END.split(text)[number - 1]
    if isinstance(error, IndentationError) or error.msg.startswith("f-string"):
        # Of these Python tells the line only.
        indent = len(line) - len(line.lstrip())
        return starts[number - 1] + indent, starts[number - 1] + len(line.rstrip())
    start = starts[number - 1] + min(max(error.offset or 1, 1) - 1, len(line))
    last, column = error.end_lineno or 0, error.end_offset or 0
    if number <= last <= len(starts):
        end = min(starts[last - 1] + column - 1, len(text))
        if end > start:
            return start, end
    token = _TOKEN.match(text, start)
    return start, token.end() if token else start


RULE = TextRule(CODE, "text that is no Python", check)
