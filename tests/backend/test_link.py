"""Linking: a script carries what it requires, once, and nothing else."""

from __future__ import annotations

from nixc.backend.link import functions, linked, requirements
from nixc.resources import runtime_path


def test_a_file_stands_after_what_it_requires() -> None:
    text = linked(["core/scheduler.sh"])
    assert text.count("nxa_schedule() {") == 1
    assert text.count("nxa_clock() {") == 1
    assert text.index("nxa_clock() {") < text.index("nxa_log() {") < text.index("nxa_schedule() {")


def test_only_what_is_required_is_there() -> None:
    text = linked(["core/clock.sh"])
    assert "nxa_clock() {" in text
    assert "nxa_log() {" not in text


def test_headers_for_tools_are_left_out() -> None:
    text = linked(["core/main.sh", "executors/local.sh"])
    assert "# Requires:" not in text
    assert "shellcheck shell=" not in text


def test_every_runtime_file_says_what_it_requires() -> None:
    base = runtime_path()
    files = {str(path.relative_to(base)) for path in base.rglob("*.*")}
    assert "core/main.sh" in files
    for name in files:
        text = (base / name).read_text(encoding="utf-8")
        assert "\n# Requires:" in text or not name.endswith(".sh"), name
        assert set(requirements(text)) <= files, name


def test_other_languages_are_texts_in_variables() -> None:
    text = linked(["core/output.sh"])
    assert "\nNXA_COLLECTOR_PL='# Usage: perl collector.pl" in text


def test_no_function_is_defined_twice() -> None:
    """Files are linked into one script, where the later would win."""
    roots = [path.relative_to(runtime_path()) for path in runtime_path().rglob("*.sh")]
    names = functions(map(str, roots))
    assert sorted({name for name in names if names.count(name) > 1}) == []
