"""--report: what a run leaves for people, CI services and trace viewers."""

from __future__ import annotations

import json
import os
import re
import signal
import stat
import subprocess
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import junitparser
import pytest

from nixc.backend.link import requirements
from tests.e2e.runs import Flow, Run, heed_signals, wait_for
from tests.harness import ROOT

KINDS = ("junit", "json", "html", "trace")

#: All that can become of a job and a step.
WORKFLOW = r"""
workflow ci {
  job build {
    outputs = { app = "a.txt" }
    step "compile <all> & \"more\"" { run = "echo compiled; echo 1 > a.txt" }
    step "lint" { run = "echo linted" }
  }
  job test {
    needs = [build]
    retry = { maxAttempts = 2, backoff = "constant", minTime = 10ms }
    step "unit" { run = "echo tried; exit 3" }
    step "after" { run = "true" }
  }
  job flaky {
    retry = { maxAttempts = 3, backoff = "constant", minTime = 10ms }
    run "[ -e ../seen ] || { : > ../seen; exit 1; }; echo settled"
  }
  job slow {
    step "sleep" {
      timeout = 200ms
      run     = "sleep 20"
    }
  }
  job lacking {
    outputs = { none = "not-there" }
    run "true"
  }
  job left {
    needs = [test]
    run "true"
  }
}
"""

#: A step that prints all that is special somewhere.
HOSTILE = r'''
workflow ci {
  job j {
    run """
      printf '%s\n' '</script><script>alert(1)</script>' '<img src=x onerror=alert(2)>'
      printf '%s\n' '</pre></details>' ']]>'
      printf 'esc \033[31mred\033[0m \033]8;;http://x\033\\link bell\007 '
      printf 'ctl\001\002\010 del\177 end\n'
      printf 'bytes \377\376 \303\050 \355\240\200 \357\277\276 \357\277\277 '
      printf '\302\205 \303\274\360\237\230\200\n'
      printf 'quote " apostrophe %s backslash \\ \\u001b[0m \\n amp & &amp; tab\tcr\rover\n' "'"
      printf 'no newline'
    """
  }
}
'''


def reported(flow: Flow, text: str | Path, *arguments: str) -> tuple[Run, dict[str, Path]]:
    """A run with all reports, and where they are."""
    files = {kind: flow.place.repo / f"report.{kind}" for kind in KINDS}
    options = [word for kind in KINDS for word in ("--report", f"{kind}={files[kind].name}")]
    return flow(text, *options, *arguments), files


def suites(path: Path) -> dict[str, ElementTree.Element]:
    return {suite.attrib["name"]: suite for suite in ElementTree.parse(path).getroot()}


def cases(suite: ElementTree.Element) -> dict[str, str]:
    """The outcome of each case."""
    found = {}
    for case in suite.iter("testcase"):
        tags = [each.tag for each in case if each.tag != "system-out"]
        assert len(tags) <= 1, tags
        found[case.attrib["name"]] = tags[0] if tags else "success"
    return found


def check_schema(path: Path) -> None:
    """Against Jenkins' schema, where the environment names it."""
    if schema := os.environ.get("NIXC_JUNIT_SCHEMA"):
        command = ["xmllint", "--noout", "--schema", schema, str(path)]
        ran = subprocess.run(command, capture_output=True, text=True)
        assert ran.returncode == 0, ran.stderr


def test_junit(flow: Flow) -> None:
    run, files = reported(flow, WORKFLOW)
    assert run.status == 1
    check_schema(files["junit"])
    found = suites(files["junit"])
    assert {name: cases(suite) for name, suite in found.items()} == {
        "build": {'compile <all> & "more"': "success", "lint": "success"},
        "test": {"unit": "failure", "after": "skipped"},
        "flaky": {next(iter(cases(found["flaky"]))): "success"},
        "slow": {"sleep": "error"},
        "lacking": {"true": "success", "(job)": "error"},
        "left": {"(job)": "skipped"},
    }
    unit = found["test"].find("testcase/failure")
    assert unit is not None
    assert (unit.attrib["message"], unit.text) == ("exit status 3 (2 attempts)", "tried\ntried\n")
    lacking = found["lacking"].find("testcase/error")
    assert lacking is not None
    assert lacking.attrib["message"].startswith("artifact not made")
    assert found["build"].attrib["file"] == "ci.nxa"


def test_junit_is_read_by_a_real_consumer(flow: Flow) -> None:
    run, files = reported(flow, WORKFLOW)
    parsed = junitparser.JUnitXml.fromfile(str(files["junit"]))
    assert (parsed.tests, parsed.failures, parsed.errors) == (9, 1, 2)
    for suite in parsed:
        before = (suite.tests, suite.failures, suite.errors, suite.skipped)
        time = suite.time
        suite.update_statistics()  # type: ignore[no-untyped-call]  # their one without types
        assert (suite.tests, suite.failures, suite.errors, suite.skipped) == before, suite.name
        (end,) = run.of("job_end", suite.name)
        assert round(time * 1000) == end.get("duration_ms", 0)
        (first, *_) = suite
        assert first.classname == f"ci.{suite.name}"
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", suite.timestamp)


def test_json(flow: Flow) -> None:
    run, files = reported(flow, WORKFLOW)
    whole = json.loads(files["json"].read_bytes())
    (end,) = run.of("workflow_end")
    assert (whole["workflow"], whole["run"], whole["source"]) == ("ci", end["run"], "ci.nxa")
    assert (whole["status"], whole["exit_code"]) == ("failure", 1)
    assert (whole["started"], whole["ended"]) == (run.events[0]["timestamp"], end["timestamp"])
    assert {job["name"]: job["status"] for job in whole["jobs"]} == run.jobs
    jobs = {job["name"]: job for job in whole["jobs"]}
    for job in whole["jobs"]:
        assert {step["name"]: step["status"] for step in job["steps"]} == run.steps(job["name"])
        (ended,) = run.of("job_end", job["name"])
        assert job["duration_ms"] == ended.get("duration_ms")
        assert (job["exit_code"], job["reason"]) == (ended.get("exit_code"), ended.get("reason"))
    last = [end["job"] for end in run.of("job_end") if end["status"] != "skipped"][-1]
    path = ["build", "test"] if last == "test" else [last]
    assert [name for name, job in jobs.items() if job["critical"]] == path
    assert (jobs["test"]["needs"], jobs["build"]["artifacts"]) == (["build"], ["app"])
    unit, after = jobs["test"]["steps"]
    assert [attempt["status"] for attempt in unit["attempts"]] == ["failure", "failure"]
    assert [attempt["delay_ms"] for attempt in unit["attempts"]] == [10, None]
    assert (unit["lines"], unit["tail"]) == (2, ["tried", "tried"])
    assert (after["attempts"], after["started"], after["duration_ms"]) == ([], None, None)


def test_trace(flow: Flow) -> None:
    run, files = reported(flow, WORKFLOW)
    trace = json.loads(files["trace"].read_bytes())
    assert trace["otherData"]["status"] == "failure"
    check_trace(trace["traceEvents"])
    rows = {
        event["tid"]: event["args"]["name"]
        for event in trace["traceEvents"]
        if event["name"] == "thread_name"
    }
    assert sorted(rows.values()) == sorted(run.jobs)
    drawn = {
        (rows[event["tid"]], event["cat"], event["name"]): event
        for event in trace["traceEvents"]
        if event["ph"] == "X"
    }
    (ended,) = run.of("step_end", "test", "unit")
    unit = drawn["test", "step", "unit"]
    assert (unit["dur"], unit["args"]["status"]) == (ended["duration_ms"] * 1000, "failure")
    assert ("test", "attempt", "attempt 2") in drawn
    assert not [key for key in drawn if key[0] == "left"]


def check_trace(events: list[dict[str, Any]]) -> None:
    """What the Trace Event Format asks of complete events and metadata; slices of one row nest."""
    open_until: dict[int, list[int]] = {}
    for event in events:
        assert event["ph"] in "MX"
        assert isinstance(event["name"], str)
        assert isinstance(event["pid"], int)
        assert isinstance(event["tid"], int)
        if event["ph"] == "M":
            assert event["name"] in ("process_name", "thread_name", "thread_sort_index")
            continue
        assert isinstance(event["ts"], int)
        assert isinstance(event["dur"], int)
        assert min(event["ts"], event["dur"]) >= 0
        ends = open_until.setdefault(event["tid"], [])
        while ends and ends[-1] <= event["ts"]:
            ends.pop()
        # Of two times with the grain of a millisecond.
        assert not ends or event["ts"] + event["dur"] <= ends[-1] + 1000
        ends.append(event["ts"] + event["dur"])


def test_steps_that_run_at_the_same_time(flow: Flow) -> None:
    text = """
    workflow w {
      job j {
        parallel {
          step "one" { run = "sleep 1.2; echo one" }
          step "two" { run = "sleep 1.2; echo two" }
        }
        step "three" { run = "echo three" }
      }
    }
    """
    run, files = reported(flow, text)
    assert run.status == 0, run.stderr
    events = json.loads(files["trace"].read_bytes())["traceEvents"]
    check_trace(events)
    rows = {event["name"]: event["tid"] for event in events if event.get("cat") == "step"}
    assert sorted([rows["one"], rows["two"]]) == [1, 2]
    assert rows["three"] in (1, 2)
    page = Page(files["html"])
    assert [log.strip() for log in page.logs] == run_order(run)


def run_order(run: Run) -> list[str]:
    """What each step printed, in the order in which they began."""
    return [each["step"] for each in run.of("step_start")]


class Page(HTMLParser):
    """What a browser would make of a page: elements in their order, texts of `pre`."""

    VOID = ("meta", "input", "img", "link", "br")

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.logs: list[str] = []
        self.text = ""
        self.feed(path.read_bytes().decode("utf-8"))
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)
        if tag == "pre":
            self.logs.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if "pre" in self.open:
            self.logs[-1] += data

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def test_html(flow: Flow) -> None:
    _, files = reported(flow, WORKFLOW)
    page = Page(files["html"])
    assert [each["data-status"] for each in page.of("details") if each["class"] == "job"] == [
        job["status"] for job in json.loads(files["json"].read_bytes())["jobs"]
    ]
    assert "compiled\n" in "".join(page.logs)
    # What is not green is open; every link leads somewhere; all that is asked for has a name.
    assert all(
        ("open" in each) == (each["data-status"] not in ("success", "skipped"))
        for each in page.of("details")
    )
    ids = {attributes.get("id") for _, attributes in page.elements}
    assert all((each["href"] or "").removeprefix("#") in ids for each in page.of("a"))
    assert {"header", "main", "h1", "h2"} <= {tag for tag, _ in page.elements}
    assert all("aria-labelledby" in each for each in page.of("section"))


def test_hostile_output_is_inert(flow: Flow) -> None:
    _, files = reported(flow, HOSTILE)
    page = Page(files["html"])
    assert (len(page.of("script")), page.of("img"), len(page.of("style"))) == (1, [], 1)
    outside = re.compile(rb"https?://|url\(|@import|src=", re.IGNORECASE)
    head, _, log = files["html"].read_bytes().partition(b"<pre ")
    assert outside.search(head + log[log.index(b"</pre>") :]) is None
    expected = [
        "</script><script>alert(1)</script>",
        "<img src=x onerror=alert(2)>",
        "</pre></details>",
        "]]>",
        "esc red link bell\ufffd ctl\ufffd\ufffd\ufffd del\ufffd end",
        "bytes \ufffd\ufffd \ufffd( \ufffd\ufffd\ufffd \ufffd \ufffd \x85 ü😀",
        "quote \" apostrophe ' backslash \\ \\u001b[0m \\n amp & &amp; tab\tcr\rover",
        "no newline",
    ]
    check_schema(files["junit"])
    (suite,) = suites(files["junit"]).values()
    said = suite.find("testcase/system-out")
    assert said is not None
    assert (said.text or "").split("\n") == [*expected, ""]
    # A page shows what a step wrote over its line on a line of its own.
    assert "".join(page.logs).lstrip("\n") == "\n".join(expected).replace("\r", "\n") + "\n"


def test_reports_come_however_a_run_ends(flow: Flow) -> None:
    script = flow.build('workflow w { job j { run "touch ../begun; sleep 30" } }')
    target = flow.place.repo / "r.xml"
    target.write_text("old")
    running = flow.start(script, "--report", f"junit={target}")
    wait_for(lambda: list(flow.place.workspaces.rglob("begun")), "the step")
    assert target.read_text() == "old"
    running.send(signal.SIGINT)
    assert running.end().status == 130
    assert "error" in cases(suites(target)["j"]).values()
    assert [path.name for path in flow.place.repo.iterdir()] == ["r.xml"]


def test_a_run_that_timed_out(flow: Flow) -> None:
    run, files = reported(flow, 'workflow w {\ntimeout = 300ms\njob j { run "sleep 30" }\n}')
    assert run.status == 124
    assert json.loads(files["json"].read_bytes())["status"] == "timeout"


def test_jobs_that_are_kept(flow: Flow) -> None:
    script = flow.build('workflow w { job j { run "true" } }')
    flow(script)
    run, files = reported(flow, script, "--resume")
    assert run.status == 0
    (case,) = suites(files["junit"])["j"].iter("testcase")
    assert [each.get("message") for each in case] == ["kept from an earlier run"]


def test_secrets_are_masked(flow: Flow) -> None:
    text = """
    workflow w {
      secrets = ["TOKEN"]
      job j { run "echo \\"it is $TOKEN.\\"; exit 1" }
    }
    """
    _, files = reported(flow, text, "--env", "TOKEN=hunter2hunter2")
    for path in files.values():
        assert b"hunter2" not in path.read_bytes(), path


def test_files_are_the_callers(flow: Flow) -> None:
    script = flow.build('workflow w { job j { run "true" } }')
    elsewhere = flow.place.root / "else where"
    elsewhere.mkdir()
    link = elsewhere / "link.json"
    link.symlink_to("real.json")

    def prepare() -> None:
        heed_signals()
        os.umask(0o027)

    run = flow.start(
        script,
        *("-C", str(flow.place.repo), "--report=json=link.json", "--report=trace=-t =x.json"),
        *("--report", "html=/dev/null", "--report", f"junit={elsewhere}/j.xml"),
        cwd=elsewhere,
        prepare=prepare,
    ).end()
    assert (run.status, run.stderr) == (0, "")
    names = sorted(path.name for path in elsewhere.iterdir())
    assert names == ["-t =x.json", "j.xml", "link.json", "real.json"]
    assert link.is_symlink()
    assert stat.S_IMODE((elsewhere / "j.xml").stat().st_mode) == 0o640
    assert not stat.S_ISREG(Path("/dev/null").stat().st_mode)


@pytest.mark.parametrize(
    ("report", "status", "message"),
    [
        ("junti=a", 2, "did you mean junit?"),
        ("pdf=a", 2, "did you mean one of junit json html trace?"),
        ("junit", 2, "--report wants KIND=FILE"),
        ("junit=", 2, "--report wants KIND=FILE"),
        ("junit=-", 2, "standard output is the run's"),
        ("junit=none/a", 3, "/repo/none"),
        ("junit=.", 3, "is a directory"),
        ("junit=dir/", 3, "is a directory"),
    ],
)
def test_what_cannot_be_reported(flow: Flow, report: str, status: int, message: str) -> None:
    (flow.place.repo / "dir").mkdir()
    run = flow('workflow w { job j { run "true" } }', "--report", report)
    assert (run.status, run.stdout) == (status, b"")
    assert message in run.stderr
    assert not list(flow.place.runs.glob("*"))


def test_two_in_one_file(flow: Flow) -> None:
    run = flow(
        'workflow w { job j { run "true" } }',
        "--report=json=a",
        "--report=html=./../repo/a",
        "--report=junit=a",
    )
    assert run.status == 3
    assert "two reports in" in run.stderr


def test_a_report_that_is_lost_is_no_success(flow: Flow) -> None:
    run = flow('workflow w { job j { run "true" } }', "--report", "json=/dev/full")
    assert run.jobs == {"j": "success"}
    assert run.status == 1
    assert "cannot write the report /dev/full" in run.stderr


# --- the programs ---------------------------------------------------------------------------------

AWKS = ("gawk", "mawk", "original-awk", "busybox")


def program(kind: str) -> str:
    """A kind's program, as scripts and `nixc report` put it together."""
    folder = ROOT / "runtime" / "report"
    return "\n".join((folder / f"{name}.awk").read_text("utf-8") for name in ("events", kind))


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with times that have zeros in front, long lines, and an end that was cut off."""
    folder = tmp_path_factory.mktemp("run")
    (folder / "plan").write_text("source a b.nxa\njob one\njob two one\njob three\n")
    head = '"workflow":"w","run":"w-20240229T235959-8-9"'
    what = '"job":"one","step":"s \\"1\\""'
    long = '\\"\\\\<&\\u001b[1mü' * 40_000
    lines = [
        ("2024-02-29T23:59:59.044Z", '"event":"workflow_start"'),
        ("2024-02-29T23:59:59.089Z", '"event":"job_start","job":"one","executor":"local"'),
        ("2024-02-29T23:59:59.090Z", f'"event":"step_start",{what},"attempt":1,"max_attempts":2'),
        ("2024-02-29T23:59:59.091Z", f'"event":"output",{what},"message":"{long}"'),
        ("2024-02-29T23:59:59.092Z", f'"event":"output",{what},"message":",\\"job\\":\\"no\\","'),
        (
            "2024-02-29T23:59:59.099Z",
            f'"event":"step_retry",{what},"attempt":1,"max_attempts":2,"status":"failure",'
            '"exit_code":8,"delay_ms":900',
        ),
        ("2024-03-01T00:00:00.008Z", f'"event":"step_start",{what},"attempt":2,"max_attempts":2'),
        (
            "2024-03-01T00:08:09.010Z",
            f'"event":"step_end",{what},"attempt":2,"max_attempts":2,"status":"success",'
            '"exit_code":0,"duration_ms":489920',
        ),
        (
            "2024-03-01T00:08:09.011Z",
            '"event":"job_end","job":"one","status":"success","exit_code":0,"duration_ms":489922',
        ),
        ("2024-03-01T01:09:08.000Z", '"event":"job_start","job":"two","executor":"local"'),
        (
            "2024-03-01T01:09:08.001Z",
            '"event":"step_start","job":"two","step":"t","attempt":1,"max_attempts":1',
        ),
    ]
    text = "".join(f'{{"timestamp":"{time}",{head},{rest}}}\n' for time, rest in lines)
    (folder / "events.jsonl").write_text(text + '{"timestamp":"2024-03-01T01:09', "utf-8")
    return folder


def made(record: Path, kind: str, *awk: str) -> bytes:
    files = ["part=plan", str(record / "plan"), "part=events", str(record / "events.jsonl")]
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "NXA_PAGE_CSS": "", "NXA_PAGE_JS": ""}
    command = [*awk, program(kind), *files]
    ran = subprocess.run(command, env=environment, capture_output=True, timeout=60)
    assert (ran.returncode, ran.stderr) == (0, b"")
    return ran.stdout


@pytest.mark.parametrize("kind", [*KINDS, "text"])
def test_all_awks_say_the_same(record: Path, kind: str, needs_tool: Callable[[str], str]) -> None:
    for awk in AWKS:
        needs_tool(awk)
    said = {awk: made(record, kind, awk, *["awk"] * (awk == "busybox")) for awk in AWKS}
    said["gawk --posix"] = made(record, kind, "gawk", "--posix")
    assert len(set(said.values())) == 1, {awk: len(text) for awk, text in said.items()}


def test_times_and_what_was_cut_off(record: Path) -> None:
    whole = json.loads(made(record, "json", "awk"))
    assert (whole["started"], whole["ended"]) == (
        "2024-02-29T23:59:59.044Z",
        "2024-03-01T01:09:08.001Z",
    )
    assert (whole["status"], whole["exit_code"], whole["source"]) == ("unfinished", None, "a b.nxa")
    one, two, three = whole["jobs"]
    assert one["started"] == "2024-02-29T23:59:59.089Z"
    assert one["steps"][0]["attempts"][1]["started"] == "2024-03-01T00:00:00.008Z"
    assert (two["status"], two["needs"], two["steps"][0]["status"]) == (
        "unfinished",
        ["one"],
        "unfinished",
    )
    assert (three["status"], three["started"]) == ("unfinished", None)
    assert [job["critical"] for job in whole["jobs"]] == [True, True, False]


def test_kinds_are_linked() -> None:
    text = (ROOT / "runtime" / "core" / "report.sh").read_text("utf-8")
    assert {f"report/{kind}.awk" for kind in KINDS} <= set(requirements(text))
