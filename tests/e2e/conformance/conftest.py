"""`there` runs workflows whose jobs are on one executor after the other."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tests.e2e.conformance.executors import EXECUTORS
from tests.e2e.runs import Flow, Run, Running


class There:
    """Runs workflows in which `there` is an executor."""

    def __init__(self, flow: Flow, executor: str) -> None:
        self.flow = flow
        self.executor = executor

    def text(self, workflow: str) -> str:
        return self.executor + dedent(workflow)

    def __call__(self, workflow: str, *arguments: str, **options: str) -> Run:
        return self.flow(self.text(workflow), *arguments, env=options, timeout=90)

    def start(self, workflow: str, *arguments: str, **options: str) -> Running:
        return self.flow.start(self.text(workflow), *arguments, env=options)


@pytest.fixture(params=EXECUTORS, ids=str)
def there(flow: Flow, request: pytest.FixtureRequest) -> There:
    return There(flow, EXECUTORS[request.param])
