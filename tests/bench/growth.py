"""How the cost of compiling grows with the number of jobs, ShellCheck left out.

A file of 10,000 jobs may cost per job at most half as much again as one of 100; what a module with
nothing in it costs is taken off both. The shapes differ in what they have many of.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from tests.bench.measure import Row, cpu, medians, report, write_workflow

FEW, MANY = 100, 10_000
#: What is large is measured less often.
ROUNDS = 3

#: Aims of the project: costs per job, compared; CPU of a file of 1,000 jobs.
GROWTH_RATIO = 1.5
THOUSAND_MILLISECONDS = 1500.0

HEAD = '''let registry = "ghcr.io/acme"

action announce(who, greeting = "hello") {
  run = """
    echo "$greeting, $who"
  """
}
'''


def workflow_of(jobs: Iterable[str], head: str = "") -> str:
    return f"{head}workflow bench {{\n" + "".join(jobs) + "}\n"


def varied(count: int) -> str:
    """Chains of ten jobs with artifacts, actions, raw texts and conditions."""
    return workflow_of((_varied(n, n % 10 > 0) for n in range(count)), HEAD)


def _varied(n: int, follows: bool) -> str:
    before = f'needs = [j{n - 1}]\n    inputs = ["out-{n - 1}"]' if follows else ""
    return f'''  # Job number {n}.
  job j{n} {{
    {before}
    env = {{ IMAGE = "${{registry}}/app:{n}" }}
    outputs = {{ out-{n} = "out/" }}
    timeout = 5m
    use announce(who = "{n}")
    run "make test-{n}"
    step "unit" {{
      timeout = 1m
      condition = success() && env.BRANCH == "main"
      run = """
        make unit IMAGE="$IMAGE"
      """
    }}
  }}
'''


def chain(count: int) -> str:
    """Each job needs the one declared after it and reads what the last one of all made."""
    jobs = [
        f'  job j{n} {{\n    needs = [j{n + 1}]\n    inputs = ["end"]\n    run "true"\n  }}\n'
        for n in range(count - 1)
    ]
    last = f'  job j{count - 1} {{\n    outputs = {{ end = "end" }}\n    run "true"\n  }}\n'
    return workflow_of([*jobs, last])


def fan_in(count: int) -> str:
    """The last job needs all others and reads an artifact and an export of each."""
    body = 'exports = ["V"]\n    run "true"\n  }\n'
    jobs = [f'  job j{n} {{\n    outputs = {{ a{n} = "a" }}\n    {body}' for n in range(count)]
    needs = ", ".join(f"j{n}" for n in range(count))
    inputs = ", ".join(f'"a{n}"' for n in range(count))
    condition = " && ".join(f'needs.j{n}.V == "1"' for n in range(count))
    last = (
        f"  job last {{\n    needs = [{needs}]\n    inputs = [{inputs}]\n"
        f'    condition = {condition}\n    run "true"\n  }}\n'
    )
    return workflow_of([*jobs, last])


def matrix(count: int) -> str:
    """Matrices of ten jobs, each needing the one before, of which it reads an artifact."""
    axes = 'matrix = { a = [0, 1, 2, 3, 4], b = ["x", "y"] }'
    jobs = []
    for n in range(count // 10):
        before = f'needs = [j{n - 1}]\n    inputs = ["a{n - 1}"]' if n else ""
        jobs.append(
            f'  job j{n} {{\n    {axes}\n    outputs = {{ a{n} = "a" }}\n    {before}\n'
            f'    env = {{ A = matrix.a }}\n    run "echo $MATRIX_B"\n  }}\n'
        )
    return workflow_of(jobs)


def _command(verb: str, source: Path) -> list[object]:
    nixc = Path(sys.executable).with_name("nixc")
    output = ["-o", source.with_suffix(".sh")] if verb == "build" else []
    return [nixc, verb, "--no-shellcheck", source, *output]


def bench_growth(verb: str, shape: Callable[[int], str], folder: Path) -> Row:
    """What one more job costs in a large file, beside what it costs in a small one."""
    texts = (HEAD, shape(FEW), shape(MANY))
    sources = [write_workflow(folder, f"n{n}", text) for n, text in enumerate(texts)]
    costs = [partial(cpu, _command("check", sources[0]), folder)]
    costs += [partial(cpu, _command(verb, source), folder) for source in sources[1:]]
    start, few = medians(*costs[:2])
    (many,) = medians(costs[2], rounds=ROUNDS)
    small, large = (few - start) / FEW, (many - start) / MANY
    what = f"{verb}, {shape.__name__} of {MANY:,}"
    return Row(what, large, f"of {FEW}, per job", small, large / small, GROWTH_RATIO, "×")


def bench_thousand(folder: Path) -> Row:
    source = write_workflow(folder, "thousand", varied(1000))
    bare = [sys.executable, "-c", "import click"]
    ours, reference = medians(
        lambda: cpu(_command("check", source), folder), lambda: cpu(bare, folder), rounds=ROUNDS
    )
    limit = THOUSAND_MILLISECONDS
    return Row("check, varied of 1,000", ours, "a bare start", reference, ours, limit, "ms")


BENCHES: tuple[Callable[[Path], Row], ...] = (
    bench_thousand,
    *(partial(bench_growth, "check", shape) for shape in (varied, chain, fan_in, matrix)),
    *(partial(bench_growth, "build", shape) for shape in (varied, matrix)),
)

if __name__ == "__main__":
    sys.exit(report(BENCHES))
