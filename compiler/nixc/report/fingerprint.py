"""Names for findings that stay when lines above them come and go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from hashlib import sha256

from nixc.diagnostics import Diagnostic
from nixc.report.around import Around


def fingerprints(diagnostics: Iterable[Diagnostic], around: Around) -> list[str]:
    """One for each, all different: of the file, the code, the words, the line, and a count where
    these are equal."""
    seen: Counter[str] = Counter()
    names: list[str] = []
    for found in diagnostics:
        key = _key(found, around)
        seen[key] += 1
        names.append(sha256(f"{key}\0{seen[key]}".encode("utf-8", "surrogatepass")).hexdigest())
    return names


def _key(found: Diagnostic, around: Around) -> str:
    source = found.span.source
    line = source.line(source.position(found.span.start).line).strip()
    return "\0".join((around.path(source.name).as_posix(), found.code, found.message, line))
