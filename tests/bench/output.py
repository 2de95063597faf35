"""What a line of output costs: through the collector in perl, and through the filter in bash."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.bench.measure import Row, cpu, medians, report, write_workflow
from tests.bench.run import script_of

LINES = 50_000
ROUNDS = 3
#: Of the CPU that `sed -u` takes for the same lines. It writes each line by itself, ours by blocks.
PERL_RATIO = 1.0
PERL_SECRETS_RATIO = 2.0
BASH_RATIO = 15.0
BASH_SECRETS_RATIO = 30.0

PRINT = f"seq -f 'line %.0f of output as programs print it, of sixty bytes' {LINES}"
SECRETS = {
    "A": "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "B": "s3cr3t/pass+word",
    "C": "AKIAIOSFODNN7EXAMPLE",
    "D": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "E": "correct horse battery staple",
}


def _workflow(run: str, secrets: bool) -> str:
    env = ", ".join(f'{name} = "{value}"' for name, value in SECRETS.items())
    names = ", ".join(f'"{name}"' for name in SECRETS)
    head = f"  env = {{ {env} }}\n  secrets = [{names}]\n" if secrets else ""
    job = f'  job j {{\n    executor = local {{ copyRepo = false }}\n    run "{run}"\n  }}\n'
    return f"workflow bench {{\n{head}{job}}}\n"


def _without_perl(folder: Path) -> Path:
    """A directory with all commands but perl, to be the PATH."""
    tools = folder / "tools"
    tools.mkdir()
    for place in ("/bin", "/usr/bin"):
        for command in Path(place).iterdir():
            if not command.name.startswith("perl") and not (tools / command.name).exists():
                (tools / command.name).symlink_to(command)
    return tools


def _bench(folder: Path, what: str, *, perl: bool, secrets: bool, limit: float) -> Row:
    script = script_of(write_workflow(folder, "print", _workflow(PRINT, secrets)))
    silent = script_of(write_workflow(folder, "silent", _workflow("true", secrets)))
    path = [] if perl else ["env", f"PATH={_without_perl(folder)}"]
    whole, start, bare = medians(
        lambda: cpu([*path, "bash", script], folder),
        lambda: cpu([*path, "bash", silent], folder),
        lambda: cpu(["bash", "-c", f"{PRINT} | sed -u s/a/b/ >/dev/null"], folder),
        rounds=ROUNDS,
    )
    ours = whole - start
    print(f"{what}: {LINES / ours:.0f} thousand lines per second of CPU")
    return Row(what, ours, "sed -u", bare, ours / bare, limit, "×")


def bench_perl(folder: Path) -> Row:
    return _bench(folder, "lines, perl", perl=True, secrets=False, limit=PERL_RATIO)


def bench_perl_secrets(folder: Path) -> Row:
    return _bench(
        folder, "lines, perl, 5 secrets", perl=True, secrets=True, limit=PERL_SECRETS_RATIO
    )


def bench_bash(folder: Path) -> Row:
    return _bench(folder, "lines, bash", perl=False, secrets=False, limit=BASH_RATIO)


def bench_bash_secrets(folder: Path) -> Row:
    return _bench(
        folder, "lines, bash, 5 secrets", perl=False, secrets=True, limit=BASH_SECRETS_RATIO
    )


if __name__ == "__main__":
    sys.exit(report((bench_perl, bench_perl_secrets, bench_bash, bench_bash_secrets)))
