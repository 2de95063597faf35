"""Fixtures of the end-to-end tests: `flow` builds a text and runs the script as a process."""

from __future__ import annotations

import pytest

from tests.conftest import Build
from tests.e2e.runs import SHELLS, Flow
from tests.harness import Place


@pytest.fixture(params=SHELLS, ids=str)
def flow(place: Place, build: Build, request: pytest.FixtureRequest) -> Flow:
    return Flow(place, build, request.param)
