"""What things are called in the script: names that are safe as files and functions."""

from __future__ import annotations

import re
from hashlib import sha256
from urllib.parse import quote as percent_encode

from nixc.ir.model import Action, Job


def action_directory(action: Action) -> str:
    """The name of an action's directory in a bundle: `<hash>-<name>`."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", action.name, flags=re.ASCII).strip("-.")[:40]
    return f"{action.id}-{name or 'step'}"


def artifact_directory(name: str, job: Job) -> str:
    """Where an artifact is kept: encoded unless a plain file name, per job of a matrix."""
    encoded = percent_encode(name, safe="").replace("~", "%7E")
    if encoded.startswith("."):
        encoded = "%2E" + encoded[1:]
    return encoded if job.matrix is None else f"{encoded}/{job.name}"


def cache_directory(key: str) -> str:
    """Where the caches of a key are kept: `<name>-<hash>`, since names may be anything."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", key, flags=re.ASCII).strip("-.")[:40]
    return f"{name or 'cache'}-{sha256(key.encode()).hexdigest()[:16]}"


def shell_name(name: str) -> str:
    """`nixosVm` as `nixos_vm`: how the runtime names files and functions."""
    return re.sub(r"[^a-z0-9_]", "_", re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower())
