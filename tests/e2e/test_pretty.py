"""The format for people: in a terminal, in a pipe, and on the pages of two services."""

from __future__ import annotations

import re

import pytest

from tests.e2e.runs import Flow
from tests.e2e.terminal import Terminal

#: Each kind of end, one after another.
KINDS = """
workflow ci {
  job build {
    retry = { maxAttempts = 2, minTime = 1ms, maxTime = 1ms }
    step "compile" { run = "echo compiling; echo warning >&2; test \\"$ATTEMPT\\" = 2" }
    step "link"    { run = "printf 'not ended'" }
  }
  job test {
    needs = [build]
    step "unit tests" { run = "for ((i = 1; i <= 25; i++)); do echo \\"line $i\\"; done; exit 7" }
    step "silent"     { condition = always(), run = "exit 2" }
    step "coverage"   { run = "true" }
  }
  job lint {
    needs           = [build]
    continueOnError = true
    step "lint" { run = "echo careless; exit 3" }
  }
  job hang   { needs = [build], timeout = 300ms, step "wait" { run = "sleep 60" } }
  job deploy { needs = [test], step "deploy" { run = "true" } }
}
"""

PLAIN = """\
ci: 5 jobs
build  > compile
build  | compiling
build  | warning
build  @ compile: retrying in 0.001s (attempt 1/2, exponential)
build  > compile (attempt 2/2)
build  | compiling
build  | warning
build  + compile (T)
build  > link
build  | not ended
build  + link (T)
test   > unit tests
{lines}
test   x unit tests: failed, exit 7 (T)
test   > silent
test   x silent: failed, exit 2 (T)
test   - coverage: skipped (condition: success())
deploy - skipped (condition: success())
lint   > lint
lint   | careless
lint   x lint: failed, exit 3 (T)
lint   ~ tolerated: failed, exit 1 (T)
hang   > wait
hang   x wait: failed, exit 143 (T)
hang   t timed out after T

x test / unit tests: failed, exit 7 (T); its last lines:
{tail}

x test / silent: failed, exit 2 (T); it printed nothing

x hang / wait: failed, exit 143 (T); it printed nothing

+ build   success       T
x test    failed        T
~ lint    tolerated     T
t hang    timed out     T
- deploy  skipped             condition: success()

x ci failed in T: 1 failed, 1 timed out, 1 tolerated, 1 skipped, 1 succeeded
""".format(
    lines="\n".join(f"test   | line {n}" for n in range(1, 26)),
    tail="\n".join(f"  | line {n}" for n in range(6, 26)),
)

SIGNS = dict(zip("+x~t-=>@|.", "✓✗≈◔○=▶↻│·", strict=True))


def timeless(text: str) -> str:
    return re.sub(r"\b\d+\.\ds", "T", text)


def with_signs(text: str) -> str:
    """The same where the locale has more than ASCII."""
    return re.sub(
        r"(?m)^((?:\w+ +)?(?:  )?)([-+x~t>@|])(?= )", lambda found: found[1] + SIGNS[found[2]], text
    )


@pytest.mark.parametrize("locale", ["", "C.UTF-8"])
def test_into_a_pipe(flow: Flow, locale: str) -> None:
    run = flow(KINDS, "--jobs", "1", format="pretty", env={"LANG": locale, "TERM": "xterm"})
    assert timeless(run.text) == (with_signs(PLAIN) if locale else PLAIN)
    assert run.status == 1


def test_the_records_stay_as_they_are(flow: Flow) -> None:
    flow('workflow w { job j { run "echo x" } }', format="pretty")
    (run,) = flow.place.runs.iterdir()
    log = (run / "logs" / "j.log").read_text()
    assert re.search(r"^\[[-:.TZ0-9]+\] \[workflow:w\] \[job:j\] \[step:echo x\] x$", log, re.M)
    assert '"event":"workflow_end","status":"success"' in (run / "events.jsonl").read_text()


def test_cancelled_and_kept(flow: Flow) -> None:
    script = flow.build(
        """
        workflow w {
          failFast = true
          job a { run "true" }
          job b { needs = [a], run "exit 1" }
          job c { needs = [a], run "sleep 60" }
        }
        """
    )
    first = flow(script, format="pretty").lines
    assert [line for line in first if re.match(r"/ c +cancelled", line)]
    second = flow(script, "--resume", format="pretty").lines
    assert [line for line in second if re.match(r"a = kept from w-", line)]
    assert "= a  kept" in second


#: What a step prints (for printf %b), what a plain log has of it, what a terminal gets ({1}: SGR).
CONTROLS = {
    "colours": (r"a\033[1;31mred\033[0m b\n", "ared b", "a{1;31}red{0} b{0}"),
    "a colour left on": (r"\033[32mgreen\n", "green", "{32}green{0}"),
    "the eight-bit form": (r"a\0302\023331mb\0302\0205c\n", "abc", "a{31}bc{0}"),
    "a progress bar": (r"10%\r50%\r100%\n", "100%", "100%"),
    "lines of DOS": (r"one\r\n", "one", "one"),
    "the cursor": (r"a\033[2J\033[H\033[5A\033[?25lb\00337c\033(Bd\n", "abcd", "abcd"),
    "a title": (
        r"a\033]0;title\007b\033]8;;http://x\033\\c\033Pdevice\033\\d\n",
        "abcd",
        "abcd",
    ),
    "without an end": (r"a\033]0;title\n", "a0;title", "a0;title"),
    "cut short": (r"a\033[31", "a31", "a31"),
    "others": (r"a\001\007\010b\011c\013\014\0177d\n", "ab\tcd", "ab      cd"),
    "wide": ("日本語 é\u0301\\n", "日本語 é\u0301", "日本語 é\u0301"),
}


@pytest.mark.parametrize("name", CONTROLS)
def test_control_sequences_of_steps_in_a_pipe(flow: Flow, name: str) -> None:
    printed, plain, _ = CONTROLS[name]
    text = 'workflow w { job j { step "s" { run = "printf \'%b\' \\"$TEXT\\"" } } }'
    run = flow(text, format="pretty", env={"TEXT": printed})
    assert [line[4:] for line in run.lines if line.startswith("j | ")] == [plain]


@pytest.mark.parametrize("name", CONTROLS)
def test_control_sequences_of_steps_in_a_terminal(flow: Flow, name: str) -> None:
    printed, _, shown = CONTROLS[name]
    text = 'workflow w { job j { step "s" { run = "printf \'%b\' \\"$TEXT\\"" } } }'
    terminal = Terminal(flow, text, env={"TEXT": printed})
    assert terminal.end() == 0
    wanted = re.sub(r"\{([0-9;]+)\}", "\x1b[\\1m", shown).replace("ab      cd", "ab\tcd")
    assert "│\x1b[0m " + wanted + "\r\n" in terminal.written.decode()
    assert [line for line in terminal.all if line.startswith("✓ j")]


@pytest.mark.parametrize("columns", [80, 200])
def test_the_end_in_a_terminal(flow: Flow, columns: int) -> None:
    terminal = Terminal(flow, KINDS, "--jobs", "1", columns=columns, rows=24)
    assert terminal.end() == 1
    assert timeless("\n".join(terminal.all)) + "\n" == with_signs(PLAIN)
    assert b"\x1b[1;31m\xe2\x9c\x97" in terminal.written
    assert not terminal.screen.cursor.hidden
    assert b"?25l" not in terminal.written


@pytest.mark.parametrize(
    ("options", "env"),
    [(["--no-color"], {}), ([], {"NO_COLOR": "1"}), ([], {"TERM": "dumb"}), ([], {"TERM": ""})],
)
def test_without_colours(flow: Flow, options: list[str], env: dict[str, str]) -> None:
    text = 'workflow w { job j { run "echo $RED" }\n job k { run "exit 1" } }'
    terminal = Terminal(flow, text, *options, env={"RED": "\x1b[31mred", **env})
    assert terminal.end() == 1
    written = terminal.written
    assert not re.search(rb"\x1b\[[0-9;]*m", written)
    assert b"\xe2\x94\x82 red\r\n" in written
    if "TERM" in env:
        assert b"\x1b" not in written


def test_output_is_never_cut(flow: Flow) -> None:
    text = 'workflow w { job j { run "printf %0500d 7" } }'
    terminal = Terminal(flow, text, columns=40)
    assert terminal.end() == 0
    assert b"0" * 499 + b"7\r\n" in terminal.written


# --- groups of services ------------------------------------------------------------------------

TWO_STEPS = """
workflow ci {
  job build {
    step "compile" { run = "echo '::notice::from a tool'; echo 100%" }
    step "100%: a, b" { run = "exit 4" }
  }
}
"""


def test_github(flow: Flow) -> None:
    env = {"GITHUB_ACTIONS": "true", "TERM": "xterm"}
    run = flow(TWO_STEPS, format="pretty", env=env)
    assert timeless(run.text).split("\n\n")[0].splitlines() == [
        "ci: 1 job",
        "::group::build / compile",
        "::notice::from a tool",
        "100%",
        "✓ compile (T)",
        "::endgroup::",
        "::group::build / 100%: a, b",
        "✗ 100%: a, b: failed, exit 4 (T)",
        "::endgroup::",
        "::error title=build / 100%25%3A a%2C b::failed, exit 4 (T)",
    ]
    assert "\x1b" not in run.text


def test_gitlab(flow: Flow) -> None:
    run = flow(TWO_STEPS, format="pretty", env={"GITLAB_CI": "true"})
    section = re.compile(
        r"\x1b\[0Ksection_start:\d{10}:(nixc_\w+)\[collapsed=true\]\r\x1b\[0K(.*)\n"
        r"((?:.*\n)*?)\x1b\[0Ksection_end:\d{10}:\1\r\x1b\[0K\n"
    )
    sections = [(found[2], timeless(found[3])) for found in section.finditer(run.text)]
    assert sections == [
        ("build / compile", "::notice::from a tool\n100%\n✓ compile (T)\n"),
        ("build / 100%: a, b", "✗ 100%: a, b: failed, exit 4 (T)\n"),
    ]
    assert "\x1b" not in section.sub("", run.text)
    assert "::error" not in run.text


@pytest.mark.parametrize("lines", [3, 20000])
def test_groups_of_jobs_at_once_are_not_mixed(flow: Flow, lines: int) -> None:
    """Each line stands in a group of its job, however much another must hold meanwhile."""
    jobs = "\n".join(
        f'job {name} {{ step "s" {{ run = "sleep 0.2; for ((i = 0; i < {lines}; i++)); do '
        f"printf '%s %060d\\\\n' {name} $i; done; sleep 0.2\" }} }}"
        for name in ("a", "b", "c")
    )
    run = flow(f"workflow w {{ {jobs} }}", format="pretty", env={"GITHUB_ACTIONS": "true"})
    group = None
    seen: dict[str, list[int]] = {"a": [], "b": [], "c": []}
    for line in run.lines:
        if line.startswith("::group::"):
            assert group is None, f"{line} within {group}"
            group = line.removeprefix("::group::")[0]
        elif line == "::endgroup::":
            assert group
            group = None
        elif found := re.fullmatch(r"([abc]) (\d{60})", line):
            assert found[1] == group
            seen[found[1]].append(int(found[2]))
    assert group is None
    assert seen == {name: list(range(lines)) for name in "abc"}


def test_no_block_on_the_page_of_a_service(flow: Flow) -> None:
    terminal = Terminal(flow, TWO_STEPS, "--log-format", "pretty", env={"GITHUB_ACTIONS": "true"})
    assert terminal.end() == 1
    assert b"::group::build / compile\r\n" in terminal.written
    assert b"\x1b" not in terminal.written
