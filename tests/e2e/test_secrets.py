"""`secrets`: which values are told to whoever masks, when, and where they can be seen."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tests.e2e.runs import Flow

#: Prints whether the run's file of secrets has the value of $1, byte for byte, on a line.
KNOWN = r"""
    known() {
      while IFS= read -r line; do
        [ "$(printf '%b' "$line")" != "$1" ] || { echo "known"; return; }
      done < "$JOB_DIR/../../../.run/secrets"
      echo "not known"
    }
"""


@pytest.mark.parametrize(
    ("provider", "known"),
    [
        ('file("given.env", secret = true)', "known"),
        ('file("given.env")', "not known"),
        ('exec("cat given.env")', "not known"),
        ('static({ VALUE = "two\\\\lines\\nof it" })', "not known"),
    ],
)
@pytest.mark.parametrize("level", ["workflow", "job"])
def test_what_providers_give(flow: Flow, level: str, provider: str, known: str) -> None:
    flow.say("given.env", 'VALUE="two\\\\lines\\nof it"\n')
    at = {one: f"[{provider}]" if one == level else "[]" for one in ("workflow", "job")}
    run = flow(
        f'''
        workflow w {{
          envFrom = {at["workflow"]}
          secrets = ["OTHER"]
          job j {{
            envFrom = {at["job"]}
            env     = {{ OTHER = "something else" }}
            step "look" {{
              run = """{KNOWN}
                known "$VALUE"
                known "$OTHER"
              """
            }}
          }}
        }}
        '''
    )
    assert run.output("j") == [known, "known"], run.text + run.stderr


def test_named_ones_wherever_they_come_from(flow: Flow) -> None:
    file = flow.say("given.env", "FILE=from the file\nPROVIDED=env file wins\n")
    run = flow(
        f'''
        workflow w {{
          env     = {{ ENV = "from env" }}
          envFrom = [static({{ PROVIDED = "from static" }}), exec("echo EXEC=from exec")]
          secrets = ["CALLER", "LINE", "FILE", "ENV", "PROVIDED", "EXEC", "JOB", "nxa_own"]
          job j {{
            env = {{ JOB = "from the job" }}
            step "look" {{
              run = """{KNOWN}
                for value in "$CALLER" "$LINE" "$FILE" "$ENV" "$PROVIDED" "$EXEC" "$JOB" "$nxa_own"
                do known "$value"; done
                known "from static"
              """
            }}
          }}
        }}
        ''',
        "--env-file",
        str(file),
        "--env",
        "LINE=from the line",
        env={"CALLER": "from the caller", "nxa_own": "named like ours"},
    )
    assert run.output("j") == ["known"] * 9, run.text + run.stderr
    (warning,) = run.warnings()
    assert "LINE was given by --env" in warning


def test_short_values_are_told_once(flow: Flow) -> None:
    run = flow(
        r"""
        workflow w {
          env     = { EMPTY = "", SHORT = "abc", LONG = "abcd", LINES = "long enough\n}" }
          secrets = ["EMPTY", "SHORT", "LONG", "LINES", "CALLER"]
          job j {
            run "true"
            run "true"
          }
          job k { needs = [j], run "true" }
        }
        """.replace("needs = [j], run", "needs = [j]\nrun").replace("{ needs", "{\nneeds"),
        env={"CALLER": "1"},
    )
    assert sorted(run.warnings()) == [
        f"the secret {name} has a value or line of less than 4 characters, which is not masked"
        for name in ("CALLER", "LINES", "SHORT")
    ]


@pytest.mark.parametrize("options", [(), ("--keep-workspace",)])
def test_files_with_values_are_ours_alone_and_gone_at_the_end(
    flow: Flow, options: tuple[str, ...]
) -> None:
    flow.say("given.env", "VALUE=hunter22hunter22\n")
    listing = flow.place.repo / "listing"
    run = flow(
        f"""
        workflow w {{
          envFrom = [file("given.env", secret = true)]
          secrets = ["JOB_VALUE"]
          job j {{
            executor = local {{ copyRepo = false }}
            envFrom  = [exec("echo JOB_VALUE=hunter33hunter33")]
            step "list" {{
              run = "find \\"$JOB_DIR/../../..\\" -type f ! -perm 600 > {listing}"
            }}
          }}
        }}
        """,
        *options,
    )
    assert run.status == 0, run.text + run.stderr
    # What holds a value is 0600; bundles and plans may be read by the owner's group.
    for name in listing.read_text().split():
        assert "secrets" not in name
        assert "from." not in name
    found = [
        file
        for file in flow.place.root.rglob("*")
        if file.is_file()
        and not file.is_relative_to(flow.place.repo)
        and file.suffix != ".nxa"
        and file.name != "ci.sh"
        and any(value in file.read_bytes() for value in (b"hunter22", b"hunter33"))
    ]
    assert found == []


def test_values_are_in_no_arguments_and_in_no_process_that_needs_them_not(flow: Flow) -> None:
    if not Path("/proc/self/environ").exists():
        pytest.skip("no /proc on this system")
    flow.say("given.env", "VALUE=hunter22hunter22\n")
    run = flow(
        r'''
        workflow w {
          envFrom = [file("given.env", secret = true)]
          job j {
            step "look" {
              run = """
                printf '%s' "$VALUE" > pattern
                grep -lF -f pattern /proc/[0-9]*/cmdline 2>/dev/null || echo "no arguments"
                for file in $(grep -lF -f pattern /proc/[0-9]*/environ 2>/dev/null); do
                  # The search itself has ended.
                  variables=$({ tr '\0' '\n' < "$file"; } 2>/dev/null) || continue
                  case $variables in *STEP_NAME=*) ;; *) echo "$file" ;; esac
                done
              """
            }
          }
        }
        '''
    )
    assert run.output("j") == ["no arguments"], run.text


def test_what_is_said_before_the_run_hides_what_is_known(flow: Flow) -> None:
    flow.say("given.env", "VALUE=hunter22\nLINES='first line\nsecond line'\n")
    run = flow(
        r"""
        workflow w {
          envFrom = [
            file("given.env", secret = true),
            exec("echo \"no $VALUE, no second line, $CALLER\" >&2; exit 1"),
          ]
          secrets = ["CALLER"]
          job j { run "true" }
        }
        """,
        env={"CALLER": "caller's own"},
    )
    assert run.status == 3
    assert "no ***, no ***, ***" in run.stderr
    assert "hunter22" not in run.stderr


def test_an_env_file_is_left_as_it_is(flow: Flow) -> None:
    file = flow.say(".env", "A=1\n")
    file.chmod(0o640)
    run = flow('workflow w { envFrom = [file(".env")]\njob j { run "echo $A" } }')
    assert run.output("j") == ["1"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


@pytest.mark.parametrize("steps", [1, 8])
def test_what_a_step_gives_is_told_and_not_printed(flow: Flow, steps: int) -> None:
    """With many steps a job has a shell of its own."""
    more = '\nrun "true"' * steps
    run = flow(
        r'''
        workflow w {
          secrets = ["GIVEN", "OF_STEP"]
          job j {
            run """
              head -c 30 /dev/zero | tr '\0' q | sed 's/^/GIVEN=/' >> "$JOB_ENV"
            """
            step "use" {
              env = { OF_STEP = "of the step ${env.GIVEN}" }
              run = "echo \"${#GIVEN} ${#OF_STEP}\""
            }MORE
          }
        }
        '''.replace("MORE", more)
    )
    assert run.jobs == {"j": "success"}, run.text
    assert run.output("j") == ["30 42"]
    assert "q" * 30 not in run.text
