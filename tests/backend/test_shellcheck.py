"""Calling ShellCheck: which one, how often, for how long, and what is kept of its answers."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from nixc import driver
from nixc.backend import answers, calls, shellcheck
from nixc.backend.calls import ShellcheckError
from nixc.backend.halt import Halt, Halted

CLEAN = "#!/bin/bash -e\ntrue\n"
BAD = "#!/bin/bash -e\necho $1\n"
OWN = Path(sys.executable).with_name("shellcheck")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache directory; where the answers are."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "nixc" / "shellcheck"


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many texts each call was given."""
    counts: list[int] = []
    real = calls._started

    def counted(
        command: list[str], folder: Path, halt: Halt
    ) -> AbstractContextManager[calls._Call]:
        texts = [word for word in command if word.endswith(".sh")]
        if texts:
            counts.append(len(texts))
        return real(command, folder, halt)

    monkeypatch.setattr(calls, "_started", counted)
    return counts


def program(folder: Path, text: str) -> Path:
    """A program in the place of ShellCheck."""
    path = folder / "shellcheck"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def codes(*texts: str) -> list[list[int]]:
    found = shellcheck.findings(texts)
    assert None not in found
    return [[finding.code for finding in one or ()] for one in found]


# --- the cache ---------------------------------------------------------------------------


def test_equal_texts_are_checked_once(called: list[int]) -> None:
    assert codes(BAD, CLEAN, BAD) == [[2086], [], [2086]]
    assert called == [2]


def test_after_an_edit_one_text_is_checked(called: list[int]) -> None:
    texts = [f"{BAD}echo {n}\n" for n in range(100)]
    codes(*texts)
    called.clear()
    texts[50] += "true\n"
    codes(*texts)
    assert called == [1]
    assert codes(*texts) == [[2086]] * 100
    assert called == [1]


def test_the_answers_are_the_users_own(cache: Path) -> None:
    codes(BAD)
    assert cache.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("spoil", [b"[[1", b"]\n", b"\xff\n", b'[["a",1,1,1,1,"x","y"]]\n', b"{}"])
def test_spoilt_answers_are_none(cache: Path, spoil: bytes) -> None:
    codes(CLEAN, BAD)
    clean, bad = cache.read_bytes().splitlines()
    cache.write_bytes(clean[:39] + spoil + b"\n" + bad[:39] + spoil + b"\n\n\0\n")
    assert codes(CLEAN, BAD) == [[], [2086]]


def test_another_shellcheck_has_answers_of_its_own(
    called: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes(BAD)
    other = program(tmp_path, f'exec "{OWN}" "$@"')
    monkeypatch.setattr(shellcheck, "find", lambda: other)
    codes(BAD)
    assert called == [1, 1]


def test_other_flags_have_answers_of_their_own(
    called: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    codes(BAD)
    monkeypatch.setattr(calls, "FLAGS", (*calls.FLAGS, "--exclude=SC2086"))
    assert codes(BAD) == [[]]
    assert called == [1, 1]


def test_old_answers_go(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_800_000_000.0
    monkeypatch.setattr("time.time", lambda: now)
    codes(CLEAN, BAD)
    monkeypatch.setattr("time.time", lambda: now + 20 * 86400)
    codes(BAD)
    monkeypatch.setattr("time.time", lambda: now + 40 * 86400)
    codes("#!/bin/sh\n:\n")
    assert sorted(line.split()[1] for line in cache.read_text().splitlines()) == ["20853", "20873"]


def test_the_cache_does_not_grow_for_ever(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "_LARGEST", 1000)
    codes(*(f"{CLEAN}# {n}\n" for n in range(50)))
    assert 900 < cache.stat().st_size <= 1000


def test_processes_at_once_lose_nothing(called: list[int]) -> None:
    """Two that began with the same answers keep both their own."""
    first, second = answers.Answers("x"), answers.Answers("x")
    first.put("a", "[]")
    second.put("b", "[]")
    first.save()
    second.save()
    third = answers.Answers("x")
    assert (third.get("a"), third.get("b"), third.get("c")) == ("[]", "[]", None)


# --- many texts --------------------------------------------------------------------------


def test_batches_are_about_equal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "_cores", lambda: 4)
    texts = ["x" * 300] * 1000
    assert [len(batch) for batch in calls._batches(texts)] == [200] * 5
    assert [len(batch) for batch in calls._batches(texts[:101])] == [25, 25, 26, 25]
    assert calls._batches(["x"] * 10) == [list(range(10))]
    assert [len(batch) for batch in calls._batches(["x" * 200_000] * 3)] == [1, 1, 1]


def test_many_calls_need_no_more_files_than_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "_LIGHTEST", 1)
    monkeypatch.setattr(calls, "_HEAVIEST", 1)
    texts = [f"{CLEAN}# {n}\n" for n in range(30)]
    open_files = [len(os.listdir("/dev/fd")) for _ in calls.ask(OWN, texts)]
    assert len(open_files) == 30
    assert max(open_files) <= open_files[0]


def test_a_text_that_takes_too_long_keeps_no_other_from_its_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    endless = "#!/bin/bash -e\n# endless\n"
    slow = program(
        tmp_path,
        'case $1 in --version) echo "version: 0.11.0"; exit ;; esac\n'
        f'grep -q endless ./*.sh && for f; do case $f in *.sh) grep -q endless "$f" && sleep 60 ;;'
        f' esac; done\nexec "{OWN}" "$@"',
    )
    monkeypatch.setattr(shellcheck, "find", lambda: slow)
    monkeypatch.setattr(calls, "DEADLINE", 2)
    found = shellcheck.findings([BAD, endless, CLEAN])
    assert [one and [finding.code for finding in one] for one in found] == [[2086], None, ()]


@pytest.mark.parametrize(
    "body",
    [
        "echo " + "a" * 1_000_000,
        "x=1\n" * 10_000,
        "echo \"a\n'",
        "\t" * 10_000 + "echo $1",
        "((((((((" * 3,
        "echo \udbff\udfff".encode("utf-16", "surrogatepass").decode("utf-16"),
    ],
    ids=["long", "many", "quotes", "tabs", "open", "astral"],
)
def test_hostile_texts_are_answered(body: str) -> None:
    (found,) = shellcheck.findings([f"#!/bin/bash -e\n{body}"])
    assert found is not None


# --- which one ---------------------------------------------------------------------------


def test_none_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shellcheck, "_beside", lambda: tmp_path)
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    with pytest.raises(ShellcheckError, match=r"not found: install .* --no-shellcheck"):
        codes(CLEAN)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("version: 0.7.2", r"ShellCheck 0\.7 \(.*\) is too old: install 0\.10 .* --no-shellcheck"),
        ("hello", "does not say which ShellCheck it is"),
    ],
)
def test_an_old_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, message: str
) -> None:
    old = program(tmp_path, f"echo '{said}'")
    monkeypatch.setattr(shellcheck, "find", lambda: old)
    with pytest.raises(ShellcheckError, match=message):
        codes(CLEAN)


def test_one_that_is_no_program_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shellcheck").write_text("not a program")
    monkeypatch.setattr(shellcheck, "find", lambda: tmp_path / "shellcheck")
    with pytest.raises(ShellcheckError, match=r"cannot start .* --no-shellcheck"):
        codes(CLEAN)


def test_one_that_fails_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = program(
        tmp_path,
        'case $1 in --version) echo "version: 0.11.0"; exit ;; esac\necho it broke >&2\nexit 4',
    )
    monkeypatch.setattr(shellcheck, "find", lambda: broken)
    with pytest.raises(ShellcheckError, match=r"status 4: it broke; .* --no-shellcheck"):
        codes(CLEAN)


def test_ours_is_new_enough() -> None:
    ran = subprocess.run([OWN, "--version"], capture_output=True, check=True)
    assert b"version: 0." in ran.stdout
    calls.refuse_old(OWN)


# --- what users see ----------------------------------------------------------------------


def test_without_shellcheck_all_else_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> Path:
        raise ShellcheckError("not found")

    monkeypatch.setattr(shellcheck, "find", missing)
    source = tmp_path / "ci.nxa"
    source.write_text("let unused = 1\nworkflow w {\n  job a {\n    run 'echo $1'\n  }\n}\n")
    checked = driver.check([str(source)], shellcheck=True)
    assert [one.code for one in checked.diagnostics] == ["NX701"]
    assert checked.troubles == ("not found",)
    built = driver.build(str(source), shellcheck=True)
    assert (built.script, built.troubles) == (None, ("not found",))
    assert driver.build(str(source), shellcheck=False).script is not None


def test_a_text_that_is_not_finished_is_said_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls._Call, "ended", lambda *_: None)
    source = tmp_path / "ci.nxa"
    source.write_text("workflow w {\n  job a {\n    run 'echo $1'\n  }\n}\n")
    (trouble,) = driver.check([str(source)], shellcheck=True).troubles
    assert trouble.startswith(f"{source}:3:9: ShellCheck did not finish")
    assert trouble.endswith("--no-shellcheck")


def test_an_answer_that_nobody_wants_any_more_is_not_waited_for() -> None:
    halt = Halt()
    halt.now()
    with pytest.raises(Halted):
        shellcheck.findings([BAD], halt)
    assert shellcheck.findings([BAD])[0]


def test_texts_go_where_the_caller_wants_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spy = program(tmp_path, f'pwd >"{tmp_path}/place"\necho \'{{"comments":[]}}\'')
    wanted = tmp_path / "wanted"
    wanted.mkdir()
    monkeypatch.setenv("TMPDIR", str(wanted))
    monkeypatch.setattr(tempfile, "tempdir", None)
    text = "#!/bin/bash\ntrue\n"
    assert list(calls.ask(spy, [text])) == [(text, [])]
    assert Path((tmp_path / "place").read_text().strip()).parent == wanted
    assert list(wanted.iterdir()) == []
