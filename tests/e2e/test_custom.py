"""Custom executors: what hooks are given, how they fail, and three that run jobs elsewhere."""

from __future__ import annotations

import os
import signal
import subprocess
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from textwrap import indent

import pytest

from tests.e2e.runs import Flow, processes_with, wait_for


def custom(hooks: dict[str, str], jobs: str, more: str = "") -> str:
    """A workflow whose jobs run on `mine`, an executor with these hooks."""
    fields = "\n".join(
        f'  {name} = """\n{indent(text, "    ")}\n  """' for name, text in hooks.items()
    )
    return f"executor mine = custom {{\n{fields}\n{more}\n}}\nworkflow w {{\n{jobs}\n}}\n"


def job(name: str, *lines: str) -> str:
    inner = "\n".join(lines)
    return f"job {name} {{\n executor = mine\n{inner}\n}}\n"


RUN = 'bash "$JOB_SCRIPT"'


def test_what_hooks_are_given(flow: Flow) -> None:
    seen = flow.place.root / "seen"
    note = (
        f'echo "$(basename "$0") $EXECUTOR_NAME ${{JOB_NAME-}} $ACTION_COUNT '
        f'${{ARTIFACT_NAME-}} ${{ARTIFACT_PATH-}} $LEVEL ${{OWN-}}" >>"{seen}"\n'
        f'[ "$REPO_DIR" = "{flow.place.repo}" ] && [ -d "$WORKSPACE_DIR" ]\n'
        '[ "$(ls "$BUNDLE_DIR" | wc -l)" -eq 2 ]\n'
    )
    hooks = dict.fromkeys(("setupWorkspace", "setupJob", "cleanupJob", "cleanupWorkspace"), note)
    hooks["executeJob"] = f'{note}[ "$(ls -l "$JOB_ENV_FILE" | cut -c1-10)" = -rw------- ]\n{RUN}'
    hooks["saveArtifact"] = f'{note}cp -R "$ARTIFACT_PATH" "$ARTIFACT_DIR"'
    hooks["restoreArtifact"] = f'{note}cp -R "$ARTIFACT_DIR/." "$ARTIFACT_PATH"'
    env = 'env = { OWN = "own" }'
    jobs = 'env = { LEVEL = "workflow" }\n' + job(
        "a", env, 'outputs = { out = "d/out" }', 'run "mkdir d; echo x > d/out"'
    )
    jobs += "\n" + job("b", env, "needs = [a]", 'inputs = ["out"]', 'run "cat d/out"')
    run = flow(custom(hooks, jobs))
    assert run.jobs == {"a": "success", "b": "success"}, run.text
    assert run.output() == ["x"]
    assert seen.read_text().splitlines() == [
        "setupWorkspace mine  2   workflow ",
        "setupJob mine a 1   workflow ",
        "executeJob mine a 1   workflow ",
        "saveArtifact mine a 1 out d/out workflow ",
        "cleanupJob mine a 1   workflow ",
        "setupJob mine b 1   workflow ",
        "restoreArtifact mine b 1 out . workflow ",
        "executeJob mine b 1   workflow ",
        "cleanupJob mine b 1   workflow ",
        "cleanupWorkspace mine  2   workflow ",
    ]


@pytest.mark.parametrize(
    ("hook", "reason"),
    [
        ("setupWorkspace", "executor mine could not be set up"),
        ("setupJob", "hook setupJob ended with exit status 7"),
        ("executeJob", "the job runner ended without a result (exit status 7)"),
    ],
)
def test_a_hook_that_fails(flow: Flow, hook: str, reason: str) -> None:
    hooks = {"executeJob": RUN, hook: "echo its own words >&2\nexit 7"}
    jobs = job("a", 'run "echo never"') + "\n" + 'job other {\n run "true"\n}'
    run = flow(custom(hooks, jobs))
    assert run.jobs == {"a": "failure", "other": "success"}
    assert run.reason("a") == reason
    assert run.output("a") == ["its own words", f"hook {hook} ended with exit status 7"]


def test_hooks_of_artifacts_that_fail(flow: Flow) -> None:
    hooks = {"executeJob": RUN, "saveArtifact": "echo words >&2; exit 7"}
    run = flow(custom(hooks, job("a", 'outputs = { out = "x" }', 'run "echo > x"')))
    assert run.reason("a") == "artifact could not be saved: out"
    assert "words" in run.warnings()
    hooks = {"executeJob": RUN, "restoreArtifact": "echo words >&2; exit 7"}
    jobs = job("a", 'outputs = { out = "x" }', 'run "echo > x"')
    run = flow(custom(hooks, jobs + job("b", "needs = [a]", 'inputs = ["out"]', 'run "true"')))
    assert run.jobs == {"a": "success", "b": "failure"}
    assert "words" in run.output("b")


def test_an_exit_status_is_no_result(flow: Flow) -> None:
    run = flow(custom({"executeJob": "true"}, job("a", 'run "true"')))
    assert run.reason("a") == "the job runner ended without a result (exit status 0)"
    run = flow(custom({"executeJob": f"{RUN}\nexit 5"}, job("a", 'run "true"')))
    assert run.jobs == {"a": "success"}
    assert run.output() == ["hook executeJob ended with exit status 5"]


@pytest.mark.parametrize("hook", ["setupWorkspace", "setupJob", "executeJob", "saveArtifact"])
def test_a_cancelled_hook_ends_with_its_tree(flow: Flow, hook: str) -> None:
    number = f"97{uuid.uuid4().int % 10**9}"
    hooks = {"executeJob": RUN, hook: f"sleep {number} & sleep {number}"}
    text = custom(hooks, job("a", 'outputs = { out = "x" }', 'run "echo > x"'))
    running = flow.start(text)
    wait_for(lambda: len(processes_with(f"sleep {number}")) == 2, hook)
    running.send(signal.SIGTERM)
    if hook == "saveArtifact":
        # The job itself is done: only the second signal ends what follows. Two at once may be one.
        time.sleep(0.5)
        running.send(signal.SIGTERM)
    run = running.end()
    assert run.status == 143
    assert processes_with(number) == []
    assert list(flow.place.workspaces.iterdir()) == []


def test_a_hostile_environment_where_the_job_runs(flow: Flow) -> None:
    (flow.place.root / "rc").write_text("cd() { echo taken; }; echo noise; set -f\n")
    hook = f"""
        variables=(BASH_ENV="{flow.place.root}/rc" IFS=x)
        variables+=(CDPATH=/ LC_ALL=C POSIXLY_CORRECT=1 SHELLOPTS=noglob:xtrace TAR_OPTIONS=-v)
        # A bash 4.2 without patches takes that for a name, and in POSIX mode ends itself.
        function='BASH_FUNC_printf%%=() {{ echo mine; }}'
        ! env POSIXLY_CORRECT=1 "$function" bash -c : || variables+=("$function")
        env "${{variables[@]}}" bash "$JOB_SCRIPT" 2>/dev/null
    """
    run = flow(
        custom({"executeJob": hook}, job("a", "run \"printf '%s\\n' *\"", 'run "cd /; pwd"'))
    )
    assert run.jobs == {"a": "success"}
    assert [line for line in run.output() if line != "noise"][-1] == "/"


def test_in_a_file_system_of_its_own(flow: Flow, needs_tool: Callable[[str], str]) -> None:
    """As root in a chroot with nothing but BusyBox and bash; the script comes by a file."""
    if os.geteuid() != 0:
        pytest.skip("chroot wants root")
    root = flow.place.root / "root"
    busybox_root(root, needs_tool("busybox"))
    hooks = {
        "setupJob": f'mkdir "{root}/$JOB_NAME"',
        "executeJob": f'cp "$JOB_SCRIPT" "{root}/job"; cp "$JOB_ENV_FILE" "{root}/env"\n'
        "chroot=$(command -v chroot)\n"
        f'env -i PATH=/bin JOB_ENV_FILE=/env "$chroot" "{root}" bash -c "cd /$JOB_NAME; bash /job"',
        "cleanupJob": f'rm -r "{root}/job" "{root}/env" "{root}/$JOB_NAME"',
        "saveArtifact": f'cp -R "{root}/$JOB_NAME/$ARTIFACT_PATH" "$ARTIFACT_DIR"',
    }
    env = 'env = { VALUE = "it\'s" }'
    lines = ['outputs = { out = "made" }', 'run "pwd; echo \\"$VALUE\\" | tee made; ls /"']
    jobs = job("a", env, *lines)
    jobs += '\njob b {\n needs = [a]\n inputs = ["out"]\n run "cat made"\n}'
    run = flow(custom(hooks, jobs))
    assert run.jobs == {"a": "success", "b": "success"}, run.text
    assert run.output("a")[:2] == ["/a", "it's"]
    assert run.output("b") == ["it's"]
    assert not (root / "a").exists()


def busybox_root(root: Path, busybox: str) -> None:
    """A root directory with bash, its libraries and BusyBox's commands."""
    for name in ("bin", "tmp", "proc", "dev", "lib", "lib64"):
        (root / name).mkdir(parents=True)
    (root / "dev" / "null").touch()
    subprocess.run(["cp", busybox, root / "bin" / "busybox"], check=True)
    subprocess.run([busybox, "--install", "-s", root / "bin"], check=True)
    for link in (root / "bin").iterdir():
        if link.is_symlink():
            link.unlink()
            link.symlink_to("busybox")
    listed = subprocess.run(["ldd", "/bin/bash"], capture_output=True, text=True, check=True)
    for word in listed.stdout.split():
        if word.startswith("/"):
            (root / word[1:]).parent.mkdir(parents=True, exist_ok=True)
            subprocess.run(["cp", word, root / word[1:]], check=True)
    subprocess.run(["cp", "/bin/bash", root / "bin" / "bash"], check=True)


def test_over_a_queue(flow: Flow) -> None:
    """Jobs are put into a directory; a worker takes them from there and leaves their output."""
    queue = flow.place.root / "queue"
    queue.mkdir()
    worker = f"""
        cd "{queue}"
        while [ ! -e stop ]; do
          for each in *.job; do
            [ -e "$each" ] || continue
            name=${{each%.job}}
            mkdir "$name.d"
            (cd "$name.d" && cat "../$name.env" "../$each" | bash >"../$name.out" 2>&1)
            rm "$each" "$name.env"
            : >"$name.done"
          done
          sleep 0.05
        done
    """
    hook = f"""
        cp "$JOB_ENV_FILE" "{queue}/$JOB_NAME.env"
        cp "$JOB_SCRIPT" "{queue}/$JOB_NAME.part"
        mv "{queue}/$JOB_NAME.part" "{queue}/$JOB_NAME.job"
        until [ -e "{queue}/$JOB_NAME.done" ]; do sleep 0.05; done
        cat "{queue}/$JOB_NAME.out"
    """
    clean = {"PATH": os.environ["PATH"]}
    process = subprocess.Popen(["bash", "-c", worker], env=clean, stdin=subprocess.DEVNULL)
    try:
        hooks = {"executeJob": hook, "setupJob": "true"}
        env = 'env = { VALUE = "given" }'
        jobs = job("a", env, 'run "echo $VALUE; exit 3"') + job("b", 'run "seq 1 5000"')
        run = flow(custom(hooks, jobs))
    finally:
        (queue / "stop").touch()
        process.wait(30)
    assert run.jobs == {"a": "failure", "b": "success"}, run.text
    assert run.output("a") == ["given"]
    assert run.output("b") == [str(each) for each in range(1, 5001)]
