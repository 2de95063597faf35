"""ShellCheck's answers by content, in the user's cache directory.

The cache is a help, never a need: where it cannot be read or written, nothing is cached. It
can be deleted at any time.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path


@dataclass(frozen=True)
class Cache:
    """Answers of one ShellCheck; `folder` None keeps nothing."""

    folder: Path | None
    identity: str

    @classmethod
    def of_user(cls, identity: str) -> Cache:
        """The cache below XDG_CACHE_HOME or ~/.cache; `identity` tells ShellChecks apart."""
        root = os.environ.get("XDG_CACHE_HOME", "")
        if not root.startswith("/"):
            # As the XDG specification has it: a path that is not absolute counts as not set.
            home = os.environ.get("HOME", "")
            root = os.path.join(home, ".cache") if home.startswith("/") else ""
        return cls(Path(root, "nixc", "shellcheck") if root else None, identity)

    def get(self, text: str) -> str | None:
        """The answer kept for a text."""
        path = self._path(text)
        if path is None:
            return None
        try:
            answer = path.read_text(encoding="ascii")
        except (OSError, ValueError):
            return None
        # A file that a full disk cut short is no answer.
        return answer[:-1] if answer.endswith("]\n") else None

    def put(self, text: str, answer: str) -> None:
        """Keeps an answer, whole or not at all."""
        path = self._path(text)
        if path is None:
            return
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, temporary = tempfile.mkstemp(dir=path.parent)
            try:
                with os.fdopen(handle, "w", encoding="ascii") as file:
                    file.write(answer + "\n")
                os.replace(temporary, path)
            except OSError:
                os.unlink(temporary)
                raise

    def _path(self, text: str) -> Path | None:
        if self.folder is None:
            return None
        digest = sha256(f"{self.identity}\0{text}".encode()).hexdigest()
        return self.folder / digest[:2] / digest[2:]
