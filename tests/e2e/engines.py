"""Container engines of the tests' own: a docker daemon, podman with a store of its own, as root and
as an ordinary user. They see base images made of this machine's files (`rootfs`)."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.e2e import rootfs
from tests.e2e.runs import wait_for

#: The names of the base images; there is no registry that has them.
DEBIAN, BUSYBOX, EMPTY = "nixc-debian:1", "nixc-busybox:1", "nixc-empty:1"


@dataclass(frozen=True)
class Engine:
    """An engine that works: its command and what scripts need in their environment to find it."""

    name: str
    env: dict[str, str]
    #: What runs it as another user.
    prefix: tuple[str, ...] = ()

    def ran(self, *words: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        """The engine's answer, whatever it is."""
        environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **self.env}
        command = [*self.prefix, self.name, *words]
        return subprocess.run(command, input=stdin, env=environment, capture_output=True, cwd="/")

    def __call__(self, *words: str, stdin: bytes = b"") -> str:
        """What it prints; it must succeed."""
        ran = self.ran(*words, stdin=stdin)
        assert ran.returncode == 0, ran.stderr.decode()
        return ran.stdout.decode().strip()

    def containers(self) -> list[str]:
        """The names of all containers there are, running or not."""
        return self("ps", "--all", "--format", "{{.Names}}").split()

    def bases(self) -> None:
        """Brings the base images in."""
        for name, archive in (
            (DEBIAN, rootfs.debian),
            (BUSYBOX, rootfs.busybox),
            (EMPTY, rootfs.empty),
        ):
            self("import", "-", name, stdin=archive())


@contextlib.contextmanager
def server(command: Sequence[object], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that serves until the block ends; what it prints goes to `log`."""
    with log.open("wb") as output:
        words = [str(word) for word in command]
        process = subprocess.Popen(words, stdout=output, stderr=output, stdin=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


@contextlib.contextmanager
def docker_daemon() -> Iterator[str]:
    """A daemon on a socket of its own; gives the value of DOCKER_HOST."""
    # Not pytest's directory: the path of a socket has at most 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="nixc-"))
    host = f"unix://{folder}/socket"
    command = ["dockerd", "--host", host, "--bridge=none", "--iptables=false"]
    command += [f"--data-root={folder}/data", f"--exec-root={folder}/exec"]
    try:
        with server([*command, f"--pidfile={folder}/pid"], folder / "log") as process:
            alive = ["docker", "--host", host, "info"]
            wait_for(
                lambda: (
                    process.poll() is not None
                    or subprocess.run(alive, capture_output=True).returncode == 0
                ),
                "dockerd",
            )
            assert process.poll() is None, (folder / "log").read_text()
            yield host
    finally:
        shutil.rmtree(folder)


@contextlib.contextmanager
def docker() -> Iterator[Engine]:
    """Docker with the base images."""
    with docker_daemon() as host:
        engine = Engine("docker", {"DOCKER_HOST": host})
        engine.bases()
        yield engine
        for name in engine.containers():
            engine("rm", "--force", name)


#: What podman needs on some machines: a kernel with both kinds of control groups is none for crun,
#: and limits may be raised by nobody. There may be no bridge, as for docker.
_NO_BRIDGE = '[containers]\nnetns = "host"\n'
_LIMITS = 'default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]\n'
_RUNC = '[engine]\nruntime = "runc"\ncgroup_manager = "cgroupfs"\n'
_PODMAN_SETTINGS = (_NO_BRIDGE, _NO_BRIDGE + _LIMITS + _RUNC, _NO_BRIDGE + _RUNC)


@contextlib.contextmanager
def podman(user: int = 0) -> Iterator[Engine]:
    """Podman with the base images; as an ordinary user without ranges of more user ids."""
    folder = Path(tempfile.mkdtemp(prefix="nixc-"))
    folder.chmod(0o755)
    engine = Engine("podman", _podman_environment(folder, user), _as_user(user))
    try:
        _settle(engine, folder)
        yield engine
    finally:
        engine.ran("rm", "--force", "--all", "--time=0")
        # Root's podman leaves its store mounted.
        for line in Path("/proc/mounts").read_text().splitlines():
            if line.split()[1].startswith(f"{folder}/"):
                subprocess.run(["umount", "--lazy", line.split()[1]], capture_output=True)
        shutil.rmtree(folder)


def _as_user(user: int) -> tuple[str, ...]:
    return ("setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups") if user else ()


def _podman_environment(folder: Path, user: int) -> dict[str, str]:
    driver = 'driver = "vfs"\n' if user else 'driver = "overlay"\n'
    (folder / "storage.conf").write_text(
        f'[storage]\n{driver}graphroot = "{folder}/graph"\nrunroot = "{folder}/run"\n'
        f'rootless_storage_path = "{folder}/graph"\n'
        '[storage.options.vfs]\nignore_chown_errors = "true"\n'
    )
    for name in ("graph", "run", "home", "runtime"):
        (folder / name).mkdir(mode=0o700)
        os.chown(folder / name, user, user)
    return {
        "HOME": str(folder / "home"),
        "XDG_RUNTIME_DIR": str(folder / "runtime"),
        "CONTAINERS_STORAGE_CONF": str(folder / "storage.conf"),
        "CONTAINERS_CONF": str(folder / "containers.conf"),
    }


def _settle(engine: Engine, folder: Path) -> None:
    """Finds settings with which containers run here. Fails with what podman said of the last."""
    said = b""
    for settings in _PODMAN_SETTINGS:
        (folder / "containers.conf").write_text(settings)
        if engine.ran("image", "exists", BUSYBOX).returncode != 0:
            engine.bases()
        ran = engine.ran("run", "--rm", BUSYBOX, "true")
        if ran.returncode == 0:
            return
        said = ran.stderr
    raise AssertionError(said.decode())
