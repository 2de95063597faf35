"""Records of runs, as scripts leave them."""

from __future__ import annotations

import json
from pathlib import Path


def record(home: Path, workflow: str, day: int, **jobs: tuple[str, int]) -> Path:
    """Writes the events of a run on a day of January 2026; each job's status and milliseconds."""
    run = home / "runs" / f"{workflow}-202601{day:02}T000000-1-1"
    run.mkdir(parents=True)
    with (run / "events.jsonl").open("w") as events:
        for job, (status, duration) in jobs.items():
            event = {
                "timestamp": f"2026-01-{day:02}T00:00:00.000Z",
                "event": "job_end",
                "job": job,
                "status": status,
                "duration_ms": duration,
            }
            events.write(json.dumps(event, separators=(",", ":")) + "\n")
    return run
