"""Buildah's store and a registry, each a test's own and gone with it."""

from __future__ import annotations

import base64
import contextlib
import json
import shutil
import socket
import ssl
import subprocess
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.engines import server
from tests.e2e.runs import wait_for

USER = "ci"
PASSWORD = "pa ss$word"
#: What `htpasswd -B` makes of that password.
_HASH = "$2b$05$abcdefghijklmnopqrstuuvKO4TftgPHr2RhavX7.o5nzuUdrRr5q"


@dataclass(frozen=True)
class Registry:
    """A registry on this machine that wants a password."""

    host: str
    #: The certificate that it shows, signed by itself.
    certificate: Path

    @property
    def authorization(self) -> str:
        return base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()

    def tags(self, image: str) -> list[str]:
        """The tags of an image that was pushed."""
        request = urllib.request.Request(f"https://{self.host}/v2/{image}/tags/list")
        request.add_header("Authorization", f"Basic {self.authorization}")
        trust = ssl.create_default_context(cafile=str(self.certificate))
        with urllib.request.urlopen(request, context=trust) as answer:
            found: list[str] = json.load(answer)["tags"]
        return sorted(found)


@contextlib.contextmanager
def registry(folder: Path) -> Iterator[Registry]:
    """A registry that keeps what it gets below `folder`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "htpasswd").write_text(f"{USER}:{_HASH}\n")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"]
    request += ["-addext", "subjectAltName=DNS:localhost", "-days", "2"]
    subprocess.run([*request, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    settings = {
        "version": 0.1,
        "storage": {"filesystem": {"rootdirectory": str(folder / "images")}},
        "http": {
            "addr": f"127.0.0.1:{port}",
            "tls": {"certificate": str(certificate), "key": str(key)},
        },
        "auth": {"htpasswd": {"realm": "test", "path": str(folder / "htpasswd")}},
    }
    (folder / "registry.yml").write_text(json.dumps(settings))
    command = ["docker-registry", "serve", folder / "registry.yml"]
    with server(command, folder / "registry.log") as process:
        wait_for(lambda: process.poll() is not None or _listens(port), "the registry")
        assert process.poll() is None, (folder / "registry.log").read_text()
        yield Registry(f"localhost:{port}", certificate)


def _listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def settings(folder: Path, registry: Registry, *, logged_in: bool) -> dict[str, str]:
    """Variables that keep both engines away from the user's own stores and logins."""
    login = {"auths": {registry.host: {"auth": registry.authorization}}} if logged_in else {}
    (folder / "docker").mkdir()
    (folder / "docker" / "config.json").write_text(json.dumps(login))
    (folder / "storage.conf").write_text(
        f'[storage]\ndriver = "vfs"\ngraphroot = "{folder}/graph"\nrunroot = "{folder}/run"\n'
    )
    # Where buildah looks; docker asks no certificate of this machine.
    trusted = folder / ".config" / "containers" / "certs.d" / registry.host
    trusted.mkdir(parents=True)
    shutil.copy(registry.certificate, trusted / "ca.crt")
    return {
        "HOME": str(folder),
        "DOCKER_CONFIG": str(folder / "docker"),
        "REGISTRY_AUTH_FILE": str(folder / "docker" / "config.json"),
        "REGISTRY_TOKEN": PASSWORD,
        "CONTAINERS_STORAGE_CONF": str(folder / "storage.conf"),
        "BUILDAH_ISOLATION": "chroot",
    }
