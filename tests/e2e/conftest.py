"""Fixtures of the end-to-end tests: `flow` builds a text and runs the script as a process;
`engine_of` gives container engines, `server_of` an OpenSSH server, each started once for all
tests of a process."""

from __future__ import annotations

import contextlib
import os
import shutil
import uuid
from collections.abc import Callable, Iterator

import pytest

from tests.conftest import Build
from tests.e2e import engines, sshd
from tests.e2e.engines import Engine
from tests.e2e.runs import BARE_SHELLS, SHELLS, Flow
from tests.harness import Place


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests marked `bare` run once more with jobs that have nothing to set up, which the runtime
    runs in another way (`nxa_work`); those marked `workers` run only so."""
    if "flow" in metafunc.fixturenames:
        shells = [] if any(metafunc.definition.iter_markers("workers")) else SHELLS
        bare = BARE_SHELLS if not shells or any(metafunc.definition.iter_markers("bare")) else []
        metafunc.parametrize("flow", [*shells, *bare], ids=str, indirect=True)


@pytest.fixture
def flow(place: Place, build: Build, request: pytest.FixtureRequest) -> Flow:
    return Flow(place, build, request.param)


@pytest.fixture
def marker() -> str:
    """A text that no other process has among its arguments."""
    return f"nixc-test-{uuid.uuid4().hex}"


#: By engine: how it is started, and the commands that this takes.
_ENGINES: dict[str, tuple[Callable[[], contextlib.AbstractContextManager[Engine]], list[str]]] = {
    "docker": (engines.docker, ["docker", "dockerd", "dpkg", "busybox"]),
    "podman": (engines.podman, ["podman", "dpkg", "busybox"]),
    "rootless": (lambda: engines.podman(65534), ["podman", "setpriv", "dpkg", "busybox"]),
}


@pytest.fixture(scope="session")
def engine_of() -> Iterator[Callable[[str], Engine]]:
    """Gives the engine of a name, or skips the test with the name of what it lacks."""
    with contextlib.ExitStack() as stack:
        started: dict[str, Engine] = {}

        def find(name: str) -> Engine:
            start, tools = _ENGINES[name]
            for tool in tools:
                if shutil.which(tool) is None:
                    pytest.skip(f"{tool} is not installed")
            if os.geteuid() != 0:
                pytest.skip("container engines are only started by root")
            if name not in started:
                started[name] = stack.enter_context(start())
            return started[name]

        yield find


@pytest.fixture(scope="session")
def server_of() -> Iterator[Callable[[str], sshd.Server]]:
    """Gives the OpenSSH server of a machine with this bash, or skips the test by what it lacks."""
    with contextlib.ExitStack() as stack:
        started: dict[str, sshd.Server] = {}

        def find(bash: str) -> sshd.Server:
            for tool in ("ssh", "ssh-keygen", "sshd"):
                if shutil.which(tool, path=f"{os.environ['PATH']}:/usr/sbin") is None:
                    pytest.skip(f"{tool} is not installed")
            if bash not in started:
                started[bash] = stack.enter_context(sshd.server(bash))
            return started[bash]

        yield find
