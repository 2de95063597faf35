"""Caches: what is kept across runs, when it comes back, and what happens where it cannot."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

import pytest

from tests.e2e.runs import Flow, Run, wait_for

BASH = '"""'


def job(cache: str, run: str = "cat kept || true; echo new > kept", more: str = "") -> str:
    return f"""
        workflow w {{
          job j {{
            cache = {{ {cache} }}
            {more}
            run {BASH}
              {run}
            {BASH}
          }}
        }}
        """


def hits(run: Run) -> list[str]:
    return [each["message"] for each in run.of("cache_hit")]


def cache_of(flow: Flow) -> Path:
    return flow.place.runs.parent / "cache"


def entries(flow: Flow) -> list[Path]:
    """What the cache holds; nothing is left of what was only staged."""
    assert list(cache_of(flow).glob(".staging/*")) == []
    return sorted(cache_of(flow).glob("*/*"))


def test_kept_across_runs(flow: Flow) -> None:
    flow.say("lock", "1")
    script = flow.build(
        job(
            'key = "deps", keyFiles = ["lock"], paths = ["kept"]',
            "cat kept/a || echo none; mkdir -p kept; echo one > kept/a; ln -sf a kept/l;"
            " chmod 750 kept/a; ls -l kept/a | cut -c1-10",
        )
    )
    first, second = flow(script), flow(script)
    assert (first.status, hits(first), first.output()[-2:]) == (0, [], ["none", "-rwxr-x---"])
    assert (second.status, hits(second), second.output()) == (0, ["deps"], ["one", "-rwxr-x---"])
    assert len(entries(flow)) == 1
    flow.say("lock", "2")
    third = flow(script)
    assert (hits(third), third.output()[-2]) == ([], "none")
    assert len(entries(flow)) == 2
    flow.say("lock", "1")
    assert hits(flow(script)) == ["deps"]
    assert [run.warnings() for run in (first, second, third)] == [[], [], []]


def test_fallback_to_the_newest_of_the_key(flow: Flow) -> None:
    text = job(
        'key = "deps", keyFiles = ["lock"], paths = ["kept"], fallback = true',
        "cat kept || true; cat lock > kept",
    )
    for number in ("1", "2"):
        flow.say("lock", f"{number}\n")
        flow(text)
    flow.say("lock", "3\n")
    run = flow(text)
    assert hits(run) == ["deps (of other key files)"]
    assert run.output() == ["2"]
    assert len(entries(flow)) == 3


@pytest.mark.parametrize(
    "key", ["../../up", "a/b", ".", "..", "-rf", "$(touch canary)", "é ' q", "~", "x" * 300, "*"]
)
def test_keys_that_are_odd_names(flow: Flow, key: str) -> None:
    written = key.replace("$", "\\$")
    script = flow.build(job(f'key = "{written}", paths = ["kept"]'))
    assert hits(flow(script)) == []
    assert hits(flow(flow.build(job(f'key = "other {written}", paths = ["kept"]')))) == []
    script = flow.build(job(f'key = "{written}", paths = ["kept"]'))
    assert hits(flow(script)) == [key]
    assert len(entries(flow)) == 2
    assert not list(flow.place.root.rglob("canary"))


def test_key_files(flow: Flow) -> None:
    """As written, else a glob; what is missing belongs to the hash, too."""
    for name in ("a.lock", "sub/b c.lock", "-x[1].lock", "line\nbreak.lock"):
        flow.say(name, name)
    script = flow.build(
        job('key = "k", keyFiles = ["*.lock", "sub/*", "-x[1].lock", "none"], paths = ["kept"]')
    )
    assert hits(flow(script)) == []
    assert hits(flow(script)) == ["k"]
    for name, text in (
        ("sub/b c.lock", "2"),
        ("-x[1].lock", "2"),
        ("line\nbreak.lock", "2"),
        ("none", ""),
        ("another.lock", ""),
    ):
        flow.say(name, text)
        assert hits(flow(script)) == [], name
        assert hits(flow(script)) == ["k"]


def test_a_key_file_that_cannot_be_one(flow: Flow) -> None:
    flow.say("dir/file")
    run = flow(job('key = "k", keyFiles = ["dir"], paths = ["kept"]'))
    assert run.status == 0
    assert run.warnings() == [
        "the key file ./dir is a directory",
        "cache k is left out: its key files cannot be read",
    ]
    assert entries(flow) == []


def test_a_failed_job_saves_nothing(flow: Flow) -> None:
    for more, run in (
        ("", "touch kept; exit 1"),
        ('outputs = { x = "none" }', "touch kept"),
        ("timeout = 1s", "touch kept; sleep 60"),
    ):
        ended = flow(job('key = "k", paths = ["kept"]', run, more))
        assert ended.status == 1
        assert entries(flow) == []
        assert not [each for each in ended.warnings() if "cache" in each]


def test_a_cancelled_job_saves_nothing(flow: Flow) -> None:
    running = flow.start(job('key = "k", paths = ["kept"]', "touch kept; touch begun; sleep 60"))
    wait_for(lambda: list(flow.place.workspaces.rglob("begun")), "the step to begin")
    running.send(signal.SIGTERM)
    assert running.end().status == 143
    assert entries(flow) == []


def test_what_is_missing_at_the_end(flow: Flow) -> None:
    run = flow(job('key = "k", paths = ["kept", "none", "no*ne"]'))
    assert (run.status, run.warnings()) == (0, ["cache k: nothing at none, no*ne"])
    assert hits(flow(job('key = "k", paths = ["kept", "none", "no*ne"]'))) == ["k"]
    run = flow(job('key = "other", paths = ["none"]'))
    assert (run.status, run.warnings()) == (0, ["cache other was not saved: nothing at none"])
    assert len(entries(flow)) == 1


def test_a_path_that_leads_out_is_refused(flow: Flow) -> None:
    outside = flow.place.root / "outside"
    outside.mkdir()
    (outside / "secret").write_text("1")
    run = flow(
        job('key = "k", paths = ["fine", "out/secret"]', f"touch fine; ln -s '{outside}' out")
    )
    assert run.status == 0
    assert run.warnings() == [
        "./out/secret leads out of the job's directory",
        "cache k was not saved",
    ]
    assert entries(flow) == []


def test_the_last_green_job_of_a_key_wins(flow: Flow) -> None:
    run = flow(
        """
        workflow w {
          job a {
            cache = { key = "k", paths = ["kept"] }
            run "echo a > kept; sleep 2"
          }
          job b {
            cache = { key = "k", paths = ["kept"] }
            run "echo b > kept; sleep 1"
          }
          job c {
            cache           = { key = "k", paths = ["kept"] }
            continueOnError = true
            run "echo c > kept; sleep 3; exit 1"
          }
        }
        """
    )
    assert run.jobs == {"a": "success", "b": "success", "c": "failure"}
    # What a later save replaced is gone.
    assert len(entries(flow)) == 1
    assert flow(job('key = "k", paths = ["kept"]')).output() == ["a"]


def test_runs_at_once(flow: Flow) -> None:
    script = flow.build(
        job(
            'key = "k", keyFiles = ["lock"], paths = ["kept"], fallback = true',
            "[ ! -e kept ] || [ $(cat kept/* | wc -l) -eq 40 ]; rm -rf kept; mkdir kept;"
            " for i in 1 2 3 4; do seq 10 > kept/$i; done",
        )
    )
    ended: list[Run] = []

    def several() -> None:
        for number in range(4):
            flow.say("lock", str(number % 2))
            ended.append(flow(script))

    threads = [threading.Thread(target=several) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [run.status for run in ended] == [0] * 12, [run.text for run in ended if run.status]
    assert entries(flow)


def test_inputs_come_after_the_cache(flow: Flow) -> None:
    text = """
        workflow w {
          job make {
            outputs = { x = "kept" }
            run "echo artifact > kept"
          }
          job j {
            needs  = [make]
            inputs = ["x"]
            cache  = { key = "k", paths = ["kept"] }
            run "cat kept; echo cached > kept"
          }
        }
        """
    assert flow(text).output() == ["artifact"]
    assert flow(text).output() == ["artifact"]


def test_a_broken_entry_is_made_anew(flow: Flow) -> None:
    script = flow.build(job('key = "k", paths = ["kept"]'))
    flow(script)
    (entry,) = entries(flow)
    (entry / "0.tar").write_bytes(b"no tar stream" * 100)
    run = flow(script)
    assert run.status == 0
    assert "cache k could not be restored whole" in run.warnings()
    assert hits(run) == []
    assert hits(flow(script)) == ["k"]


def test_the_limit(flow: Flow) -> None:
    def kept(key: str, limit: str = "2") -> Run:
        text = job(
            f'key = "{key}", paths = ["kept"]', "[ -e kept ] || head -c 900000 /dev/zero > kept"
        )
        return flow(text, env={"NIXACTIONS_CACHE_MB": limit})

    kept("one")
    kept("two")
    assert hits(kept("one")) == ["one"]
    # Of the two, `one` was used last.
    kept("three")
    assert sorted(each.parent.name.split("-")[0] for each in entries(flow)) == ["one", "three"]
    assert kept("one", "x").warnings() == [
        "NIXACTIONS_CACHE_MB=x is no number of megabytes: 5000 is taken"
    ]
    kept("one", "0")
    assert entries(flow) == []


def test_without_a_tool_for_hashes(flow: Flow, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for directory in flow.path.split(":"):
        for tool in Path(directory).glob("*"):
            link = tools / tool.name
            if tool.name not in ("sha256sum", "shasum", "openssl") and not link.is_symlink():
                link.symlink_to(tool)
    needed = flow(job('key = "k", keyFiles = ["lock"], paths = ["kept"]'), env={"PATH": str(tools)})
    assert needed.status == 3
    assert "sha256sum, shasum or openssl" in needed.stderr
    assert flow(job('key = "k", paths = ["kept"]'), env={"PATH": str(tools)}).status == 0


@pytest.mark.parametrize("format", ["structured", "simple"])
def test_how_a_hit_reads(flow: Flow, format: str) -> None:
    script = flow.build(job('key = "k", paths = ["kept"]'))
    flow(script)
    run = flow(script, format=format)
    assert ("[job:j] Restored cache k\n" in run.text) == (format == "structured")
