"""Artifacts: what is kept of files, globs, missing ones, matrices, where they come back."""

from __future__ import annotations

import pytest

from tests.e2e.runs import Flow

BASH = '"""'


def pair(outputs: str, inputs: str, make: str, look: str, more: str = "") -> str:
    """A job that makes an artifact, and one that reads it."""
    return f"""
        workflow w {{
          job make {{
            outputs = {outputs}
            run {BASH}
              {make}
            {BASH}
          }}
          job look {{
            needs = [make]
            inputs = {inputs}
            {more}
            run {BASH}
              {look}
            {BASH}
          }}
        }}
        """


def test_modes_links_and_empty_directories(flow: Flow) -> None:
    run = flow(
        pair(
            '{ tree = "tree" }',
            '["tree"]',
            "mkdir -p tree/empty tree/sub; echo 1 > tree/run; chmod 751 tree/run;"
            " echo 2 > tree/.dot; chmod 640 tree/.dot; ln -s run tree/link;"
            " ln -s /nowhere/at/all tree/dangling; ln tree/run tree/hard; chmod 500 tree/sub",
            "cd tree; ls -ld run .dot sub | cut -c1-10;"
            " readlink link; readlink dangling; [ -d empty ] && [ run -ef hard ] && ls -A | wc -l",
        )
    )
    assert run.jobs == {"make": "success", "look": "success"}, run.text
    modes = ["-rwxr-x--x", "-rw-r-----", "dr-x------"]
    assert sorted(run.output("look")[:3]) == sorted(modes)
    assert [line.strip() for line in run.output("look")[3:]] == ["run", "/nowhere/at/all", "7"]
    assert [each["message"] for each in run.of("artifact_saved", "make")] == ["tree"]
    assert [each["message"] for each in run.of("artifact_restored", "look")] == ["tree"]


ODD = [
    "with blank",
    "quote'\"s",
    "line\nbreak",
    "$(touch canary)",
    "-rf",
    "--help",
    "ünïcödé 日本",
    "star*[a]?",
    "back\\slash",
    "semi;colon & more",
    "tab\t",
    "~",
    "#",
]


def test_odd_file_names(flow: Flow) -> None:
    for name in ODD:
        flow.say(f"odd/{name}", name)
    run = flow(
        pair(
            '{ odd = "odd", listed = "odd/-*" }',
            '[{ name = "odd", path = "in/to" }, { name = "listed", path = "l" }]',
            "true",
            'diff -r odd in/to/odd && cat l/odd/* && [ "$(ls l/odd | wc -l)" -eq 2 ]',
        )
    )
    assert run.jobs == {"make": "success", "look": "success"}, run.text
    assert run.output("look") == ["--help-rf"]
    assert not list(flow.place.root.rglob("canary"))


@pytest.mark.parametrize(
    "name", ["../../up", "a/b", ".", "..", "$(touch canary)", "-rf", "é 'q'", "%41", "~", ".dot"]
)
def test_odd_artifact_names(flow: Flow, name: str) -> None:
    run = flow(
        pair(
            f'{{ "{name.replace("$", chr(92) + "$")}" = "file", other = "other" }}',
            f'["{name.replace("$", chr(92) + "$")}"]',
            "echo 1 > file; echo 2 > other",
            "cat file; [ ! -e other ]",
            "executor = local { copyRepo = false }",
        ).replace("outputs", "executor = local { copyRepo = false }\n outputs")
    )
    assert run.jobs == {"make": "success", "look": "success"}, run.text
    assert run.output("look") == ["1"]
    assert {each["message"] for each in run.of("artifact_saved")} == {name, "other"}
    (kept,) = flow.place.runs.iterdir()
    assert len(list((kept / "artifacts").iterdir())) == 2
    assert not list(flow.place.root.rglob("canary"))


@pytest.mark.parametrize(
    ("path", "files"),
    [
        ("out/*.txt", ["out/a.txt", "out/b c.txt"]),
        ("out/", ["out/.h", "out/a.txt", "out/b c.txt", "out/c.md"]),
        ("out/?.md", ["out/c.md"]),
        ("*/a.txt", ["out/a.txt"]),
        ("literal[1].txt", ["literal[1].txt"]),
        ("b c/d e", ["b c/d e"]),
        ("./out/a.txt", ["out/a.txt"]),
    ],
)
def test_paths_and_globs(flow: Flow, path: str, files: list[str]) -> None:
    for name in ("out/a.txt", "out/b c.txt", "out/c.md", "out/.h", "b c/d e", "literal[1].txt"):
        flow.say(name)
    flow.say("literal1.txt")
    run = flow(
        pair(
            f'{{ x = "{path}" }}',
            '[{ name = "x", path = "below" }]',
            "true",
            "cd below; find . -type f | LC_ALL=C sort | cut -c3-",
        )
    )
    assert run.output("look") == files


def test_a_missing_one_fails_a_green_job(flow: Flow) -> None:
    run = flow(pair('{ x = "nothing", y = "made" }', '["y"]', "echo 1 > made", "cat made"))
    assert run.status == 1
    assert run.jobs == {"make": "failure", "look": "skipped"}
    assert "x" in run.reason("make")
    assert "nothing" in run.reason("make")
    assert [each["message"] for each in run.of("artifact_saved")] == ["y"]


def test_what_a_failed_job_made_is_kept(flow: Flow) -> None:
    run = flow(
        pair(
            '{ x = "made", y = "nothing" }',
            '["x", { name = "y", optional = true }]',
            "echo 1 > made; exit 3",
            "cat made",
            "condition = always()",
        )
    )
    assert run.status == 1
    assert run.jobs == {"make": "failure", "look": "success"}
    assert run.output("look") == ["1"]


@pytest.mark.parametrize("how", ["failed", "skipped"])
def test_an_input_that_was_not_made_fails_its_reader(flow: Flow, how: str) -> None:
    run = flow(
        f"""
        workflow w {{
          job make {{
            {"" if how == "failed" else 'condition = env.NEVER == "x"'}
            outputs = {{ x = "nothing" }}
            run "exit 1"
          }}
          job look {{
            needs     = [make]
            condition = always()
            inputs    = ["x"]
            run "true"
          }}
          job optional {{
            needs     = [make]
            condition = always()
            inputs    = [{{ name = "x", optional = true }}]
            run "true"
          }}
        }}
        """
    )
    assert run.jobs["look"] == "failure"
    assert run.jobs["optional"] == "success"
    for word in ("x", "make", "failure" if how == "failed" else "skipped"):
        assert word in run.reason("look").split()
    assert run.of("step_start", "look") == []


def matrix(reader: str, make: str, condition: str = "") -> str:
    return f"""
        workflow w {{
          job m {{
            matrix  = {{ n = [1, 2], failFast = false }}
            outputs = {{ x = "out/" }}
            {condition}
            run {BASH}
              mkdir out
              {make}
            {BASH}
          }}
          job look {{
            needs     = [m]
            condition = always()
            {reader}
          }}
        }}
        """


LOOK = "run \"find . -type f -exec grep -H '' {} + | LC_ALL=C sort\""


def test_a_matrix_is_merged(flow: Flow) -> None:
    run = flow(
        matrix(f'inputs = ["x"]\n{LOOK}', "echo same > out/both; echo $MATRIX_N > out/$MATRIX_N")
    )
    assert run.output("look") == ["./out/1:1", "./out/2:2", "./out/both:same"]


def test_a_conflict_in_a_matrix_fails_the_reader(flow: Flow) -> None:
    run = flow(matrix(f'inputs = ["x"]\n{LOOK}', "echo $MATRIX_N > 'out/a $b'"))
    assert run.jobs == {"m-n-1": "success", "m-n-2": "success", "look": "failure"}
    assert "out/a $b" in run.reason("look")
    assert "each = true" in run.reason("look")


def test_each_keeps_a_matrix_apart(flow: Flow) -> None:
    run = flow(
        matrix(
            f'inputs = [{{ name = "x", path = "in/", each = true }}]\n{LOOK}',
            "echo $MATRIX_N > out/a",
        )
    )
    assert run.output("look") == ["./in/m-n-1/out/a:1", "./in/m-n-2/out/a:2"]


def test_a_skipped_combination_is_no_gap(flow: Flow) -> None:
    run = flow(
        matrix(
            f'inputs = ["x"]\n{LOOK}',
            "echo $MATRIX_N > out/a",
            'condition = "[ $MATRIX_N = 2 ]"',
        )
    )
    assert run.jobs == {"m-n-1": "skipped", "m-n-2": "success", "look": "success"}
    assert run.output("look") == ["./out/a:2"]


def test_a_failed_combination_is_a_gap(flow: Flow) -> None:
    run = flow(matrix(f'inputs = ["x"]\n{LOOK}', "rmdir out; [ $MATRIX_N = 2 ] && mkdir out"))
    assert run.jobs == {"m-n-1": "failure", "m-n-2": "success", "look": "failure"}
    assert "m-n-1" in run.reason("look")


def test_links_lead_nowhere_else(flow: Flow) -> None:
    """A path that leaves the job's directory through a link is no artifact."""
    (flow.place.root / "outside").mkdir()
    (flow.place.root / "outside" / "secret").write_text("secret")
    run = flow(
        f"""
        workflow w {{
          job out {{
            outputs = {{ x = "link/secret" }}
            run "ln -s '{flow.place.root}/outside' link"
          }}
          job make {{
            outputs = {{ y = "link/file" }}
            run "mkdir link; echo 1 > link/file"
          }}
          job back {{
            needs  = [make]
            inputs = ["y"]
            run "true"
          }}
        }}
        """
    )
    assert run.jobs["out"] == "failure"
    assert run.jobs["back"] == "success"
    assert run.of("artifact_saved", "out") == []


def test_a_stream_does_not_unpack_through_a_link(flow: Flow) -> None:
    outside = flow.place.root / "outside"
    outside.mkdir()
    (flow.place.repo / "link").symlink_to(outside)
    run = flow(
        pair('{ y = "link/file" }', '["y"]', "rm -rf link; mkdir link; echo 1 > link/file", "true")
    )
    assert list(outside.iterdir()) == []
    assert run.jobs["make"] == "success"


def test_names_of_artifacts_read_like_options_to_nobody(flow: Flow) -> None:
    run = flow(
        pair(
            '{ x = "--checkpoint-action=exec=touch canary" }',
            '["x"]',
            "echo 1 > './--checkpoint-action=exec=touch canary'",
            "cat ./--*",
        )
    )
    assert run.output("look") == ["1"]
