"""The executor `ssh`, on real servers: connections that break, hosts that are not there, keys, many
jobs. What all executors must do is in tests/e2e/conformance."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from tests.conftest import Build
from tests.e2e import sshd
from tests.e2e.runs import BASHES, Flow, Run, Running, Shell, processes_with, wait_for
from tests.e2e.sshd import Server
from tests.harness import ROOT, Place

JOB = 'workflow w {{\n  job j {{\n    executor = there\n    run "{run}"\n  }}\n}}\n'


class Over:
    """Runs workflows whose executor `there` goes to a server."""

    def __init__(self, flow: Flow, server: Server) -> None:
        self.flow = flow
        self.server = server

    def text(self, workflow: str, **fields: str) -> str:
        return f"executor there = ssh {{ {self.server.fields(**fields)} }}\n{dedent(workflow)}"

    def __call__(self, workflow: str, *arguments: str, **fields: str) -> Run:
        return self.flow(self.text(workflow, **fields), *arguments, timeout=120)

    def start(self, workflow: str, *arguments: str, **fields: str) -> Running:
        return self.flow.start(self.text(workflow, **fields), *arguments)


@pytest.fixture(params=BASHES)
def over(
    place: Place,
    build: Build,
    server_of: Callable[[str], Server],
    request: pytest.FixtureRequest,
) -> Over:
    return Over(Flow(place, build, Shell(request.param, perl=True)), server_of(request.param))


@pytest.fixture(params=BASHES)
def without_perl(
    place: Place,
    build: Build,
    server_of: Callable[[str], Server],
    request: pytest.FixtureRequest,
) -> Over:
    """Sessions are used once where nothing but bash reads streams."""
    return Over(Flow(place, build, Shell(request.param, perl=False)), server_of(request.param))


@pytest.fixture
def own(over: Over) -> Iterator[Over]:
    """The same with a server of the test's own, which it may stop."""
    with sshd.server(over.flow.shell) as server:
        yield Over(over.flow, server)


def counting(over: Over, last: int, **fields: str) -> tuple[Running, Path]:
    """A job that counts, started; the file tells how far it is."""
    text, told = counting_text(over, last, **fields)
    return over.flow.start(text), told


def counting_text(over: Over, last: int, **fields: str) -> tuple[str, Path]:
    """A job that counts in lines of some length, into a file as well."""
    told = over.server.folder / f"told-{over.flow.place.root.name}"
    run = f"""
    workflow w {{
      job j {{
        executor = there
        run \"\"\"
          for ((i = 1; i <= {last}; i++)); do
            echo "line $i of a job that goes on whether or not anybody listens"
            echo "$i" > {told}
            sleep 0.01
          done
        \"\"\"
      }}
    }}
    """
    return over.text(run, **fields), told


def counted(run: Run, last: int) -> None:
    """All lines came, each once, in order."""
    assert run.jobs == {"j": "success"}, run.text
    numbers = [int(line.split()[1]) for line in run.output("j")]
    assert numbers == list(range(1, last + 1))


def reached(told: Path, number: int) -> Callable[[], bool]:
    return lambda: told.exists() and int(told.read_text() or 0) >= number


def test_connections_that_are_killed_in_the_middle(over: Over) -> None:
    running, told = counting(over, 400)
    for number in (50, 200):
        wait_for(reached(told, number), "the job")
        over.server.cut()
    counted(running.end(120), 400)
    assert over.server.left() == []


def test_connections_that_are_killed_without_perl(without_perl: Over) -> None:
    running, told = counting(without_perl, 300)
    for number in (50, 200):
        wait_for(reached(told, number), "the job")
        without_perl.server.cut()
    counted(running.end(120), 300)
    assert without_perl.server.left() == []


SESSIONS = """
    workflow w {
      job a {
        executor = there
        env      = { ONLY = "a" }
        run "ps -o ppid= -p $PPID"
      }
      job b {
        executor = there
        needs    = [a]
        run "ps -o ppid= -p $PPID; echo ${ONLY-nothing}"
      }
    }
    """


def test_jobs_use_a_session_in_turn(over: Over) -> None:
    run = over(SESSIONS)
    assert run.output("b") == [*run.output("a"), "nothing"], run.text
    assert over.server.left() == []


def used_once(run: Run) -> None:
    assert run.output("b")[0] not in run.output("a")
    assert set(run.jobs.values()) == {"success"}


def test_sessions_that_are_used_once(over: Over) -> None:
    used_once(over(SESSIONS, mode="dedicated"))


def test_sessions_that_are_used_once_without_perl(without_perl: Over) -> None:
    used_once(without_perl(SESSIONS))


def test_a_session_that_breaks_between_two_jobs(over: Over) -> None:
    running = over.start(
        """
        workflow w {
          job a {
            executor = there
            run "echo first"
          }
          job here {
            executor = local
            needs    = [a]
            run "touch waiting; until [ -e cut ]; do sleep 0.05; done"
          }
          job b {
            executor = there
            needs    = [here]
            run "echo second"
          }
        }
        """.replace("waiting", f"{over.server.folder}/waiting").replace(
            "-e cut", f"-e {over.server.folder}/cut"
        )
    )
    wait_for((over.server.folder / "waiting").exists, "the job here")
    over.server.cut()
    (over.server.folder / "cut").touch()
    run = running.end(60)
    for name in ("waiting", "cut"):
        (over.server.folder / name).unlink()
    assert (run.output("a"), run.output("b")) == (["first"], ["second"]), run.text


def test_a_server_that_starts_anew(own: Over) -> None:
    running, told = counting(own, 400)
    wait_for(reached(told, 50), "the job")
    own.server.stop()
    time.sleep(0.5)
    own.server.start()
    counted(running.end(120), 400)
    assert own.server.left() == []


def test_a_server_that_holds_its_breath(over: Over) -> None:
    running, told = counting(over, 300)
    wait_for(reached(told, 50), "the job")
    over.server.cut(signal.SIGSTOP)
    time.sleep(1)
    over.server.cut(signal.SIGCONT)
    counted(running.end(120), 300)


KEEPALIVE = ("options = [", 'options = ["ServerAliveInterval=1", "ServerAliveCountMax=2", ')


def test_a_server_that_holds_its_breath_for_longer_than_we_wait(own: Over) -> None:
    """The connection counts as dead and another one takes its place; then the first comes back."""
    text, told = counting_text(own, 1000)
    running = own.flow.start(text.replace(*KEEPALIVE))
    wait_for(reached(told, 50), "the job")
    held = own.server.sessions()
    for pid in held:
        os.kill(pid, signal.SIGSTOP)
    time.sleep(6)
    for pid in held:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
    counted(running.end(120), 1000)
    assert own.server.left() == []


def test_a_server_that_never_breathes_again(own: Over) -> None:
    text, told = counting_text(own, 3000, reconnect="3s", more=", connectTimeout = 2s")
    running = own.flow.start(text.replace(*KEEPALIVE))
    wait_for(reached(told, 50), "the job")
    own.server.hold(signal.SIGSTOP)
    try:
        run = running.end(90)
    finally:
        own.server.hold(signal.SIGCONT)
    assert run.jobs == {"j": "failure"}, run.text
    assert "the connection to 127.0.0.1 was lost" in run.reason("j")
    assert any("could not be cleaned up" in each for each in run.warnings()), run.text
    wait_for(lambda: own.server.left() == [], "the host to clean up")
    assert processes_with(str(told)) == []


def test_a_job_that_ends_while_nobody_listens(own: Over) -> None:
    running, told = counting(own, 100)
    wait_for(reached(told, 20), "the job")
    own.server.stop()
    wait_for(reached(told, 100), "the job's end")
    own.server.start()
    counted(running.end(120), 100)


def test_a_job_that_is_killed_while_nobody_listens(own: Over) -> None:
    """With all that keeps its output, as a host does that runs out of memory."""
    running, told = counting(own, 3000)
    wait_for(reached(told, 20), "the job")
    (state,) = own.server.work.glob("*/there/state/0")
    tee = (state / "tee").read_text().strip()
    found = [
        subprocess.run(command, capture_output=True, text=True).stdout.split()
        for command in (["ps", "-o", "ppid=", "-p", tee], ["pgrep", "-f", str(own.server.work)])
    ]
    own.server.stop()
    for pid in [*found[0], (state / "pid").read_text(), tee, *found[1]]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(pid), signal.SIGKILL)
    own.server.start()
    run = running.end(60)
    assert run.jobs == {"j": "failure"}
    assert "ended without a result" in run.reason("j")
    numbers = [int(line.split()[1]) for line in run.output("j")]
    assert numbers == list(range(1, len(numbers) + 1))


def test_nobody_answers_for_too_long(own: Over) -> None:
    running, told = counting(own, 3000, reconnect="3s")
    wait_for(reached(told, 20), "the job")
    own.server.stop()
    run = running.end(60)
    assert run.jobs == {"j": "failure"}
    assert "the connection to 127.0.0.1 was lost" in run.reason("j")
    # The job over there has ended by itself, and its directory is gone.
    wait_for(lambda: own.server.left() == [], "the host to clean up")
    assert processes_with(str(told)) == []


def test_a_client_that_is_gone_for_good(over: Over) -> None:
    running, told = counting(over, 3000, reconnect="2s")
    wait_for(reached(told, 10), "the job")
    running.process.kill()
    running.process.wait()
    for pipe in (running.process.stdout, running.process.stderr):
        assert pipe is not None
        pipe.close()
    wait_for(lambda: over.server.left() == [], "the host to clean up")
    # It may have been ended between opening the file and writing.
    last = told.read_text()
    time.sleep(0.3)
    assert told.read_text() == last
    assert over.flow(over.flow.place.root / "ci.sh", "--gc", format="").status == 0


def test_a_job_survives_with_orders(over: Over) -> None:
    """Cancelled after its connection broke: the order reaches it all the same."""
    running, told = counting(over, 3000)
    wait_for(reached(told, 20), "the job")
    over.server.cut()
    running.send(signal.SIGTERM)
    run = running.end(60)
    assert (run.status, run.jobs) == (143, {"j": "cancelled"}), run.text
    assert run.warnings() == []
    assert over.server.left() == [], subprocess.run(["find", over.server.work], capture_output=True)


def test_the_key_of_a_host_is_not_known(own: Over) -> None:
    own.server.known_hosts.write_text("")
    run = own(JOB.format(run="true"))
    assert run.jobs == {"j": "failure"}
    assert "executor there could not be set up" in run.reason("j")
    assert "Host key verification failed" in "\n".join(run.output())


def test_the_key_of_a_host_has_changed(own: Over) -> None:
    known = own.server.known_hosts
    key = (own.server.folder / "id.pub").read_text().split()[1]
    known.write_text(re.sub(r"ssh-ed25519 \S+", f"ssh-ed25519 {key}", known.read_text()))
    run = own(JOB.format(run="true"))
    assert run.jobs == {"j": "failure"}
    assert "REMOTE HOST IDENTIFICATION HAS CHANGED" in "\n".join(run.output())


def test_no_password_is_asked_for(own: Over) -> None:
    (own.server.folder / "id.pub").write_text("")
    own.server.stop()
    own.server.start("PasswordAuthentication yes")
    run = own(JOB.format(run="true"))
    assert run.jobs == {"j": "failure"}
    assert "Permission denied" in "\n".join(run.output())


def test_a_host_of_a_pool_that_cannot_be_reached(over: Over) -> None:
    jobs = "\n".join(f"job j{n} {{\n executor = there\n run 'pwd'\n }}" for n in range(4))
    text = over.text(f"workflow w {{\n{jobs}\n}}", mode="pool")
    # An address of this machine that the server does not listen to.
    text = text.replace(f'"{sshd.ADDRESSES[0]}"', '"127.255.255.254"')
    run = over.flow(text, timeout=120)
    assert run.jobs == {f"j{n}": "success" for n in range(4)}, run.text
    assert any(each.startswith("127.255.255.254: ssh: ") for each in run.warnings()), run.text


def test_no_host_of_a_pool_can_be_reached(own: Over) -> None:
    own.server.stop()
    run = own(JOB.format(run="true"), mode="pool")
    assert run.jobs == {"j": "failure"}
    said = "\n".join(run.output())
    for address in sshd.ADDRESSES[:2]:
        assert address in said
    assert "Connection refused" in said


def test_twenty_jobs_over_two_hosts(over: Over) -> None:
    jobs = "\n".join(
        f"  job j{n} {{\n    executor = there\n    run 'pwd; sleep 0.2'\n  }}" for n in range(20)
    )
    run = over(f"workflow w {{\n{jobs}\n}}", mode="pool")
    assert set(run.jobs.values()) == {"success"}, run.text
    hosts = [line.rsplit("/", 3)[1] for line in run.output()]
    assert sorted(set(hosts)) == ["there.0", "there.1"]
    assert abs(hosts.count("there.0") - hosts.count("there.1")) <= 2
    assert over.server.left() == []


def test_as_many_jobs_at_once_as_a_host_may_have(over: Over) -> None:
    jobs = "\n".join(
        f"""  job j{n} {{
    executor = there
    run 'mkdir ../../now.{n}; echo ../../now.*; sleep 0.3; rmdir ../../now.{n}'
  }}"""
        for n in range(5)
    )
    run = over(f"workflow w {{\n{jobs}\n}}", more=", maxJobsPerHost = 2")
    assert set(run.jobs.values()) == {"success"}, run.text
    assert max(len(line.split()) for line in run.output()) == 2


def test_an_artifact_of_200_megabytes(over: Over) -> None:
    run = over(
        """
        workflow w {
          job make {
            executor = there
            outputs  = { big = "big" }
            run "head -c 200000000 /dev/zero > big; echo end >> big"
          }
          job look {
            executor = there
            needs    = [make]
            inputs   = ["big"]
            run "wc -c < big; tail -c 4 big"
          }
        }
        """
    )
    assert run.output("look") == ["200000004", "end"], run.text


BIG = 300_000_000

CUT_ARTIFACT = f"""
    workflow w {{
      job make {{
        executor = there
        outputs  = {{ big = "big" }}
        run "head -c {BIG} /dev/zero > big; echo end >> big"
      }}
      job look {{
        executor = there
        needs    = [make]
        inputs   = ["big"]
        run "wc -c < big; tail -c 4 big"
      }}
    }}
    """


@pytest.mark.parametrize("there", [False, True], ids=["from there", "to there"])
def test_an_artifact_whose_connection_is_cut(there: bool, over: Over) -> None:
    running = over.start(CUT_ARTIFACT)

    def halfway() -> bool:
        """Some of it has come, but not all."""
        where, pattern = over.flow.place.runs, "*/artifacts/*.part/big"
        if there:
            where, pattern = over.server.work, "*/there/jobs/look/big"
        return any(0 < path.stat().st_size < BIG for path in where.glob(pattern))

    wait_for(halfway, "the artifact")
    over.server.cut()
    run = running.end(120)
    assert run.output("look") == [str(BIG + 4), "end"], run.text
    assert any("goes anew" in each for each in run.warnings()), run.text
    assert over.server.left() == []


def test_an_artifact_and_a_host_that_does_not_come_back(own: Over) -> None:
    running = own.start(CUT_ARTIFACT, reconnect="3s")
    pattern = "*/artifacts/*.part/big"
    wait_for(lambda: any(own.flow.place.runs.glob(pattern)), "the artifact")
    own.server.stop()
    run = running.end(120)
    assert run.jobs == {"make": "failure", "look": "skipped"}, run.text
    assert any("Connection refused" in each for each in run.warnings()), run.text
    assert list(own.flow.place.runs.glob("*/artifacts/*big*")) == []


def test_a_repository_of_20_000_files(over: Over) -> None:
    for folder in range(200):
        place = over.flow.place.repo / f"d{folder}"
        place.mkdir()
        for number in range(100):
            (place / f"f{number}").write_text(str(number))
    run = over(JOB.format(run="find . -type f | wc -l"))
    assert run.output("j") == ["20000"], run.text


def test_values_are_on_no_command_line(over: Over) -> None:
    running = over.start(
        """
        workflow w {
          env     = { TOKEN = "s3cr3t-v4lue" }
          secrets = ["TOKEN"]
          job j {
            executor = there
            run \"\"\"
              [ "$TOKEN" = s3cr3t-v4lue ] && echo "got $TOKEN"
              sleep 1
            \"\"\"
          }
        }
        """
    )
    seen: list[str] = []
    while running.process.poll() is None:
        seen += processes_with("s3cr3t-v4lue")
        time.sleep(0.02)
    run = running.end()
    assert run.output("j") == ["got ***"], run.text
    assert seen == []


def test_a_host_that_would_be_an_option(over: Over) -> None:
    proof = over.flow.place.root / "proof"
    text = """
    workflow w {
      job j {
        executor = ssh { host = env.WHERE }
        run "true"
      }
    }
    """
    run = over.flow(text, env={"WHERE": f"-oProxyCommand=touch {proof}"})
    assert run.jobs == {"j": "failure"}
    assert "is no host" in "\n".join(run.output())
    assert not proof.exists()


def test_a_long_path_of_temporary_files(
    over: Over, tmp_path: Path, needs_tool: Callable[[str], str]
) -> None:
    long = over.flow.place.root / ("long-" * 20)
    long.mkdir()
    made, tools = tmp_path / "made", tmp_path / "tools"
    tools.mkdir()
    # Runs of other tests make such directories at the same time.
    (tools / "mktemp").write_text(f'#!/bin/sh\n{needs_tool("mktemp")} "$@" | tee -a {made}\n')
    (tools / "mktemp").chmod(0o755)
    text = over.text(JOB.format(run="echo here"))
    run = over.flow(text, env={"TMPDIR": str(long), "PATH": f"{tools}:{over.flow.path}"})
    assert run.output("j") == ["here"], run.text
    sockets = [path for path in made.read_text().split() if "nixactions-ssh." in path]
    assert len(sockets) == 1
    assert not Path(sockets[0]).exists()


def test_what_is_missing_there_is_told_before_any_job(over: Over) -> None:
    run = over(
        """
        workflow w {
          job a {
            executor = there
            run "echo never"
          }
          job b {
            executor = there
            step "needs" {
              deps = ["no-such-command-1", "package:no-such-command-2"]
              run  = "true"
            }
          }
        }
        """
    )
    assert run.jobs == {"a": "failure", "b": "failure"}
    said = "\n".join(run.output())
    for number in (1, 2):
        assert f'no-such-command-{number} (wanted by step "needs" of job b)' in said
    assert "never" not in said


def test_noise_of_the_shell_there(own: Over) -> None:
    (own.server.home / ".bashrc").write_text(
        "echo a banner; printf 'no end of line'; mkdir() { echo mine; }; export -f mkdir\n"
        "PATH=/nowhere:$PATH; export CDPATH=/usr\n"
    )
    run = own(JOB.format(run="echo it works"))
    assert run.output("j") == ["it works"], run.text


@pytest.mark.parametrize("shell", ["dash", "fish", "zsh"])
def test_jobs_where_the_login_shell_is_another(
    shell: str, own: Over, needs_tool: Callable[[str], str]
) -> None:
    own.server.stop()
    own.server.start(f'ForceCommand exec {needs_tool(shell)} -c "$SSH_ORIGINAL_COMMAND"')
    run = own(JOB.format(run="echo it works in $BASH_VERSION | cut -d ' ' -f 1-3"))
    assert run.output("j") == ["it works in"], run.text


def test_a_host_with_busybox_and_a_locale_that_it_lacks(
    own: Over, tmp_path: Path, needs_tool: Callable[[str], str]
) -> None:
    tools = tmp_path / "busybox"
    tools.mkdir()
    needed = re.search("NXA_THERE_TOOLS='(.*)'", (ROOT / "runtime/ssh/there.sh").read_text())
    assert needed is not None
    for name in [*needed[1].split(), "kill", "ps"]:
        (tools / name).symlink_to(needs_tool("busybox"))
    (tools / "bash").symlink_to(needs_tool(own.flow.shell))
    own.server.stop()
    own.server.start(f'SetEnv "HOME={own.server.home}" "PATH={tools}" LC_ALL=tr_TR.UTF-8')
    (own.flow.place.repo / "file").write_text("of the repository")
    told = own.server.folder / "told"
    running = own.start(
        f"""
        workflow w {{
          job make {{
            executor = there
            outputs  = {{ made = "made" }}
            run \"\"\"
              [ "$(command -v tar)" = {tools}/tar ] || exit 1
              cat file > made
              for ((i = 1; i <= 200; i++)); do
                echo "line $i"
                echo "$i" > {told}
                sleep 0.01
              done
            \"\"\"
          }}
          job look {{
            executor = there
            needs    = [make]
            inputs   = ["made"]
            run "cat made"
          }}
        }}
        """
    )
    wait_for(reached(told, 50), "the job")
    own.server.cut()
    run = running.end(90)
    # The bash of a step itself complains of the locale.
    lines = [line for line in run.output("make") if "setlocale" not in line]
    assert lines == [f"line {n}" for n in range(1, 201)], run.text
    assert run.output("look")[-1] == "of the repository"
    assert own.server.left() == []


HOSTILE = """
Host *
  RemoteCommand echo not what we asked for
  SessionType none
  StdinNull yes
  ForkAfterAuthentication yes
  RequestTTY force
  PermitLocalCommand yes
  LocalCommand touch {folder}/local-command
  ControlMaster auto
  ControlPath {folder}/own-%r-%h
  ControlPersist 10m
  LocalForward {folder}/forward 127.0.0.1:{port}
  ForwardAgent yes
  ForwardX11 yes
  VisualHostKey yes
  Compression yes
  LogLevel DEBUG3
  BatchMode no
  EscapeChar a
"""


@pytest.mark.parametrize("mode", ["shared", "dedicated", "pool"])
def test_a_configuration_of_ssh_that_wants_something_else(
    mode: str, over: Over, tmp_path: Path, needs_tool: Callable[[str], str]
) -> None:
    folder = tmp_path / "ssh"
    (folder / "bin").mkdir(parents=True)
    config = tmp_path / "config"
    config.write_text(HOSTILE.format(folder=folder, port=over.server.port))
    # Which ~/.ssh/config that is goes by the user, not by HOME.
    program = folder / "bin/ssh"
    program.write_text(f'#!/bin/sh\nexec {needs_tool("ssh")} -F {config} "$@"\n')
    program.chmod(0o755)
    text = over.text(SESSIONS, mode=mode)
    run = over.flow(text, env={"PATH": f"{program.parent}:{over.flow.path}"}, timeout=60)
    assert set(run.jobs.values()) == {"success"}, run.text
    assert run.warnings() == []
    assert [path.name for path in folder.iterdir()] == ["bin"]


@pytest.mark.parametrize("shell", ["bash", "dash", "fish", "zsh"])
def test_any_login_shell_understands_the_command(
    shell: str, tmp_path: Path, needs_tool: Callable[[str], str]
) -> None:
    source = '. "$0"; printf %s "$NXA_SSH_COMMAND"'
    command = subprocess.run(
        ["bash", "-c", source, ROOT / "runtime/ssh/connection.sh"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    ran = subprocess.run(
        [needs_tool(shell), "-c", command],
        input='echo "$BASH_VERSION" "${0##*/}"; read -r line; echo "<$line>"\ndata $x\n',
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
    )
    assert ran.stdout.splitlines()[-1] == "<data $x>", ran.stderr
    assert ran.returncode == 0


def test_a_directory_that_somebody_else_has(over: Over, tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give directories away")
    work = tmp_path / "work"
    work.mkdir()
    shutil.chown(work, 65534)
    fields = over.server.fields().replace(str(over.server.work), str(work))
    text = f"executor there = ssh {{ {fields} }}\n{JOB.format(run='pwd')}"
    run = over.flow(text)
    assert run.output("j")[0].startswith(f"{work}-0/"), run.text
