"""How the jobs of a run ended, as its events tell it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from nixc.records import dataclass
from nixc.tools.runs import EVENTS

#: Statuses from the gravest on: that of a matrix is the gravest of its jobs.
GRAVITY = ("failure", "timeout", "cancelled", "unfinished", "success", "skipped")

#: What begins with these words is looked at; most events are lines of output.
_KINDS = ('"event":"job_start"', '"event":"job_end"')


@dataclass(frozen=True)
class Outcome:
    """How a job ended: a status of the events, or `unfinished`. Times are milliseconds since 1970;
    without an end there is none that could be told."""

    status: str
    began: int
    ended: int | None

    @property
    def duration(self) -> int | None:
        return None if self.ended is None else self.ended - self.began


def outcomes(run: Path) -> dict[str, Outcome]:
    """The outcomes of the jobs of a run by name; empty where its events cannot be read."""
    found: dict[str, Outcome] = {}
    try:
        with (run / EVENTS).open(encoding="utf-8", errors="replace") as events:
            for line in events:
                if any(kind in line for kind in _KINDS):
                    _take(found, line)
    except OSError:
        return {}  # it may be removed at any time: then there is no such run
    return found


def combined(known: Mapping[str, Outcome], jobs: Iterable[str]) -> Outcome | None:
    """What several jobs came to together, those that did nothing in that run left out."""
    some = [known[job] for job in jobs if job in known]
    if not some:
        return None
    ends = [one.ended for one in some]
    last = None if None in ends else max(end for end in ends if end is not None)
    status = min((one.status for one in some), key=GRAVITY.index)
    return Outcome(status, min(one.began for one in some), last)


def _take(found: dict[str, Outcome], line: str) -> None:
    try:
        event: dict[str, Any] = json.loads(line)
        job, time = event["job"], _milliseconds(event["timestamp"])
        if event["event"] == "job_start":
            found[job] = Outcome("unfinished", time, None)
        elif event["event"] == "job_end" and event["status"] in GRAVITY:
            found[job] = Outcome(event["status"], time - event.get("duration_ms", 0), time)
    except (ValueError, KeyError, TypeError):
        return  # the last line of a run that is under way, or of one that was killed


def _milliseconds(time: str) -> int:
    return round(datetime.fromisoformat(time.replace("Z", "+00:00")).timestamp() * 1000)
