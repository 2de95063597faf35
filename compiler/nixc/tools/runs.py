"""The records that runs leave: where they are, and which one a user means."""

from __future__ import annotations

import os
import re
from pathlib import Path

from nixc.trouble import Trouble

#: What a user writes for the newest run.
LAST = "last"

#: `<workflow>-<UTC yyyymmddThhmmss>-<pid>-<random>`, as the runtime names them.
_NAME = re.compile(r"(.+)-(\d{8}T\d{6})-\d+-\d+")

EVENTS = "events.jsonl"


def find(run: str) -> Path:
    """The absolute directory of a run: by its name, its directory, or `last`. Raises Trouble."""
    if run == LAST:
        newest = newest_run()
        if newest is None:
            raise Trouble(f"there is no run below {_home() / 'runs'}")
        return newest
    for directory in (_home() / "runs" / run, Path(run)):
        if (directory / EVENTS).is_file():
            return directory.absolute()
    newest = newest_run()
    hint = f"; the last one is {newest.name}" if newest is not None else ""
    name = run if run.isprintable() else repr(run)
    raise Trouble(f"there is no run {name} below {_home() / 'runs'}{hint}")


def _home() -> Path:
    """Where scripts keep their runs: the same rule as in the runtime's `nxa_home`."""
    environment = os.environ
    if home := environment.get("NIXACTIONS_HOME"):
        return Path(home).absolute()
    if cache := environment.get("XDG_CACHE_HOME"):
        return Path(cache).absolute() / "nixactions"
    if user := environment.get("HOME"):
        return Path(user).absolute() / ".cache" / "nixactions"
    temporary = Path(environment.get("TMPDIR") or "/tmp").absolute()
    return temporary / f"nixactions-home-{os.geteuid()}"


def newest_run(workflow: str | None = None) -> Path | None:
    """The newest run of all, or of the workflows with a name. Names have whole seconds; of runs
    that began in the same one, that of the last event."""
    found = []
    try:
        for directory in (_home() / "runs").iterdir():
            name = _NAME.fullmatch(directory.name)
            events = directory / EVENTS
            if name is None or workflow not in (None, name.group(1)):
                continue
            if events.is_file():
                found.append((name.group(2), events.stat().st_mtime_ns, directory))
    except OSError:
        return None
    return max(found)[2] if found else None
