"""Every way to install gives a nixc that works, far from the checkout."""

from __future__ import annotations

import shutil
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.harness import ROOT, Ran, run_process

WORKFLOW = """\
import "std:git" as git
workflow w {
  job j {
    run "echo it runs"
  }
  job k {
    condition = "false"
    use git.checkout()
  }
}
"""

#: What is no part of the project, however it came to be in a checkout.
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "build", "dist", "__pycache__", ".*_cache")


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source archive and the wheel that is built from it, made in a copy of the project."""
    copy = tmp_path_factory.mktemp("copy") / "project"
    shutil.copytree(ROOT, copy, ignore=LEFT_OUT, symlinks=True)
    run([sys.executable, "-m", "build", "--no-isolation", copy], cwd=copy)
    return copy / "dist"


def run(command: Sequence[object], cwd: Path) -> Ran:
    env = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(cwd), "TMPDIR": str(cwd)}
    ran = run_process(command, cwd=cwd, env=env, timeout=300)
    assert ran.status == 0, ran.stdout + ran.stderr
    return ran


def environment_with(folder: Path, *what: str | Path) -> Path:
    """A virtual environment with `what` installed; what nixc needs is borrowed from ours."""
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    (site,) = folder.glob("lib/python*/site-packages")
    # Named to come last, so that nixc itself is never borrowed.
    (site / "zz-borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "-q", "--no-index"]
    run([*pip, "--no-deps", "--ignore-installed", "--no-build-isolation", *what], cwd=folder)
    (folder / "bin" / "shellcheck").symlink_to(Path(sys.executable).with_name("shellcheck"))
    return folder / "bin" / "nixc"


def assert_works(nixc: Path, folder: Path) -> None:
    (folder / "w.nxa").write_text(WORKFLOW)
    where = run([nixc.with_name("python"), "-c", "import nixc; print(nixc.__file__)"], cwd=folder)
    assert Path(where.stdout).is_relative_to(folder)
    run([nixc, "check", "w.nxa"], cwd=folder)
    run([nixc, "build", "w.nxa"], cwd=folder)
    assert "it runs" in run([folder / "w.sh"], cwd=folder).stdout


def test_the_wheel_from_the_source_archive(dist: Path, tmp_path: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    assert_works(environment_with(tmp_path / "env", wheel), tmp_path)


def test_the_source_archive(dist: Path, tmp_path: Path) -> None:
    (archive,) = dist.glob("*.tar.gz")
    assert_works(environment_with(tmp_path / "env", archive), tmp_path)


def test_the_wheel_holds_data_and_no_tests(dist: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "nixc/_data/grammar/nixa.lark" in names
    assert any(name.startswith("nixc/_data/runtime/core/") for name in names)
    assert "nixc/std/python.nxa" in names
    assert "nixc/py.typed" in names
    packages = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert packages == {"nixc", "nixc_lsp"}


def test_editable(tmp_path: Path) -> None:
    copy = tmp_path / "project"
    shutil.copytree(ROOT, copy, ignore=LEFT_OUT, symlinks=True)
    nixc = environment_with(tmp_path / "env", "-e", copy)
    assert_works(nixc, tmp_path)
