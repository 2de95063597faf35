"""What a job's copy of the repository costs, beside the best that common tools do here and now.

Wall-clock time, for a mount and a tar pipe wait more than they compute.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.bench.measure import Row, medians, report, write_workflow
from tests.bench.run import script_of

FILES, BYTES = 20_000, 2048

#: Aims of the project: beside the best safe copy; and for a mount, whatever the size.
COPY_RATIO = 1.1
MOUNT_MILLISECONDS = 100.0


def workflow_of(copy: str) -> str:
    return f"""workflow bench {{
  job j {{
    executor = local {{ copyRepo = {copy} }}
    run "true"
  }}
}}
"""


def grow(folder: Path) -> Path:
    """A repository of many small files."""
    repo = folder / "repo"
    for number in range(FILES):
        file = repo / f"d{number // 100}" / f"f{number}"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"x" * BYTES)
    return repo


def wall(command: Sequence[object], repo: Path, folder: Path) -> float:
    """Milliseconds that a command takes in the repository, its workspace below `folder`."""
    start = time.monotonic()
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(folder)}
    subprocess.run(
        [str(word) for word in command],
        cwd=repo,
        env={**environment, "TMPDIR": str(folder)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return 1000 * (time.monotonic() - start)


def best(repo: Path, folder: Path) -> float:
    """The faster of `cp -a` and a tar pipe, what they made being removed as a run removes it."""
    to = folder / "to"
    copies = (f"cp -a . '{to}'", f"mkdir '{to}' && tar -cf - . | (cd '{to}' && tar -xpf -)")
    return min(wall(["sh", "-c", f"{copy} && rm -rf '{to}'"], repo, folder) for copy in copies)


def bench_of(copy: str, folder: Path) -> tuple[float, float]:
    """Milliseconds: a run with such a copy less one without, and the best copy."""
    repo = grow(folder)
    ours = script_of(write_workflow(folder, "ours", workflow_of(copy)))
    none = script_of(write_workflow(folder, "none", workflow_of("false")))
    whole, start, reference = medians(
        lambda: wall(["bash", ours], repo, folder),
        lambda: wall(["bash", none], repo, folder),
        lambda: best(repo, folder),
        rounds=5,
    )
    return whole - start, reference


def bench_copy(folder: Path) -> Row:
    ours, reference = bench_of("true", folder)
    ratio = ours / reference
    return Row("copyRepo = true", ours, "cp -a or tar|tar", reference, ratio, COPY_RATIO, "×")


def bench_overlay(folder: Path) -> Row:
    ours, reference = bench_of('"overlay"', folder)
    name = 'copyRepo = "overlay"'
    return Row(name, ours, "cp -a or tar|tar", reference, ours, MOUNT_MILLISECONDS, "ms")


if __name__ == "__main__":
    if os.geteuid() == 0:
        sys.exit(report((bench_copy, bench_overlay), "time of"))
    print('copyRepo = "overlay" is left out: only root may mount')
    sys.exit(report((bench_copy,), "time of"))
