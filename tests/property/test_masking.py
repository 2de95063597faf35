"""No form of a secret value survives in what a run writes; collector and filter hide the same."""

from __future__ import annotations

import base64
import json
import os
import random
import shutil
import subprocess
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from nixc.backend.link import linked
from nixc.resources import runtime_path

SEED = int(os.environ.get("NIXC_SEED", "1"))
BASHES = ["bash", *filter(None, os.environ.get("NIXC_TEST_BASHES", "").split(":"))]
TOKEN = b"\0364711"

#: What values are made of; words of our own events among them.
PIECES = [
    *("hunter2", "Starting", "success", "message", "abcd", "bcde", "timestamp", "x" * 90),
    *("*", "?", "[a]", ".*", "(", "^", "$", "{2}", "|", "&", "\\", "\\n", "'", '"', "`", "%41"),
    *(" ", "  ", "+", "/", "//", "=", "==", "~", "#", ";", "<", ">", "é", "€", "\U0001f600", "\t"),
    *("\n", "\r\n", "\x01", "\x7f", "-----BEGIN KEY-----\n", "***", "u0041"),
]


def a_value(rng: random.Random) -> bytes:
    """Random pieces, bytes that are no UTF-8 among them. No NUL: no shell can hold one."""
    parts = []
    for _ in range(rng.randint(1, 9)):
        if rng.random() < 0.2:
            parts.append(bytes(rng.randint(1, 255) for _ in range(rng.randint(1, 12))))
        elif rng.random() < 0.3:
            parts.append("".join(rng.choices("abcXYZ0189", k=rng.randint(4, 40))).encode())
        else:
            parts.append(rng.choice(PIECES).encode())
    return b"".join(parts)


def units(value: bytes) -> list[bytes]:
    """What must not be seen: the value and its lines, of 4 bytes at least."""
    return [one for one in (value, *value.split(b"\n")) if len(one) >= 4]


def stable(unit: bytes, offset: int) -> bytes:
    """The base64 digits that are the unit's alone, wherever `offset` bytes stand before it."""
    digits = base64.b64encode(bytes(offset) + unit)
    return digits[(0, 2, 3)[offset] : (offset + len(unit)) * 8 // 6]


def forms(unit: bytes) -> list[bytes]:
    """Spellings of a unit by tools that are not ours; those that span lines are left out."""
    quoted = [
        urllib.parse.quote(unit, safe=safe).encode()
        for safe in ("", "/", "~!*'()", "!#$&'()*+,/:;=?@~")
    ]
    quoted += [_lower_hex(one) for one in quoted]
    quoted.append(urllib.parse.quote_plus(unit, safe="~").encode())
    found = [unit, *quoted, *(stable(unit, offset) for offset in (0, 1, 2)), base64.b64encode(unit)]
    found.append(base64.urlsafe_b64encode(unit))
    try:
        text = unit.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        found += [json.dumps(text, ensure_ascii=only)[1:-1].encode() for only in (True, False)]
    return [one for one in found if b"\n" not in one and len(one) >= 4]


def _lower_hex(text: bytes) -> bytes:
    parts = text.split(b"%")
    return b"%".join([parts[0], *(part[:2].lower() + part[2:] for part in parts[1:])])


def wrapped(value: bytes, width: int, before: int) -> tuple[list[bytes], list[bytes]]:
    """The lines that `base64 -w` makes; and those of them that are the value's alone."""
    digits = base64.b64encode(bytes(before) + value + b"\n")
    lines = [digits[at : at + width] for at in range(0, len(digits), width)]
    own = stable(value, before) if len(value) >= 4 else b""
    return lines, [line for line in lines if len(line) >= 4 and line in own]


@dataclass(frozen=True)
class Case:
    """Values, and what a step prints that knows them."""

    values: list[bytes]
    printed: bytes
    cut: list[bytes]

    @property
    def told(self) -> bytes:
        """The run's file of secrets."""
        return b"".join(encoded(value) + b"\n" for value in self.values)

    @property
    def stream(self) -> bytes:
        records = [b"job_start", b"local", b"", b"step"], [b"start", b"0", b"1", b"1"]
        end = [b"job_result", b"failure"], [b"job_failed", encoded(self.printed)], [b"close", b"0"]
        return (
            b"".join(record(one) for one in records)
            + self.printed
            + b"".join(record(one) for one in end)
        )


def encoded(value: bytes) -> bytes:
    """As nxa_encode writes it."""
    return value.replace(b"\\", b"\\\\").replace(b"\n", b"\\n").replace(b"\037", b"\\0037")


def record(fields: list[bytes]) -> bytes:
    return TOKEN + b"\037".join(fields) + b"\n"


def a_case(rng: random.Random) -> Case:
    values = [a_value(rng) for _ in range(rng.randint(1, 5))]
    if rng.random() < 0.5:
        # One value within another, and two that overlap.
        values.append(values[0][1:-1])
        values.append(values[0][len(values[0]) // 2 :] + b"tail")
    lines: list[bytes] = []
    cut: list[bytes] = []
    for value in values:
        for unit in units(value):
            lines += [
                rng.choice([b"", b"a=", b"  "]) + form + rng.choice([b"", b";", b"\r"])
                for form in forms(unit)
            ]
            lines.append(b"".join(rng.choices(forms(unit) or [b""], k=3)))
        lines += value.split(b"\n")
        all_of_it, own = wrapped(value, rng.choice([8, 20, 64, 76]), rng.randint(0, 2))
        lines += all_of_it
        cut += own
    lines.append(values[0] + values[-1])
    rng.shuffle(lines)
    printed = b"\n".join(lines)
    return Case(values, printed.replace(b"\0", b"0").replace(TOKEN, b""), cut)


class Place:
    """A directory with what a run of one job has."""

    def __init__(self, folder: Path, format: str) -> None:
        self.folder = folder
        self.format = format
        (folder / "logs").mkdir(parents=True)
        for fifo in ("control", "happens", "token", "stream.0"):
            os.mkfifo(folder / fifo)

    def written(self) -> dict[str, bytes]:
        names = ("out", "events.jsonl", "logs/build.log")
        return {name: (self.folder / name).read_bytes() for name in names}


def by_collector(case: Case, place: Place) -> dict[str, bytes]:
    """What the perl writes; its clock stands still."""
    text = (runtime_path() / "core/collector.pl").read_text()
    head, rest = text.split("sub look_at_clock {", 1)
    script = place.folder / "collector.pl"
    script.write_text(head + 'sub look_at_clock { $stamp = "T" }\nsub old_clock {' + rest)
    (place.folder / "secrets").write_bytes(case.told)
    here = str(place.folder)
    commands = [
        ["config", place.format, "ci", "run-1", TOKEN.decode(), here, here],
        ["job", "0", "build", "stream.0"],
    ]
    happens = os.open(place.folder / "happens", os.O_RDWR)
    with (place.folder / "out").open("wb") as out:
        perl = subprocess.Popen(
            ["perl", script, place.folder / "control", place.folder / "happens"],
            stdout=out,
            env={**os.environ, "LC_ALL": "C"},
        )
        with (place.folder / "control").open("w") as control:
            for command in commands:
                control.write("\037".join(command) + "\n")
            control.flush()
            with (place.folder / "stream.0").open("wb") as stream:
                stream.write(case.stream)
            control.write("quit\n") if _told(happens, b"done 0") else None
        assert perl.wait(30) == 0
    os.close(happens)
    return place.written()


def _told(happens: int, wanted: bytes) -> bool:
    said = b""
    while wanted not in said:
        said += os.read(happens, 4096)
    return True


def by_filter(case: Case, place: Place, bash: str) -> dict[str, bytes]:
    """What bash writes without a perl."""
    (place.folder / "secrets").write_bytes(case.told)
    (place.folder / "stream").write_bytes(case.stream)
    script = place.folder / "filter.sh"
    script.write_text(
        linked(["core/start.sh", "core/output.sh", "core/mask.sh"])
        + r"""
        LC_ALL=C NXA_WORKFLOW=ci WORKFLOW_ID=run-1 NXA_RUN_TMP=$PWD NXA_RUN_DIR=$PWD NXA_JOB=0
        NXA_TOKEN=$'\0364711' NXA_JOB_NAME=(build) NXA_STAMP=T NXA_NOW=0 NXA_COLLECTOR=''
        NXA_FORMAT=$1
        nxa_clock() { :; }
        exec 7<>happens 8<>token
        printf x >&8
        nxa_log_start
        (nxa_filter) <stream >out
        """
    )
    subprocess.run([bash, script, place.format], cwd=place.folder, check=True, timeout=300)
    return place.written()


def survivors(case: Case, written: dict[str, bytes]) -> list[bytes]:
    """Forms that can still be read somewhere."""
    messages = b"\n".join(
        json.loads(line).get("message", "").encode()
        for line in written["events.jsonl"].decode("utf-8").splitlines()
    )
    # Our own words are no secret, wherever a value is equal to them.
    lines = b"\n".join(
        line.partition(b"[step:step] ")[2] for line in written["logs/build.log"].splitlines()
    )
    seen = [
        form
        for value in case.values
        for unit in units(value)
        for form in forms(unit)
        if form.strip(b"*") and form not in b"Starting" and (form in messages or form in lines)
    ]
    return seen + [line for line in case.cut if line in messages.split(b"\n")]


@pytest.fixture(autouse=True)
def _perl() -> None:
    if shutil.which("perl") is None:
        if os.environ.get("NIXC_NO_SKIPS") == "1":
            pytest.fail("not installed: perl")
        pytest.skip("not installed: perl")


def each(count: int, check: Callable[[Case, Path], None], folder: Path) -> None:
    rng = random.Random(SEED)
    for number in range(count):
        check(a_case(rng), folder / str(number))


def test_no_form_survives(tmp_path: Path) -> None:
    def check(case: Case, folder: Path) -> None:
        written = by_collector(case, Place(folder, "structured"))
        assert survivors(case, written) == [], (SEED, folder.name, case.values)

    each(150, check, tmp_path)


@pytest.mark.parametrize("bash", BASHES)
def test_the_filter_hides_the_same(tmp_path: Path, bash: str) -> None:
    def check(case: Case, folder: Path) -> None:
        form = ("structured", "json", "simple")[int(folder.name) % 3]
        perl = by_collector(case, Place(folder / "perl", form))
        shell = by_filter(case, Place(folder / "bash", form), bash)
        for name in perl:
            assert perl[name] == shell[name], (SEED, folder.name, name, case.values)

    each(6, check, tmp_path)
