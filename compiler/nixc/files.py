"""Files that users name: sources to read and to write back, the script to write."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from nixc.trouble import Trouble

#: How standard input and output are written on the command line.
STANDARD = "-"

#: The name that diagnostics show for standard input.
STDIN_NAME = "<stdin>"

#: No workflow is longer; a device that never ends is.
MAX_BYTES = 64 * 1024 * 1024


def read(path: str) -> bytes:
    """The bytes of a file, or of standard input for `-`. Raises Trouble."""
    try:
        # Descriptor 0 rather than sys.stdin, which is None where standard input is closed.
        with open(0 if path == STANDARD else path, "rb", closefd=path != STANDARD) as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise Trouble(f"cannot read {_quoted(path)}: {_reason(error)}") from error
    if len(data) > MAX_BYTES:
        raise Trouble(f"cannot read {_quoted(path)}: larger than {MAX_BYTES >> 20} MiB")
    return data


def sources(paths: Iterable[str]) -> tuple[list[str], list[str]]:
    """The paths as given, each directory replaced by the `*.nxa` below it, and what there is to
    say about directories that cannot be read or have none. Each file is named once."""
    found: dict[str, str] = {}
    trouble: list[str] = []
    for path in paths:
        inside = _below(path) if path != STANDARD and os.path.isdir(path) else [path]
        try:
            for each in inside:
                found.setdefault(os.path.realpath(each) if each != STANDARD else each, each)
        except Trouble as error:
            trouble.append(str(error))
    return list(found.values()), trouble


def output_for(path: str) -> str:
    """Where a script goes by default: beside its source, named `.sh`; `-` for `-`."""
    return STANDARD if path == STANDARD else str(Path(path).with_suffix(".sh"))


def refuse_same(output: str, inputs: Iterable[str]) -> None:
    """Raises Trouble where the script would replace one of its own sources."""
    for path in inputs:
        with suppress(OSError, ValueError):
            if os.path.samefile(path, output):
                raise Trouble(f"cannot write {_quoted(output)}: it is a source of this workflow")


def write_script(path: str, text: str) -> None:
    """Writes an executable script as a whole, or nothing; `-` is standard output.

    A link is followed, a device or pipe is written to. Raises Trouble.
    """
    _write(path, text.encode(), 0o755)


def write_report(path: str, data: bytes) -> None:
    """Writes a report as `write_script` writes a script, but not executable. Raises Trouble."""
    _write(path, data, 0o644)


def _write(path: str, data: bytes, mode: int) -> None:
    try:
        if path == STANDARD:
            with open(1, "wb", closefd=False) as file:
                file.write(data)
        elif _is_special(path):
            Path(path).write_bytes(data)
        else:
            _replace(os.path.realpath(path), data, mode & ~_umask())
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:
        raise Trouble(f"cannot write {_quoted(path)}: {_reason(error)}") from error


def write_source(path: str, text: str) -> None:
    """Writes a source that was read back as a whole, or not at all; `-` is standard output.

    A link is followed; mode and owner stay. Raises Trouble.
    """
    data = text.encode()
    try:
        if path == STANDARD:
            with open(1, "wb", closefd=False) as file:
                file.write(data)
        elif _is_special(path):
            raise OSError("it is no file; to format a stream, name it `-`")
        else:
            now = os.stat(path)
            owner = (now.st_uid, now.st_gid)
            _replace(os.path.realpath(path), data, stat.S_IMODE(now.st_mode), owner)
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:
        raise Trouble(f"cannot write {_quoted(path)}: {_reason(error)}") from error


def _below(directory: str) -> Iterator[str]:
    """Every `*.nxa` below a directory, in order; hidden directories are passed over, and those that
    hold what others wrote: `node_modules` and virtual environments of Python."""
    some = False

    def refuse(error: OSError) -> None:
        raise Trouble(f"cannot read {_quoted(str(error.filename))}: {_reason(error)}") from error

    for folder, folders, names in os.walk(directory, onerror=refuse):
        if "pyvenv.cfg" in names and folder != directory:
            folders.clear()
            continue
        folders[:] = sorted(n for n in folders if not n.startswith(".") and n != "node_modules")
        for name in sorted(names):
            if name.endswith(".nxa"):
                some = True
                yield os.path.join(folder, name)
    if not some:
        raise Trouble(f"no *.nxa below {_quoted(directory)}")


def _is_special(path: str) -> bool:
    """Whether there is something that is written to and not replaced."""
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        return False
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(21, "Is a directory")
    if stat.S_ISREG(mode) and not os.access(path, os.W_OK):
        raise PermissionError(13, "Permission denied")
    return not stat.S_ISREG(mode)


def _replace(path: str, data: bytes, mode: int, owner: tuple[int, int] | None = None) -> None:
    """Puts a new file in the place of an old one in one move.

    Who may not give a file to its old owner becomes the owner.
    """
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".nixc-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            if owner is not None:
                with suppress(PermissionError):
                    os.fchown(handle, *owner)
            os.fchmod(handle, mode)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _umask() -> int:
    # The only portable way to read it is to set it.
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _quoted(path: str) -> str:
    """A path as a message shows it: nothing in a name may steer a terminal."""
    return "standard input" if path == STANDARD else repr(path) if not path.isprintable() else path


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error)
