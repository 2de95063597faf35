"""Stand-ins for the tools of providers: they take the arguments that the tools' manuals have, and
no others, write down how they were called, and answer with what the test has put there."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

#: After `sops --help`, the pages of Vault's and 1Password's command lines, and `bw get --help`.
_PARSERS = {
    "sops": """
        parser.add_argument("-d", "--decrypt", action="store_true", required=True)
        for name in ("input-type", "output-type", "extract", "config", "keyservice"):
            parser.add_argument(f"--{name}")
        parser.add_argument("--ignore-mac", action="store_true")
        parser.add_argument("file")
    """,
    "vault": """
        parser.add_argument("kv", choices=["kv"])
        parser.add_argument("get", choices=["get"])
        parser.add_argument("-format", choices=["table", "json", "yaml"])
        for name in ("mount", "field", "version", "address", "namespace"):
            parser.add_argument(f"-{name}")
        parser.add_argument("path")
    """,
    "op": """
        parser.add_argument("item", choices=["item"])
        parser.add_argument("get", choices=["get"])
        parser.add_argument("name")
        parser.add_argument("--format", choices=["human-readable", "json"])
        for name in ("vault", "fields", "account", "session", "config", "encoding"):
            parser.add_argument(f"--{name}")
        for name in ("include-archive", "otp", "reveal", "share-link", "no-color", "debug"):
            parser.add_argument(f"--{name}", action="store_true")
    """,
    "bw": """
        parser.add_argument("get", choices=["get"])
        parser.add_argument("object", choices=["item"])
        parser.add_argument("id")
        for name in ("itemid", "output", "organizationid", "session"):
            parser.add_argument(f"--{name}")
        for name in ("pretty", "raw", "response", "cleanexit", "quiet", "nointeraction"):
            parser.add_argument(f"--{name}", action="store_true")
    """,
}

_STAND_IN = """\
#!{python} -IS
import argparse, json, os, sys, time
parser = argparse.ArgumentParser(allow_abbrev=False)
{parser}
parser.parse_args()
here = os.path.dirname(os.path.abspath(__file__))
call = {{
    "arguments": sys.argv[1:],
    "directory": os.getcwd(),
    "input": sys.stdin.read(),
    "environment": dict(os.environ),
}}
with open(os.path.join(here, "{tool}.calls"), "a") as calls:
    calls.write(json.dumps(call) + "\\n")
with open(os.path.join(here, "{tool}.answer"), "rb") as answer:
    status, _, rest = answer.read().partition(b"\\n")
out, _, err = rest.partition(b"\\0")
sys.stdout.buffer.write(out)
sys.stderr.buffer.write(err)
sys.exit(int(status))
"""


@dataclass(frozen=True)
class Tools:
    """A directory with stand-ins, to be the first of PATH."""

    folder: Path

    @property
    def path(self) -> str:
        return f"{self.folder}:{os.environ['PATH']}"

    def answers(self, tool: str, out: object, err: str = "", status: int = 0) -> None:
        """Puts the stand-in there with its answer: a text, or what is to be JSON."""
        text = out if isinstance(out, str) else json.dumps(out, indent=2)
        answer = f"{status}\n{text}\0{err}".encode()
        (self.folder / f"{tool}.answer").write_bytes(answer)
        script = self.folder / tool
        script.write_text(
            _STAND_IN.format(
                python=sys.executable, tool=tool, parser=dedent(_PARSERS[tool]).strip()
            )
        )
        script.chmod(0o755)

    def calls(self, tool: str) -> list[dict[str, object]]:
        """How it was called: arguments, directory, standard input, environment."""
        calls = self.folder / f"{tool}.calls"
        lines = calls.read_text().splitlines() if calls.exists() else []
        return [json.loads(line) for line in lines]
