"""`box` runs workflows with containers of one engine after the other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from tests.conftest import Build
from tests.e2e.engines import BUSYBOX, DEBIAN, EMPTY, Engine
from tests.e2e.runs import BASHES, Flow, Run, Running, Shell
from tests.harness import Place


class Box:
    """Builds texts in which `ENGINE` and the names of base images stand, and runs them."""

    def __init__(self, flow: Flow, engine: Engine) -> None:
        self.flow = flow
        self.engine = engine

    def text(self, text: str) -> str:
        names = {"ENGINE": self.engine.name, "DEBIAN": DEBIAN, "BUSYBOX": BUSYBOX, "EMPTY": EMPTY}
        for name, value in names.items():
            text = text.replace(name, value)
        return dedent(text)

    def __call__(self, text: str, *arguments: str, **env: str) -> Run:
        return self.start(text, *arguments, **env).end(120)

    def start(self, text: str | Path, *arguments: str, **env: str) -> Running:
        script = self.flow.build(self.text(text)) if isinstance(text, str) else text
        return self.flow.start(script, *arguments, env={**self.engine.env, **env})

    def one(self, fields: str, *steps: str, job: str = "", **env: str) -> Run:
        """A workflow of one job on an executor with these fields."""
        lines = "\n".join(f"run {step}" for step in steps)
        return self(
            f"""
            executor box = oci {{ engine = "ENGINE", {fields} }}
            workflow w {{
              job j {{
                executor = box
                {job}
                {lines}
              }}
            }}
        """,
            **env,
        )


_SHELLS = [Shell(bash, perl=True) for bash in BASHES]


@pytest.fixture(params=_SHELLS, ids=str)
def shell(request: pytest.FixtureRequest) -> Shell:
    assert isinstance(request.param, Shell)
    return request.param


@pytest.fixture(params=["docker", "podman"])
def box(
    place: Place,
    build: Build,
    shell: Shell,
    engine_of: Callable[[str], Engine],
    request: pytest.FixtureRequest,
) -> Box:
    return Box(Flow(place, build, shell), engine_of(request.param))
