"""`nixc build`: where the script goes, and what is left when it cannot go there."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import NIXC, Nixc

HELLO = 'workflow hello {\n  job greet {\n    run "echo hello"\n  }\n}\n'
BROKEN = "workflow hello {\n  job greet {\n"


@pytest.fixture(autouse=True)
def source(folder: Path) -> Path:
    path = folder / "ci.nxa"
    path.write_text(HELLO)
    return path


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_the_script_goes_beside_its_source(nixc: Nixc, folder: Path) -> None:
    ran = nixc("build", "ci.nxa")
    assert (ran.status, ran.stdout, ran.stderr) == (0, "", "")
    assert names(folder) == {"ci.nxa", "ci.sh"}
    assert (folder / "ci.sh").read_text().startswith("#!")


def test_a_path_of_its_own(nixc: Nixc, folder: Path) -> None:
    assert nixc("build", "ci.nxa", "-o", "out script.sh").status == 0
    assert names(folder) == {"ci.nxa", "out script.sh"}


def test_standard_output(nixc: Nixc, folder: Path) -> None:
    nixc("build", "ci.nxa")
    ran = nixc("build", "ci.nxa", "-o", "-")
    assert ran.stdout == (folder / "ci.sh").read_text()


def test_standard_input_goes_to_standard_output(nixc: Nixc, folder: Path) -> None:
    ran = nixc("build", "-", stdin=HELLO)
    assert ran.status == 0
    assert ran.stdout.startswith("#!")
    assert names(folder) == {"ci.nxa"}


def test_imports_of_standard_input_start_here(nixc: Nixc, folder: Path) -> None:
    (folder / "lib.nxa").write_text('action greet() { run = "echo imported" }\n')
    text = 'import "./lib.nxa" as lib\nworkflow w {\n  job j {\n    use lib.greet()\n  }\n}\n'
    ran = nixc("build", "-", stdin=text)
    assert ran.status == 0, ran.stderr
    assert "echo imported" in ran.stdout


def test_the_same_source_gives_the_same_bytes(nixc: Nixc, folder: Path) -> None:
    nixc("build", "ci.nxa", "-o", "one.sh")
    nixc("build", "ci.nxa", "-o", "two.sh", env={"PYTHONHASHSEED": "7", "LC_ALL": "C"})
    assert (folder / "one.sh").read_bytes() == (folder / "two.sh").read_bytes()


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o755), (0o077, 0o700)])
def test_the_script_is_executable_as_the_umask_lets_it(
    nixc: Nixc, folder: Path, mask: int, mode: int
) -> None:
    old = os.umask(mask)
    try:
        nixc("build", "ci.nxa")
    finally:
        os.umask(old)
    assert stat.S_IMODE((folder / "ci.sh").stat().st_mode) == mode


def test_an_old_script_is_replaced_in_one_move(nixc: Nixc, folder: Path) -> None:
    out = folder / "ci.sh"
    out.write_text("old\n")
    with out.open() as still_open:
        nixc("build", "ci.nxa")
        assert still_open.read() == "old\n"
    assert out.read_text() != "old\n"


def test_a_failed_build_leaves_the_old_script(nixc: Nixc, folder: Path, source: Path) -> None:
    (folder / "ci.sh").write_text("old\n")
    source.write_text(BROKEN)
    assert nixc("build", "ci.nxa").status == 1
    assert (folder / "ci.sh").read_text() == "old\n"
    assert names(folder) == {"ci.nxa", "ci.sh"}


def test_a_source_is_never_overwritten(nixc: Nixc, folder: Path) -> None:
    (folder / "link").symlink_to("ci.nxa")
    for target in ("ci.nxa", "./ci.nxa", "link"):
        ran = nixc("build", "ci.nxa", "-o", target)
        assert ran.status == 2
        assert "source" in ran.stderr
    assert (folder / "ci.nxa").read_text() == HELLO


def test_an_imported_source_is_never_overwritten(nixc: Nixc, folder: Path) -> None:
    (folder / "lib.nxa").write_text('action greet() { run = "true" }\n')
    (folder / "ci.nxa").write_text(
        'import "./lib.nxa" as lib\nworkflow w {\n  job j {\n    use lib.greet()\n  }\n}\n'
    )
    assert nixc("build", "ci.nxa", "-o", "lib.nxa").status == 2
    assert (folder / "lib.nxa").read_text().startswith("action")


def test_a_source_named_like_a_script_is_refused(nixc: Nixc, folder: Path) -> None:
    (folder / "odd.sh").write_text(HELLO)
    assert nixc("build", "odd.sh").status == 2
    assert (folder / "odd.sh").read_text() == HELLO


def test_a_link_is_followed(nixc: Nixc, folder: Path) -> None:
    (folder / "there").mkdir()
    (folder / "link.sh").symlink_to("there/real.sh")
    assert nixc("build", "ci.nxa", "-o", "link.sh").status == 0
    assert (folder / "link.sh").is_symlink()
    assert os.access(folder / "there" / "real.sh", os.X_OK)


def test_a_device_is_written_to(nixc: Nixc) -> None:
    assert nixc("build", "ci.nxa", "-o", "/dev/null").status == 0
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


def test_a_fifo_is_written_to(nixc: Nixc, folder: Path) -> None:
    fifo = folder / "fifo"
    os.mkfifo(fifo)
    # Into a file: a script is larger than two pipes, and nobody reads the second one meanwhile.
    with (
        (folder / "copy").open("wb") as copy,
        subprocess.Popen(["cat", fifo], stdout=copy) as reader,
    ):
        assert nixc("build", "ci.nxa", "-o", "fifo").status == 0
        assert reader.wait() == 0
    assert (folder / "copy").read_bytes().startswith(b"#!")
    assert stat.S_ISFIFO(fifo.stat().st_mode)


@pytest.mark.parametrize("target", [".", "missing/ci.sh", "ci.nxa/ci.sh", "", "a" * 300])
def test_where_a_script_cannot_go(nixc: Nixc, folder: Path, target: str) -> None:
    ran = nixc("build", "ci.nxa", "-o", target)
    assert ran.status == 2
    assert ran.stderr.startswith("nixc: cannot write")
    assert ran.stderr.count("\n") == 1
    assert names(folder) == {"ci.nxa"}


def test_a_full_disk(nixc: Nixc) -> None:
    ran = nixc("build", "ci.nxa", "-o", "/dev/full")
    assert ran.status == 2
    assert "No space left" in ran.stderr


def test_a_directory_that_cannot_be_written(nixc: Nixc, folder: Path) -> None:
    locked = folder / "locked"
    locked.mkdir()
    target = locked / "ci.sh"
    if os.geteuid() == 0:
        # Root may write anywhere but where nobody can.
        target = Path("/proc/ci.sh")
    else:
        locked.chmod(0o500)
    assert nixc("build", "ci.nxa", "-o", target).status == 2
    assert list(locked.iterdir()) == []


def test_a_closed_standard_output(folder: Path) -> None:
    command = f'exec "{NIXC}" build ci.nxa -o - >&-'
    ran = subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, text=True)
    assert ran.returncode == 2
    assert "Traceback" not in ran.stderr


def test_a_module_has_nothing_to_build(nixc: Nixc, source: Path, folder: Path) -> None:
    source.write_text("let a = 1\n")
    ran = nixc("build", "ci.nxa")
    assert ran.status == 1
    assert "workflow" in ran.stderr
    assert names(folder) == {"ci.nxa"}


def test_warnings_do_not_stop_a_build(nixc: Nixc, source: Path) -> None:
    source.write_text(HELLO.replace("echo hello", "x=$1; echo hello"))
    ran = nixc("build", "ci.nxa")
    assert ran.status == 0
    assert "warning[SC2034]" in ran.stderr


def test_shellcheck_can_be_left_out(nixc: Nixc, source: Path) -> None:
    source.write_text(HELLO.replace("echo hello", "x=$1; echo hello"))
    assert nixc("build", "--no-shellcheck", "ci.nxa").stderr == ""
