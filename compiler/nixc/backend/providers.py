"""Providers of `envFrom` as data: a table of distinct ones, and the tools that they call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from nixc.backend.quote import Word, array, packed
from nixc.diagnostics import shortened
from nixc.exhaustive import assert_never
from nixc.ir.model import EnvEntry, Job, Provider, ProviderValue, Script, Workflow
from nixc.ir.walk import steps
from nixc.schema.functions import PROVIDER_BY_NAME


class Providers:
    """The script's table of providers: a number for each distinct one."""

    def __init__(self) -> None:
        self._table: dict[tuple[str, str], Provider] = {}
        self._numbers: dict[tuple[str, str], int] = {}

    def numbers(self, providers: Iterable[Provider]) -> str:
        """The numbers of providers in order, blank-separated."""
        return " ".join(str(self._number(provider)) for provider in providers)

    def _number(self, provider: Provider) -> int:
        key = (provider.kind, arguments(provider))
        self._table.setdefault(key, provider)
        return self._numbers.setdefault(key, len(self._numbers))

    def arrays(self) -> Iterator[tuple[str, Word]]:
        """Kind, arguments and how messages call it, side by side."""
        yield "NXA_PROVIDER_KIND", array(kind for kind, _ in self._table)
        yield "NXA_PROVIDER_ARGUMENTS", array(words for _, words in self._table)
        yield "NXA_PROVIDER_LABEL", array(label(one) for one in self._table.values())


def arguments(provider: Provider) -> str:
    """All arguments as one packed list; of variables name and value alternate."""
    return packed(chain.from_iterable(_words(value) for _, value in provider.arguments))


def _words(value: ProviderValue) -> Iterator[str]:
    if isinstance(value, bool):
        yield "1" * value
    elif isinstance(value, str):
        yield value
    elif isinstance(value, Script):
        yield value.text
    elif isinstance(value, tuple):
        for one in value:
            yield from _variable(one) if isinstance(one, EnvEntry) else (one,)
    else:
        assert_never(value)


def _variable(entry: EnvEntry) -> tuple[str, str]:
    """Name and value of a variable of `static`, which lowering has found to be constant."""
    constant = None if entry.value is None else entry.value.constant
    if constant is None:
        raise AssertionError(f"{entry.name} is not constant")
    return entry.name, constant


def label(provider: Provider) -> str:
    """How messages call a provider: its name and its texts, shortened: `sops("secrets.yaml")`."""
    required = {one.name for one in PROVIDER_BY_NAME[provider.kind].parameters if one.required}
    given = (value for name, value in provider.arguments if name in required)
    texts = (value.text if isinstance(value, Script) else value for value in given)
    shown = ", ".join(_shown(text) for text in texts if isinstance(text, str))
    return f"{provider.kind}({shown})"


def tools(workflow: Workflow) -> dict[str, dict[str, set[int]]]:
    """The tools that providers call, who wants each, and for which jobs (by number; none where
    the whole run does)."""
    found: dict[str, dict[str, set[int]]] = {}

    def add(providers: Iterable[Provider], owner: str, jobs: set[int]) -> None:
        for provider in providers:
            tool = PROVIDER_BY_NAME[provider.kind].tool
            if tool is not None:
                found.setdefault(tool, {}).setdefault(owner, set()).update(jobs)

    add(workflow.env_from, "the workflow", set())
    for number, job in enumerate(workflow.jobs):
        for providers, owner in _of_job(job):
            add(providers, owner, {number})
    return found


def _of_job(job: Job) -> Iterator[tuple[tuple[Provider, ...], str]]:
    yield job.env_from, f"job {job.name}"
    for step in steps(job):
        yield step.env_from, f'step "{step.name}" of job {job.name}'


def _shown(text: str) -> str:
    return f'"{shortened(" ".join(text.split()))}"'
