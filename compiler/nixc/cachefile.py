"""Small files in the user's cache directory. A cache that cannot be used is no cache, no error."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from nixc.trouble import Trouble


def read(name: str) -> bytes | None:
    """The content of a cache file, or None."""
    try:
        directory = _directory()
        return (directory / name).read_bytes() if _is_private(directory) else None
    except (OSError, RuntimeError):
        return None


def write(name: str, data: bytes) -> None:
    """Write a cache file as a whole: readers see the old one or the new one, never a half."""
    with suppress(OSError, RuntimeError):
        _write(name, data)


def store(name: str, data: bytes) -> str:
    """As `write`, for a file that others are to read: its path. Raises Trouble."""
    try:
        return _write(name, data)
    except (OSError, RuntimeError) as error:
        raise Trouble(f"cannot write to the cache directory: {error}") from error


def _write(name: str, data: bytes) -> str:
    import tempfile  # 5 ms that only the first run of a version needs

    directory = _directory()
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not _is_private(directory):
        raise PermissionError(f"{directory} is not this user's alone")
    handle, temporary = tempfile.mkstemp(dir=directory, prefix=name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(temporary, directory / name)
    except OSError:
        os.unlink(temporary)
        raise
    return str(directory / name)


def _directory() -> Path:
    """`$XDG_CACHE_HOME/nixc`; raises RuntimeError for a user without a home."""
    configured = os.environ.get("XDG_CACHE_HOME", "")
    # The XDG specification: a relative path is to be ignored.
    base = Path(configured) if os.path.isabs(configured) else Path.home() / ".cache"
    return base / "nixc"


def _is_private(directory: Path) -> bool:
    """Whether nobody but this user can put files there."""
    found = directory.stat()
    return found.st_uid == os.getuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
