"""Calls of ShellCheck: many texts in each, on all cores, none for ever.

Knows ShellCheck's command line; its answers are read by :mod:`nixc.backend.shellcheck`.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, TypeAlias

from nixc.backend.halt import Halt
from nixc.records import dataclass
from nixc.trouble import Trouble

#: Neither the user's shellcheckrc nor SHELLCHECK_OPTS counts: the same source gets the same
#: answer. Names in upper case are asked for, since we know which of them are set. The shebang is
#: ours: that it has two options (SC2096) is not for the user.
FLAGS = (
    "--norc",
    "--format=json1",
    "--color=never",
    "--enable=check-unassigned-uppercase",
    "--exclude=SC2096",
)

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
            with open(f"{name}/{index}.sh", "wb", buffering=0) as file:
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
    with _started([str(binary), "--version"], Path(tempfile.gettempdir()), Halt()) as call:
        ran = call.ended()
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
    binary: Path, folder: Path, batches: Iterable[list[int]], halt: Halt
) -> Iterator[tuple[list[int], list[Comment] | None]]:
    """Each batch with all comments as ShellCheck words them, None where it does not finish; one
    call per core runs at once."""
    running: deque[tuple[list[int], _Call]] = deque()
    with ExitStack() as calls:
        for batch in batches:
            if len(running) == _cores():
                yield _answered(running)
            command = [str(binary), *FLAGS, *(f"{index}.sh" for index in batch)]
            running.append((batch, calls.enter_context(_started(command, folder, halt))))
        while running:
            yield _answered(running)


def _answered(running: deque[tuple[list[int], _Call]]) -> tuple[list[int], list[Comment] | None]:
    """The batch that was started first, with its comments."""
    batch, call = running.popleft()
    ran = call.ended()
    if ran is None:
        return batch, None
    # 0: nothing found, 1: something found, else it failed.
    if ran.returncode not in (0, 1):
        said = ran.stderr.decode("utf-8", "replace").strip()
        message = f"ShellCheck failed with status {ran.returncode}: {said}"
        raise ShellcheckError(f"{message}; leave it out with --no-shellcheck")
    comments: list[Comment] = json.loads(ran.stdout)["comments"]
    return batch, comments


@dataclass(frozen=True)
class _Call:
    """A running command. What it prints goes to a file, so that it never waits for us to read."""

    process: subprocess.Popen[bytes]
    printed: IO[bytes]
    halt: Halt

    def ended(self) -> subprocess.CompletedProcess[bytes] | None:
        """What it printed; None where it did not end in time. Raises Halted."""
        try:
            _, complained = self.process.communicate(timeout=DEADLINE)
        except subprocess.TimeoutExpired:
            return None
        finally:
            self.process.kill()
        self.halt.refuse()
        with self.printed:  # now: of a great many calls not all files can be open
            self.printed.seek(0)
            said = self.printed.read()
        return subprocess.CompletedProcess(
            self.process.args, self.process.returncode, said, complained
        )


@contextmanager
def _started(command: Sequence[str], folder: Path, halt: Halt) -> Iterator[_Call]:
    """Runs a command, at most until the context ends."""
    env = {key: value for key, value in os.environ.items() if key != "SHELLCHECK_OPTS"}
    none, pipe = subprocess.DEVNULL, subprocess.PIPE
    with tempfile.TemporaryFile(dir=folder) as printed:
        try:
            process = subprocess.Popen(
                command, cwd=folder, env=env, stdin=none, stdout=printed, stderr=pipe
            )
        except OSError as error:
            message = f"cannot start {command[0]}: {error.strerror}"
            raise ShellcheckError(f"{message}; leave it out with --no-shellcheck") from error
        with process, halt.ending(process):
            try:
                yield _Call(process, printed, halt)
            finally:
                process.kill()


def _by_text(
    texts: Sequence[str], batch: Iterable[int], comments: Iterable[Comment]
) -> Iterator[tuple[str, list[Comment]]]:
    """Each text of a batch with its part of the comments."""
    parts: dict[object, list[Comment]] = {f"{index}.sh": [] for index in batch}
    for comment in comments:
        parts[comment["file"]].append(comment)
    for index in batch:
        yield texts[index], parts[f"{index}.sh"]
