"""What a job and the repository cost over ssh, beside one call and one pipe over a connection.
Wall-clock time, since much of it passes in the server's processes.

    python -m tests.bench.ssh
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.bench.copy import wall
from tests.bench.measure import Row, medians, report, write_workflow
from tests.bench.run import script_of
from tests.e2e.sshd import ADDRESSES, Server, server

JOB_RATIO = 1.5
TRANSFER_RATIO = 1.3
JOBS = 20
FILES = 2000


def chain(jobs: int, fields: str) -> str:
    """Jobs one after the other, so that each is paid for by itself."""
    lines = [f"executor there = ssh {{ {fields} }}", "workflow w {"]
    for number in range(jobs):
        needs = f"needs = [j{number - 1}]\n" if number else ""
        lines.append(f'job j{number} {{\nexecutor = there\n{needs}run "true"\n}}')
    return "\n".join([*lines, "}\n"])


@contextmanager
def connection(folder: Path, host: Server) -> Iterator[list[str]]:
    """An ssh over a connection that stands: the words before the command."""
    options = ["-p", str(host.port), "-i", f"{host.folder}/id", "-o", "BatchMode=yes"]
    options += ["-o", f"UserKnownHostsFile={host.known_hosts}", "-S", f"{folder}/socket"]
    subprocess.run(["ssh", "-M", "-N", "-f", *options, ADDRESSES[0]], check=True)
    try:
        yield ["ssh", *options, ADDRESSES[0]]
    finally:
        subprocess.run(["ssh", "-O", "exit", *options, ADDRESSES[0]], capture_output=True)


def bench_job(folder: Path, host: Server) -> Row:
    repo = folder / "repo"
    repo.mkdir()
    # What copies of the repository cost is the other row.
    fields = host.fields(more=", copyRepo = false")
    many = script_of(write_workflow(folder, "many", chain(JOBS + 1, fields)))
    one = script_of(write_workflow(folder, "one", chain(1, fields)))
    with connection(folder, host) as ssh:
        whole, start, least = medians(
            lambda: wall(["bash", many], repo, folder),
            lambda: wall(["bash", one], repo, folder),
            lambda: wall([*ssh, "true"], repo, folder),
            rounds=5,
        )
    each = (whole - start) / JOBS
    return Row("a job in shared mode", each, "ssh host true", least, each / least, JOB_RATIO, "×")


def bench_transfer(folder: Path, host: Server) -> Row:
    """What a run with the repository takes longer than one without it: it goes over, compressed as
    fast as can be, and the job gets a copy. So does the pipe that it is beside."""
    repo = folder / "repo"
    repo.mkdir()
    for number in range(FILES):
        (repo / f"file{number}").write_text(f"{number}\n" * 1000)
    with_it = script_of(write_workflow(folder, "with", chain(1, host.fields())))
    fields = host.fields(more=", copyRepo = false")
    without = script_of(write_workflow(folder, "without", chain(1, fields)))
    there = [host.folder / name for name in ("plain", "copy")]
    with connection(folder, host) as ssh:
        unpack = f"mkdir {there[0]} && tar -xzf - -C {there[0]} && cp -a {there[0]} {there[1]}"
        pipe = f"tar -cf - . | gzip -1 | {' '.join(ssh)} '{unpack}'"

        def by_pipe() -> float:
            for each in there:
                shutil.rmtree(each, ignore_errors=True)
            return wall(["bash", "-c", pipe], repo, folder)

        whole, start, least = medians(
            lambda: wall(["bash", with_it], repo, folder),
            lambda: wall(["bash", without], repo, folder),
            by_pipe,
            rounds=5,
        )
    ours = whole - start
    ratio = ours / least
    return Row("repository and copy", ours, "tar | ssh tar, cp", least, ratio, TRANSFER_RATIO, "×")


if __name__ == "__main__":
    if shutil.which("sshd", path="/usr/sbin:/usr/bin:/sbin") is None:
        print("ssh is left out: it takes sshd")
        sys.exit(0)
    with server("bash") as started:
        benches = (bench_job, bench_transfer)
        sys.exit(report([partial(bench, host=started) for bench in benches], "time of"))
