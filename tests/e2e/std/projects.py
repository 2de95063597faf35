"""Small projects that the `std:` actions work on, and the environment that their tools need."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from tests.harness import Place

#: The files of a project by the module that works on it.
FILES: dict[str, dict[str, str]] = {
    "docker": {
        "Dockerfile": "FROM scratch\nARG VERSION=none\nLABEL version=$VERSION\nCOPY hello.txt /\n",
        "hello.txt": "hello\n",
    },
    "git": {"a.py": "print(1)\n", "docs/a.md": "# A\n"},
    "go": {
        "go.mod": "module example.com/hello\n\ngo 1.19\n",
        "main.go": 'package main\n\nimport "fmt"\n\nfunc double(n int) int { return 2 * n }\n\n'
        "func main() { fmt.Println(double(21)) }\n",
        "main_test.go": 'package main\n\nimport "testing"\n\nfunc TestDouble(t *testing.T) {\n'
        '\tif double(2) != 4 {\n\t\tt.Fatal("not 4")\n\t}\n}\n',
    },
    "nix": {},
    "node": {
        "package.json": json.dumps(
            {
                "name": "hello",
                "version": "1.0.0",
                "dependencies": {"greeting": "file:greeting"},
                "scripts": {
                    "test": "node test.js",
                    "build": "node build.js",
                    "lint": "node --check test.js",
                },
            }
        ),
        "greeting/package.json": '{"name": "greeting", "version": "1.0.0", "main": "index.js"}',
        "greeting/index.js": "module.exports = 'good morning'\n",
        "test.js": "console.log('tested:', require('greeting'), ...process.argv.slice(2))\n",
        "build.js": "require('fs').writeFileSync('out.txt', 'built')\nconsole.log('built')\n",
    },
    "notify": {},
    "python": {
        "requirements.txt": "iniconfig\n",
        "pyproject.toml": '[build-system]\nrequires = ["hatchling"]\n'
        'build-backend = "hatchling.build"\n\n[project]\nname = "hello"\nversion = "1.0"\n',
        "hello/__init__.py": "ANSWER = 42\n",
        "tests/test_hello.py": "from hello import ANSWER\n\n\ndef test_answer() -> None:\n"
        "    assert ANSWER == 42\n",
    },
    "rust": {
        "Cargo.toml": '[package]\nname = "hello"\nversion = "1.0.0"\nedition = "2021"\n',
        "Cargo.lock": 'version = 3\n\n[[package]]\nname = "hello"\nversion = "1.0.0"\n',
        "src/main.rs": 'fn main() {\n    println!("{}", double(21));\n}\n\n'
        "fn double(n: u32) -> u32 {\n    2 * n\n}\n\n"
        "#[test]\nfn doubles() {\n    assert_eq!(double(2), 4);\n}\n",
    },
}


def fill(place: Place, module: str) -> None:
    """Makes the module's project the repository of the run."""
    for name, text in FILES[module].items():
        file = place.repo / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    if module == "git":
        git(place.repo, "init", "-q", "-b", "main")
        commit(place.repo, "first")


def commit(repo: Path, message: str) -> str:
    """Commits all there is; gives the commit."""
    git(repo, "add", "-A")
    git(repo, "commit", "-q", "-m", message)
    return git(repo, "rev-parse", "HEAD")


def git(repo: Path, *words: str) -> str:
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"]
    command = ["git", "-C", str(repo), *identity, *words]
    ran = subprocess.run(command, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


def environment() -> dict[str, str]:
    """The developer's home and settings: tools keep toolchains and their registries there."""
    kept = (
        "PIP_",
        "NPM_CONFIG_",
        "CARGO_",
        "RUSTUP_",
        "GO",
        "SSL_CERT_",
        "HTTP_",
        "HTTPS_",
        "NO_PROXY",
    )
    return {
        name: value
        for name, value in os.environ.items()
        if name == "HOME" or name.upper().startswith(kept)
    }
