"""Base images of this machine's own files, as nothing can be pulled: a Debian of packages that are
installed here, and BusyBox alone."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import tarfile
from functools import cache
from pathlib import Path

#: What the Debian base has, with all it depends on.
_PACKAGES = """
    apt base-files base-passwd bash coreutils dash debianutils diffutils dpkg findutils grep gzip
    hostname libc-bin mawk ncurses-base procps python3-minimal sed tar
"""
_MERGED = {"bin": "usr/bin", "sbin": "usr/sbin", "lib": "usr/lib", "lib64": "usr/lib64"}
_PASSWD = """\
root:x:0:0:root:/root:/bin/sh
_apt:x:42:65534::/nonexistent:/bin/false
ci:x:1234:1234::/tmp:/bin/sh
nobody:x:65534:65534::/nonexistent:/bin/false
"""
_GROUP = "root:x:0:\nci:x:1234:\nnogroup:x:65534:\n"
_LEFT_OUT = re.compile(r"/usr/share/(doc|man|locale|info|lintian|bug)/|/etc/(passwd|group)$")


class Root:
    """A root file system as a tar archive under construction."""

    def __init__(self) -> None:
        self._bytes = io.BytesIO()
        # Closed by `archive`.
        self._tar = tarfile.TarFile(fileobj=self._bytes, mode="w", format=tarfile.PAX_FORMAT)
        self._made: set[str] = set()
        for name, target in _MERGED.items():
            self.directory(target)
            self.link(name, target)
        for name in ("etc", "root", "tmp", "var/tmp"):
            self.directory(name, 0o1777 if name.endswith("tmp") else 0o755)
        self.file("etc/passwd", _PASSWD.encode())
        self.file("etc/group", _GROUP.encode())

    def directory(self, name: str, mode: int = 0o755) -> None:
        """A directory with those above it, unless it is there."""
        if name in self._made or not name:
            return
        self.directory(os.path.dirname(name))
        self._put(_info(name, tarfile.DIRTYPE, mode))

    def link(self, name: str, target: str) -> None:
        info = _info(name, tarfile.SYMTYPE, 0o777)
        info.linkname = target
        self._put(info)

    def file(self, name: str, content: bytes, mode: int = 0o644) -> None:
        self.directory(os.path.dirname(name))
        info = _info(name, tarfile.REGTYPE, mode)
        info.size = len(content)
        self._put(info, content)

    def copy(self, path: str) -> None:
        """A file of this machine at its own path, unless one is there."""
        name = _merged(path)
        if name in self._made or not os.path.lexists(path):
            return
        if os.path.islink(path):
            self.directory(os.path.dirname(name))
            self.link(name, os.readlink(path))
        elif os.path.isdir(path):
            self.directory(name)
        else:
            self.file(name, Path(path).read_bytes(), os.stat(path).st_mode & 0o7777)

    def archive(self) -> bytes:
        self._tar.close()
        return self._bytes.getvalue()

    def _put(self, info: tarfile.TarInfo, content: bytes = b"") -> None:
        self._made.add(info.name)
        self._tar.addfile(info, io.BytesIO(content))


def _info(name: str, kind: bytes, mode: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.mode = kind, mode
    return info


def _merged(path: str) -> str:
    """The name in the archive of a path that may go through a merged directory."""
    first, _, rest = path.lstrip("/").partition("/")
    return f"{_MERGED[first]}/{rest}" if rest and first in _MERGED else path.lstrip("/")


# --- images ------------------------------------------------------------------------------


@cache
def debian() -> bytes:
    """A Debian with bash, apt and python3."""
    root = Root()
    packages = _closure(_PACKAGES.split())
    for path in _files(packages):
        root.copy(path)
    root.file("var/lib/dpkg/status", _said("dpkg", "-s", *sorted(packages)).encode())
    for name in ("etc/apt/apt.conf.d", "etc/apt/preferences.d", "etc/apt/sources.list.d"):
        root.directory(name)
    for name in ("lib/apt/lists/partial", "cache/apt/archives/partial", "log/apt"):
        root.directory(f"var/{name}")
    return root.archive()


@cache
def busybox() -> bytes:
    """A static BusyBox with its applets, and nothing else: no bash, no package manager."""
    path = shutil.which("busybox")
    assert path is not None
    root = Root()
    root.file("usr/bin/busybox", Path(path).read_bytes(), 0o755)
    for applet in _said(path, "--list").split():
        if applet != "busybox":
            root.link(f"usr/bin/{applet}", "busybox")
    return root.archive()


@cache
def empty() -> bytes:
    """Directories without a single program."""
    return Root().archive()


def _said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _closure(wanted: list[str]) -> set[str]:
    """Packages of this machine and all they depend on, as far as those are installed."""
    fields = r"${Package}\t${Status}\t${Pre-Depends}, ${Depends}\n"
    depends: dict[str, str] = {}
    for line in _said("dpkg-query", "-W", "-f", fields).splitlines():
        name, status, needs = line.split("\t")
        if status == "install ok installed":
            depends.setdefault(name, needs)
    found: set[str] = set()
    while wanted:
        name = wanted.pop()
        if name in depends and name not in found:
            found.add(name)
            wanted += re.findall(r"(?:^|[,|]) *([a-z0-9.+-]+)", depends[name])
    return found


def _files(packages: set[str]) -> list[str]:
    lists = _said("dpkg", "-L", *sorted(packages)).splitlines()
    return [path for path in lists if path.startswith("/") and not _LEFT_OUT.search(path)]
