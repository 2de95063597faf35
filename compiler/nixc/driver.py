"""The pipeline in order, from files to diagnostics and the script. Nothing else knows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from nixc import files, silence
from nixc.diagnostics import Diagnostic, Findings, Severity
from nixc.ir.model import Workflow
from nixc.ir.texts import ShellText, merged
from nixc.loader import Loader, Reader, read_file
from nixc.memo import Memo
from nixc.records import dataclass
from nixc.source import Source, Span
from nixc.trouble import Trouble
from nixc.watch import Stamp

if TYPE_CHECKING:
    from nixc.lower import Lowered
    from nixc.lower.memory import Memory as LowerMemory

#: A file that is built has no workflow in it.
NO_WORKFLOW = "NX001"


class Miscompiled(Exception):
    """The script that was made does not pass its own checks: a fault of nixc."""


@dataclass(frozen=True)
class Built:
    """What `build` has to show: the script, unless there were errors."""

    script: str | None
    diagnostics: tuple[Diagnostic, ...]
    #: Paths of all files that were read, imported ones included.
    sources: tuple[str, ...]
    #: Every file that was looked for, as it was just before it was read.
    stamps: Mapping[str, Stamp]
    #: What could not be done, one message each: then there is no script either.
    troubles: tuple[str, ...]


@dataclass(frozen=True)
class Understood:
    """What a file means: its workflow, unless there were errors."""

    workflow: Workflow | None
    diagnostics: tuple[Diagnostic, ...]
    #: Paths of all files that were read, imported ones included.
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Checked:
    """What `check` has to show; `troubles` has a message for each file that could not be read,
    and for what could not be checked."""

    diagnostics: tuple[Diagnostic, ...]
    troubles: tuple[str, ...]


@dataclass(frozen=True)
class Analysed:
    """One file, read and understood as far as it could be."""

    source: Source
    lowered: Lowered
    #: After the passes: equal actions are one, with the first one's place.
    workflow: Workflow | None
    #: What the language has and this version cannot build yet.
    unavailable: tuple[Diagnostic, ...]
    #: What was worked out of its jobs.
    memo: Memo


@dataclass(frozen=True, eq=False)
class Memory:
    """What is kept of a file for the next time that it is looked at."""

    lower: LowerMemory | None
    memo: Memo


def build(path: str, *, shellcheck: bool, read: Reader = read_file) -> Built:
    """Compiles one file; `-` is standard input.

    Raises Trouble where the file cannot be read, Miscompiled for a fault of ours.
    """
    findings = Findings()
    loader = Loader(findings, read)
    analysed = analyse(path, loader, findings)
    findings.extend(analysed.unavailable)
    _want_workflow(analysed, findings)
    troubles = _check_texts([analysed], loader, findings, shellcheck=shellcheck)
    found = silence.apply(findings.sorted(), loader.files)
    script = None
    if analysed.workflow is not None and not fails(found, strict=False) and not troubles:
        script = _render(analysed.workflow, analysed.source)
        if shellcheck:
            _check_script(script)
    return Built(script, found, loader.paths, loader.stamps, troubles)


def understand(path: str) -> Understood:
    """What one file means, its shell texts aside; `-` is standard input.

    Raises Trouble where the file cannot be read.
    """
    findings = Findings()
    loader = Loader(findings)
    analysed = analyse(path, loader, findings)
    _want_workflow(analysed, findings)
    found = silence.apply(findings.sorted(), loader.files)
    workflow = None if fails(found, strict=False) else analysed.workflow
    return Understood(workflow, found, loader.paths)


def check(paths: Sequence[str], *, shellcheck: bool) -> Checked:
    """All there is to say about files; directories are searched."""
    findings = Findings()
    loader = Loader(findings)
    analysed: list[Analysed] = []
    found, troubles = files.sources(paths)
    for path in found:
        try:
            analysed.append(analyse(path, loader, findings))
        except Trouble as error:
            troubles.append(str(error))
    troubles += _check_texts(analysed, loader, findings, shellcheck=shellcheck)
    return Checked(silence.apply(findings.sorted(), loader.files), tuple(troubles))


def fails(diagnostics: Iterable[Diagnostic], *, strict: bool) -> bool:
    """Whether there is an error among them, or a warning where these count, too."""
    grave = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    return any(found.severity in grave for found in diagnostics)


def analyse(
    path: str, loader: Loader, findings: Findings, memory: Memory | None = None
) -> Analysed:
    """Source to IR, with every check but those of the users' own texts. Raises Trouble.

    `memory` is of what the file was before: what is the same in it is not lowered again.
    """
    from nixc import passes, rules
    from nixc.lower import lower

    file = loader.open(path)
    memory = memory or Memory(None, Memo())
    memory.memo.begin()
    lowered = lower(file, loader, loader.syntax_errors(file), memory.lower)
    findings.extend(lowered.diagnostics)
    workflow = lowered.workflow
    if workflow is not None:
        passed = passes.run(workflow, memory.memo)
        findings.extend(passed.diagnostics)
        findings.extend(rules.check(passed.workflow, lowered, memory.memo))
        workflow = passed.workflow
    unavailable = tuple(rules.unavailable(lowered))
    return Analysed(file.span.source, lowered, workflow, unavailable, memory.memo)


def _want_workflow(analysed: Analysed, findings: Findings) -> None:
    """Adds an error where a file has no workflow and nothing else explains it."""
    if analysed.workflow is None and not findings.has_errors:
        findings.error(
            NO_WORKFLOW,
            "there is no workflow to build here",
            Span(analysed.source, 0, 0),
            help="a file that others import is checked with `nixc check`",
        )


def _check_texts(
    analysed: Iterable[Analysed], loader: Loader, findings: Findings, *, shellcheck: bool
) -> tuple[str, ...]:
    """Adds what is found in the users' own texts; gives a message for what was not checked."""
    from nixc import rules

    texts = merged(chain.from_iterable(shell_texts(one, loader) for one in analysed))
    findings.extend(rules.check_texts(texts))
    return _check_shell(texts, findings) if shellcheck else ()


def _check_shell(texts: Iterable[ShellText], findings: Findings) -> tuple[str, ...]:
    from nixc.backend import verify
    from nixc.backend.calls import ShellcheckError

    try:
        verdict = verify.check_texts(texts)
    except ShellcheckError as error:
        return (str(error),)
    findings.extend(verdict.diagnostics)
    return verdict.unchecked


def shell_texts(analysed: Analysed, loader: Loader) -> Iterable[ShellText]:
    """The texts that the user answers for: those of `std:` modules only in their own check."""
    from nixc.backend import hooks, names

    lowered = analysed.lowered
    texts = names.shell_texts(lowered.workflow, lowered.orphans, analysed.memo)
    for text in (*texts, *hooks.hook_texts(lowered.workflow, lowered.executors)):
        source = text.script.span.source
        if source is analysed.source or not loader.is_standard(source):
            yield text


def _render(workflow: Workflow, source: Source) -> str:
    from nixc.backend import render
    from nixc.syntax.format import format_source

    # Of the formatted text: `nixc fmt` must not change the script.
    digest = sha256(format_source(source).text.encode()).hexdigest()
    return render(workflow, Path(source.name).name, digest)


def _check_script(script: str) -> None:
    from nixc.backend import verify

    flaws = verify.check_script(script)
    if flaws:
        raise Miscompiled("the script does not pass its own checks:\n  " + "\n  ".join(flaws))
