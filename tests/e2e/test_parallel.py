"""Groups of steps that run at once: what their members share, and what each has for itself."""

from __future__ import annotations

import signal
import time

import pytest

from tests.e2e.runs import Flow, Run, processes_with, wait_for

BASH = '"""'
#: Steps that make a job long enough to be run by a shell of its own.
FILLING = "\n".join('run "true"' for _ in range(8))


def group(*members: str, after: str = "", job: str = "") -> str:
    """A workflow with one job: fields, a group, and what follows it."""
    steps = "\n".join(members)
    return f"workflow w {{ job j {{\n{job}\nparallel {{\n{steps}\n}}\n{after}\n}} }}"


def step(name: str, run: str, *fields: str) -> str:
    """A step with a shell text of several lines."""
    body = "\n".join((*fields, f"run = {BASH}\n{run}\n{BASH}"))
    return f'step "{name}" {{\n{body}\n}}'


@pytest.mark.parametrize("more", ["", FILLING], ids=["short", "long"])
def test_members_run_at_once(flow: Flow, more: str) -> None:
    """Each waits for the other: one after the other, they would never end."""
    run = flow(
        f"""
        workflow w {{
          job j {{
            run "mkfifo to-b to-a"
            parallel {{
              step "a" {{ run = "echo ping > to-b; cat to-a" }}
              step "b" {{ run = "cat to-b; echo pong > to-a" }}
            }}
            run "echo after"
            {more}
          }}
        }}
        """
    )
    assert run.status == 0
    assert run.output("j", "a") == ["pong"]
    assert run.output("j", "b") == ["ping"]
    ends = [each["event"] for each in run.events if each.get("step") in ("a", "b")]
    assert ends.index("step_end") > ends.index("output")
    after = next(n for n, each in enumerate(run.events) if each.get("step") == "echo after")
    last = max(n for n, each in enumerate(run.events) if each.get("step") in ("a", "b"))
    assert after > last, "the step after the group began before all of it was told"


def test_the_group_fails_after_all_have_ended(flow: Flow) -> None:
    run = flow(
        group(
            step("bad", "exit 7"),
            step("slow", "sleep 0.3; echo done"),
            step("tolerated", "exit 3", "continueOnError = true"),
            after="""
            step "skipped" { run = "true" }
            step "failed" {
              condition = failure()
              run       = "echo seen"
            }
            """,
        )
    )
    assert run.status == 1
    assert run.output("j", "slow") == ["done"]
    assert run.steps("j") == {
        "bad": "failure",
        "slow": "success",
        "tolerated": "failure",
        "skipped": "skipped",
        "failed": "success",
    }
    assert run.of("step_end", "j", "bad")[0]["exit_code"] == 7


def test_tolerated_failures_fail_no_group(flow: Flow) -> None:
    run = flow(
        group(
            step("tolerated", "exit 3", "continueOnError = true"),
            step("slow", "sleep 60", "continueOnError = true", "timeout = 100ms"),
            after='step "after" { run = "true" }',
        )
    )
    assert run.status == 0
    assert run.steps("j") == {"tolerated": "failure", "slow": "timeout", "after": "success"}


def test_conditions_see_what_is_before_the_group(flow: Flow) -> None:
    """Not each other, however late they are looked at."""
    run = flow(
        """
        workflow w {
          job j {
            step "before" { run = "echo READY=yes >> \\"$JOB_ENV\\"" }
            parallel {
              step "bad" { run = "exit 1" }
              step "late" {
                condition = "sleep 0.3"
                run       = "true"
              }
              step "only then" {
                condition = failure()
                run       = "true"
              }
              step "ready" {
                condition = env.READY == "yes"
                run       = "echo $READY"
              }
              step "wrong" {
                condition = "exit 5"
                run       = "true"
              }
            }
          }
        }
        """
    )
    assert run.steps("j") == {
        "before": "success",
        "bad": "failure",
        "late": "success",
        "only then": "skipped",
        "ready": "success",
        "wrong": "failure",
    }
    (wrong,) = run.of("step_end", "j", "wrong")
    assert wrong["reason"] == "condition exited with 5"


def test_retry_of_a_member(flow: Flow) -> None:
    run = flow(
        group(
            step(
                "flaky",
                'echo "try $ATTEMPT"; echo "N=$ATTEMPT" >> "$JOB_ENV"; exit $((3 - ATTEMPT))',
                'retry = { maxAttempts = 3, backoff = "constant", minTime = 10ms }',
            ),
            step("steady", "sleep 0.1"),
            after='step "after" { run = "echo $N" }',
        )
    )
    assert run.status == 0
    assert run.output("j", "flaky") == ["try 1", "try 2", "try 3"]
    assert [each["attempt"] for each in run.of("step_retry", "j", "flaky")] == [1, 2]
    (end,) = run.of("step_end", "j", "flaky")
    assert (end["attempt"], end["max_attempts"]) == (3, 3)
    assert run.output("j", "after") == ["3"], "what failed attempts gave is dropped"


def test_timeout_of_a_member(flow: Flow, marker: str) -> None:
    run = flow(
        group(
            step("slow", f"bash -c 'sleep 60; :' {marker}; :", "timeout = 300ms"),
            step("other", "sleep 0.6; echo done"),
            after=f"""
            step "left" {{
              condition = always()
              run       = "ps -eo args= | grep -c '{marker[:-1]}[{marker[-1]}]' || :"
            }}
            """,
        )
    )
    assert run.steps("j") == {"slow": "timeout", "other": "success", "left": "success"}
    (end,) = run.of("step_end", "j", "slow")
    assert end["exit_code"] == 124
    assert run.output("j", "other") == ["done"]
    assert run.output("j", "left") == ["0"]


def test_what_members_give_is_merged_in_order(flow: Flow) -> None:
    """Not in the order in which they end; what a failed one gave is dropped."""
    run = flow(
        group(
            step("first", "sleep 0.3; printf 'A=1\\nONE=1\\n' >> \"$JOB_ENV\""),
            step("second", "printf 'A=2\\nB<<E\\ntwo\\nlines \\\\ $\\nE\\n' >> \"$JOB_ENV\""),
            step("third", 'echo "A=3" >> "$JOB_ENV"; exit 1', "continueOnError = true"),
            step("mine", 'echo "A=${A-none} ${JOB_ENV##*/}"'),
            step("bad", 'echo "no name" >> "$JOB_ENV"', "continueOnError = true"),
            job='exports = ["A", "B"]',
            after='step "after" { run = "echo \\"$A $ONE\\"; echo \\"$B\\"" }',
        ).replace(
            "workflow w {",
            """
            workflow w {
              job reads {
                needs = [j]
                env   = { A = needs.j.A, B = needs.j.B }
                run "echo \\"$A\\"; echo \\"$B\\""
              }
            """,
        )
    )
    assert run.status == 0
    assert run.output("j", "after") == ["2 1", "two", "lines \\ $"]
    assert run.output("reads") == ["2", "two", "lines \\ $"]
    assert run.output("j", "mine") == ["A=none env"]
    (bad,) = run.of("step_end", "j", "bad")
    assert bad["reason"] == "bad line in $JOB_ENV: no name"


def test_all_that_steps_have(flow: Flow) -> None:
    """Actions, environments, directories, providers, in a job of a matrix from a template."""
    flow.say("deep/file", "found\n")
    run = flow(
        """
        action greet(who) {
          env = { KIND = "action" }
          run = "echo \\"hello $who, $KIND\\""
        }
        template checks(word) {
          matrix = { n = [1, 2] }
          env    = { LEVEL = "job", WORD = word }
          run "echo GIVEN=given >> \\"$JOB_ENV\\""
          parallel {
            use greet(who = "one")
            use greet(who = "two")
            use greet(who = "three") { env = { KIND = "mine" } }
            step "env" {
              env = { LEVEL = "step", IFS = "-" }
              run = "echo \\"$LEVEL $WORD $MATRIX_N $GIVEN $STEP_NAME $ATTEMPT $JOB_NAME\\""
            }
            step "there" {
              workdir = "deep"
              run     = "cat file"
            }
            step "python" {
              run = \"\"\"python
                import os
                print(os.environ["STEP_NAME"], os.path.basename(os.getcwd()))
              \"\"\"
            }
            step "provided" {
              envFrom = [static({ P = "p1" }), exec("echo Q=q1")]
              run     = "echo $P $Q"
            }
            step "provided, too" {
              envFrom = [static({ P = "p2" }), exec("sleep 0.2; echo Q=q2")]
              run     = "echo $P $Q"
            }
          }
        }
        workflow w {
          job j = checks("w")
        }
        """
    )
    assert run.jobs == {"j-n-1": "success", "j-n-2": "success"}
    for n in (1, 2):
        job = f"j-n-{n}"
        assert run.output(job, "greet") == ["hello one, action"]
        assert run.output(job, "greet #2") == ["hello two, action"]
        assert run.output(job, "greet #3") == ["hello three, mine"]
        assert run.output(job, "env") == [f"step w {n} given env 1 {job}"]
        assert run.output(job, "there") == ["found"]
        assert run.output(job, "python") == [f"python {job}"]
        assert run.output(job, "provided") == ["p1 q1"]
        assert run.output(job, "provided, too") == ["p2 q2"]


def test_a_provider_that_fails_fails_its_member(flow: Flow) -> None:
    run = flow(
        group(
            step("lacks", "true", 'envFrom = [required("NOT_THERE_X")]'),
            step("has", "true"),
        )
    )
    assert run.steps("j") == {"lacks": "failure", "has": "success"}
    (end,) = run.of("step_end", "j", "lacks")
    assert "NOT_THERE_X" in end["reason"]


def lines_of(run: Run, format: str) -> list[str]:
    """The lines that steps printed."""
    if format == "json":
        return run.output("j")
    return [line.rpartition("] ")[2] for line in run.lines if "==" not in line]


@pytest.mark.parametrize("format", ["structured", "json", "simple"])
def test_long_lines_of_members_are_not_torn(flow: Flow, format: str) -> None:
    members = [
        step(
            letter,
            f'line=$(head -c 8000 /dev/zero | tr "\\0" {letter})\n'
            f'for n in 1 2 3 4 5 6 7 8; do echo "$line"; echo "{letter}"; done',
        )
        for letter in "abcdef"
    ]
    run = flow(group(*members), format=format)
    assert run.status == 0
    printed = [line for line in lines_of(run, format) if line.strip("abcdef") == ""]
    assert len(printed) == 96
    for letter in "abcdef":
        assert printed.count(letter * 8000) == 8
        assert printed.count(letter) == 8
    if format == "json":
        assert run.output("j", "c") == ["c" * 8000, "c"] * 8


@pytest.mark.parametrize("format", ["structured", "json", "simple"])
def test_bytes_of_members(flow: Flow, format: str) -> None:
    """Blank and unended lines, what is no UTF-8, and what looks like records."""
    run = flow(
        group(
            step("a", r"printf ' x\\n\n\n%%s \036line\0371\037no\n\377'; printf 'open' >&2"),
            step("b", "true"),
        ),
        format=format,
    )
    assert run.status == 0
    if format == "json":
        wanted = [" x\\n", "", "%s \x1eline\x1f1\x1fno", "\ufffdopen"]
        assert run.output("j", "a") == wanted
    else:
        text = b"%s \036line\0371\037no\n"
        assert text in run.stdout
        assert b"\377open" in run.stdout


def test_lines_are_told_at_once(flow: Flow) -> None:
    """A line of a member is out while the member and the others still run."""
    go = flow.place.root / "go"
    running = flow.start(
        group(
            step("talks", f'echo now; until [ -e "{go}" ]; do sleep 0.05; done'),
            step("waits", f'until [ -e "{go}" ]; do sleep 0.05; done'),
        ),
        format="simple",
    )
    assert running.process.stdout is not None
    seen = b""
    while b"now\n" not in seen:
        seen += running.process.stdout.readline()
    go.touch()
    assert running.end().status == 0


def test_much_output_of_members(flow: Flow) -> None:
    count = 2_000
    run = flow(group(step("a", f"seq {count}"), step("b", f"seq {count}")))
    wanted = [str(n) for n in range(1, count + 1)]
    assert run.output("j", "a") == wanted
    assert run.output("j", "b") == wanted


def test_what_members_leave_lives_until_the_job_ends(flow: Flow, marker: str) -> None:
    """And what it prints then is still told, as the job's."""
    run = flow(
        group(
            step(
                "leaves",
                f'bash -c \'trap "echo tidied; exit" TERM; until [ -e said ]; do sleep 0.05; done;'
                f" echo late; touch heard; while :; do sleep 0.05; done' {marker} &",
            ),
            step("detaches", f"(setsid bash -c 'sleep 60; :' {marker} &)"),
            after=f"""
            step "lives" {{
              timeout = 20s
              run     = {BASH}
                until [ "$(ps -eo args= | grep -c '^bash.*{marker[:-1]}[{marker[-1]}]')" = 2 ]; do
                  sleep 0.05
                done
                touch said
                until [ -e heard ]; do sleep 0.05; done
              {BASH}
            }}
            """,
        ),
        timeout=40,
    )
    assert run.status == 0
    others = [each for each in run.of("output") if each.get("step") in (None, "lives")]
    said = [each["message"] for each in others if "Terminated" not in each["message"]]
    assert said == ["late", "tidied"]
    assert processes_with(marker) == []


CANCELLED = """
        workflow w {{
          job j {{
            parallel {{
              step "one" {{ run = "touch '{root}/one'; bash -c 'sleep 60; :' {marker}" }}
              step "two" {{
                retry = {{ maxAttempts = 2, minTime = 60s }}
                run   = "touch '{root}/two'; exit 1"
              }}
              step "asks" {{
                condition = "touch '{root}/asks'; sleep 60"
                run       = "true"
              }}
              step "quick" {{ run = "true" }}
            }}
            step "skipped" {{ run = "true" }}
            parallel {{
              step "always" {{
                condition = always()
                run       = "sleep 0.2; echo ran"
              }}
              step "cancelled" {{
                condition = cancelled()
                run       = "echo ran"
              }}
              step "failure" {{
                condition = failure()
                run       = "true"
              }}
            }}
          }}
        }}
        """


def test_cancelled_during_a_group(flow: Flow, marker: str) -> None:
    root = flow.place.root
    running = flow.start(CANCELLED.format(root=root, marker=marker))
    for name in ("one", "two", "asks"):
        wait_for((root / name).exists, name)
    time.sleep(0.1)
    running.send(signal.SIGTERM)
    run = running.end()
    assert run.status == 143
    assert run.jobs == {"j": "cancelled"}
    steps = run.steps("j")
    # A condition that was stopped is in error, in groups as elsewhere.
    assert steps.pop("asks") in ("cancelled", "failure")
    assert steps == {
        "one": "cancelled",
        "two": "cancelled",
        "quick": "success",
        "skipped": "skipped",
        "always": "success",
        "cancelled": "success",
        "failure": "skipped",
    }
    assert processes_with(marker) == []
    assert list(flow.place.workspaces.iterdir()) == []


@pytest.mark.parametrize("delay", [0, 5, 10, 20, 30, 40, 60])
def test_cancelled_at_any_moment(flow: Flow, marker: str, delay: int) -> None:
    """Also while the members are being started."""
    running = flow.start(
        group(
            *(step(f"m{n}", f"bash -c 'sleep 60; :' {marker}") for n in range(6)),
            after=f"""
            step "always" {{
              condition = always()
              run       = "ps -eo args= | grep -c '{marker[:-1]}[{marker[-1]}]' || :"
            }}
            """,
            job=f"run \"touch '{flow.place.root}/started'\"",
        )
    )
    wait_for((flow.place.root / "started").exists, "the first step")
    time.sleep(delay / 1000)
    running.send(signal.SIGTERM)
    run = running.end()
    assert run.status == 143
    assert run.jobs == {"j": "cancelled"}
    steps = run.steps("j")
    assert {steps[f"m{n}"] for n in range(6)} <= {"cancelled", "skipped"}
    assert steps["always"] == "success"
    assert run.output("j", "always") == ["0"]
    assert processes_with(marker) == []


def test_cancelled_between_the_start_of_the_first_member_and_a_note_of_it(
    flow: Flow, marker: str
) -> None:
    root = flow.place.root
    sleep = f"bash -c 'sleep 60; :' {marker}"
    script = flow.build(group(step("a", f"touch '{root}/on'; {sleep}"), step("b", sleep)))
    text, note = script.read_text(), "  NXA_MEMBER_PID[NXA_STEP]=$! "
    assert text.count(note) == 1
    script.write_text(text.replace(note, f"  until [ -e '{root}/go' ]; do :; done\n{note}"))
    running = flow.start(script)
    wait_for((root / "on").exists, "the first member")
    running.send(signal.SIGTERM)
    time.sleep(0.3)
    (root / "go").touch()
    run = running.end(30)
    assert run.status == 143
    assert run.steps("j") == {"a": "cancelled", "b": "skipped"}
    assert processes_with(marker) == []


def test_the_second_signal_ends_a_group(flow: Flow, marker: str) -> None:
    root = flow.place.root
    stubborn = f"trap '' TERM; touch '{root}/on'; bash -c 'sleep 60; :' {marker}; sleep 60"
    running = flow.start(group(step("a", stubborn, "condition = always()"), step("b", "sleep 60")))
    wait_for((root / "on").exists, "the first member")
    running.send(signal.SIGTERM)
    time.sleep(0.3)
    running.send(signal.SIGTERM)
    run = running.end(30)
    assert run.status == 143
    assert run.jobs == {"j": "cancelled"}
    assert processes_with(marker) == []
    assert list(flow.place.workspaces.iterdir()) == []


def test_timeout_of_the_job(flow: Flow, marker: str) -> None:
    run = flow(
        group(
            step("one", f"bash -c 'sleep 60; :' {marker}"),
            step("two", f"bash -c 'sleep 60; :' {marker}; true", "condition = always()"),
            step("quick", "true"),
            job="timeout = 700ms",
            after="""
            parallel {
              step "always" {
                condition = always()
                run       = "echo ran"
              }
              step "skipped" { run = "true" }
            }
            """,
        )
    )
    assert run.jobs == {"j": "timeout"}
    assert run.steps("j") == {
        "one": "failure",
        "two": "failure",
        "quick": "success",
        "always": "success",
        "skipped": "skipped",
    }
    assert run.output("j", "always") == ["ran"]
    assert processes_with(marker) == []


def test_the_grace_after_a_timeout_ends_members(flow: Flow, marker: str) -> None:
    run = flow(
        group(
            step("late", f"bash -c 'sleep 60; :' {marker}", "condition = always()"),
            step("later", "true", "condition = always()"),
            job='timeout = 200ms\nrun "sleep 60"',
        )
    )
    assert run.jobs == {"j": "timeout"}
    assert run.steps("j")["late"] == "failure"
    assert run.steps("j")["later"] == "success"
    assert processes_with(marker) == []


@pytest.mark.parametrize(
    "deed",
    [
        "kill -9 0",
        "kill -9 $PPID",
        "kill -9 $PPID; exec bash -c 'sleep 60; :' {marker}",
        "bash -c 'sleep 60; :' {marker} & kill -9 $PPID; exit 0",
        'kill -9 -- "-$PPID"; exit 1',
        "kill -9 $PPID 0",
        "kill -9 $$",
    ],
)
def test_a_member_that_kills(flow: Flow, deed: str, marker: str) -> None:
    """It fails alone, whatever it kills of what is around it."""
    run = flow(
        group(
            step("good", 'sleep 0.3; echo done; echo V=v >> "$JOB_ENV"'),
            step("bad", deed.format(marker=marker)),
            step("late", "sleep 0.5; echo done"),
            after="""
            step "after" {
              condition = failure()
              run       = "echo after $V"
            }
            """,
        ),
        timeout=40,
    )
    assert run.status == 1
    assert run.jobs == {"j": "failure"}
    assert run.steps("j") == {
        "good": "success",
        "bad": "failure",
        "late": "success",
        "after": "success",
    }
    assert run.output("j", "good") == run.output("j", "late") == ["done"]
    assert run.output("j", "after") == ["after v"]
    assert processes_with(marker) == []
    assert list(flow.place.workspaces.iterdir()) == []


def test_a_member_that_kills_the_runner(flow: Flow, marker: str) -> None:
    """The job fails, as it does for any step, and nothing of it stays."""
    run = flow(
        group(
            step("other", f"bash -c 'sleep 60; :' {marker}"),
            step(
                "bad",
                f"bash -c 'sleep 60; :' {marker} &\nkill -9 $(ps -o ppid= -p $PPID)\nsleep 60",
            ),
        ),
        timeout=40,
    )
    assert run.status == 1
    assert run.jobs == {"j": "failure"}
    assert processes_with(marker) == []


def test_a_perl_that_does_not_work(flow: Flow) -> None:
    """Bash hands the lines on then."""
    broken = flow.place.root / "bin"
    broken.mkdir()
    (broken / "perl").write_text("#!/bin/sh\nexit 3\n")
    (broken / "perl").chmod(0o755)
    path = f"{broken}:{flow.path}"
    run = flow(group(step("a", "echo a"), step("b", "echo b")), env={"PATH": path})
    assert run.status == 0
    assert (run.output("j", "a"), run.output("j", "b")) == (["a"], ["b"])


def test_groups_of_one_and_of_none(flow: Flow) -> None:
    run = flow(
        """
        workflow w {
          job j {
            parallel { run "echo one" }
            parallel {}
            run "echo two"
          }
        }
        """
    )
    assert run.status == 0
    assert run.output("j") == ["one", "two"]


def test_they_are_shown(flow: Flow) -> None:
    text = group(
        step("a", "true"),
        step("b", "true", "condition = always()"),
        after='run "echo after"\nparallel { run "echo c" }',
        job='run "echo before"',
    )
    assert flow(text, "--list", format="").lines == [
        "j",
        "  executor: local",
        "  steps:",
        "    - echo before",
        "    - parallel:",
        "      - a",
        "      - b",
        "    - echo after",
        "    - parallel:",
        "      - echo c",
    ]
    assert flow(text, "--dry-run", format="").lines == [
        "1. j (on local, if success())",
        "   - echo before",
        "   - parallel:",
        "     - a",
        "     - b (if always())",
        "   - echo after",
        "   - parallel:",
        "     - echo c",
    ]
