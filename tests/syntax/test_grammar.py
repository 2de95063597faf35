"""The grammar is LALR(1) without conflicts, and its table survives the cache."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nixc import cachefile
from nixc.resources import grammar_path
from nixc.syntax.build import Builder
from nixc.syntax.table import _decode, compute, table

GRAMMAR = (grammar_path() / "nixa.lark").read_text()


def test_there_are_no_conflicts() -> None:
    # Lark's strict mode makes an error of each conflict, in the rules and in the terminals.
    pytest.importorskip("interegular")
    compute(GRAMMAR, strict=True)


def test_rules_without_a_builder_only_pass_on() -> None:
    silent = {r for r in table().rules if not hasattr(Builder, r.action)}
    assert {rule.action for rule in silent if rule.size != 1} == {"separator"}


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    table.cache_clear()
    return tmp_path / "nixc"


def test_the_cached_table_is_the_computed_one(empty_cache: Path) -> None:
    computed = table()
    (cached,) = empty_cache.iterdir()
    assert _decode(cached.read_bytes()) == computed
    assert empty_cache.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\x80\x04N."])
def test_a_broken_cache_file_is_computed_anew(empty_cache: Path, content: bytes) -> None:
    computed = table()
    (cached,) = empty_cache.iterdir()
    cached.write_bytes(content)
    table.cache_clear()
    assert table() == computed
    assert cached.read_bytes() != content


def test_a_cache_that_others_can_write_is_not_used(empty_cache: Path) -> None:
    empty_cache.mkdir()
    empty_cache.chmod(0o777)
    table()
    assert list(empty_cache.iterdir()) == []


def test_an_unusable_cache_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    cachefile.write("name", b"data")
    assert cachefile.read("name") is None


def test_files_are_written_whole(empty_cache: Path) -> None:
    cachefile.write("name", b"data")
    assert os.listdir(empty_cache) == ["name"]
    assert cachefile.read("name") == b"data"
