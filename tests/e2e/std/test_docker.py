"""`std:docker` builds, tags and pushes with docker and with buildah, to a real registry."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import std_reference
from tests.e2e.engines import docker_daemon
from tests.e2e.runs import Flow, Run
from tests.e2e.std import images, projects
from tests.std_reference import Action

NeedsTool = Callable[[str], str]

ACTIONS = [action for action in std_reference.actions() if action.module == "docker"]


@dataclass(frozen=True)
class Engine:
    """What builds images in a test."""

    name: str
    env: dict[str, str]
    registry: images.Registry

    def __call__(self, *words: str) -> str:
        """What the engine itself says."""
        command = [self.name, *words]
        ran = subprocess.run(command, env=self.env, capture_output=True, text=True)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def logins(self) -> list[str]:
        """The registries it is logged in to."""
        config = json.loads(Path(self.env["REGISTRY_AUTH_FILE"]).read_text())
        return list(config.get("auths", {}))


@pytest.fixture(scope="module")
def hosts() -> Iterator[dict[str, str]]:
    """The values of DOCKER_HOST with which one engine or the other is found to work."""
    for tool in ("docker", "dockerd"):
        if subprocess.run(["sh", "-c", f"command -v {tool}"], capture_output=True).returncode:
            pytest.skip(f"{tool} is not installed")
    if os.geteuid() != 0:
        pytest.skip("dockerd is only started by root")
    with docker_daemon() as host:
        yield {"docker": host, "buildah": "unix:///nowhere"}


@pytest.fixture(params=["docker", "buildah"])
def engine(
    request: pytest.FixtureRequest, hosts: dict[str, str], flow: Flow, needs_tool: NeedsTool
) -> Iterator[Engine]:
    needs_tool("docker-registry")
    needs_tool("buildah")
    needs_tool("openssl")
    folder = flow.place.root / "engine"
    folder.mkdir()
    projects.fill(flow.place, "docker")
    with images.registry(folder) as registry:
        logged_in = "docker.login" not in request.node.name
        env = images.settings(folder, registry, logged_in=logged_in)
        env |= {"DOCKER_HOST": hosts[request.param]}
        env |= {"PATH": flow.place.environment({})["PATH"]}
        yield Engine(request.param, env, registry)


def run(flow: Flow, engine: Engine, text: str) -> Run:
    return flow(text.replace("localhost:5000", engine.registry.host), env=engine.env, timeout=120)


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: f"docker.{action.name}")
def test_the_example_runs(action: Action, flow: Flow, engine: Engine) -> None:
    ran = run(flow, engine, action.workflow)
    assert ran.status == 0, ran.text
    assert f"images are built by {engine.name} (" in ran.output()[0]
    assert images.PASSWORD not in ran.text
    if action.name in ("login", "logout"):
        assert engine.logins() == []
    if action.name in ("login", "push"):
        assert engine.registry.tags("app") == ["1.0"]
    if action.name == "tag":
        listed = engine("images", "--format", "{{.Tag}}")
        assert {"1.0", "stable"} <= set(listed.split())


def call(call: str) -> str:
    return f"""
        import "std:docker" as docker
        workflow w {{
          job j {{
            use docker.setup()
            use docker.{call}
          }}
        }}
    """


def test_a_build_takes_its_parameters(flow: Flow, engine: Engine) -> None:
    flow.say("other/Containerfile", "FROM scratch AS one\nARG A\nLABEL a=$A\nFROM scratch AS two\n")
    words = """build(
        image = "one:1 one:2", context = "other", file = "other/Containerfile", target = "one",
        buildArgs = "A=x B=y", platform = "linux/arm64", args = "--label l=m --quiet")"""
    ran = run(flow, engine, call(words))
    assert ran.status == 0, ran.text
    kind = [] if engine.name == "docker" else ["--type", "image"]
    for tag in ("one:1", "one:2"):
        found = engine("inspect", *kind, tag)
        assert '"a": "x"' in found
        assert '"l": "m"' in found
        # Docker's builder without BuildKit heeds no platform where there is no base.
        assert engine.name == "docker" or "arm64" in found


def test_a_build_that_fails(flow: Flow, engine: Engine) -> None:
    flow.say("Dockerfile", "FROM scratch\nCOPY missing /\n")
    assert run(flow, engine, call('build(image = "x:1")')).jobs == {"j": "failure"}


def test_a_wrong_password(flow: Flow, engine: Engine) -> None:
    words = 'login(registry = "localhost:5000", user = "ci", password = "not it")'
    ran = run(flow, engine, call(words))
    assert ran.jobs == {"j": "failure"}
    assert "not it" not in ran.text


def test_a_password_that_is_empty(flow: Flow, engine: Engine) -> None:
    words = 'login(registry = "localhost:5000", user = "ci", password = env.NOT_SET)'
    assert run(flow, engine, call(words)).output()[-1] == "docker.login: the password is empty"


def stand_in(flow: Flow, name: str, text: str) -> str:
    """A PATH with a script of that name in front."""
    folder = flow.place.root / "bin"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{text}\n")
    (folder / name).chmod(0o755)
    return f"{folder}:{flow.place.environment({})['PATH']}"


def test_a_password_is_on_no_command_line(flow: Flow) -> None:
    seen = flow.place.root / "seen"
    search = stand_in(flow, "docker", f'printf "%s\\n" "$*" - "$(cat)" "$(env)" >"{seen}"')
    text = """
        import "std:docker" as docker
        workflow w {
          job j {
            use docker.login(registry = "r.example", user = "u", password = env.TOKEN)
          }
        }
    """
    assert flow(text, env={"PATH": search, "TOKEN": "a b"}).status == 0
    arguments, given = seen.read_text().split("-\n", 2)[:2]
    assert arguments == "login --username u --password-stdin r.example\n"
    assert given.startswith("a b\n")
    assert "password=" not in given


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("build(image = env.NOT_SET)", "docker.build: image is empty"),
        ('tag(image = "x", name = env.NOT_SET)', "docker.tag: name is empty"),
        ("push(image = env.NOT_SET)", "docker.push: image is empty"),
    ],
)
def test_nothing_to_do_is_no_success(words: str, said: str, flow: Flow) -> None:
    text = f'import "std:docker" as d\nworkflow w {{\n  job j {{\n    use d.{words}\n  }}\n}}'
    ran = flow(text)
    assert (ran.status, ran.output()) == (1, [said])


def test_no_engine_is_told(flow: Flow) -> None:
    search = stand_in(flow, "docker", "echo Cannot connect >&2; exit 1")
    stand_in(flow, "buildah", "echo one; echo no store >&2; exit 125")
    text = 'import "std:docker" as docker\nworkflow w {\n  job j {\n    use docker.setup()\n  }\n}'
    ran = flow(text, env={"PATH": search})
    assert (ran.status, ran.output()) == (
        1,
        [
            "docker.setup: docker is installed, but does not work: Cannot connect",
            "docker.setup: buildah is installed, but does not work: no store",
        ],
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            'setup(engine = "podman")',
            "docker.setup: engine is auto, docker or buildah, not 'podman'",
        ),
        (
            'build(image = "x", engine = "kaniko")',
            "docker.build: engine is docker or buildah, not 'kaniko'",
        ),
    ],
)
def test_an_unknown_engine_is_told(words: str, said: str, flow: Flow) -> None:
    text = f'import "std:docker" as d\nworkflow w {{\n  job j {{\n    use d.{words}\n  }}\n}}'
    assert flow(text).output() == [said]
