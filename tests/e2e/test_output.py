"""Formats of the log: whole lines, valid JSON, the steps' own bytes."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.e2e.runs import Flow

BASH = '"""'

#: What a step prints (for printf %b), and the messages that come of it.
PRINTED = {
    "quotes": (r"say \0042hi\0042 \\ there\n", ['say "hi" \\ there']),
    "controls": (r"a\001\002\033[31mb\037\036\177\tc\n", ["a\x01\x02\x1b[31mb\x1f\x1e\x7f\tc"]),
    "carriage return": (r"one\rtwo\r\n", ["one\rtwo\r"]),
    "invalid": (r"a\0377b\0300\0200c\0355\0240\0200\n", ["a�b��c���"]),
    "cut sequence": (r"end\0342\0202\n", ["end��"]),
    "unicode": ("é € \U0001f600 \u2028\\n", ["é € \U0001f600 \u2028"]),
    "blank lines": (r"\n\n a \n", ["", "", " a "]),
    "no end": ("open", ["open"]),
    "looks like ours": (r"{\0042event\0042:\0042job_end\0042}\n", ['{"event":"job_end"}']),
    "percent": (r"100%% %s %d\n", ["100%% %s %d"]),
    "glob": ("* ? [a]\\n", ["* ? [a]"]),
}


@pytest.mark.parametrize("name", PRINTED)
def test_json_is_always_valid(flow: Flow, name: str) -> None:
    text, messages = PRINTED[name]
    run = flow(
        """
        workflow w {
          job j {
            step "print" { run = "printf '%b' \\"$TEXT\\"" }
            step "after" { run = "printf '%b' \\"$TEXT\\" >&2" }
          }
        }
        """,
        env={"TEXT": text},
    )
    assert run.status == 0
    assert run.output("j", "print") == messages
    assert run.output("j", "after") == messages


@pytest.mark.parametrize("format", ["json", "structured", "simple"])
def test_a_line_of_a_megabyte(flow: Flow, format: str) -> None:
    run = flow(
        f"""
        workflow w {{
          job j {{
            run {BASH}
              head -c 1000000 /dev/zero | tr '\\0' x
              echo end
            {BASH}
          }}
        }}
        """,
        format=format,
    )
    assert run.status == 0
    if format == "json":
        assert run.output("j") == ["x" * 1_000_000 + "end"]
    else:
        assert [line for line in run.lines if line.endswith("x" * 1_000_000 + "end")]


def test_nuls(flow: Flow) -> None:
    """They may be kept or dropped; an old shell drops what follows in the line, nothing else."""
    run = flow(
        r"""
        workflow w {
          job j {
            run "printf 'a\\0b\nnext\n'"
            step "after" { run = "echo after" }
          }
        }
        """
    )
    first, *rest = run.output("j")
    assert first in ("a\0b", "ab", "a")
    assert rest == ["next", "after"]
    assert set(run.steps("j").values()) == {"success"}


def test_names_are_escaped(flow: Flow) -> None:
    run = flow(
        r"""
        workflow w {
          job j {
            step "say \"$(touch canary)\" \\ `x`\ttab\nline %s" { run = "echo \"$STEP_NAME\"" }
          }
        }
        """
    )
    name = 'say "$(touch canary)" \\ `x`\ttab\nline %s'
    assert run.steps("j") == {name: "success"}
    assert "\n".join(run.output("j", name)) == name
    assert not list(flow.place.root.rglob("canary"))


def test_json_events(flow: Flow) -> None:
    run = flow(
        """
        workflow w {
          job j {
            retry = { maxAttempts = 2, minTime = 1500us, maxTime = 2ms }
            step "s" { run = "exit $((2 - ATTEMPT))" }
          }
          job k {
            condition = env.NEVER == "x"
            run "true"
          }
        }
        """.replace("1500us", "2ms")
    )
    kinds = [(each["event"], each.get("job"), each.get("status")) for each in run.events]
    assert kinds[0] == ("workflow_start", None, None)
    assert kinds[-1] == ("workflow_end", None, "success")
    assert [kind for kind in kinds if kind[1] == "j"] == [
        ("job_start", "j", None),
        ("step_start", "j", None),
        ("step_retry", "j", "failure"),
        ("step_start", "j", None),
        ("step_end", "j", "success"),
        ("job_end", "j", "success"),
    ]
    assert [kind for kind in kinds if kind[1] == "k"] == [("job_end", "k", "skipped")]
    assert "executor_setup" in [kind[0] for kind in kinds]
    assert "executor_cleanup" in [kind[0] for kind in kinds]
    assert len({each["run"] for each in run.events}) == 1
    for each in run.events:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", each["timestamp"])
        for key in ("exit_code", "duration_ms", "delay_ms", "attempt", "max_attempts"):
            assert isinstance(each.get(key, 0), int)


def test_structured(flow: Flow) -> None:
    run = flow(
        """
        workflow w {
          job j {
            step "unit tests" { run = "echo '[x] text'" }
            step "bad" { run = "exit 7" }
            step "not run" { run = "true" }
          }
        }
        """,
        format="structured",
    )
    stamp = r"\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\] "
    lines = [line[line.index("] ") + 2 :] for line in run.lines if re.match(stamp, line)]
    assert len(lines) == len(run.lines)
    lines = [re.sub(r"\d+\.\d{3}s", "N", line) for line in lines]
    assert [line for line in lines if "Executor" not in line] == [
        "[workflow:w] Starting",
        "[workflow:w] [job:j] Starting",
        "[workflow:w] [job:j] [step:unit tests] Starting",
        "[workflow:w] [job:j] [step:unit tests] [x] text",
        "[workflow:w] [job:j] [step:unit tests] Completed (duration: N, exit: 0)",
        "[workflow:w] [job:j] [step:bad] Starting",
        "[workflow:w] [job:j] [step:bad] Failed (duration: N, exit: 7)",
        "[workflow:w] [job:j] [step:not run] Skipped (condition: success())",
        "[workflow:w] [job:j] Failed (duration: N, exit: 1)",
        "[workflow:w] Failed (duration: N, exit: 1)",
    ]


def test_simple_keeps_bytes(flow: Flow) -> None:
    run = flow(
        """
        workflow w {
          job j {
            step "print" { run = "printf '%b' \\"$TEXT\\"" }
          }
        }
        """,
        format="simple",
        env={"TEXT": r"a\033[1m\r\0377\0300 b\001\n\n \\ * \tend\n"},
    )
    before, _, rest = run.stdout.partition(b"\n")
    assert before == b"==> j / print"
    printed, _, after = rest.rpartition(b"<== j / print: Completed")
    assert printed == b"a\x1b[1m\r\xff\xc0 b\x01\n\n \\ * \tend\n"
    assert after.endswith(b"exit: 0)\n")


def test_simple_without_a_last_line_break(flow: Flow) -> None:
    run = flow('workflow w { job j { run "printf open" } }', format="simple")
    assert b"open" in run.stdout
    assert run.status == 0


def test_the_format_of_the_environment_and_of_the_workflow(flow: Flow) -> None:
    script = flow.build('workflow w { logging = { format = "simple" }, job j { run "echo x" } }')
    assert flow(script, format="").lines[:2] == ["==> j / echo x", "x"]
    env = {"NIXACTIONS_LOG_FORMAT": "json"}
    assert flow(script, format="", env=env).output("j") == ["x"]
    assert flow(script, format="simple", env=env).lines[:2] == ["==> j / echo x", "x"]


@pytest.mark.parametrize("jobs", [2, 6])
@pytest.mark.parametrize("to", ["pipe", "file"])
@pytest.mark.parametrize("format", ["structured", "json"])
def test_long_lines_of_many_jobs_stay_whole(
    flow: Flow, jobs: int, to: str, format: str, tmp_path: Path
) -> None:
    count = 60 // jobs
    names = [f"j{number}" for number in range(jobs)]
    text = "\n".join(
        f"""
          job {name} {{
            run {BASH}
              line=$(printf '%8000s' '' | tr ' ' "${{JOB_NAME#j}}")
              for ((i = 0; i < {count}; i++)); do echo "$i $line end"; done
            {BASH}
          }}
        """
        for name in names
    )
    script = flow.build(f"workflow w {{ {text} }}")
    if to == "file":
        out = tmp_path / "out"
        with out.open("wb") as file:
            flow.start(script, format=format, stdout=file.fileno()).end()
        printed = out.read_bytes()
    else:
        printed = flow(script, format=format).stdout
    whole = re.compile(r"(\d+) (\d)\2{7999} end(?:\"})?")
    seen: dict[str, list[int]] = {}
    for line in printed.decode().splitlines():
        # Any line with a piece of a long one in it must be one long line, up to its end.
        if re.search(r"(\d)\1{50}", line):
            found = whole.search(line)
            assert found, f"torn: {line[:80]}…{line[-80:]}"
            assert found.end() == len(line), f"torn: {line[:80]}…{line[-80:]}"
            seen.setdefault(f"j{found[2]}", []).append(int(found[1]))
    assert seen == {name: list(range(count)) for name in names}


def test_nobody_reads_on(flow: Flow) -> None:
    """A closed standard output: jobs go on, and the exit status is theirs."""
    made = flow.place.root / "made"
    script = flow.build(
        f"""
        workflow w {{
          job j {{
            step "print" {{ run = "for ((i = 0; i < 3000; i++)); do echo line $i; done" }}
            step "touch" {{ run = "touch '{made}'" }}
            step "end" {{ run = "exit 5" }}
          }}
        }}
        """
    )
    ran = subprocess.run(
        [
            flow.shell,
            "-c",
            f"'{flow.shell}' '{script}' | head -n 2; echo \"${{PIPESTATUS[0]}}\"",
        ],
        cwd=flow.place.repo,
        env=flow.place.environment({}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.stdout.splitlines()[2:] == ["1"]
    assert ran.stderr == ""
    assert made.exists()


@pytest.mark.parametrize("descriptors", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_descriptors(flow: Flow, descriptors: str) -> None:
    made = flow.place.root / "made"
    script = flow.build(
        f"workflow w {{ job j {{ run \"cat; echo out; echo err >&2; touch '{made}'\" }} }}"
    )
    ran = subprocess.run(
        ["/bin/sh", "-c", f"exec '{flow.shell}' '{script}' {descriptors}"],
        cwd=flow.place.repo,
        env=flow.place.environment({}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
    )
    assert ran.returncode == 0
    assert made.exists()
