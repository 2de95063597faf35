"""What must be true of every compilation, whatever the text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from nixc import driver, manual
from nixc.diagnostics import Diagnostic
from nixc.report import json as json_report
from nixc.report import text as text_report


class Compiler:
    """Compiles texts one after the other in a folder of its own."""

    def __init__(self, folder: Path, name: str = "text.nxa") -> None:
        self._file = folder / name

    def builds(self, content: str | bytes) -> None:
        """Fails unless there is a script or an error, and all that is said can be shown."""
        built = driver.build(self._written(content), shellcheck=False)
        assert (built.script is None) == driver.fails(built.diagnostics, strict=False)
        _can_be_shown(built.diagnostics)

    def checks(self, content: str | bytes) -> None:
        """The same without a script: five times as fast."""
        checked = driver.check([self._written(content)], shellcheck=False)
        assert checked.troubles == ()
        _can_be_shown(checked.diagnostics)

    def _written(self, content: str | bytes) -> str:
        """The file with that content; lone surrogates, which none can hold, are question marks."""
        data = content if isinstance(content, bytes) else content.encode(errors="replace")
        self._file.write_bytes(data)
        return str(self._file)


def _can_be_shown(diagnostics: Sequence[Diagnostic]) -> None:
    for found in diagnostics:
        _is_sound(found)
    text_report.render(diagnostics, colour=True)
    assert len(json.loads(json_report.render(diagnostics))) == len(diagnostics)


def _is_sound(found: Diagnostic) -> None:
    assert found.code in _CODES
    words = [found.message, found.help or "", *(label.message for label in found.related)]
    assert all("\n" not in text and len(text) < 2000 for text in words), words
    for span in (found.span, *(label.span for label in found.related)):
        assert 0 <= span.start <= span.end <= len(span.source.text)


_CODES = frozenset(manual.pages())
