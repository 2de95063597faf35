"""The forms of a report."""

from __future__ import annotations

from pathlib import Path

import pytest

from nixc.report import FORMATS
from nixc.report.around import Around, repository
from nixc.report.registry import REGISTRY


def test_every_form_is_offered() -> None:
    assert tuple(REGISTRY) == FORMATS


def test_the_root_is_where_git_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = tmp_path / "repo" / "a" / "b"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    assert repository() == inner
    # A work tree has a file there, and a clone a directory.
    (tmp_path / "repo" / ".git").write_text("gitdir: elsewhere\n")
    assert repository() == tmp_path / "repo"
    around = Around(repository(), lambda code: None)
    assert around.path("../x.nxa").as_posix() == "a/x.nxa"
    assert around.path("./x.nxa").as_posix() == "a/b/x.nxa"
    assert around.path("/else/x.nxa").as_posix() == "/else/x.nxa"
