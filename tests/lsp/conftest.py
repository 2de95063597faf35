"""Servers for tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.lsp.wire import Wire

Start = Callable[..., Wire]


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Starts a server in a workspace, with an encoding and more capabilities."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "w").mkdir()
    with ExitStack() as stack:

        def started(
            encoding: str = "utf-16", options: object = None, **capabilities: object
        ) -> Wire:
            wire = stack.enter_context(Wire())
            wire.begin(tmp_path / "w", encoding, capabilities, options)
            return wire

        yield started
