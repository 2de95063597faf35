"""The flat view of the IR that the templates print: numbers, words and lines, nothing to decide."""

from __future__ import annotations

from nixc.backend.quote import Word
from nixc.records import dataclass


@dataclass(frozen=True)
class Assignment:
    """`name=(words)`: one array of the script's data."""

    name: str
    words: Word


@dataclass(frozen=True)
class Lines:
    """Shell lines of one step, by its number."""

    number: int
    lines: list[str]


@dataclass(frozen=True)
class Section:
    """What a job's function does when it is called with `name`."""

    name: str
    lines: list[str]


@dataclass(frozen=True)
class StepSection:
    """What a job's function does when it is called with `name` and a step's number."""

    name: str
    steps: list[Lines]


@dataclass(frozen=True)
class JobPlan:
    """One job: its data, and what only code can say. What is empty is left out."""

    number: int
    name: str
    arrays: list[Assignment]
    sections: list[Section]
    step_sections: list[StepSection]
    exports: str


@dataclass(frozen=True)
class ExecutorPlan:
    number: int
    config: list[str]


@dataclass(frozen=True)
class Plan:
    """The whole script's data."""

    scalars: list[Assignment]
    arrays: list[Assignment]
    env: list[str]
    executors: list[ExecutorPlan]
    jobs: list[JobPlan]
