"""The difference of two texts, as `diff -u` writes it and `patch` reads it."""

from __future__ import annotations

from difflib import unified_diff


def render(name: str, before: str, after: str) -> str:
    """A unified diff of a text with itself, later. Lines end at LF and nowhere else."""
    lines = unified_diff(_lines(before), _lines(after), name, name)
    return "".join(line if line.endswith("\n") else f"{line}\n{_UNENDED}\n" for line in lines)


_UNENDED = "\\ No newline at end of file"


def _lines(text: str) -> list[str]:
    lines = [line + "\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]
