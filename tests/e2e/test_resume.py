"""--resume and --only: what is kept of an earlier run, and what runs again."""

from __future__ import annotations

import pytest

from tests.e2e.runs import Flow, Run

WORKFLOW = """
    workflow w {
      input flavour { default = "plain" }
      job make {
        outputs = { x = "out/" }
        exports = ["VERSION"]
        run "mkdir out; echo made > out/file; ln -s file out/link"
        run "echo VERSION=1.2 >> \\"$JOB_ENV\\""
      }
      job use {
        needs  = [make]
        inputs = ["x"]
        env    = { V = needs.make.VERSION }
        run "cat out/link; echo \\"$V\\""
      }
      job gate {
        needs = [use]
        run "[ -e \\"$TMPDIR/open\\" ]"
      }
      job last {
        needs  = [make, gate]
        inputs = ["x"]
        run "cat out/file"
      }
      job apart { run "true" }
    }
    """


def kept(run: Run) -> set[str]:
    """The jobs that were not run again."""
    return {end["job"] for end in run.of("job_end") if end.get("reason") == "kept"}


def started(run: Run) -> set[str]:
    return {start["job"] for start in run.of("job_start")}


def test_green_jobs_are_kept_and_the_rest_runs(flow: Flow) -> None:
    script = flow.build(WORKFLOW)
    first = flow(script)
    assert first.jobs["gate"] == "failure"
    (flow.place.root / "tmp" / "open").touch()
    again = flow(script, "--resume")
    assert kept(again) == {"make", "use", "apart"}
    assert started(again) == {"gate", "last"}
    assert again.status == 0
    assert again.output("last") == ["made"]
    # What was kept is part of the new run, too.
    third = flow(script, "--resume")
    assert started(third) == set()
    assert third.jobs == dict.fromkeys(["make", "use", "gate", "last", "apart"], "success")


def test_a_job_that_is_named_runs(flow: Flow) -> None:
    script = flow.build(WORKFLOW)
    (flow.place.root / "tmp" / "open").touch()
    flow(script)
    again = flow(script, "--resume", "use")
    assert (kept(again), started(again)) == ({"make"}, {"use"})
    assert again.output("use") == ["made", "1.2"]


def test_other_inputs_or_variables_run_all(flow: Flow) -> None:
    script = flow.build(WORKFLOW)
    (flow.place.root / "tmp" / "open").touch()
    flow(script, "--env", "A=1")
    assert kept(flow(script, "--resume", "--env", "A=2")) == set()
    assert len(kept(flow(script, "--resume", "--env", "A=2"))) == 5
    assert kept(flow(script, "--resume", "--env", "A=2", "-i", "flavour=x")) == set()


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [
        # A place, a comment, another job: nothing that `use` depends on.
        ("job apart", '\n# docs\njob before { run "true" }\njob apart', {"before"}),
        # The artifact comes out the same, and so does the export.
        ("echo made >", "true; echo made >", {"make"}),
        # It comes out otherwise for who reads it.
        ("echo made >", "echo other >", {"make", "use", "last"}),
        ("VERSION=1.2", "VERSION=1.3", {"make", "use"}),
        (
            "workflow w {",
            'workflow w {\nenv = { ALL = "1" }',
            {"make", "use", "gate", "last", "apart"},
        ),
    ],
)
def test_what_depends_on_a_change_runs(flow: Flow, old: str, new: str, again: set[str]) -> None:
    (flow.place.root / "tmp" / "open").touch()
    flow(WORKFLOW)
    assert started(flow(WORKFLOW.replace(old, new, 1), "--resume")) == again


def test_who_exported_a_secret_runs(flow: Flow) -> None:
    script = flow.build(
        """
        workflow w {
          secrets = ["TOKEN"]
          job make {
            exports = ["TOKEN"]
            run "printf 'TOKEN=hunter%s\\n' 22 >> \\"$JOB_ENV\\""
          }
          job use {
            needs = [make]
            env   = { T = needs.make.TOKEN }
            run "true"
          }
          job apart { run "true" }
        }
        """
    )
    flow(script)
    again = flow(script, "--resume")
    assert (kept(again), started(again)) == ({"apart"}, {"make", "use"})
    for record in flow.place.runs.rglob("*"):
        assert record.is_dir() or b"hunter22" not in record.read_bytes(), record


def test_only(flow: Flow) -> None:
    script = flow.build(WORKFLOW)
    (flow.place.root / "tmp" / "open").touch()
    flow(script)
    again = flow(script, "--resume", "--only", "use")
    assert again.jobs == {"use": "success"}
    assert again.output("use") == ["made", "1.2"]
    alone = flow(script, "--only", "use")
    assert alone.jobs == {"use": "failure"}
    assert "was not made" in alone.reason("use")


def test_a_run_by_its_name(flow: Flow) -> None:
    script = flow.build(WORKFLOW)
    (flow.place.root / "tmp" / "open").touch()
    flow(script)
    (name,) = [path.name for path in flow.place.runs.iterdir()]
    flow(script, "-e", "A=1")
    assert len(kept(flow(script, f"--resume={name}"))) == 5


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["--resume"], 3, "nothing to resume: no run of w is kept"),
        (["--resume=w-1"], 2, "there is no run 'w-1'"),
        (["--resume=../x"], 2, "'../x' is no run's name"),
        (["--only"], 2, "--only wants a job"),
    ],
)
def test_what_cannot_be_resumed(
    flow: Flow, arguments: list[str], status: int, message: str
) -> None:
    run = flow(WORKFLOW, *arguments)
    assert run.status == status
    assert message in run.stderr
    assert run.stdout == b""


def test_records_are_kept_up_to_a_number(flow: Flow) -> None:
    script = flow.build('workflow w { job j { run "true" } }')
    other = flow.build('workflow w-2 { job j { run "true" } }', name="other")
    flow(other)
    for _ in range(4):
        flow(script, env={"NIXACTIONS_KEEP_RUNS": "2"})
    names = sorted(path.name for path in flow.place.runs.iterdir())
    assert [name.startswith("w-2-") for name in names].count(True) == 1
    assert len(names) == 3
    refused = flow(script, env={"NIXACTIONS_KEEP_RUNS": "many"})
    assert (refused.status, "NIXACTIONS_KEEP_RUNS" in refused.stderr) == (3, True)
