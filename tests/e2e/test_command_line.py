"""The script's command line: what it says of itself, which jobs run, what it refuses."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.e2e.runs import Flow, wait_for

WORKFLOW = """
    # Builds and ships.
    workflow ship {
      input to {
        type        = "choice"
        options     = ["staging", "live site"]
        default     = "staging"
        description = "where to"
      }
      input count { type = "number", default = 1 }
      input loud { type = "boolean", default = false }
      # Style.
      # And more.
      job lint { run "echo lint" }
      job test {
        needs  = [lint]
        matrix = { n = [1, 2] }
        step "unit tests" { run = "echo test" }
        step "report" {
          condition = always()
          run       = "true"
        }
      }
      job deploy {
        needs     = [test]
        condition = input.to == "live site"
        run "echo \\"$INPUT_TO $INPUT_COUNT $INPUT_LOUD\\""
      }
      job other { run "true" }
    }
    """


@pytest.mark.parametrize("option", ["-l", "--list"])
def test_list(flow: Flow, option: str) -> None:
    run = flow(WORKFLOW, option, format="")
    assert run.status == 0
    assert run.lines == [
        "lint",
        "  # Style.",
        "  # And more.",
        "  executor: local",
        "  steps:",
        "    - echo lint",
        *(
            line
            for n in (1, 2)
            for line in (
                f"test-n-{n}",
                "  executor: local",
                "  needs: lint",
                "  steps:",
                "    - unit tests",
                "    - report",
            )
        ),
        "deploy",
        "  executor: local",
        "  needs: test-n-1, test-n-2",
        '  condition: input.to == "live site"',
        "  steps:",
        '    - echo "$INPUT_TO $INPUT_COUNT $INPUT_LOUD"',
        "other",
        "  executor: local",
        "  steps:",
        "    - true",
    ]
    assert not flow.place.workspaces.exists()
    assert not flow.place.runs.exists()


@pytest.mark.parametrize("option", ["-n", "--dry-run"])
def test_dry_run(flow: Flow, option: str) -> None:
    run = flow(WORKFLOW, option, "deploy", "--skip", "test-n-1", format="")
    assert run.status == 0
    numbered = [line for line in run.lines if line[0].isdigit()]
    assert numbered == [
        "1. lint (on local, if success())",
        "2. test-n-1 (skipped (--skip))",
        "3. test-n-2 (on local, if success(), after lint)",
        '4. deploy (on local, if input.to == "live site", after test-n-1, test-n-2)',
    ]
    assert "   - report (if always())" in run.lines
    assert not flow.place.runs.exists()


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help(flow: Flow, option: str) -> None:
    run = flow(WORKFLOW, option, format="")
    assert (run.status, run.stderr) == (0, "")
    assert run.lines[0] == "Builds and ships."
    assert "  to (choice), default staging: where to" in run.lines
    for word in ("--list", "--dry-run", "--jobs", "--env-file", "--input", "--skip", "--directory"):
        assert any(word in line for line in run.lines), word


def test_version(flow: Flow) -> None:
    from nixc import __version__

    run = flow(WORKFLOW, "--version", format="")
    assert run.lines == [f"ci.sh (workflow ship), built by nixc {__version__} from ci.nxa"]


@pytest.mark.parametrize(
    ("selected", "jobs"),
    [
        ([], ["lint", "test-n-1", "test-n-2", "deploy", "other"]),
        (["lint"], ["lint"]),
        (["test"], ["lint", "test-n-1", "test-n-2"]),
        (["test-n-2"], ["lint", "test-n-2"]),
        (["deploy"], ["lint", "test-n-1", "test-n-2", "deploy"]),
        (["other", "lint"], ["lint", "other"]),
        (["--", "other"], ["other"]),
    ],
)
def test_jobs_are_selected_with_what_they_need(
    flow: Flow, selected: list[str], jobs: list[str]
) -> None:
    run = flow(WORKFLOW, *selected)
    assert run.status == 0
    assert sorted(run.jobs) == sorted(jobs)


@pytest.mark.parametrize(
    ("skip", "skipped"),
    [
        (["other"], {"other", "deploy"}),
        (["test"], {"test-n-1", "test-n-2", "deploy"}),
        (["test-n-1"], {"test-n-1", "deploy"}),
        (["lint", "other"], {"lint", "test-n-1", "test-n-2", "deploy", "other"}),
    ],
)
def test_skip(flow: Flow, skip: list[str], skipped: set[str]) -> None:
    run = flow(WORKFLOW, *(word for name in skip for word in ("--skip", name)))
    assert run.status == 0
    assert {job for job, status in run.jobs.items() if status == "skipped"} == skipped


def test_inputs(flow: Flow) -> None:
    script = flow.build(WORKFLOW)
    run = flow(script, "-i", "to=live site", "--input=count=-2.5", "-iloud=true", "deploy")
    assert run.output("deploy") == ["live site -2.5 true"]
    run = flow(script, "-i", "to=staging", "-i", "to=live site", "deploy")
    assert run.output("deploy") == ["live site 1 false"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--lst"], "did you mean --list?"),
        (["--dryrun"], "did you mean --dry-run?"),
        (["-x"], "unknown option -x"),
        (["lnt"], "did you mean lint?"),
        (["tests"], "did you mean test?"),
        (["--skip", "dploy"], "did you mean deploy?"),
        (["nothing-like-it"], "unknown job 'nothing-like-it'"),
        (["--list=yes"], "--list takes no value"),
        (["--jobs"], "--jobs wants a value"),
        (["--jobs", "0"], "--jobs wants a number"),
        (["--jobs", "two"], "--jobs wants a number"),
        (["--env", "NOVALUE"], "NOVALUE"),
        (["--env", "1X=2"], "1X"),
        (["--env-file", "missing.env"], "missing.env"),
        (["--input", "to=nowhere"], "none of staging, live site"),
        (["--input", "count=many"], "'many' is no number"),
        (["--input", "loud=yes"], "'yes' is neither true nor false"),
        (["--input", "too=x"], "did you mean to?"),
        (["--input", "to"], "wants NAME=VALUE"),
        (["--log-format", "jsn"], "did you mean json?"),
    ],
)
def test_wrong_usage(flow: Flow, arguments: list[str], said: str) -> None:
    run = flow(WORKFLOW, *arguments, format="")
    assert (run.status, run.stdout) == (2, b"")
    assert said in run.stderr
    assert run.stderr.startswith("ci.sh: error: ")
    assert not flow.place.runs.exists()


def test_what_is_missing_is_told_before_any_job(flow: Flow) -> None:
    text = """
        workflow w {
          input must { required = true }
          job j {
            step "wants it" {
              deps = ["no-such-tool-1", "package:no-such-tool-2"]
              run  = "true"
            }
          }
          job k { run "true" }
        }
        """
    run = flow(text)
    assert (run.status, run.stdout) == (3, b"")
    for word in ("no-such-tool-1", "no-such-tool-2", 'step "wants it" of job j', "--input must="):
        assert word in run.stderr
    script = flow.place.root / "ci.sh"
    assert flow(script, "-i", "must=x", "k").jobs == {"k": "success"}
    assert flow(script, "-i", "must=x", "--skip", "j").status == 0


@pytest.mark.parametrize(
    ("tag", "command"),
    [("python", "python3"), ("node", "node"), ("ruby", "ruby"), ("perl", "perl")],
)
def test_a_missing_interpreter_is_told(flow: Flow, tmp_path: Path, tag: str, command: str) -> None:
    bare = tmp_path / "bin"
    bare.mkdir()
    for tool in ("bash", "mkdir", "mkfifo", "rm", "sleep", "tar", "chmod", "mktemp", "date", "id"):
        found = subprocess.run(["which", tool], capture_output=True, text=True).stdout.strip()
        (bare / tool).symlink_to(found)
    run = flow(
        f"""
        workflow w {{
          job j {{
            step "speak" {{
              run = \"\"\"{tag}
                1
              \"\"\"
            }}
          }}
        }}
        """,
        env={"PATH": str(bare)},
    )
    assert (run.status, run.stdout) == (3, b"")
    assert f'command not found: {command} (wanted by step "speak" of job j)' in run.stderr


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("", 'set -o | grep -q "pipefail.*on" && case $- in *e*) echo "$WORD";; esac'),
        ("bash", "echo $WORD; false | true"),
        ("sh", 'echo "$WORD"; false; true'),
        ("python", "import os, sys; print(os.environ['WORD'], flush=False); sys.exit(3)"),
        ("node", "console.log(process.env.WORD); process.exit(3)"),
        ("perl", 'print "$ENV{WORD}\\n"; exit 3'),
    ],
)
def test_language_tags(flow: Flow, tag: str, text: str) -> None:
    status = {"": 0}.get(tag, 1 if tag in ("bash", "sh") else 3)
    run = flow(
        f"""
        workflow w {{
          job j {{
            env = {{ WORD = "spoken" }}
            step "s" {{
              run = \"\"\"{tag}
                {text}
              \"\"\"
            }}
          }}
        }}
        """,
        env={"PATH": os.environ["PATH"]},
    )
    assert run.output("j") == ["spoken"]
    assert run.of("step_end", "j", "s")[0]["exit_code"] == status


def test_from_standard_input(flow: Flow) -> None:
    script = flow.build(WORKFLOW)
    for arguments, first in ((["--list"], b"lint\n"), (["other", "--log-format", "json"], b"{")):
        with script.open("rb") as text:
            ran = subprocess.run(
                [flow.shell, "-s", "--", *arguments],
                cwd=flow.place.repo,
                env=flow.place.environment({}),
                stdin=text,
                capture_output=True,
                timeout=60,
            )
        assert (ran.returncode, ran.stderr) == (0, b"")
        assert ran.stdout.startswith(first)


def test_twice_at_once(flow: Flow) -> None:
    """Two runs meet in the middle: neither sees the other's files."""
    meet = flow.place.root / "meet"
    meet.mkdir()
    script = flow.build(
        f"""
        workflow w {{
          job j {{
            outputs = {{ x = "own" }}
            run \"\"\"
              echo "$WORKFLOW_ID" > own
              touch "{meet}/$WORKFLOW_ID"
              while [ "$(ls "{meet}" | wc -l)" -lt 2 ]; do sleep 0.05; done
            \"\"\"
          }}
          job k {{
            needs  = [j]
            inputs = ["x"]
            run "[ \\"$(cat own)\\" = \\"$WORKFLOW_ID\\" ]"
          }}
        }}
        """
    )
    both = [flow.start(script), flow.start(script)]
    runs = [each.end() for each in both]
    assert [run.status for run in runs] == [0, 0]
    assert len({run.events[0]["run"] for run in runs}) == 2
    assert list(flow.place.workspaces.iterdir()) == []


@pytest.mark.parametrize(
    ("workflow", "matrix", "options", "most"),
    [
        ("", "", [], 4),
        ("maxParallel = 2", "", [], 2),
        ("", "maxParallel = 2", [], 2),
        ("maxParallel = 4", "", ["-j1"], 1),
        ("maxParallel = 1", "", ["--jobs", "3"], 3),
    ],
)
def test_how_many_run_at_once(
    flow: Flow, workflow: str, matrix: str, options: list[str], most: int
) -> None:
    """Each job waits for `most` to have begun, and counts who is there."""
    here = flow.place.root / "here"
    here.mkdir()
    run = flow(
        f"""
        workflow w {{
          {workflow}
          job m {{
            matrix = {{ n = [1, 2, 3, 4], {matrix} }}
            run \"\"\"
              mkdir "{here}/$MATRIX_N" "{here}.$MATRIX_N"
              until [ "$(ls -d "{here}".? | wc -l)" -ge {most} ]; do sleep 0.02; done
              ls "{here}" | wc -l
              rmdir "{here}/$MATRIX_N"
            \"\"\"
          }}
        }}
        """,
        *options,
    )
    assert run.status == 0
    assert max(map(int, run.output())) <= most


@pytest.mark.parametrize("how", ["workflow", "option", "none"])
def test_fail_fast_of_the_workflow(flow: Flow, how: str) -> None:
    go = flow.place.root / "go"
    started = flow.place.root / "started"
    text = f"""
        workflow w {{
          {"failFast = true" if how == "workflow" else ""}
          job bad {{ run "until [ -e '{started}' ]; do sleep 0.02; done; exit 1" }}
          job long {{ run "touch '{started}'; until [ -e '{go}' ]; do sleep 0.02; done" }}
          job after {{
            needs = [long]
            run "true"
          }}
          job tidy {{
            needs     = [long]
            condition = always()
            run "true"
          }}
        }}
        """
    running = flow.start(text, *(["--fail-fast"] if how == "option" else []))
    if how == "none":
        wait_for(started.exists, "the long job")
        go.touch()
    run = running.end()
    assert run.status == 1
    end = "success" if how == "none" else "cancelled"
    assert run.jobs == {"bad": "failure", "long": end, "after": end, "tidy": "success"}


def test_fail_fast_of_a_matrix(flow: Flow) -> None:
    go = flow.place.root / "go"
    run = flow(
        f"""
        workflow w {{
          job m {{
            matrix = {{ n = [1, 2], failFast = true, maxParallel = 2 }}
            run \"\"\"
              touch "{go}.$MATRIX_N"
              until [ -e "{go}.1" ] && [ -e "{go}.2" ]; do sleep 0.02; done
              [ "$MATRIX_N" = 2 ] || exit 1
              exec sleep 60
            \"\"\"
            step "told" {{
              condition = cancelled()
              run       = "true"
            }}
          }}
          job free {{ run "true" }}
          job after {{
            needs     = [m]
            condition = needs.m.result == "failure"
            run "true"
          }}
        }}
        """
    )
    assert run.status == 1
    assert run.jobs == {
        "m-n-1": "failure",
        "m-n-2": "cancelled",
        "free": "success",
        "after": "success",
    }
    assert run.steps("m-n-2")["told"] == "success"


def test_same_source_same_bytes(flow: Flow) -> None:
    first = flow.build(WORKFLOW).read_bytes()
    assert flow.build(WORKFLOW).read_bytes() == first


def test_interrupted_by_default_signals_elsewhere(flow: Flow) -> None:
    """A job that a signal of its own ends fails with the shell's status for it."""
    run = flow('workflow w { job j { step "s" { run = "kill -TERM $$; sleep 60" } } }')
    assert run.status == 1
    assert run.of("step_end")[0]["exit_code"] == 128 + signal.SIGTERM


def test_graph(flow: Flow) -> None:
    run = flow(WORKFLOW, "--graph", format="")
    assert run.lines == [
        "lint",
        "|-- test-n-1",
        "`-- test-n-2",
        "    `-- deploy (also needs test-n-1)",
        "other",
    ]
    assert flow(WORKFLOW, "--graph", "test", format="").lines == [
        "lint",
        "|-- test-n-1",
        "`-- test-n-2",
    ]


def test_verify(flow: Flow) -> None:
    script = flow.build(WORKFLOW)
    run = flow(script, "--verify", format="")
    assert run.status == 0
    assert "is as nixc built it" in run.text
    text = script.read_text().replace("echo lint", "echo lent")
    script.write_text(text)
    run = flow(script, "--verify", format="")
    assert (run.status, run.text) == (1, "")
    assert "it was changed after nixc built it" in run.stderr
