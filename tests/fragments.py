"""Fragments of `.nxa`, as manual pages and documents show them, made whole files.

What begins a line of a file stays there. A job or an input goes into a workflow, a step or a field
of a job into a job of it, a field that only a step or a workflow has into one. Nothing is put
around a fragment that has a workflow. A comment line with the name of a `.nxa` file begins another
file.
"""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import indent

from nixc.schema.blocks import FILE, JOB, STEP, WORKFLOW

_FILE_LINE = re.compile(r"^# (\S+\.nxa)\n", re.MULTILINE)
_ENTRY = re.compile(r"^(?=[A-Za-z_#])", re.MULTILINE)
_FIELD = re.compile(r"([A-Za-z_][\w-]*)\s*=(?!=)")


def write(fragment: str, folder: Path) -> Path:
    """Writes the files of a fragment; the path of the one to compile."""
    _, *named = _FILE_LINE.split("# example.nxa\n" + fragment)
    files = {name: text for name, text in zip(named[::2], named[1::2], strict=True) if text.strip()}
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(whole(text), encoding="utf-8")
    return folder / next(iter(files))


def whole(fragment: str) -> str:
    """The text of a file that holds a fragment."""
    if re.search(r"^workflow\b", fragment, re.MULTILINE):
        return fragment
    places: dict[str, list[str]] = {"file": [], "workflow": [], "job": [], "step": []}
    for entry in _entries(fragment):
        places[_place(entry)].append(entry)
    if places["step"]:
        run = [] if _has(places["step"], "run") else ['run = "true"\n']
        places["job"].append(_block("step", places["step"] + run))
    if places["job"]:
        run = [] if _has(places["job"], *JOB.declarations) else ['run "true"\n']
        places["workflow"].append(_block("job example", places["job"] + run))
    elif places["workflow"] and not _has(places["workflow"], "job"):
        places["workflow"].append('job example {\n  run "true"\n}\n')
    if places["workflow"]:
        places["file"].append(_block("workflow example", places["workflow"]))
    return "".join(places["file"])


def _entries(fragment: str) -> list[str]:
    """Declarations and fields with the comment lines above them."""
    entries: list[str] = []
    comments = ""
    for entry in filter(None, _ENTRY.split(fragment)):
        if entry.startswith("#"):
            comments += entry
        else:
            entries.append(comments + entry)
            comments = ""
    return entries


def _place(entry: str) -> str:
    """Where an entry stands: "file", "workflow", "job" or "step"."""
    first = _without_comments(entry)
    field = _FIELD.match(first)
    if field is None:
        word = first.split(maxsplit=1)[0]
        if word in FILE.declarations:
            return "file"
        return "workflow" if word in WORKFLOW.declarations else "job"
    name = field[1]
    if name in JOB.by_name:
        return "job"
    if name in STEP.by_name:
        return "step"
    return "workflow" if name in WORKFLOW.by_name else "job"


def _has(entries: list[str], *words: str) -> bool:
    return any(re.match(rf"(?:{'|'.join(words)})\b", _without_comments(one)) for one in entries)


def _without_comments(entry: str) -> str:
    return re.sub(r"\A(?:#.*\n)*", "", entry)


def _block(head: str, entries: list[str]) -> str:
    return f"{head} {{\n{indent(''.join(entries), '  ')}}}\n"
