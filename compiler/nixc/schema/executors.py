"""The executor kinds. To add one: its table, an entry here and a file in `runtime/`."""

from __future__ import annotations

from nixc.schema.hosts import CUSTOM, LOCAL, SSH
from nixc.schema.k8s import K8S
from nixc.schema.nixos_vm import NIXOS_VM
from nixc.schema.oci import OCI

EXECUTORS = (LOCAL, OCI, SSH, K8S, NIXOS_VM, CUSTOM)

#: What users of other tools may write -> the kind.
OTHER_WORDS = {
    "docker": "oci",
    "podman": "oci",
    "container": "oci",
    "kubernetes": "k8s",
    "vm": "nixosVm",
    "nixos-vm": "nixosVm",
    "remote": "ssh",
}

BY_NAME = {kind.name: kind for kind in EXECUTORS}
