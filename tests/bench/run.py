"""What nixc's scripts cost, beside the least that the same could cost here and now."""

from __future__ import annotations

import sys
from pathlib import Path

from nixc import driver
from tests.bench.measure import Row, cpu, medians, report, write_workflow

COUNT = 100

#: Aims of the project; see `make bench` in CONTRIBUTING.md.
BUILD_RATIO = 2.0
STEP_RATIO = 1.5
JOB_RATIO = 4.5


def workflow_of(jobs: int, steps: int, run: str) -> str:
    """Independent jobs without a copy of the repository."""
    body = "\n".join(f"    run {run}" for _ in range(steps))
    blocks = [
        f"  job j{n} {{\n    executor = local {{ copyRepo = false }}\n{body}\n  }}"
        for n in range(jobs)
    ]
    return "workflow bench {\n" + "\n".join(blocks) + "\n}\n"


def script_of(source: Path) -> Path:
    """The built script of a source."""
    result = driver.build(str(source), shellcheck=False)
    if result.script is None:
        raise SystemExit(f"{source} does not compile")
    script = source.with_suffix(".sh")
    script.write_text(result.script)
    return script


def bench_build(folder: Path) -> Row:
    source = write_workflow(folder, "ten", workflow_of(10, 3, '"make \\"$JOB_NAME\\""'))
    nixc = Path(sys.executable).with_name("nixc")
    command = [nixc, "build", "--no-shellcheck", source, "-o", folder / "ten.sh"]
    imports = [sys.executable, "-c", "import lark, click, jinja2"]
    ours, bare = medians(lambda: cpu(command, folder), lambda: cpu(imports, folder))
    ratio = ours / bare
    return Row("build, 10 jobs", ours, "bare imports", bare, ratio, BUILD_RATIO, "×")


def bench_steps(folder: Path) -> Row:
    """What one more step costs: a run of one step is taken off."""
    many = script_of(write_workflow(folder, "many", workflow_of(1, COUNT + 1, '"true"')))
    one = script_of(write_workflow(folder, "one", workflow_of(1, 1, '"true"')))
    loop = f"for ((i = 0; i < {COUNT}; i++)); do bash -c true; done"
    whole, start, bare = medians(
        lambda: cpu(["bash", many], folder) / COUNT,
        lambda: cpu(["bash", one], folder) / COUNT,
        lambda: cpu(["bash", "-c", loop], folder) / COUNT,
    )
    ours = whole - start
    return Row("one more step", ours, "bash -c true", bare, ours / bare, STEP_RATIO, "×")


def bench_jobs(folder: Path) -> Row:
    script = script_of(write_workflow(folder, "jobs", workflow_of(COUNT, 1, '"true"')))
    ours, bare = medians(
        lambda: cpu(["bash", script], folder) / COUNT,
        lambda: cpu(["bash", "-c", "true"], folder),
    )
    return Row("a job of 100", ours, "bash -c true", bare, ours / bare, JOB_RATIO, "×")


if __name__ == "__main__":
    sys.exit(report((bench_build, bench_steps, bench_jobs)))
