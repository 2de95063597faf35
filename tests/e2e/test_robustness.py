"""Steps that misbehave, and callers' environments that do."""

from __future__ import annotations

import os
import re
import resource
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.runs import Flow, Run, heed_signals, processes_with

BASH = '"""'


@pytest.mark.bare
@pytest.mark.parametrize(
    "deed",
    [
        "kill -9 0",
        "kill -9 $PPID",
        "kill -9 $$",
        "kill -TERM 0",
        "kill -INT 0; sleep 30",
        "kill -HUP $PPID; sleep 0.1; exit 1",
        "kill -9 $PPID 0",
        'kill -9 -- "-$PPID"; exit 1',
        "kill -9 $PPID; sleep 60",
        "sleep 60 & kill -9 $PPID",
    ],
)
def test_a_step_that_kills(flow: Flow, deed: str) -> None:
    run = flow(
        f"""
        workflow w {{
          job bad {{ run "{deed.replace('"', chr(92) + '"')}" }}
          job other {{ run "true" }}
          job after {{
            needs     = [bad]
            condition = needs.bad.result == "failure" || needs.bad.result == "cancelled"
            run "true"
          }}
        }}
        """,
        timeout=30,
    )
    assert run.status == 1
    assert run.jobs["bad"] == "failure"
    assert run.jobs["other"] == "success"
    assert run.jobs["after"] == "success"
    assert list(flow.place.workspaces.iterdir()) == []


@pytest.mark.bare
@pytest.mark.parametrize(
    "how",
    [
        "bash -c 'sleep 60; :' {marker} &",
        "bash -c 'sleep 60; :' {marker} </dev/null >/dev/null 2>&1 &",
        "(bash -c 'sleep 60; :' {marker} &)",
        "setsid bash -c 'sleep 60; :' {marker} &",
        "nohup bash -c 'sleep 60; :' {marker} >/dev/null 2>&1 &",
        "(setsid bash -c 'cd /; sleep 60; :' {marker} &) &",
        "(setsid bash -c 'exec 0<&- 1>&- 2>&-; sleep 60; :' {marker} &)",
        "(setsid bash -c 'exec 5>&-; sleep 60; :' {marker} &)",
        # As servers are started from Python and Node.js, which close all other files.
        "python3 -c 'import subprocess, sys;"
        " subprocess.Popen(sys.argv[1:], start_new_session=True)' bash -c 'sleep 60; :' {marker}",
        "env -i setsid bash -c 'sleep 60; :' {marker} &",
    ],
)
def test_what_is_left_in_the_background_ends_with_its_job(
    flow: Flow, marker: str, how: str
) -> None:
    # For a `grep` that does not find itself.
    brackets = f"{marker[:-1]}[{marker[-1]}]"
    run = flow(
        f"""
        workflow w {{
          job j {{
            run {BASH}
              {how.format(marker=marker)}
              until ps -eo args= | grep -q "bash -c.*{brackets}"; do sleep 0.05; done
            {BASH}
            step "lives" {{ run = "ps -eo args= | grep -q '{brackets}'" }}
          }}
          job after {{
            needs = [j]
            run "ps -eo stat=,args= | grep '{brackets}' | grep -v '^Z' || echo none"
          }}
        }}
        """,
        timeout=30,
    )
    assert run.jobs == {"j": "success", "after": "success"}
    left = processes_with(marker)
    if how.startswith("env -i"):
        # A session of its own and no environment: nothing tells whose it is.
        listing = subprocess.run(["ps", "-eo", "pid=,args="], capture_output=True, text=True)
        for line in listing.stdout.splitlines():
            if marker in line:
                os.kill(int(line.split()[0]), signal.SIGKILL)
    else:
        assert left == []
        assert run.output("after") == ["none"]


def test_steps_read_end_of_file(flow: Flow) -> None:
    run = flow(
        r"""
        workflow w {
          job j {
            condition = "! read -r line"
            step "read" {
              condition = "! read -r line"
              run       = "wc -c | tr -d ' '; ! read -r line && echo \"<$line>\""
            }
          }
        }
        """
    )
    assert run.output("j") == ["0", "<>"]


HOSTILE = {
    "functions": {
        f"BASH_FUNC_{name}%%": "() { echo hostile; touch canary; return 1; }"
        for name in (
            "mkdir",
            "read",
            "printf",
            "tar",
            "local",
            "unset",
            "exec",
            "cd",
            "[",
            "export",
        )
    },
    "old functions": {"mkdir": "() { touch canary; }"},
    "IFS": {"IFS": "0123456789abcdefghij:_-/"},
    "CDPATH": {"CDPATH": "/:/tmp"},
    "GREP_OPTIONS": {"GREP_OPTIONS": "--invalid", "GREP_COLOR": "x"},
    "SHELLOPTS": {"SHELLOPTS": "xtrace:noglob:nounset:noclobber:verbose"},
    "errexit": {"SHELLOPTS": "errexit:pipefail:physical"},
    "BASHOPTS": {"BASHOPTS": "extglob:nullglob:failglob:nocasematch:dotglob"},
    "posix": {"POSIXLY_CORRECT": "1"},
    "tar": {"TAR_OPTIONS": "--invalid", "TAPE": "/nowhere"},
    "LC_ALL UTF-8": {"LC_ALL": "C.UTF-8", "LANG": "de_DE.UTF-8"},
    "LC_ALL C": {"LC_ALL": "C"},
    "LC_ALL unknown": {"LC_ALL": "xx_YY.UTF-8"},
    "decimal comma": {"LC_NUMERIC": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"},
    "TZ": {"TZ": "Pacific/Auckland"},
    "PS4": {"PS4": "$(touch canary)", "PROMPT_COMMAND": "touch canary"},
    "TMOUT": {"TMOUT": "1"},
    "clock": {"EPOCHREALTIME": "x", "SECONDS": "y", "RANDOM": "z", "BASHPID": "1"},
    "names": {"a b": "1", "x.y": "2", "1": "3", "é": "4"},
    "GLOBIGNORE": {"GLOBIGNORE": "*"},
    "CI": {"CI": "yes"},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_environments(flow: Flow, name: str) -> None:
    run = flow(
        r'''
        workflow w {
          env = { A = "a b" }
          job make {
            outputs   = { x = "out/*.txt" }
            exports   = ["V"]
            retry     = { maxAttempts = 2, minTime = 1ms, maxTime = 1ms }
            condition = "[ \"$A\" = 'a b' ]"
            run "mkdir -p out; echo é > out/1.txt; echo V=1 >> \"$JOB_ENV\"; exit $((2 - ATTEMPT))"
          }
          job look {
            needs  = [make]
            inputs = ["x"]
            env    = { V = needs.make.V }
            run """
              cd out
              cat 1.txt
              for w in $A $V; do echo "$w"; done
              shopt -p extglob || set -o | grep xtrace
            """
          }
        }
        ''',
        env=HOSTILE[name],
    )
    # What the shell says before it comes to our first line is its own; a bash 4.2 without patches
    # takes what is in BASH_FUNC_… for functions of that very name.
    said_by_us = [line for line in run.stderr.splitlines() if "BASH_FUNC_" not in line]
    assert said_by_us == [] or name in ("SHELLOPTS", "LC_ALL unknown")
    assert run.jobs == {"make": "success", "look": "success"}, run.text
    said = [line.split() for line in run.output("look") if "setlocale" not in line]
    assert said == [["é"], ["a"], ["b"], ["1"], ["shopt", "-u", "extglob"], ["xtrace", "off"]]
    assert not list(flow.place.root.rglob("canary"))
    assert list(flow.place.workspaces.iterdir()) == []


@pytest.fixture
def comma(tmp_path: Path, needs_tool: Callable[[str], str]) -> dict[str, str]:
    """An environment whose locale has a decimal comma: it is made here, from nothing."""
    characters = [f"<U{code:04X}> /x{code:02x} X" for code in range(128)]
    head = ["<code_set_name> ANSI_X3.4-1968", "<comment_char> %", "<escape_char> /", "CHARMAP"]
    (tmp_path / "ascii").write_text("\n".join([*head, *characters, "END CHARMAP", ""]))
    numeric = ["LC_NUMERIC", 'decimal_point ","', 'thousands_sep ""', "grouping -1"]
    (tmp_path / "comma").write_text("\n".join([*numeric, "END LC_NUMERIC", ""]))
    (tmp_path / "locales").mkdir()
    # -c: it warns of all the categories that it has to make up.
    made = [needs_tool("localedef"), "--no-archive", "-c", "-f", "./ascii", "-i", "./comma"]
    subprocess.run([*made, "./locales/xx_XX"], cwd=tmp_path, capture_output=True)
    assert (tmp_path / "locales" / "xx_XX" / "LC_NUMERIC").exists()
    return {"LOCPATH": str(tmp_path / "locales"), "LC_ALL": "xx_XX"}


def test_a_locale_with_a_decimal_comma(flow: Flow, comma: dict[str, str]) -> None:
    text = r"""
        workflow w {
          job fraction { run "printf '%.1f\n' 1,5" }
          job j {
            cache   = { key = "k", paths = ["kept"] }
            outputs = { x = "kept" }
            retry   = { maxAttempts = 2, minTime = 10ms, maxTime = 10ms }
            timeout = 30s
            run "[ -e kept ] || echo new > kept; exit $((2 - ATTEMPT))"
            step "slow" {
              timeout         = 200ms
              continueOnError = true
              retry           = null
              run             = "sleep 60"
            }
          }
        }
        """
    for hits in (0, 1):
        run = flow(text, env=comma)
        assert run.stderr == ""
        assert run.jobs == {"fraction": "success", "j": "success"}, run.text
        assert run.output("fraction") == ["1,5"]
        assert run.steps("j")["slow"] == "timeout"
        assert len(run.of("cache_hit")) == hits


def test_a_file_that_bash_would_read_first(flow: Flow) -> None:
    """BASH_ENV is read before us: nothing it leaves reaches the steps."""
    flow.say("env.sh", "mkdir() { touch canary; }; alias cat=false; set -x\nexport -f mkdir\n")
    run = flow(
        'workflow w { job j { run "mkdir sub && [ -d sub ] && echo ${BASH_ENV-unset} $-" } }',
        env={"BASH_ENV": str(flow.place.repo / "env.sh"), "ENV": "/nowhere"},
    )
    assert run.jobs == {"j": "success"}
    (said,) = run.output("j")
    assert said.startswith("unset ")
    assert "x" not in said.split()[1]
    assert not list(flow.place.root.rglob("canary"))


def test_without_a_home(flow: Flow) -> None:
    script = flow.build('workflow w { job j { run "true" } }')
    environment = flow.place.environment({})
    for name in ("HOME", "NIXACTIONS_HOME"):
        del environment[name]
    ran = subprocess.run(
        [flow.shell, str(script)], env=environment, cwd=flow.place.repo, capture_output=True
    )
    assert (ran.returncode, ran.stderr) == (0, b"")


def test_an_unwritable_home_or_tmpdir(flow: Flow) -> None:
    script = flow.build('workflow w { job j { run "true" } }')
    (flow.place.root / "file").touch()
    for name in ("TMPDIR", "NIXACTIONS_HOME"):
        run = flow(script, env={name: str(flow.place.root / "file")})
        assert (run.status, run.stdout) == (3, b"")
        assert str(flow.place.root / "file") in run.stderr
        assert name in run.stderr


def test_a_read_only_tmpdir(flow: Flow) -> None:
    if os.geteuid() == 0:
        tmp = Path("/proc/self")
    else:
        tmp = flow.place.root / "read-only"
        tmp.mkdir(mode=0o500)
    run = flow('workflow w { job j { run "true" } }', env={"TMPDIR": str(tmp)})
    assert (run.status, run.stdout) == (3, b"")
    assert str(tmp) in run.stderr


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A directory on a disk of 512 KiB."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount")
    path = tmp_path / "small"
    path.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(path)], check=True)
    yield path
    subprocess.run(["umount", "-l", str(path)], check=True)


FULL = r"""
    workflow w {
      job noisy {
        run "for ((i = 0; i < 3000; i++)); do echo line $i of a job whose log fills the disk; done"
      }
      job make {
        needs   = [noisy]
        outputs = { big = "big" }
        run "head -c 1000000 /dev/zero > big"
      }
      job other { run "echo fine" }
    }
    """


def test_a_disk_that_fills_up_with_logs_and_artifacts(flow: Flow, small: Path) -> None:
    run = flow(FULL, env={"NIXACTIONS_HOME": str(small / "home")})
    assert run.stderr == ""
    assert run.jobs == {"noisy": "success", "make": "failure", "other": "success"}, run.text
    assert len(run.output("noisy")) == 3000
    said = "\n".join(run.warnings())
    assert re.search("cannot write .*events.jsonl: No space left on device", said)
    assert re.search("cannot write .*logs/noisy.log", said)
    assert run.reason("make") == "artifact could not be saved: big"


def test_a_disk_that_fills_up_with_what_jobs_make(flow: Flow, small: Path) -> None:
    run = flow(FULL, env={"TMPDIR": str(small)})
    assert run.stderr == ""
    assert run.jobs == {"noisy": "success", "make": "failure", "other": "success"}, run.text
    assert any("No space left on device" in line for line in run.output("make"))


def test_a_disk_that_is_full(flow: Flow, small: Path) -> None:
    with pytest.raises(OSError, match="No space left"):
        (small / "fill").write_bytes(bytes(1_000_000))
    run = flow(FULL, env={"TMPDIR": str(small)})
    assert (run.status, run.stdout) == (3, b"")
    assert re.fullmatch(r".*: no room for the run below .*: No space left on device\n", run.stderr)
    assert list(flow.place.runs.iterdir()) == []


def test_a_workspace_root_that_is_a_link(flow: Flow) -> None:
    elsewhere = flow.place.root / "elsewhere"
    elsewhere.mkdir()
    (flow.place.root / "tmp" / "nixactions").symlink_to(elsewhere)
    text = 'workflow w { job j { run "pwd" } }'
    run = flow(text)
    assert run.status == 0
    assert f"/tmp/nixactions-{os.geteuid()}/" in run.output("j")[0]
    assert list(elsewhere.iterdir()) == []
    (flow.place.root / "tmp" / f"nixactions-{os.geteuid()}").rmdir()
    (flow.place.root / "tmp" / f"nixactions-{os.geteuid()}").symlink_to(elsewhere)
    run = flow(text)
    assert (run.status, run.stdout) == (3, b"")
    assert list(elsewhere.iterdir()) == []


PLAIN_TOOLS = [
    *("cat", "chmod", "cmp", "date", "find", "grep", "id", "ln", "ls", "mkdir", "mkfifo", "mv"),
    *("rm", "sed", "sh", "sleep", "tar"),
]

COMPLETE = r"""
    workflow w {
      job make {
        outputs = { x = "out" }
        exports = ["V"]
        retry   = { maxAttempts = 2, minTime = 10ms, maxTime = 10ms }
        run "mkdir out; echo 1 > \"out/a b\"; ln -s 'a b' out/link; echo V=1 >> \"$JOB_ENV\""
        run "exit $((2 - ATTEMPT))"
      }
      job look {
        needs  = [make]
        inputs = ["x"]
        env    = { V = needs.make.V }
        run "cat out/link; echo \"$V\"; cat file"
      }
      job merge {
        matrix  = { n = [1, 2] }
        outputs = { m = "same" }
        run "echo same > same"
      }
      job merged {
        needs  = [merge]
        inputs = ["m"]
        run "cat same"
      }
      job slow {
        continueOnError = true
        step "s" {
          timeout = 200ms
          run     = "sleep 60"
        }
      }
    }
    """


@pytest.mark.parametrize("kind", ["no python", "busybox", "toybox"])
def test_with_few_tools(
    flow: Flow, kind: str, tmp_path: Path, needs_tool: Callable[[str], str]
) -> None:
    bare = tmp_path / "bin"
    bare.mkdir()
    bash = Path(needs_tool("bash") if flow.shell == "bash" else flow.shell)
    (bare / "bash").symlink_to(bash)
    if kind == "no python":
        for tool in PLAIN_TOOLS:
            (bare / tool).symlink_to(needs_tool(tool))
    elif kind == "busybox":
        path = needs_tool("busybox")
        applets = subprocess.run([path, "--list"], capture_output=True, text=True).stdout.split()
        for tool in applets:
            if tool != "bash":
                (bare / tool).symlink_to(path)
    else:
        path = needs_tool("toybox")
        applets = subprocess.run([path], capture_output=True, text=True).stdout.split()
        for tool in applets:
            if tool != "bash":
                (bare / tool).symlink_to(path)
        for tool in ("tar", "sh"):
            if tool not in applets:
                (bare / tool).symlink_to(needs_tool(tool))
    alone = tmp_path / "alone"
    alone.mkdir()
    script = shutil.copy(flow.build(COMPLETE), alone / "ci.sh")
    flow.say("file", "here\n")
    process = subprocess.run(
        [bare / "bash", script, "--log-format", "json"],
        cwd=flow.place.repo,
        env={**flow.place.environment({}), "PATH": str(bare)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        preexec_fn=heed_signals,
    )
    run = Run(process.returncode, process.stdout, process.stderr.decode())
    assert run.stderr == ""
    assert run.jobs == {
        "make": "success",
        "look": "success",
        "merge-n-1": "success",
        "merge-n-2": "success",
        "merged": "success",
        "slow": "failure",
    }, run.text
    assert run.output("look") == ["1", "1", "here"]
    assert run.status == 0


def test_a_value_too_long_for_the_system(flow: Flow) -> None:
    """Linux hands over 128 KiB at most: the step fails with a message, the run goes on."""
    run = flow(
        r"""
        workflow w {
          job j {
            run "{ printf 'LONG='; head -c 200000 /dev/zero | tr '\\0' x; echo; } >> \"$JOB_ENV\""
            step "with it" { run = "echo ${#LONG}" }
          }
          job k { run "true" }
        }
        """
    )
    assert run.jobs["k"] == "success"
    if run.jobs["j"] == "success":
        assert run.output("j", "with it") == ["200000"]
    else:
        assert run.output("j", "with it") != []
        assert run.status == 1


@pytest.mark.bare
def test_more_jobs_at_once_than_there_may_be_files(flow: Flow) -> None:
    """What the caller allows softly is raised; no more jobs start than there can be files for."""
    jobs = [f'job j{number} {{ run "sleep 0.5" }}' for number in range(90)]
    running = flow.start(
        "workflow w {\n" + "\n".join(jobs) + "\n}",
        prepare=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (100, 200)),
    )
    run = running.end(60)
    assert run.status == 0
    assert len(run.jobs) == 90
    assert set(run.jobs.values()) == {"success"}
