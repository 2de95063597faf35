"""`there` runs workflows whose jobs are on one executor after the other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from tests.conftest import Build
from tests.e2e.conformance.executors import TARGETS, Target
from tests.e2e.engines import Engine
from tests.e2e.runs import SHELLS, Flow, Run, Running, Shell
from tests.e2e.sshd import Server
from tests.harness import Place


class There:
    """Runs workflows in which `there` is an executor."""

    def __init__(
        self, flow: Flow, target: Target, engine: Engine | None, server: Server | None
    ) -> None:
        self.flow = flow
        self.target = target
        self.engine = engine
        self.server = server

    def text(self, workflow: str) -> str:
        executor = self.target.text
        if self.server is not None and self.target.ssh is not None:
            executor = f"executor there = ssh {{ {self.server.fields(mode=self.target.ssh)} }}\n"
        return executor + dedent(workflow)

    def __call__(self, workflow: str, *arguments: str, **options: str) -> Run:
        return self.start(workflow, *arguments, **options).end(90)

    def start(self, workflow: str, *arguments: str, **options: str) -> Running:
        return self.start_script(self.flow.build(self.text(workflow)), *arguments, **options)

    def start_script(self, script: Path, *arguments: str, **options: str) -> Running:
        """The same with a script that was built before."""
        env = {**(self.engine.env if self.engine else {}), **options}
        return self.flow.start(script, *arguments, env=env)

    def left(self) -> list[str]:
        """What is there of workspaces: directories here and on servers, containers."""
        workspaces = self.flow.place.workspaces
        found = [path.name for path in workspaces.iterdir()] if workspaces.exists() else []
        if self.engine is not None:
            found += self.engine.containers()
        if self.server is not None:
            found += self.server.left()
        return found


#: Where a start costs a container or a connection, not with every shell: it is about the output.
_PAIRS = [
    (target, shell)
    for target in TARGETS
    for shell in SHELLS
    if shell.perl or not (target.engine or target.ssh)
]


@pytest.fixture(params=_PAIRS, ids=lambda pair: f"{pair[0]}, {pair[1]}")
def there(
    place: Place,
    build: Build,
    engine_of: Callable[[str], Engine],
    server_of: Callable[[str], Server],
    request: pytest.FixtureRequest,
) -> There:
    target, shell = request.param
    assert isinstance(target, Target)
    assert isinstance(shell, Shell)
    engine = engine_of(target.engine) if target.engine else None
    server = server_of(shell.bash) if target.ssh else None
    return There(Flow(place, build, shell), target, engine, server)
