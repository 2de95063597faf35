"""Environment of steps: levels, precedence, $JOB_ENV, what is always set."""

from __future__ import annotations

import pytest

from tests.e2e.runs import Flow

LEVELS = ["caller", "workflow", "job", "JOB_ENV", "step", "--env-file", "--env"]


@pytest.mark.parametrize("top", range(len(LEVELS)))
def test_the_highest_level_wins(flow: Flow, top: int) -> None:
    given = set(LEVELS[: top + 1])

    def env(level: str) -> str:
        return f'env = {{ WHO = "{level}" }}' if level in given else ""

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
        env={"WHO": "caller"},
    )
    assert run.status == 0, run.stderr
    assert run.output("j", "show") == [LEVELS[top]]


def test_null_unsets(flow: Flow) -> None:
    run = flow(
        r'''
        workflow w {
          env = { A = null, B = "workflow", C = "workflow", D = null }
          job j {
            env = { B = null, D = "job" }
            step "one" {
              env = { C = null }
              run = """
                echo "${A-unset} ${B-unset} ${C-unset} ${D-unset}"
              """
            }
            step "two" { run = "echo \"${A-unset} ${B-unset} ${C-unset} ${D-unset}\"" }
          }
        }
        ''',
        env={"A": "caller", "B": "caller", "C": "caller", "D": "caller"},
    )
    assert run.output("j") == ["unset unset unset job", "unset unset workflow job"]


def test_the_command_line_wins_over_null_and_job_env(flow: Flow) -> None:
    run = flow(
        r"""
        workflow w {
          job j {
            env = { A = null }
            run "echo A=given >> \"$JOB_ENV\""
            step "show" {
              env = { A = null }
              run = "echo \"$A\""
            }
          }
        }
        """,
        "--env",
        "A=command line",
    )
    assert run.output("j", "show") == ["command line"]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("A=plain", "plain"),
        ("A=", ""),
        ("export A=1", "1"),
        ("  A = blanks around  ", "blanks around"),
        ("A=cut # comment", "cut"),
        ("A=not#cut", "not#cut"),
        ("A='lit $HOME \\n'", "lit $HOME \\n"),
        ("A='two\nlines'", "two\nlines"),
        (
            'A="tab\\tquote\\"dollar\\$x back\\\\ $HOME `id`"',
            'tab\tquote"dollar$x back\\ $HOME `id`',
        ),
        ('A="q" # comment', "q"),
        ("# comment\n\nA=after\r", "after"),
        ("A=$(touch canary)`touch canary`", "$(touch canary)`touch canary`"),
    ],
)
def test_dotenv_dialect(flow: Flow, written: str, value: str) -> None:
    file = flow.say("given.env")
    file.write_bytes(f"{written}\n".encode())
    run = flow('workflow w { job j { run "printf \'<%s>\' \\"$A\\"" } }', "--env-file", str(file))
    assert "\n".join(run.output("j")) == f"<{value}>"
    assert not (flow.place.repo / "canary").exists()


@pytest.mark.parametrize(
    ("written", "line"),
    [("no equals", 1), ("A=1\n1B=2", 2), ("A='open", 1), ('A="x" y', 1), ("A-B=1", 1)],
)
def test_a_bad_dotenv_line_is_told(flow: Flow, written: str, line: int) -> None:
    file = flow.say("given.env", f"{written}\n")
    run = flow('workflow w { job j { run "true" } }', "--env-file", str(file))
    assert (run.status, run.stdout) == (2, b"")
    assert f"{file}:{line}: " in run.stderr


@pytest.mark.parametrize("name", ["JOB_NAME", "WORKFLOW_ID", "STEP_NAME", "ATTEMPT", "JOB_ENV"])
def test_what_is_always_set_cannot_be_given(flow: Flow, name: str) -> None:
    run = flow('workflow w { job j { run "true" } }', "--env", f"{name}=x")
    assert (run.status, run.stdout) == (2, b"")
    assert name in run.stderr


def test_always_set(flow: Flow) -> None:
    run = flow(
        r'''
        workflow pipeline {
          job j {
            step "show it" {
              run = """
                echo "$CI $NIXACTIONS $WORKFLOW_NAME $JOB_NAME $STEP_NAME $ATTEMPT"
                echo "$WORKFLOW_ID"
                [ "$JOB_DIR" -ef . ] && [ -f "$JOB_ENV" ] && [ ! -s "$JOB_ENV" ] && echo right
              """
            }
          }
        }
        '''
    )
    words, run_id, right = run.output("j")
    assert words == "true true pipeline j show it 1"
    assert run_id == run.events[0]["run"]
    assert run_id.startswith("pipeline-")
    assert right == "right"


def test_job_env(flow: Flow) -> None:
    run = flow(
        r'''
        workflow w {
          job j {
            env = { A = "job" }
            step "write" {
              run = """
                echo "now $A"
                {
                  echo 'A=$(touch canary) "quoted"'
                  echo
                  printf 'B<<END\nfirst\n\n last \nEND\n'
                  echo 'C=a=b'
                  printf 'E<<X\nX\n'
                  printf 'D= no line end'
                } >> "$JOB_ENV"
                echo "still $A"
              """
            }
            step "read" {
              run = "printf '<%s>\n' \"$A\" \"$B\" \"$C\" \"$D\" \"$E\""
            }
          }
          job other {
            needs = [j]
            run "echo \"${A-none}\""
          }
        }
        '''
    )
    assert run.status == 0
    assert run.output("j", "write") == ["now job", "still job"]
    read = "\n".join(run.output("j", "read"))
    assert read == '<$(touch canary) "quoted">\n<first\n\n last >\n<a=b>\n< no line end>\n<>'
    assert run.output("other") == ["none"]


@pytest.mark.parametrize(
    "line",
    ["no equals", "1A=x", "A B=x", "JOB_NAME=x", "ATTEMPT=2", "A<<END", "export A=1"],
)
def test_a_bad_line_in_job_env_fails_the_step(flow: Flow, line: str) -> None:
    run = flow(
        r"""
        workflow w {
          job j {
            step "write" {
              env = { LINE = "@" }
              run = "printf 'GOOD=1\\n%s\\n' \"$LINE\" >> \"$JOB_ENV\""
            }
            step "after" {
              condition = always()
              run       = "echo \"${GOOD-none}\""
            }
          }
        }
        """.replace("@", line)
    )
    assert run.status == 1
    assert run.steps("j") == {"write": "failure", "after": "success"}
    (end,) = run.of("step_end", "j", "write")
    assert line.partition("=")[0] in end["reason"]
    assert run.output("j", "after") == ["none"]


def test_parameters_are_data(flow: Flow) -> None:
    run = flow(
        r'''
        action show(text, other-one = "default", count = 3) {
          run = """
            printf '<%s>\n' "$text" "$other_one" "$count"
          """
        }
        workflow w {
          job j {
            use show(text = "$(touch canary) `touch canary` '\" \\ ; &\nsecond")
            use show("x", other-one = input.word) { env = { extra = "1" } }
          }
          input word { default = "w*" }
        }
        '''
    )
    assert "\n".join(run.output("j")) == (
        "<$(touch canary) `touch canary` '\" \\ ; &\nsecond>\n<default>\n<3>\n<x>\n<w*>\n<3>"
    )
    assert not (flow.place.repo / "canary").exists()


def test_matrix_and_input_variables(flow: Flow) -> None:
    run = flow(
        r"""
        workflow w {
          input some-word { default = "fine" }
          input empty {}
          job j {
            matrix = { node-version = [18, "20"], full = [true] }
            run "echo \"$MATRIX_NODE_VERSION $MATRIX_FULL $INPUT_SOME_WORD <$INPUT_EMPTY>\""
          }
        }
        """
    )
    assert run.output("j-full-true-node-version-18") == ["18 true fine <>"]
    assert run.output("j-full-true-node-version-20") == ["20 true fine <>"]


def test_runtime_values_in_env(flow: Flow) -> None:
    run = flow(
        r"""
        workflow w {
          env = { BASE = "${env.ROOT}/base" }
          input word { default = "$(touch canary)" }
          job first {
            exports = ["V"]
            run "echo 'V=v\"1\" $x' >> \"$JOB_ENV\""
          }
          job second {
            needs = [first]
            env   = {
              V = "<${needs.first.V}> ${needs.first.result}"
              P = "${env.BASE}/p ${input.word}"
            }
            step "show" {
              env = { Q = "${env.P} \${P} $P" }
              run = "printf '%s\n' \"$V\" \"$Q\""
            }
          }
        }
        """,
        env={"ROOT": "/r"},
    )
    assert run.output("second") == ['<v"1" $x> success', "/r/base/p $(touch canary) ${P} $P"]


def test_variables_named_like_ours_reach_steps(flow: Flow) -> None:
    names = [
        "NXA_JOBS",
        "NXA_FORMAT",
        "nxa_step",
        "nxa_file",
        "name",
        "i",
        "x",
        "line",
        "status",
        "file",
    ]
    run = flow(
        'workflow w { job j { step "show" { run = "'
        + "; ".join(f"echo $\\u{{7b}}{n}-unset}}" for n in names)
        + '" } } }',
        "-j",
        "3",
        env={name: f"the caller's {name}" for name in names},
    )
    assert run.status == 0
    assert run.output("j") == [f"the caller's {name}" for name in names]


def test_a_value_of_several_lines_and_odd_bytes(flow: Flow) -> None:
    value = "a\nb\\n\t%s\x1f\x1e'\"é"
    run = flow(
        r'''
        workflow w {
          job j {
            exports = ["V"]
            run """
              { echo 'V<<END'; printf '%s\n' "$GIVEN"; echo END; } >> "$JOB_ENV"
            """
          }
          job k {
            needs = [j]
            env   = { V = needs.j.V }
            step "compare" { run = "[ \"$V\" = \"$GIVEN\" ]" }
          }
        }
        ''',
        env={"GIVEN": value},
    )
    assert run.jobs == {"j": "success", "k": "success"}


def test_variables_named_like_ours_at_every_level(flow: Flow) -> None:
    run = flow(
        r'''
        workflow w {
          env = {
            NXA_BASH = "workflow", nxa_job = "workflow", NXA_STEP_NAME = "workflow", nxa_i = null
          }
          job j {
            env = { nxa_step = "job", NXA_GIVEN_NAME = "job" }
            run "echo nxa_file=given >> \"$JOB_ENV\""
            step "show" {
              env = { NXA_STEP_ENV = "step", NXA_BUNDLE = "step" }
              run = """
                echo "$NXA_BASH $nxa_job $NXA_STEP_NAME ${nxa_i-unset}"
                echo "$nxa_step $NXA_GIVEN_NAME $nxa_file $NXA_STEP_ENV $NXA_BUNDLE $NXA_FORMAT"
              """
              condition = "[ \"$NXA_BASH $nxa_step $nxa_file\" = \"workflow job given\" ]"
            }
          }
        }
        ''',
        "--env",
        "NXA_FORMAT=given",
        env={"nxa_i": "caller"},
    )
    assert run.output("j") == [
        "workflow workflow workflow unset",
        "job job given step step given",
    ]


def test_a_workdir_that_is_not_there_is_named(flow: Flow) -> None:
    run = flow(
        """
        workflow w {
          job j {
            executor = local { copyRepo = false }
            workdir  = "no/where"
            run "true"
            step "made before" {
              condition = always()
              workdir   = "."
              run       = "mkdir made; pwd"
            }
            step "own" {
              condition = always()
              workdir   = "made"
              run       = "pwd"
            }
          }
        }
        """
    )
    assert run.steps("j") == {"true": "failure", "made before": "success", "own": "success"}
    said = "\n".join(run.output("j"))
    assert "the workdir no/where is no directory that can be entered" in said
