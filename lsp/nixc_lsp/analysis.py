"""One file as the compiler understands it, with all it imports: what every feature looks at."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from functools import cached_property, partial
from itertools import chain

from nixc import driver, files, rules, silence
from nixc.backend import verify
from nixc.backend.shellcheck import Answer
from nixc.diagnostics import Diagnostic, Findings
from nixc.ir.texts import ShellText, merged
from nixc.loader import Loader, Reader
from nixc.lower.modules import NoFile
from nixc.records import dataclass
from nixc.source import Source
from nixc.syntax import nodes
from nixc.syntax.errors import Errors
from nixc.syntax.lexer import lex
from nixc.syntax.tokens import Lexed
from nixc.trouble import Trouble
from nixc_lsp.names import occurrences
from nixc_lsp.symbols import Occurrence


@dataclass(frozen=True, eq=False)
class Analysis:
    """A file at one version. Never changed: a newer text has an analysis of its own."""

    path: str
    file: nodes.File
    compiled: driver.Analysed
    #: Syntax and semantics, of imported files, too.
    findings: tuple[Diagnostic, ...]
    loader: Loader

    @property
    def source(self) -> Source:
        return self.file.span.source

    @property
    def workflow(self) -> nodes.WorkflowDecl | None:
        """The workflow of the file; the first of several."""
        found = (e for e in self.file.entries if isinstance(e, nodes.WorkflowDecl))
        return next(found, None)

    @cached_property
    def paths(self) -> frozenset[str]:
        """Every file that was looked for, whether it is there or not; links are followed."""
        return frozenset(os.path.realpath(path) for path in self.loader.stamps) | {self.path}

    @cached_property
    def texts(self) -> tuple[ShellText, ...]:
        """The users' own texts in it."""
        return merged(driver.shell_texts(self.compiled, self.loader))

    @cached_property
    def lexed(self) -> Lexed:
        """The tokens of the file; how they are mended belongs to the parser."""
        return self.loader.lexed(self.file) or lex(self.source, Errors())

    @cached_property
    def occurrences(self) -> tuple[Occurrence, ...]:
        """All places of the file that name something, in order."""
        return tuple(occurrences(self.file, self.imported))

    @property
    def clean(self) -> bool:
        """Whether the syntax is right."""
        return not self.loader.syntax_errors(self.file)

    def imported(self, node: nodes.Import) -> nodes.File | None:
        """The file that an import of any file of the cone leads to."""
        path = import_path(node)
        if path is None:
            return None
        found = self.loader.load(node.span.source, path)
        return None if isinstance(found, NoFile) else found


def analyse(path: str, read: Reader, memory: driver.Memory | None = None) -> Analysis:
    """Compiles a file as far as it can be. Raises Trouble where it cannot be read."""
    findings = Findings()
    loader = Loader(findings, read)
    compiled = driver.analyse(path, loader, findings, memory)
    file = loader.open(path)
    return Analysis(os.path.realpath(path), file, compiled, findings.sorted(), loader)


def import_path(node: nodes.Import) -> str | None:
    """What an import says, where that is plain."""
    if isinstance(node.path, nodes.LiteralString):
        return node.path.value
    parts = node.path.parts
    if len(parts) == 1 and isinstance(parts[0], nodes.TextPart):
        return parts[0].value
    return None


def diagnostics(
    family: Sequence[Analysis], answers: dict[str, Answer]
) -> dict[Source, tuple[Diagnostic, ...]]:
    """What there is to say about files that share some: as `nixc check` of all of them says it,
    with those answers of ShellCheck that are there."""
    found = Findings()
    for analysis in family:
        found.extend(analysis.findings)
    texts = _texts(family)
    found.extend(rules.check_texts(texts))
    memo = family[0].compiled.memo
    for text in verify.checkable(texts):
        answer = answers.get(memo.of("question", text, None, partial(verify.question, text)))
        if answer is not None:
            judge = partial(verify.judged, [(text, answer)])
            found.extend(memo.of("verdict", text, answer, judge).diagnostics)
    sources = {file.span.source: file for one in family for file in one.loader.files}
    by_source: dict[Source, list[Diagnostic]] = {source: [] for source in sources}
    for one in silence.apply(found.sorted(), sources.values()):
        by_source.setdefault(one.span.source, []).append(one)
    return {source: tuple(some) for source, some in by_source.items()}


def _texts(family: Sequence[Analysis]) -> tuple[ShellText, ...]:
    if len(family) == 1:
        return family[0].texts
    return merged(chain.from_iterable(analysis.texts for analysis in family))


def questions(family: Iterable[Analysis]) -> list[str]:
    """What ShellCheck is to be asked about files."""
    texts = _texts(list(family))
    return list(dict.fromkeys(verify.question(text) for text in verify.checkable(texts)))


def below(folder: str) -> list[str]:
    """The `.nxa` files below a folder; none where it cannot be read."""
    try:
        return files.sources([folder])[0]
    except Trouble:
        return []
