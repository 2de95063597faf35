"""`envFrom`: levels and order, what is required, what goes wrong and how that is told."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.e2e.runs import Flow, wait_for

#: From the lowest; the caller's environment is below them all, but has its own rule.
LEVELS = [
    "workflow envFrom",
    "workflow env",
    "job envFrom",
    "job env",
    "JOB_ENV",
    "step envFrom",
    "step env",
    "--env-file",
    "--env",
]


@pytest.mark.parametrize("top", range(len(LEVELS)))
def test_the_highest_level_wins(flow: Flow, top: int) -> None:
    given = set(LEVELS[: top + 1])

    def env(level: str) -> str:
        own = f'env = {{ WHO = "{level} env" }}' if f"{level} env" in given else ""
        provided = f'static({{ WHO = "{level} envFrom" }})'
        return f"{own}\nenvFrom = [{provided if f'{level} envFrom' in given else ''}]"

    tell = 'run "echo WHO=JOB_ENV >> \\"$JOB_ENV\\""' if "JOB_ENV" in given else ""
    options = []
    if "--env-file" in given:
        options += ["--env-file", str(flow.say("given.env", "WHO=--env-file\n"))]
    if "--env" in given:
        options += ["--env", "WHO=--env"]
    run = flow(
        f"""
        workflow w {{
          {env("workflow")}
          job j {{
            {env("job")}
            {tell}
            step "show" {{
              {env("step")}
              run = "echo \\"$WHO\\""
            }}
          }}
        }}
        """,
        *options,
    )
    assert run.status == 0, run.stderr
    assert run.output("j", "show") == [LEVELS[top]]


def test_what_the_caller_has_is_not_provided(flow: Flow) -> None:
    run = flow(
        r"""
        workflow w {
          envFrom = [static({ A = "workflow", B = "workflow", C = "workflow" })]
          job j {
            envFrom = [exec("echo B=job; echo nxa_own=job")]
            step "show" {
              envFrom = [static({ C = "step" })]
              env     = { D = "${env.C}" }
              run     = "echo \"$A $B $C $D $nxa_own\""
            }
          }
        }
        """,
        "--env",
        "C=line",
        env={"A": "", "B": "caller", "nxa_own": "caller"},
    )
    assert run.output("j") == [" caller line line caller"]


def test_a_later_provider_wins_and_sees_what_earlier_ones_gave(flow: Flow) -> None:
    flow.say("first.env", "A=file\nB=file\n")
    run = flow(
        r"""
        workflow w {
          env     = { LEVEL = "workflow env" }
          envFrom = [
            file("first.env"),
            static({ B = "static", LEVEL = "provider" }),
            exec("echo \"C='$A $B $LEVEL'\""),
            file("missing.env", required = false),
          ]
          job j {
            env     = { OWN = "${env.C} in the job" }
            envFrom = [exec("echo \"E='$OWN'\"")]
            run "echo \"$E\""
          }
        }
        """
    )
    assert run.output("j") == ["file static workflow env in the job"]


def test_a_variable_of_a_step_is_that_steps_alone(flow: Flow) -> None:
    run = flow(
        r"""
        workflow w {
          job j {
            step "one" {
              envFrom = [exec("echo A=1; echo PATH2=$STEP_NAME"), static({ B = "2" })]
              run     = "echo \"$A $B $PATH2\""
            }
            step "two" {
              condition = "[ -z \"${A-}${B-}\" ]"
              run       = "echo \"${A-none} ${B-none}\""
            }
          }
        }
        """
    )
    assert run.output("j") == ["1 2 one", "none none"]


def test_providers_run_on_the_host_in_the_repository(flow: Flow) -> None:
    flow.say("marker")
    run = flow(
        r"""
        workflow w {
          job j {
            executor = local { copyRepo = false }
            workdir  = "sub"
            step "make" { run = "mkdir -p sub" }
            step "show" {
              envFrom = [exec("[ -e marker ] && echo HERE=\"$PWD\"")]
              run     = "echo \"$HERE\"; pwd"
            }
          }
        }
        """.replace('workdir  = "sub"\n', "")
    )
    assert run.output("j", "show")[0] == str(flow.place.repo)


def test_only_once_the_condition_holds_and_once_for_all_attempts(flow: Flow) -> None:
    run = flow(
        r"""
        workflow w {
          job skipped {
            condition = env.NO == "yes"
            envFrom   = [exec("echo skipped >> ran")]
            run "true"
          }
          job j {
            envFrom = [exec("echo job >> ran")]
            step "first" { run = "echo GIVEN=1 >> \"$JOB_ENV\"" }
            step "skipped" {
              condition = failure()
              envFrom   = [exec("echo skipped step >> ran")]
              run       = "true"
            }
            step "retried" {
              retry   = { maxAttempts = 3, minTime = 1ms }
              envFrom = [exec("echo step $GIVEN >> ran; echo A=$GIVEN")]
              run     = "echo \"$A $ATTEMPT\"; [ \"$ATTEMPT\" = 3 ]"
            }
          }
        }
        """
    )
    assert run.jobs == {"skipped": "skipped", "j": "success"}
    assert run.output("j", "retried") == ["1 1", "1 2", "1 3"]
    assert (flow.place.repo / "ran").read_text() == "job\nstep 1\n"


def test_a_matrix_in_arguments(flow: Flow) -> None:
    for stage in ("dev", "prod"):
        flow.say(f"env/{stage}.env", f"STAGE={stage}\n")
    run = flow(
        r"""
        workflow w {
          job j {
            matrix  = { stage = ["dev", "prod"] }
            envFrom = [file("env/${matrix.stage}.env"), static({ SAME = "same ${matrix.stage}" })]
            run "echo \"$STAGE $SAME\""
          }
        }
        """
    )
    assert run.output("j-stage-dev") == ["dev same dev"]
    assert run.output("j-stage-prod") == ["prod same prod"]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (b"A='two\nlines'", b"two\nlines"),
        (b'A="\\n\\t\\"\\\\\\$"', b'\n\t"\\$'),
        (
            b"A=$(touch canary) `touch canary` ${HOME} ;",
            b"$(touch canary) `touch canary` ${HOME} ;",
        ),
        (b"A='%s\\n \x1f\x1e\x01\x7f'", b"%s\\n \x1f\x1e\x01\x7f"),
        (b"A=\xff\xfe \xe2\x82 \xc3\xa9", b"\xff\xfe \xe2\x82 \xc3\xa9"),
        (b"export A = blanks  # comment\r", b"blanks"),
        (b"A=" + b"x" * 100_000, b"x" * 100_000),
    ],
    ids=["lines", "escapes", "shell", "our own", "no UTF-8", "blanks", "long"],
)
@pytest.mark.parametrize("level", ["workflow", "job", "step"])
def test_values_come_through(flow: Flow, level: str, written: bytes, value: bytes) -> None:
    (flow.place.repo / "given.env").write_bytes(written + b"\n")
    (flow.place.repo / "wanted").write_bytes(value)
    at = {one: 'envFrom = [file("given.env")]' if one == level else "" for one in LEVEL_NAMES}
    run = flow(
        f"""
        workflow w {{
          {at["workflow"]}
          job j {{
            {at["job"]}
            step "compare" {{
              {at["step"]}
              run = "printf %s \\"$A\\" | cmp - wanted"
            }}
          }}
        }}
        """
    )
    assert run.status == 0, run.text + run.stderr
    assert not (flow.place.repo / "canary").exists()


LEVEL_NAMES = ["workflow", "job", "step"]

#: What a provider may do wrong, and a part of what is said of it.
MISTAKES = [
    ('file("given.env")', b"A=1\nno equals sign here\n", "given.env:2: not NAME=value"),
    ('exec("cat given.env")', b"A='never\nclosed\n", "line 1 of its output is not NAME=value"),
    ('file("given.env")', b"JOB_NAME=x\n", "sets JOB_NAME"),
    ('exec("cat given.env")', b"UID=0\n", "sets UID"),
    ('file("given.env")', b"A=x\0y\n", "NUL"),
    ('exec("cat given.env")', b"A=x\0y\n", "NUL"),
    ('file("other.env")', b"", 'file("other.env"): there is no such file'),
    ('file(".")', b"", 'file("."): it cannot be read'),
    ('exec("echo my own words >&2; exit 3")', b"", "failed (exit status 3)"),
    ('exec("echo A=1; false; echo B=2")', b"", "failed (exit status 1)"),
    ('exec("cat given.env")', b"A=" + b"x" * 200_000 + b"\n", "too long for this system"),
    ('required("ONE", "PATH", "TWO"), required("THREE")', b"", "not set: ONE, TWO, THREE"),
]


@pytest.mark.parametrize("level", LEVEL_NAMES)
@pytest.mark.parametrize(
    ("provider", "content", "message"), MISTAKES, ids=[message for _, _, message in MISTAKES]
)
def test_what_goes_wrong_is_told(
    flow: Flow, level: str, provider: str, content: bytes, message: str
) -> None:
    (flow.place.repo / "given.env").write_bytes(content)
    at = {one: f"envFrom = [{provider}]" if one == level else "" for one in LEVEL_NAMES}
    run = flow(
        f"""
        workflow w {{
          {at["workflow"]}
          job j {{
            {at["job"]}
            step "s" {{
              {at["step"]}
              run = "echo it ran"
            }}
            step "last" {{
              condition = always()
              run       = "echo last"
            }}
          }}
          job other {{ run "true" }}
        }}
        """
    )
    if level == "workflow":
        assert (run.status, run.stdout) == (3, b"")
        assert "envFrom of the workflow: " in run.stderr
        told = run.stderr
        assert list(flow.place.runs.iterdir()) == list(flow.place.workspaces.iterdir()) == []
    else:
        assert run.status == 1
        assert run.jobs == {"j": "failure", "other": "success"}
        ends = run.of("job_end", "j") if level == "job" else run.of("step_end", "j", "s")
        told = "\n".join([ends[0]["reason"], *run.warnings()])
        assert "envFrom: " in told
        assert run.output("j") == ([] if level == "job" else ["last"])
    assert message in told
    if "my own words" in provider:
        assert "my own words" in told
    assert "no equals" not in told + run.text
    assert "closed" not in told + run.text


def test_required_sees_the_whole_environment_of_its_level(flow: Flow) -> None:
    file = flow.say("given.env", "FROM_ENV_FILE=\n")
    flow.say("later.env", "LATER=1\n")
    run = flow(
        r"""
        workflow w {
          env     = { OF_WORKFLOW = "1" }
          envFrom = [required("OF_WORKFLOW", "CALLER", "LINE", "FROM_ENV_FILE", "LATER"),
                     file("later.env")]
          job j {
            env     = { OF_JOB = "1", OF_WORKFLOW = null }
            envFrom = [required("OF_JOB", "LATER", "JOB_NAME")]
            run "echo GIVEN=1 >> \"$JOB_ENV\""
            step "right" {
              env     = { OF_STEP = "1" }
              envFrom = [required("OF_STEP", "GIVEN", "JOB_DIR", "STEP_NAME", "nxa_x")]
              run     = "true"
            }
            step "wrong" {
              envFrom = [required("OF_STEP", "OF_WORKFLOW", "OF_JOB")]
              run     = "true"
            }
          }
        }
        """,
        "--env-file",
        str(file),
        "--env",
        "LINE=1",
        env={"CALLER": "1", "nxa_x": "1"},
    )
    assert run.steps("j") == {
        'echo GIVEN=1 >> "$JOB_ENV"': "success",
        "right": "success",
        "wrong": "failure",
    }, run.text + run.stderr
    (end,) = run.of("step_end", "j", "wrong")
    assert end["reason"] == "envFrom: required, but not set: OF_STEP, OF_WORKFLOW"


def test_preflight_tells_all_that_is_missing_together(flow: Flow) -> None:
    run = flow(
        r"""
        workflow w {
          envFrom = [required("ABSENT"), exec("echo STAGE=dev")]
          input stage { default = "dev" }
          input given { required = true }
          job a {
            envFrom = [onepassword("v", "i"), required("NOT_YET")]
            step "s" {
              deps    = ["no-such-command"]
              envFrom = [bitwarden("i")]
              run     = "true"
            }
          }
          job b {
            envFrom = [onepassword("v", "i")]
            run "echo \"$INPUT_GIVEN\""
          }
          job by-input {
            condition = success() && input.stage == "prod"
            envFrom   = [vault("v")]
            run "true"
          }
          job by-env {
            condition = env.STAGE == "prod" && !(env.OTHER == "x")
            envFrom   = [vault("v")]
            run "true"
          }
          job after {
            needs     = [a]
            condition = needs.a.result == "failure" || env.STAGE != "dev"
            envFrom   = [sops("x")]
            run "true"
          }
          job unselected {
            envFrom = [vault("v")]
            run "true"
          }
        }
        """,
        "a",
        "b",
        "by-input",
        "by-env",
        "after",
        env={"PATH": _path_without(flow, "op", "bw", "vault", "sops")},
    )
    assert (run.status, run.stdout) == (3, b"")
    assert run.stderr.splitlines()[1:] == [
        "  - envFrom of the workflow: required, but not set: ABSENT",
        '  - command not found: no-such-command (wanted by step "s" of job a)',
        "  - command not found: op (wanted by envFrom of job a, job b)",
        '  - command not found: bw (wanted by envFrom of step "s" of job a)',
        "  - command not found: sops (wanted by envFrom of job after)",
        "  - missing input given: give it with --input given=VALUE",
    ]


def test_a_missing_tool_of_the_workflow_is_told_and_nothing_is_run(flow: Flow) -> None:
    run = flow(
        """
        workflow w {
          envFrom = [exec("touch canary"), sops("x")]
          job j { run "true" }
        }
        """,
        env={"PATH": _path_without(flow, "sops")},
    )
    assert (run.status, run.stdout) == (3, b"")
    assert run.stderr.splitlines()[1:] == [
        "  - command not found: sops (wanted by envFrom of the workflow)"
    ]
    assert not (flow.place.repo / "canary").exists()


def test_listing_runs_no_provider(flow: Flow) -> None:
    script = flow.build(
        """
        workflow w {
          envFrom = [exec("touch canary"), required("ABSENT")]
          job j { run "true" }
        }
        """
    )
    for option in ("--list", "--dry-run", "--help"):
        assert flow(script, option, format="").status == 0
    assert not (flow.place.repo / "canary").exists()


def test_a_provider_reads_end_of_file(flow: Flow) -> None:
    run = flow(
        r"""
        workflow w {
          envFrom = [exec("cat; echo A=1")]
          job j {
            envFrom = [exec("cat; echo B=1")]
            step "s" {
              envFrom = [exec("cat; echo C=1")]
              run     = "echo \"$A $B $C\""
            }
          }
        }
        """
    )
    assert run.output("j") == ["1 1 1"]


HANG = """exec("echo $$ > hangs; trap '' TERM; sleep 600.25 & wait")"""


@pytest.mark.parametrize("level", LEVEL_NAMES)
def test_a_hanging_provider_is_ended_by_cancel(flow: Flow, level: str) -> None:
    provider = HANG.replace("trap '' TERM; ", "")
    at = {one: f"envFrom = [{provider}]" if one == level else "" for one in LEVEL_NAMES}
    running = flow.start(
        f"""
        workflow w {{
          {at["workflow"]}
          job j {{
            {at["job"]}
            step "s" {{
              {at["step"]}
              run = "true"
            }}
          }}
        }}
        """
    )
    hangs = flow.place.repo / "hangs"
    wait_for(lambda: hangs.exists() and hangs.read_text(), "the provider")
    running.send(signal.SIGTERM)
    run = running.end(30)
    assert run.status == 143
    if level != "workflow":
        assert run.jobs == {"j": "cancelled"}
    assert list(flow.place.workspaces.iterdir()) == []
    assert not lives(hangs.read_text().strip())


@pytest.mark.parametrize("level", LEVEL_NAMES)
def test_a_hanging_provider_is_ended_by_the_timeout(flow: Flow, level: str) -> None:
    at = {one: f"envFrom = [{HANG}]" if one == level else "" for one in LEVEL_NAMES}
    run = flow(
        f"""
        workflow w {{
          {at["workflow"]}
          {"timeout = 1s" if level == "workflow" else ""}
          job j {{
            timeout = 1s
            {at["job"]}
            step "s" {{
              {at["step"]}
              run = "true"
            }}
          }}
        }}
        """
    )
    hangs = flow.place.repo / "hangs"
    if level == "workflow":
        assert (run.status, run.stdout) == (124, b"")
    else:
        assert run.status == 1
        assert run.jobs == {"j": "timeout"}
    assert not lives(hangs.read_text().strip())


def lives(pid: str) -> bool:
    """Is there such a process, and is it not only waiting to be buried?"""
    state = subprocess.run(["ps", "-o", "stat=", "-p", pid], capture_output=True, text=True)
    return state.stdout.strip()[:1] not in ("", "Z")


def _path_without(flow: Flow, *names: str) -> str:
    """A PATH of links to what the shell and the runtime need, whatever this machine has."""
    folder = flow.place.root / "bin"
    folder.mkdir()
    for directory in os.environ["PATH"].split(":"):
        found = sorted(Path(directory).iterdir()) if Path(directory).is_dir() else []
        for file in found:
            if file.name not in names and not (folder / file.name).is_symlink():
                (folder / file.name).symlink_to(file)
    return str(folder)
