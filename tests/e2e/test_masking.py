"""Secrets in what a run writes: `***` in every format, in logs and events."""

from __future__ import annotations

import pytest

from tests.e2e.runs import Flow

#: A value of several lines, with what means something to patterns, to JSON and to URLs.
VALUE = 'pa$$ "w*rd"/[x]\\n\nsecond & line'

PRINT = r"""
    import base64, json, os, sys, urllib.parse
    value = os.environ["VALUE"]
    code = base64.b64encode(b"x" + value.encode() * 3).decode()
    print("plain " + value + " end")
    print(json.dumps({"value": value}))
    print("https://host/?q=" + urllib.parse.quote_plus(value))
    print(base64.b64encode(b"user:" + value.encode()).decode())
    print("\n".join(code[at:at + 20] for at in range(0, len(code), 20)))
    sys.stdout.flush()
    for part in ("split ", value[:5], value[5:10], value.split("\n")[0][10:]):
        os.write(1, part.encode())
    os.write(1, b"\nunended " + value[-13:].encode())
"""


@pytest.mark.parametrize("format", ["structured", "json", "simple"])
def test_no_form_is_written_anywhere(flow: Flow, format: str) -> None:
    run = flow(
        f"""
        workflow w {{
          secrets = ["VALUE"]
          job j {{
            step "print" {{ run = '''python{PRINT}''' }}
          }}
        }}
        """.replace("'''", '"""'),
        format=format,
        env={"VALUE": VALUE},
    )
    assert run.status == 0, run.text + run.stderr
    written = [run.text]
    files = [*flow.place.root.rglob("logs/j.log"), *flow.place.root.rglob("events.jsonl")]
    written += [file.read_text() for file in files]
    assert len(written) == 3
    for text in written:
        for part in (
            "w*rd",
            "second",
            "w%2Ard",
            "w%2ard",
            "ZWNvbmQ",
            "Vjb25k",
            "lY29uZC",
            "JCAid",
            "cGEk",
        ):
            assert part not in text
        assert "plain ***" in text
        assert "*** end" in text
        assert "split ***" in text
        assert "unended ***" in text
    if format == "json":
        assert run.output("j", "print")[-2:] == ["split ***", "unended ***"]


def test_values_count_from_the_moment_they_are_known(flow: Flow) -> None:
    """One that a step gives, or a job's provider, is hidden in all jobs from then on."""
    flow.say("given.env", "GIVEN=hunter22\n")
    run = flow(
        """
        workflow w {
          secrets = ["MADE"]
          job first {
            envFrom = [file("given.env", secret = true)]
            step "make" { run = "echo made-here; echo MADE=made-here >> $JOB_ENV" }
            step "show" { run = "echo $MADE $GIVEN" }
          }
          job second {
            needs = [first]
            run "echo made-here hunter22"
          }
        }
        """
    )
    assert run.output("first", "make") == ["made-here"]
    assert run.output("first", "show") == ["*** ***"]
    assert run.output("second") == ["*** ***"]


def test_reasons_and_messages(flow: Flow) -> None:
    """A value that is one of our own words leaves those as they are."""
    run = flow(
        """
        workflow w {
          secrets = ["VALUE", "WORD"]
          job j {
            step "bad" { run = "echo \\"$VALUE: $WORD\\" >> $JOB_ENV" }
          }
        }
        """,
        env={"VALUE": "hunter22", "WORD": "failure"},
    )
    (end,) = run.of("step_end", "j")
    assert end["status"] == "failure"
    assert end["reason"] == "bad line in $JOB_ENV: ***: ***"
    assert run.jobs == {"j": "failure"}
