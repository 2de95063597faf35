"""What a job costs in a container that is there, beside the least that it could: one
`docker exec … true`. Wall-clock time, since most of it passes in the engine's own processes.

    python -m tests.bench.oci
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from tests.bench.copy import wall
from tests.bench.measure import Row, medians, report, write_workflow
from tests.bench.run import script_of
from tests.e2e.engines import DEBIAN, Engine, docker

JOB_RATIO = 1.5
JOBS = 20


def chain(jobs: int) -> str:
    """Jobs one after the other, so that each is paid for by itself."""
    lines = [f'executor box = oci {{ engine = "docker", image = "{DEBIAN}" }}', "workflow w {"]
    for number in range(jobs):
        needs = f"needs = [j{number - 1}]\n" if number else ""
        lines.append(f'job j{number} {{\nexecutor = box\n{needs}run "true"\n}}')
    return "\n".join([*lines, "}\n"])


def bench_job(folder: Path, engine: Engine) -> Row:
    repo = folder / "repo"
    repo.mkdir()
    many = script_of(write_workflow(folder, "many", chain(JOBS + 1)))
    one = script_of(write_workflow(folder, "one", chain(1)))
    engine("run", "--detach", "--init", "--name=idle", DEBIAN, "sleep", "3600")
    ran = ["env", *(f"{name}={value}" for name, value in engine.env.items())]
    whole, start, least = medians(
        lambda: wall([*ran, "bash", many], repo, folder),
        lambda: wall([*ran, "bash", one], repo, folder),
        lambda: wall([*ran, "docker", "exec", "idle", "true"], repo, folder),
        rounds=5,
    )
    each = (whole - start) / JOBS
    return Row(
        "a job in shared mode", each, "docker exec true", least, each / least, JOB_RATIO, "×"
    )


if __name__ == "__main__":
    if os.geteuid() != 0 or shutil.which("dockerd") is None:
        print("oci is left out: it takes dockerd, and root to start it")
        sys.exit(0)
    with docker() as started:
        sys.exit(report((lambda folder: bench_job(folder, started),), "time of"))
