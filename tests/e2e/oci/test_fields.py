"""The fields of `oci`, each on a real engine."""

from __future__ import annotations

import os

import pytest

from tests.e2e.oci.conftest import Box
from tests.e2e.runs import processes_with, wait_for


def test_variables_of_the_container_count_least(box: Box) -> None:
    fields = 'image = "DEBIAN", containerEnv = { LOW = "it\'s \\"low\\"", HIGH = "low", X = env.Y }'
    run = box.one(fields, "'echo \"$LOW|$HIGH|$X\"'", job='env = { HIGH = "high", Y = "y" }')
    assert run.output() == ['it\'s "low"|high|y'], run.text


def test_mounts(box: Box) -> None:
    box.flow.say("data/file", "mounted\n")
    where = box.flow.place.root / "a b"
    where.mkdir()
    fields = 'image = "DEBIAN", extraMounts = ["./data:/data:ro", "${env.WHERE}:/out"]'
    step = "'cat /data/file; touch /out/made; ! touch /data/x'"
    run = box.one(fields, step, WHERE=str(where))
    assert run.jobs == {"j": "success"}, run.text
    assert run.output()[0] == "mounted"
    assert (where / "made").exists()


def test_a_user_and_who_owns_what_comes_out(box: Box) -> None:
    box.flow.say("file", "text\n")
    fields = 'image = "DEBIAN", user = "1234:1234"'
    run = box.one(
        fields, "'id -u; stat -c %u file; echo x > made'", job='outputs = { made = "made" }'
    )
    assert run.output() == ["1234", "1234"], run.text
    (made,) = box.flow.place.runs.glob("*/artifacts/made/made")
    assert made.stat().st_uid == os.getuid()


@pytest.mark.parametrize("mode", ["shared", "isolated"])
def test_no_copy_of_the_repository(box: Box, mode: str) -> None:
    box.flow.say("file")
    run = box.one(f'image = "DEBIAN", copyRepo = false, mode = "{mode}"', '"ls -A; pwd"')
    assert run.output() == ["/workspace/jobs/j"], run.text


def test_limits_and_networks(box: Box) -> None:
    fields = """image = "DEBIAN", network = "none", platform = "linux/amd64"
        resources = { cpus = "1.5", memory = "96m" }"""
    if os.uname().machine != "x86_64":
        fields = fields.replace("linux/amd64", "linux/arm64")
    text = f"""
        executor box = oci {{ engine = "ENGINE"
          {fields}
        }}
        workflow w {{
          job j {{
            executor = box
            run "ls /sys/class/net; sleep 30"
          }}
        }}
    """
    running = box.start(text)
    wait_for(lambda: box.engine("ps", "--quiet"), "the container")
    (name,) = box.engine.containers()
    limits = box.engine(
        "inspect", "--format", "{{.HostConfig.Memory}} {{.HostConfig.NanoCpus}}", name
    )
    labels = box.engine("inspect", "--format", "{{.Config.Labels}}", name)
    running.process.terminate()
    run = running.end()
    assert limits.split() == [str(96 << 20), "1500000000"]
    assert f"nixactions.pid-owner:{running.process.pid}" in labels
    assert f"nixactions.workflow-id:{run.events[0]['run']}" in labels
    assert run.status == 143
    assert box.engine.containers() == []


def test_isolated_jobs_share_no_files(box: Box) -> None:
    run = box("""
        executor box = oci { engine = "ENGINE", image = "DEBIAN", mode = "isolated" }
        workflow w {
          job a {
            executor = box
            run "touch /tmp/mine; ls /workspace/jobs"
          }
          job b {
            executor = box
            needs    = [a]
            run "ls /tmp /workspace/jobs"
          }
        }
    """)
    assert run.output("a") == ["a"], run.text
    assert "mine" not in run.output("b")
    assert box.engine.containers() == []


def test_two_executors_and_this_machine_hand_artifacts_on(box: Box) -> None:
    run = box("""
        executor one = oci { engine = "ENGINE", image = "DEBIAN" }
        executor two = oci { engine = "ENGINE", image = "DEBIAN", mode = "isolated" }
        workflow w {
          job a {
            executor = one
            outputs  = { a = "out" }
            run "mkdir out; echo a > out/a; ln -s a out/link; chmod 751 out/a"
          }
          job b {
            executor = two
            needs    = [a]
            inputs   = ["a"]
            outputs  = { b = "out" }
            run "cat out/link; echo b > out/b"
          }
          job c {
            needs  = [b]
            inputs = ["b"]
            run "cat out/*; ls -l out/a | cut -c1-10"
          }
        }
    """)
    assert run.output("c") == ["a", "b", "a", "-rwxr-x--x"], run.text


def test_an_entry_point(box: Box) -> None:
    image = "nixc-entry:1"
    dockerfile = 'FROM DEBIAN\nENTRYPOINT ["false"]\n'
    folder = box.flow.place.root / "image"
    folder.mkdir()
    (folder / "Dockerfile").write_text(box.text(dockerfile))
    box.engine("build", "--tag", image, str(folder))
    run = box.one(f'image = "{image}"', '"true"')
    assert run.jobs == {"j": "failure"}
    assert "entrypoint = false" in run.text
    run = box.one(f'image = "{image}", entrypoint = false', '"echo ran"')
    assert run.output() == ["ran"], run.text


def test_fifty_jobs_in_one_container(box: Box) -> None:
    box.flow.say("file", "text\n")
    run = box(
        """
        executor box = oci { engine = "ENGINE", image = "DEBIAN" }
        workflow w {
          job many {
            executor = box
            matrix   = { a = [1, 2, 3, 4, 5], b = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] }
            run 'cat file; echo "$MATRIX_A$MATRIX_B" > file; cat file'
          }
        }
    """,
        "--jobs",
        "12",
    )
    assert set(run.jobs.values()) == {"success"}, run.text
    assert len(run.jobs) == 50
    numbers = [line for line in run.output() if line != "text"]
    assert sorted(numbers) == [f"{a}{b}" for a in range(1, 6) for b in range(10)]
    assert len(run.of("executor_setup")) == 1


def test_secrets_are_nowhere_but_in_the_job(box: Box) -> None:
    secret = "s3cr3t-value-1"
    text = """
        executor box = oci {
          engine        = "ENGINE"
          image         = "DEBIAN"
          containerEnv  = { ALSO = env.TOKEN }
          extraPackages = []
        }
        workflow w {
          secrets = ["TOKEN"]
          env     = { PLAIN = "pl41n-value" }
          job j {
            executor = box
            step "s" {
              deps = ["sed"]
              run  = 'echo "$TOKEN" "$ALSO" "${#TOKEN}"; sleep 20'
            }
          }
        }
    """
    running = box.start(text, TOKEN=secret)
    wait_for(lambda: processes_with("sleep 20"), "the step")
    (name,) = box.engine.containers()
    inspected = box.engine("inspect", name)
    image = box.engine("inspect", "--format", "{{.Config.Image}}", name)
    history = box.engine("history", "--no-trunc", image)
    listing = processes_with(secret) + processes_with("pl41n-value")
    running.process.terminate()
    run = running.end()
    assert run.output() == [f"*** *** {len(secret)}"], run.text
    for seen in (inspected, history, *listing):
        assert secret not in seen
        assert "pl41n-value" not in seen
