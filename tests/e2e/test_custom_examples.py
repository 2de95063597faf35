"""The executors of docs/custom.md: namespaces, a container each, a queue that a worker serves."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Build
from tests.e2e.engines import DEBIAN, Engine
from tests.e2e.runs import Flow, Shell
from tests.harness import ROOT, Place

NeedsTool = Callable[[str], str]

#: Takes tickets out of the queue, one after the other, until its input ends.
WORKER = """
while ! read -r -t 0.1 _; do
  [ -e stop ] && exit
  for ticket in "$1"/*.ready; do
    [ -d "$ticket" ] || continue
    bash "$ticket/script" >"$ticket/output" 2>&1 </dev/null
    mv "$ticket" "${ticket%.ready}.done"
  done
done
"""


def executor(name: str) -> str:
    """The declaration of an executor in the page."""
    page = (ROOT / "docs/custom.md").read_text(encoding="utf-8")
    found = re.search(rf"^executor {name} = custom {{\n.*?^}}\n", page, re.DOTALL | re.MULTILINE)
    assert found is not None, name
    return found[0]


def workflow(name: str, run: str) -> str:
    return f"""{executor(name)}
workflow w {{
  job make {{
    executor = {name}
    env      = {{ GIVEN = "it's $x" }}
    outputs  = {{ made = "made" }}
    run "{run}"
    step "fails" {{
      continueOnError = true
      run             = "exit 3"
    }}
  }}
  job look {{
    executor = {name}
    needs    = [make]
    inputs   = ["made"]
    run "cat made"
  }}
}}
"""


@pytest.fixture
def flow(place: Place, build: Build) -> Flow:
    return Flow(place, build, Shell("bash", perl=True))


def test_namespaces(flow: Flow, needs_tool: NeedsTool) -> None:
    needs_tool("unshare")
    if os.geteuid() != 0:
        pytest.skip("namespaces are only for root here")
    seen = 'echo $PPID > made; ls -d /proc/[0-9]* | wc -l >> made; echo \\"$GIVEN\\" >> made'
    run = flow(workflow("namespaces", seen), timeout=60)
    assert run.jobs == {"make": "success", "look": "success"}, run.text
    assert run.steps("make")["fails"] == "failure"
    parent, processes, given = run.output("look")
    # No process of the machine is there to be seen.
    assert int(parent) < 20
    assert int(processes) < 20
    assert given == "it's $x"


def test_a_container_each(
    flow: Flow, engine_of: Callable[[str], Engine], needs_tool: NeedsTool
) -> None:
    engine = engine_of("docker")
    text = workflow("container", 'hostname > made; echo \\"$GIVEN\\" >> made')
    # The daemon of the tests has no network.
    text = text.replace("docker run", "docker run --network=none")
    text = text.replace("debian:bookworm-slim", DEBIAN)
    run = flow(text, env=engine.env, timeout=120)
    assert run.jobs == {"make": "success", "look": "success"}, run.text
    name, given = run.output("look")
    assert name != os.uname().nodename
    assert given == "it's $x"
    assert engine.containers() == []


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Path]:
    """A directory, and a worker that serves it."""
    folder = tmp_path / "queue"
    folder.mkdir()
    worker = subprocess.Popen(
        ["bash", "-c", WORKER, "worker", str(folder)], stdin=subprocess.PIPE, cwd=tmp_path
    )
    yield folder
    (tmp_path / "stop").touch()
    worker.communicate(timeout=30)


def test_a_queue(flow: Flow, queue: Path) -> None:
    run = flow(
        workflow("queue", 'pwd > made; echo \\"$GIVEN\\" >> made'),
        env={"QUEUE": str(queue)},
        timeout=60,
    )
    assert run.jobs == {"make": "success", "look": "success"}, run.text
    where, given = run.output("look")
    assert where.startswith(str(flow.place.workspaces))
    assert given == "it's $x"
    assert len(list(queue.glob("*.done"))) == 2
