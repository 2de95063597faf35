"""Calls of ShellCheck: many texts in each, on all cores, none for ever.

Knows ShellCheck's command line; its answers are read by :mod:`nixc.backend.shellcheck`.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

from nixc.backend.halt import Halt
from nixc.trouble import Trouble

#: Neither the user's shellcheckrc nor SHELLCHECK_OPTS counts: the same source gets the same
#: answer. Names in upper case are asked for, since we know which of them are set.
FLAGS = ("--norc", "--format=json1", "--color=never", "--enable=check-unassigned-uppercase")

#: How long ShellCheck may take over one call, in seconds. It needs half a millisecond per line,
#: but a thousand open parentheses keep it busy for minutes.
DEADLINE = 30

#: The oldest that will do.
_OLDEST = (0, 10)

#: What one more file costs, in characters of text.
_FILE_WEIGHT = 200
#: Lighter batches are not worth a process of their own, heavier ones would take too long.
_LIGHTEST, _HEAVIEST = 10_000, 100_000

_SHARED_MEMORY = "/dev/shm"

OTHERWISE = "or leave it out with --no-shellcheck"

#: A finding as ShellCheck's JSON has it.
Comment: TypeAlias = dict[str, object]


class ShellcheckError(Trouble):
    """ShellCheck could not be run."""


def ask(
    binary: Path, texts: Sequence[str], halt: Halt | None = None
) -> Iterator[tuple[str, list[Comment]]]:
    """Each text with what ShellCheck has to say; texts that it does not finish are left out."""
    halt = halt or Halt()
    with tempfile.TemporaryDirectory(prefix="nixc-", dir=_memory()) as name:
        folder = Path(name)
        for index, text in enumerate(texts):
            with open(f"{name}/{index}.sh", "wb") as file:
                file.write(text.encode())
        unfinished: list[int] = []
        for batch, comments in _run_all(binary, folder, _batches(texts), halt):
            if comments is not None:
                yield from _by_text(texts, batch, comments)
            elif len(batch) > 1:
                unfinished += batch
        # One text of a batch kept the others from being answered.
        singly = [[index] for index in unfinished]
        for batch, comments in _run_all(binary, folder, singly, halt):
            if comments is not None:
                yield from _by_text(texts, batch, comments)


def _memory() -> str | None:
    """A folder in memory, where making hundreds of files costs next to nothing; None if there is
    none, or TMPDIR says where files go."""
    fits = "TMPDIR" not in os.environ and os.access(_SHARED_MEMORY, os.W_OK | os.X_OK)
    return _SHARED_MEMORY if fits else None


def refuse_old(binary: Path) -> None:
    """Raises ShellcheckError for a ShellCheck that is older than what we rely on."""
    ran = _started([str(binary), "--version"], Path.cwd(), Halt())
    said = "" if ran is None else ran.stdout.decode("utf-8", "replace")
    found = re.search(r"^version: (\d+)\.(\d+)", said, re.MULTILINE)
    if found is None:
        raise ShellcheckError(f"{binary} does not say which ShellCheck it is; {OTHERWISE[3:]}")
    if (int(found[1]), int(found[2])) < _OLDEST:
        wanted = ".".join(str(number) for number in _OLDEST)
        message = f"ShellCheck {found[1]}.{found[2]} ({binary}) is too old"
        raise ShellcheckError(f"{message}: install {wanted} or newer, {OTHERWISE}")


def _batches(texts: Sequence[str]) -> list[list[int]]:
    """The texts by number, dealt out to calls of about equal weight: enough for all cores."""
    weights = [_FILE_WEIGHT + len(text) for text in texts]
    whole = sum(weights)
    most = min(max(whole // _cores() + 1, _LIGHTEST), _HEAVIEST)
    count = -(-whole // most)
    batches: list[list[int]] = [[] for _ in range(count)]
    before = 0
    for index, weight in enumerate(weights):
        batches[(before + weight // 2) * count // whole].append(index)
        before += weight
    return [batch for batch in batches if batch]


def _cores() -> int:
    return os.cpu_count() or 1


def _run_all(
    binary: Path, folder: Path, batches: Sequence[list[int]], halt: Halt
) -> Iterator[tuple[list[int], list[Comment] | None]]:
    """Each batch with its comments, one call per core running at once."""
    if len(batches) < 2:
        yield from ((batch, _run(binary, folder, batch, halt)) for batch in batches)
        return
    # Only now: the usual edit concerns one text.
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(_cores()) as pool:
        answers = pool.map(lambda batch: _run(binary, folder, batch, halt), batches)
        yield from zip(batches, answers, strict=True)


def _run(binary: Path, folder: Path, batch: Iterable[int], halt: Halt) -> list[Comment] | None:
    """All comments as ShellCheck words them; None where it does not finish."""
    ran = _started([str(binary), *FLAGS, *(f"{index}.sh" for index in batch)], folder, halt)
    if ran is None:
        return None
    # 0: nothing found, 1: something found, else it failed.
    if ran.returncode not in (0, 1):
        said = ran.stderr.decode("utf-8", "replace").strip()
        message = f"ShellCheck failed with status {ran.returncode}: {said}"
        raise ShellcheckError(f"{message}; leave it out with --no-shellcheck")
    comments: list[Comment] = json.loads(ran.stdout)["comments"]
    return comments


def _started(
    command: Sequence[str], folder: Path, halt: Halt
) -> subprocess.CompletedProcess[bytes] | None:
    """What a command printed; None where it did not end in time."""
    env = {key: value for key, value in os.environ.items() if key != "SHELLCHECK_OPTS"}
    pipe = subprocess.PIPE
    try:
        with (
            subprocess.Popen(
                command, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe
            ) as process,
            halt.ending(process),
        ):
            return _ended(process)
    except OSError as error:
        message = f"cannot start {command[0]}: {error.strerror}"
        raise ShellcheckError(f"{message}; leave it out with --no-shellcheck") from error


def _ended(process: subprocess.Popen[bytes]) -> subprocess.CompletedProcess[bytes] | None:
    try:
        said, complained = process.communicate(timeout=DEADLINE)
    except subprocess.TimeoutExpired:
        return None
    finally:
        process.kill()
    return subprocess.CompletedProcess(process.args, process.returncode, said, complained)


def _by_text(
    texts: Sequence[str], batch: Iterable[int], comments: Iterable[Comment]
) -> Iterator[tuple[str, list[Comment]]]:
    """Each text of a batch with its part of the comments."""
    parts: dict[object, list[Comment]] = {f"{index}.sh": [] for index in batch}
    for comment in comments:
        parts[comment["file"]].append(comment)
    for index in batch:
        yield texts[index], parts[f"{index}.sh"]
