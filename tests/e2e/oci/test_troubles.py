"""What goes wrong with engines and containers: the jobs concerned fail at once, with the engine's
own words, and others go on."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.e2e.engines import DEBIAN
from tests.e2e.oci.conftest import Box
from tests.e2e.runs import Run, processes_with, wait_for
from tests.harness import kill_session

#: Beside a job that is in trouble, one that is not.
_BESIDE = """
    executor box = oci { engine = "ENGINE", FIELDS }
    workflow w {
      job j {
        executor = box
        run "true"
      }
      job other { run "echo fine" }
    }
"""


def beside(box: Box, fields: str, **env: str) -> Run:
    run = box(_BESIDE.replace("FIELDS", fields), **env)
    assert run.jobs == {"j": "failure", "other": "success"}, run.text
    assert box.engine.containers() == []
    return run


def test_an_image_that_is_nowhere(box: Box) -> None:
    run = beside(box, 'image = "localhost:1/nixc-nowhere:1"')
    assert "localhost:1/nixc-nowhere:1 is not here and could not be pulled" in run.text
    assert "executor box could not be set up" in run.reason("j")


def test_a_mount_that_is_not_there(box: Box) -> None:
    run = beside(box, 'image = "DEBIAN", extraMounts = ["/nowhere/at/all:/data"]')
    assert "extraMounts: there is no /nowhere/at/all" in run.text


def test_an_image_without_bash(box: Box) -> None:
    run = beside(box, 'image = "BUSYBOX"')
    assert "has no bash, which jobs need" in run.text


def test_an_image_without_anything(box: Box) -> None:
    run = beside(box, 'image = "EMPTY"')
    assert "jobs need an image with sh and bash" in run.text


def test_a_container_that_is_killed(box: Box) -> None:
    number = f"97{time.time_ns() % 10**9}"
    running = box.start(f"""
        executor box = oci {{ engine = "ENGINE", image = "DEBIAN" }}
        workflow w {{
          job j {{
            executor = box
            run "sleep {number}"
          }}
          job other {{ run "echo fine" }}
        }}
    """)
    wait_for(lambda: processes_with(f"sleep {number}"), "the step")
    (name,) = box.engine.containers()
    box.engine("kill", name)
    run = running.end()
    assert run.jobs == {"j": "failure", "other": "success"}
    # Podman calls it stopped until it has put it away.
    why = run.reason("j").replace(": stopped,", ": exited,")
    assert "ended while the job ran: exited, exit status 137" in why
    assert box.engine.containers() == []


def test_what_a_killed_job_leaves_in_a_shared_container_is_ended(box: Box) -> None:
    number = f"96{time.time_ns() % 10**9}"
    # Only who sleeps has the number as an argument of its own.
    count = f"{{ grep -lzx -e{number} /proc/[0-9]*/cmdline || true; }} | wc -l"
    run = box(f'''
        executor box = oci {{ engine = "ENGINE", image = "DEBIAN", mode = "shared" }}
        workflow w {{
          job j {{
            executor = box
            run """
              python3 <<END
              import subprocess
              for _ in range(2): subprocess.Popen(["sleep", "{number}"], start_new_session=True)
              END
              {count}
              kill -KILL $PPID
            """
          }}
          job look {{
            executor  = box
            needs     = [j]
            condition = always()
            run "{count}"
          }}
        }}
    ''')
    assert run.jobs == {"j": "failure", "look": "success"}, run.text
    assert (run.output("j"), run.output("look")) == (["2"], ["0"])


def test_memory_that_runs_out(box: Box) -> None:
    step = "\"python3 -c 'x = bytearray(300 << 20); print(len(x))'; echo never\""
    run = box.one('image = "DEBIAN", resources = { memory = "64m" }', step)
    assert run.jobs == {"j": "failure"}, run.text
    assert "never" not in run.output()
    assert any("out of memory" in each for each in run.warnings()), run.text


def test_a_full_disk(box: Box) -> None:
    small = box.flow.place.root / "small"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(small)], check=True)
    try:
        box.flow.say("big", "x" * 100_000)
        run = beside(box, f'image = "DEBIAN", extraMounts = ["{small}:/workspace"]')
    finally:
        subprocess.run(["umount", str(small)], check=True)
    assert "tar: ./big: " in run.text
    assert "the repository could not be copied into container" in run.text


@pytest.mark.parametrize("engine", ["docker", "podman", "auto"])
def test_no_engine_is_told_before_any_job(box: Box, engine: str) -> None:
    folder = box.flow.place.root / "bin"
    folder.mkdir()
    for directory in box.flow.path.split(":"):
        for tool in Path(directory).glob("*") if directory else ():
            if tool.name not in ("docker", "podman") and not (folder / tool.name).is_symlink():
                (folder / tool.name).symlink_to(tool)
    text = f'executor b = oci {{ engine = "{engine}", image = "x:1" }}\n'
    text += 'workflow w {\n  job j {\n    executor = b\n    run "true"\n  }\n}\n'
    run = box(text, PATH=str(folder))
    assert run.status == 3
    assert "command not found: docker" in run.stderr or "command not found: podman" in run.stderr
    assert "wanted by executor b" in run.stderr


def test_a_container_ends_with_a_second_signal(box: Box) -> None:
    number = f"96{time.time_ns() % 10**9}"
    running = box.start(f"""
        executor box = oci {{ engine = "ENGINE", image = "DEBIAN" }}
        workflow w {{
          job j {{
            executor = box
            run "trap '' TERM; sleep {number} & wait; sleep {number}"
          }}
        }}
    """)
    wait_for(lambda: processes_with(f"sleep {number}"), "the step")
    running.send(signal.SIGTERM)
    time.sleep(0.5)
    running.send(signal.SIGTERM)
    run = running.end()
    assert run.status == 143
    assert processes_with(f"sleep {number}") == []
    assert box.engine.containers() == []


def test_gc_touches_only_what_killed_runs_left(box: Box) -> None:
    number = f"95{time.time_ns() % 10**9}"
    text = f"""
        executor box = oci {{ engine = "ENGINE", image = "DEBIAN" }}
        workflow w {{
          job j {{
            executor = box
            run "sleep {number}"
          }}
        }}
    """
    script = box.flow.build(box.text(text))
    killed, alive = box.start(script), box.start(script)
    image = box.text("DEBIAN")
    label = "--label=nixactions.workflow-id=somebody-elses"
    box.engine("run", "--detach", "--name=stranger", label, image, "sleep", "1000")
    wait_for(lambda: len(processes_with(f"sleep {number}")) >= 2, "the steps")
    # All that could still clean up, as a machine that is switched off does.
    kill_session(killed.process.pid)
    killed.process.wait()
    collected = box.start(script, "--gc").end()
    left = box.engine.containers()
    alive.send(signal.SIGTERM)
    run = alive.end()
    box.engine("rm", "--force", "stranger")
    for pipe in (killed.process.stdout, killed.process.stderr):
        assert pipe is not None
        pipe.close()
    assert collected.text.count("removed container") == 1, collected.text
    assert len(left) == 2
    assert "stranger" in left
    assert run.jobs == {"j": "cancelled"}
    assert box.engine.containers() == []


@pytest.mark.parametrize("box", ["docker"], indirect=True)
def test_a_daemon_that_does_not_run(box: Box) -> None:
    run = beside(box, 'image = "DEBIAN"', DOCKER_HOST="unix:///nowhere/socket")
    assert "docker does not answer: " in run.text
    assert "Cannot connect to the Docker daemon" in run.text


@pytest.mark.parametrize("box", ["docker"], indirect=True)
def test_a_socket_that_is_not_ours(box: Box) -> None:
    """The daemon's socket is root's; the script is somebody else's."""
    socket = box.engine.env["DOCKER_HOST"].removeprefix("unix://")
    Path(socket).parent.chmod(0o755)
    command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "docker", "version"]
    said = subprocess.run(
        command, env=box.flow.place.environment(box.engine.env), capture_output=True
    )
    folder = box.flow.place.root / "bin"
    folder.mkdir()
    (folder / "docker").write_text(
        f'#!/bin/sh\nexec {" ".join(command[:-2])} /usr/bin/docker "$@"\n'
    )
    (folder / "docker").chmod(0o755)
    run = beside(box, 'image = "DEBIAN"', PATH=f"{folder}:{box.flow.path}")
    assert b"permission denied" in said.stderr
    assert "docker does not answer: " in run.text
    assert "permission denied" in run.text


@pytest.mark.parametrize("box", ["podman"], indirect=True)
def test_auto_takes_what_answers(box: Box) -> None:
    text = box.text(_BESIDE).replace('engine = "podman", FIELDS', f'image = "{DEBIAN}"')
    run = box(text, DOCKER_HOST="unix:///nowhere/socket")
    assert run.jobs == {"j": "success", "other": "success"}, run.text
