"""Runs a script in place of this process."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from typing import NoReturn

from nixc.trouble import Trouble


def become(script: str, arguments: Sequence[str]) -> NoReturn:
    """Turns this process into bash running `script`. Raises Trouble where it cannot.

    With no process of ours in between, every signal reaches the script once and its exit status
    is ours. The temporary file has no name, so none is left behind however the run ends; bash
    reads it as standard input, where scripts of nixc expect nothing.
    """
    try:
        # Kept open by descriptor 0 from here on.
        with tempfile.TemporaryFile() as file:
            file.write(script.encode())
            file.seek(0)
            os.dup2(file.fileno(), 0)
        sys.stdout.flush()
        _restore_signals()
        os.execvp("bash", ["bash", "-s", "--", *arguments])
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise Trouble(f"cannot run the script: {reason}") from error


def _restore_signals() -> None:
    """Undoes what Python set at its start and a child would inherit as ignored for good."""
    for name in ("SIGPIPE", "SIGXFSZ"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
