"""OpenSSH servers of the tests' own, on loopback, with their own keys; one logs in as oneself."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.e2e.runs import wait_for, with_bash

#: Addresses of one machine: to a pool they are several hosts.
ADDRESSES = ("127.0.0.1", "127.0.0.2", "127.0.0.3")


class Server:
    """A server on a machine with this bash; `folder` holds its keys, and workspaces in `work`."""

    def __init__(self, folder: Path, bash: str) -> None:
        self.folder = folder
        self.bash = bash
        self.port = _free_port()
        self.work = folder / "work"
        #: Nothing that the user of this machine has in files of shells counts.
        self.home = folder / "home"
        self.home.mkdir()
        self._process: subprocess.Popen[bytes] | None = None
        for name in ("host", "id"):
            command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
            subprocess.run(command, check=True)
        host = (folder / "host.pub").read_text().split()
        self.known_hosts = folder / "known_hosts"
        self.known_hosts.write_text(
            "".join(f"[{each}]:{self.port} {host[0]} {host[1]}\n" for each in ADDRESSES)
        )

    def start(self, *lines: str) -> None:
        """With more lines of sshd_config(5), which win."""
        listen = "".join(f"ListenAddress {each}\n" for each in ADDRESSES)
        config = self.folder / "config"
        config.write_text(
            "".join(f"{line}\n" for line in lines)
            + f"Port {self.port}\n{listen}HostKey {self.folder}/host\nPidFile none\n"
            f"AuthorizedKeysFile {self.folder}/id.pub\nPasswordAuthentication no\n"
            "KbdInteractiveAuthentication no\nUsePAM no\nStrictModes no\nPermitRootLogin yes\n"
            "MaxStartups 100\nMaxSessions 100\n"
            f'SetEnv "HOME={self.home}" "PATH={with_bash(self.bash, os.environ["PATH"])}"\n'
        )
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(exist_ok=True)
        path = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
        assert path is not None
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [path, "-D", "-e", "-f", str(config)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        wait_for(self.answers, "sshd")

    def stop(self) -> None:
        """The server and its sessions."""
        if self._process is None:
            return
        self.cut()
        self._process.terminate()
        self._process.wait(30)
        self._process = None

    def answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection((ADDRESSES[0], self.port), 1):
            return True
        return False

    def sessions(self) -> list[int]:
        """The processes that serve connections."""
        assert self._process is not None
        listing = subprocess.run(
            ["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, errors="replace"
        )
        rows = [line.split(None, 2) for line in listing.stdout.splitlines()]
        sshd = {int(pid): int(parent) for pid, parent, words in rows if words.startswith("sshd: ")}
        mine: set[int] = {self._process.pid}
        for _ in range(3):
            mine |= {pid for pid, parent in sshd.items() if parent in mine}
        return sorted(mine - {self._process.pid})

    def cut(self, number: signal.Signals = signal.SIGKILL) -> None:
        """Sends all that serves connections a signal."""
        for pid in self.sessions():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def hold(self, number: signal.Signals) -> None:
        """Sends a signal to the server itself, too: SIGSTOP, and nobody answers; SIGCONT."""
        assert self._process is not None
        os.kill(self._process.pid, number)
        self.cut(number)

    def left(self) -> list[str]:
        """What is there of workspaces."""
        return [path.name for path in self.work.iterdir()] if self.work.exists() else []

    def fields(self, *, mode: str = "shared", reconnect: str = "30s", more: str = "") -> str:
        """The fields of an executor that goes here."""
        hosts = ", ".join(f'"{each}"' for each in ADDRESSES[:2])
        where = f"hosts = [{hosts}]" if mode == "pool" else f'host = "{ADDRESSES[0]}"'
        return (
            f'{where}, mode = "{mode}", port = {self.port}, identityFile = "{self.folder}/id", '
            f'workspaceDir = "{self.work}", options = ["UserKnownHostsFile={self.known_hosts}"], '
            f"reconnect = {reconnect}{more}"
        )


def _free_port() -> int:
    with socket.socket() as found:
        found.bind((ADDRESSES[0], 0))
        return int(found.getsockname()[1])


@contextlib.contextmanager
def server(bash: str) -> Iterator[Server]:
    """A server that runs until the block ends."""
    with tempfile.TemporaryDirectory(prefix="nixc-ssh-", ignore_cleanup_errors=True) as name:
        made = Server(Path(name), bash)
        made.start()
        try:
            yield made
        finally:
            made.stop()
