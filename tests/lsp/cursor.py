"""Texts with a cursor in them: `|` marks the place."""

from __future__ import annotations

from pathlib import Path

from nixc_lsp.analysis import Analysis
from nixc_lsp.project import Project
from nixc_lsp.text import Text


def analysed(text: str, folder: Path | None = None) -> tuple[Analysis, int]:
    """The analysis of a text, and the offset of its cursor."""
    offset = text.index("|")
    project = Project()
    path = str((folder or Path("/nowhere")) / "a.nxa")
    project.change(path, Text(text[:offset] + text[offset + 1 :]))
    analysis = project.analysis(path)
    assert analysis is not None
    return analysis, offset
