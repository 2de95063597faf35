"""What ShellCheck said of which text, kept in the user's cache directory.

One file of lines: the text's digest, the day of last use, the answer. A build reads it once. A
line that makes no sense is no answer; of two processes that write at once, one has written for
nothing.
"""

from __future__ import annotations

import time
from hashlib import sha256

from nixc import cachefile

_FILE = "shellcheck"
#: Answers that nobody asked for are kept this long, in days.
_KEPT = 30
#: The most that is kept, in bytes: about 40,000 texts without findings.
_LARGEST = 2 * 1024 * 1024
#: Hexadecimal digits of a digest.
_DIGITS = 32


class Answers:
    """The answers of one ShellCheck; `identity` tells it and how it is called from others."""

    def __init__(self, identity: str) -> None:
        self._identity = sha256(identity.encode())
        self._today = f"{int(time.time()) // 86400:05}"
        self._lines = _read()
        self._new: dict[str, str] = {}

    def get(self, text: str) -> str | None:
        """The answer to a text, or None."""
        digest = self._digest(text)
        day, _, answer = self._lines.get(digest, "").partition(" ")
        if not answer:
            return None
        if day != self._today:
            self._new[digest] = f"{self._today} {answer}"
        return answer

    def put(self, text: str, answer: str) -> None:
        """Keeps an answer, which is one line of ASCII."""
        self._new[self._digest(text)] = f"{self._today} {answer}"

    def save(self) -> None:
        """Writes what is new, beside what others have written since."""
        if not self._new:
            return
        lines = {**_read(), **self._new}
        newest = sorted(lines.items(), key=lambda line: line[1][:5], reverse=True)
        oldest = f"{int(self._today) - _KEPT:05}"
        kept: list[str] = []
        room = _LARGEST
        for digest, line in newest:
            room -= len(digest) + len(line) + 2
            if room < 0 or line[:5] < oldest:
                break
            kept.append(f"{digest} {line}\n")
        cachefile.write(_FILE, "".join(kept).encode("ascii", "replace"))

    def _digest(self, text: str) -> str:
        digest = self._identity.copy()
        digest.update(text.encode())
        return digest.hexdigest()[:_DIGITS]


def _read() -> dict[str, str]:
    """Day and answer by digest."""
    kept = (cachefile.read(_FILE) or b"").decode("ascii", "replace")
    return {line[:_DIGITS]: line[_DIGITS + 1 :] for line in kept.split("\n")}
