"""What was read of the lines of a text, for the next text that has them.

An editor's next text is the last one but for a few lines. What is cut (:mod:`nixc.syntax.pieces`)
and was read once is taken as it is, and stands where its lines stand now. The reading itself is
the one of :mod:`nixc.syntax.reading`, and so is what it comes to:

- Where every piece is right by itself, the file is all they hold, one after the other. Its tokens
  are theirs: none but a text goes on beyond its line, and theirs close. Brackets match in each, so
  line breaks count alike; an entry is read alike wherever entries stand.
- Else the whole is read, and the parser takes over entries whose tokens are those of their piece.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from nixc.diagnostics import Diagnostic
from nixc.records import dataclass, replace
from nixc.source import Piece, Source, Span
from nixc.syntax import nodes
from nixc.syntax.comments import comment
from nixc.syntax.errors import Errors
from nixc.syntax.kept import Kept
from nixc.syntax.layout import lay_out
from nixc.syntax.lexer import lex
from nixc.syntax.pieces import Cut, cut
from nixc.syntax.reading import read, read_tokens
from nixc.syntax.tokens import Lexed

#: What is no entry by itself.
_ENDS = frozenset(("head", "tail"))


@dataclass(frozen=True, eq=False)
class _Part:
    """What was read of a piece; None where it is not right by itself."""

    piece: Piece
    file: nodes.File | None

    @cached_property
    def kept(self) -> Kept | None:
        """Its entry, if that is the one thing in it."""
        if self.file is None or len(self.file.entries) != 1:
            return None
        (entry,) = self.file.entries
        tokens = lay_out(lex(self.piece, Errors()).tokens).tokens
        return Kept(entry, tuple(t for t in tokens if t.end <= entry.span.last), self.file.comments)


class Memory:
    """Parts by what they are and say: those of the last text, and no others."""

    def __init__(self) -> None:
        self._parts: dict[tuple[str, str], list[_Part]] = {}
        #: The tokens of the whole, if all of it was cut into tokens.
        self.lexed: Lexed | None = None

    def read(self, source: Source) -> tuple[nodes.File, tuple[Diagnostic, ...]]:
        """As :func:`nixc.syntax.reading.read`. The trees that were read of earlier texts are not
        to be used any more: what they have in common with this one stands where it stands here."""
        known = {key: iter(parts) for key, parts in self._parts.items()}
        self._parts, self.lexed = {}, None
        cuts = list(cut(source.text))
        parts: list[_Part] = []
        for one in cuts:
            key = one.sort, source.text[one.start : one.end]
            # Equal lines may stand at two places: each part stands at one.
            part = next(known[key], None) if key in known else None
            part = part or _Part(*_read(*key))
            part.piece.stand(source, one.start)
            self._parts.setdefault(key, []).append(part)
            parts.append(part)
        files = [part.file for part in parts if part.file is not None]
        if len(files) == len(parts):
            return _joined(source, cuts, files), ()
        kept = (part.kept for one, part in zip(cuts, parts, strict=True) if one.sort not in _ENDS)
        errors = Errors()
        self.lexed = lex(source, errors)
        same = [one for one in kept if one is not None]
        return read_tokens(source, self.lexed, errors, kept=same)


def _read(sort: str, text: str) -> tuple[Piece, nodes.File | None]:
    """A piece that stands nowhere yet, and what it holds: None where it is not right by itself."""
    # The head of a workflow is one without a body.
    piece = Piece("", text + "}" if sort == "head" else text)
    if sort == "tail":
        return piece, _tail(piece)
    file, problems = read(piece, int(sort == "inner"))
    right = not problems and (sort != "head" or _is_head(file))
    return piece, file if right else None


def _is_head(file: nodes.File) -> bool:
    """Whether a workflow is all there is, up to the bracket that was added."""
    match file.entries:
        case (nodes.WorkflowDecl(body=()) as workflow,):
            return workflow.span.last == file.span.last
    return False


def _tail(piece: Piece) -> nodes.File | None:
    """The comments beside and below a bracket, if that is all there is."""
    errors = Errors()
    lexed = lex(piece, errors)
    if {token.kind for token in lexed.tokens[1:]} - {"NL"} or errors.sorted():
        return None
    comments = tuple(comment(piece, start, end) for start, end in lexed.comments)
    return nodes.File(Span(piece, 0, len(piece.text)), (), comments)


def _joined(source: Source, cuts: Sequence[Cut], files: Sequence[nodes.File]) -> nodes.File:
    """The file that pieces make."""
    entries: list[nodes.Entry] = []
    comments: list[nodes.Comment] = []
    head, body = nodes.File(Span(source, 0, 0), (), ()), entries
    for one, file in zip(cuts, files, strict=True):
        comments += file.comments
        if one.sort == "head":
            head, body = file, []
        elif one.sort == "tail":
            (workflow,) = head.entries
            assert isinstance(workflow, nodes.WorkflowDecl)
            span = Span(source, workflow.span.start, one.start + 1)
            entries.append(replace(workflow, span=span, body=tuple(body)))
            body = entries
        else:
            body += file.entries
    return nodes.File(Span(source, 0, len(source.text)), tuple(entries), tuple(comments))
