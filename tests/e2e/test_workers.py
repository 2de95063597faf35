"""One process for several jobs in turn: what each job sees, and what becomes of the others when the
process is killed, told to stop or too late."""

from __future__ import annotations

import os
import shutil
import signal

import pytest

from tests.e2e.runs import Flow, Run, wait_for

pytestmark = pytest.mark.workers

#: What a step could notice of what the process did before.
LOOK = r"""
    pwd | sed 's|.*/||'
    umask
    ulimit -a
    trap -p
    env | sed -e 's/=.*//' -e '/^BASH_EXECUTION_STRING$/d' | sort
    for f in /proc/self/fd/*; do [ ! -e "$f" ] || echo "fd ${f##*/}"; done
    ls -A
    cat "$JOB_ENV"
    echo "$FIXED,$NXA_FIXED,${IFS+IFS}"
    echo "$STEP_NAME $ATTEMPT $SHLVL ${JOB_DIR##*/} $(ps -o pgid= -p $$ | grep -c "^ *$$$")"
"""


def runner(run: Run, job: str) -> str:
    """The process that ran the job's step, which printed it first."""
    return run.output(job)[0]


def worker(flow: Flow) -> str:
    """The process that a step wrote down."""
    return (flow.place.root / "home" / "worker").read_text().strip()


def waits_during(deed: str, *later: str) -> str:
    """A workflow whose second job does something while the process of the first, which wrote itself
    down, waits for another job: one with an environment has a process of its own."""
    rest = "\n".join(later)
    return f"""
        workflow w {{
          job a {{ run "echo $PPID >$HOME/worker" }}
          job b {{
            env   = {{ NAME = "value" }}
            needs = [a]
            run "{deed}"
          }}
          {rest}
        }}
    """


def test_jobs_share_a_process(flow: Flow) -> None:
    run = flow("""
        workflow w {
          job a { run "echo $PPID" }
          job b { needs = [a], run "echo $PPID", run "true" }
          job c { needs = [b], run "echo $PPID" }
        }
    """)
    assert run.status == 0
    assert runner(run, "a") == runner(run, "b") == runner(run, "c")


def test_a_job_sees_nothing_of_the_one_before(flow: Flow) -> None:
    job = f'run """{LOOK}"""'
    # Some of these are kept apart, since our own shell would heed them.
    env = 'env = { FIXED = "1", NXA_FIXED = "2", IFS = "," }'
    alone = flow(f"""
        workflow w {{
          {env}
          job b {{ {job} }}
        }}
    """)
    second = flow(f"""
        workflow w {{
          {env}
          job a {{
            exports = ["OTHER"]
            timeout = 1h
            step "sets" {{
              timeout = 1h
              retry   = {{ maxAttempts = 2, minTime = 10ms, maxTime = 10ms }}
              run     = \"\"\"
                echo "ATTEMPTED=$ATTEMPT" >>"$JOB_ENV"
                [ "$ATTEMPT" = 2 ] || exit 1
                printf 'OTHER=1\\nPATH=/nowhere:%s\\n' "$PATH" >>"$JOB_ENV"
                umask 000
                ulimit -n 100
                echo "$PPID" >"$HOME/worker"
                touch of-job-a
              \"\"\"
            }}
            step "fails" {{
              continueOnError = true
              env     = {{ NEW = "1" }}
              run     = "exit 3"
            }}
          }}
          job b {{
            needs = [a]
            {job}
            run "echo $PPID"
          }}
        }}
    """)
    assert alone.status == second.status == 0
    assert [*second.output("b")][-1] == worker(flow)
    assert second.output("b")[:-1] == alone.output("b")


def test_a_link_that_a_job_has_put_for_its_file_is_not_there_for_the_next(flow: Flow) -> None:
    kept = flow.place.root / "home" / "kept"
    run = flow("""
        workflow w {
          job a { run "echo $PPID; rm $JOB_ENV; touch $HOME/kept; ln -s $HOME/kept $JOB_ENV" }
          job b {
            needs = [a]
            run "echo $PPID; echo A=1 >>$JOB_ENV"
            run "echo $A"
          }
        }
    """)
    assert run.jobs == {"a": "success", "b": "success"}
    assert run.output("b")[1:] == ["1"]
    assert kept.read_text() == ""
    assert runner(run, "a") != runner(run, "b")


def many_at_once(count: int) -> str:
    """Jobs that end when all of them run."""
    meet = f"touch $HOME/$JOB_NAME; until set -- $HOME/m*; [ $# = {count} ]; do sleep 0.1; done"
    jobs = "\n".join(f'job m{number} {{ run "{meet}" }}' for number in range(count))
    return f"workflow w {{ {jobs} }}"


def test_there_is_a_process_for_each_of_many_jobs_at_once(flow: Flow) -> None:
    run = flow(many_at_once(30))
    assert run.jobs == {f"m{number}": "success" for number in range(30)}


def test_where_there_is_no_room_for_more_processes_the_jobs_fail(flow: Flow) -> None:
    tools = flow.place.root / "tools"
    tools.mkdir()
    mkfifo = shutil.which("mkfifo")
    # The first call is for the whole run.
    (tools / "mkfifo").write_text(
        f"""#!/bin/sh
case $1 in */worker.*) echo 'mkfifo: no space' >&2; exit 1 ;; esac
exec {mkfifo} "$@"
"""
    )
    (tools / "mkfifo").chmod(0o755)
    path = f"{tools}:{os.environ['PATH']}"
    jobs = "\n".join(f'job m{number} {{ run "sleep 1" }}' for number in range(10))
    run = flow(f"workflow w {{ {jobs} }}", env={"PATH": path})
    assert run.status == 1
    assert sorted(run.jobs.values()) == ["failure"] * 2 + ["success"] * 8
    assert run.reason("m9").startswith("no room for its process below /")


@pytest.mark.parametrize("name", ["TERM", "ALRM", "USR1", "USR2"])
def test_a_signal_that_comes_too_late_is_not_for_the_next_job(flow: Flow, name: str) -> None:
    last = 'job c { needs = [b], run "sleep 0.1; echo $PPID" }'
    run = flow(waits_during(f"kill -{name} $(cat $HOME/worker)", last))
    assert run.jobs == {"a": "success", "b": "success", "c": "success"}


def test_timers_end_with_their_job(flow: Flow) -> None:
    run = flow("""
        workflow w {
          job a {
            timeout = 1s
            step "s" { timeout = 1s, run = "echo $PPID" }
          }
          job b {
            needs   = [a]
            run "echo $PPID; sleep 1.5"
          }
        }
    """)
    assert run.jobs == {"a": "success", "b": "success"}
    assert runner(run, "a") == runner(run, "b")


def test_a_later_job_has_its_own_timeout(flow: Flow) -> None:
    run = flow("""
        workflow w {
          job a { run "true" }
          job b {
            needs   = [a]
            timeout = 1s
            run "sleep 60"
          }
          job c {
            needs     = [b]
            condition = always()
            run "true"
          }
        }
    """)
    assert run.jobs == {"a": "success", "b": "timeout", "c": "success"}


def test_a_later_job_is_cancelled(flow: Flow) -> None:
    running = flow.start("""
        workflow w {
          job a { run "true" }
          job b {
            needs = [a]
            run "touch $HOME/b-runs; sleep 60"
            step "tidy" { condition = cancelled(), run = "echo tidied" }
          }
          job c {
            needs     = [b]
            condition = always()
            run "true"
          }
        }
    """)
    wait_for((flow.place.root / "home" / "b-runs").exists, "the second job")
    running.send(signal.SIGTERM)
    run = running.end()
    assert run.status == 143
    assert run.jobs == {"a": "success", "b": "cancelled", "c": "success"}
    assert run.output("b", "tidy") == ["tidied"]


def test_a_step_of_a_later_job_kills_the_process(flow: Flow) -> None:
    run = flow("""
        workflow w {
          job a { run "echo $PPID" }
          job b { needs = [a], run "echo $PPID; kill -9 $PPID; sleep 60" }
          job c { needs = [a], run "sleep 0.2" }
          job d {
            needs     = [b, c]
            condition = failure()
            run "echo $PPID"
          }
        }
    """)
    assert run.status == 1
    assert run.jobs == {"a": "success", "b": "failure", "c": "success", "d": "success"}
    assert "without a result" in run.reason("b")
    assert runner(run, "a") == runner(run, "b") != runner(run, "d")


def test_a_process_that_was_killed_while_it_waited(flow: Flow) -> None:
    run = flow(
        waits_during(
            "kill -9 $(cat $HOME/worker)",
            'job c { needs = [b], run "echo $PPID" }',
            'job d { needs = [c], run "echo $PPID" }',
        )
    )
    assert run.status == 0
    assert runner(run, "c") == runner(run, "d")
    assert runner(run, "c") != worker(flow)


def test_a_process_does_not_wait_for_ever(flow: Flow) -> None:
    run = flow(
        waits_during(
            "while kill -0 $(cat $HOME/worker); do sleep 0.1; done 2>/dev/null",
            'job c { needs = [b], run "echo $PPID" }',
        )
    )
    assert run.jobs == {"a": "success", "b": "success", "c": "success"}
    assert runner(run, "c") != worker(flow)


def test_executors_have_their_own(flow: Flow) -> None:
    run = flow("""
        workflow w {
          executor one = local { copyRepo = false }
          executor two = local { copyRepo = false }
          job a { executor = one, run "echo $PPID $JOB_DIR" }
          job b { executor = two, needs = [a], run "echo $PPID $JOB_DIR" }
          job c { executor = one, needs = [b], run "echo $PPID $JOB_DIR" }
          job d { executor = two, needs = [c], run "echo $PPID $JOB_DIR" }
        }
    """)
    assert run.status == 0
    process = {job: runner(run, job).split()[0] for job in "abcd"}
    assert process["a"] == process["c"] != process["b"] == process["d"]
    places = {job: runner(run, job).split("/")[-3] for job in "abcd"}
    assert places == {"a": "one", "b": "two", "c": "one", "d": "two"}


@pytest.mark.parametrize(
    "parts",
    [
        ("env = { WHO = env.JOB_NAME }", ""),
        ("", "env = { WHO = env.JOB_NAME }"),
        ("", 'matrix = { who = ["b"] }\n env = { WHO = matrix.who }'),
    ],
)
def test_what_depends_on_the_job_is_made_for_each(flow: Flow, parts: tuple[str, str]) -> None:
    of_run, of_job = parts
    run = flow(f"""
        workflow w {{
          {of_run}
          job a {{ {of_job.replace('"b"', '"a"')}
            run "echo ${{WHO#a}}" }}
          job b {{ needs = [a], {of_job}
            run "echo ${{WHO#b}}" }}
        }}
    """)
    assert run.status == 0
    assert run.output() == ["", ""], run.text


def test_what_a_job_reads_of_another(flow: Flow) -> None:
    run = flow("""
        workflow w {
          job a {
            exports = ["X"]
            run "echo X=1 >>$JOB_ENV"
          }
          job b {
            needs = [a]
            step "s" { condition = needs.a.X == "1", run = "echo $PPID" }
          }
        }
    """)
    assert run.steps("b") == {"s": "success"}


@pytest.mark.parametrize("whole", [False, True], ids=["script", "script and scheduler"])
def test_a_script_that_was_killed_leaves_no_process(flow: Flow, whole: bool) -> None:
    script = flow.build(
        """
        workflow w {
          executor bare = local { copyRepo = false }
          job a { executor = bare, run "echo $PPID >$HOME/worker" }
          job b {
            executor = bare
            env      = { NAME = "value" }
            needs    = [a]
            run "touch $HOME/b-runs; sleep 60"
          }
        }
        """
    )
    running = flow.start(script)
    wait_for((flow.place.root / "home" / "b-runs").exists, "the second job")
    pid = worker(flow)
    assert alive(pid)
    scheduler = parent(pid)
    running.process.kill()
    if whole:
        os.kill(scheduler, signal.SIGKILL)
    # What is left still holds its output.
    for pipe in (running.process.stdout, running.process.stderr):
        assert pipe is not None
        pipe.close()
    running.process.wait()
    assert flow(script, "--gc", format="").status == 0
    wait_for(lambda: not alive(pid), "the end of the process that waited for a job")


def test_no_process_is_left_where_the_scheduler_was_killed(flow: Flow) -> None:
    run = flow(waits_during("kill -9 $(cut -d' ' -f4 /proc/$PPID/stat); sleep 60"))
    assert run.status == 1
    assert "the scheduler was killed" in run.stderr
    wait_for(lambda: not alive(worker(flow)), "the end of the process that waited", timeout=2)


def parent(pid: str) -> int:
    return int(stat(pid)[1])


def alive(pid: str) -> bool:
    try:
        return stat(pid)[0] != "Z"
    except FileNotFoundError:
        return False


def stat(pid: str) -> list[str]:
    """State, parent and what follows, as proc(5) has them behind the name."""
    with open(f"/proc/{pid}/stat") as file:
        return file.read().rpartition(")")[2].split()
