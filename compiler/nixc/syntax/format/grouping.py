"""Tokens and comments -> the formatter's tree."""

from __future__ import annotations

from nixc.records import dataclass, field
from nixc.source import Source
from nixc.syntax.errors import Errors
from nixc.syntax.format import flat, rawtexts
from nixc.syntax.format.tree import Comment, Group, Item, Kind, Part, Text, Word
from nixc.syntax.layout import lay_out
from nixc.syntax.lexer import lex
from nixc.syntax.tokens import CLOSERS, CONTINUED, OPENERS, Token

#: The words that begin a declaration with a block.
_WITH_BLOCK = {"ACTION", "INPUT", "JOB", "PARALLEL", "STEP", "TEMPLATE", "USE", "WORKFLOW"}
_BINARY = CONTINUED - {"NOT"}


def grouped(source: Source) -> Group:
    """The tree of a source that has no syntax errors."""
    lexed = lex(source, Errors())
    comments = [Token("COMMENT", start, end) for start, end in lexed.comments]
    builder = _Builder(source)
    for token in sorted([*lay_out(lexed.tokens).tokens, *comments], key=lambda token: token.start):
        builder.take(token)
    return builder.file()


@dataclass(eq=False, repr=False)
class _Open:
    """A pair of brackets that is being read, with the item that is."""

    kind: Kind
    opener: Token
    keyword: str = ""
    items: list[Item] = field(default_factory=list)
    header: Comment | None = None
    #: There is a line break behind the opening bracket.
    opened: bool = False
    #: Comments that stand above what comes next.
    pending: list[Comment] = field(default_factory=list)
    # Of the item: its parts so far, and what is to become its fields.
    parts: list[Part] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    blank: bool = False
    #: A line break of the author's stands behind one of its operators.
    joint_broken: bool = False


class _Builder:
    """Takes tokens and comments in their order."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._stack = [_Open(Kind.FILE, Token("", 0, 0))]
        #: Where the last token or comment ended, separating line breaks aside.
        self._end = 0
        #: What comes next does not belong to the comments above it: a comma is in between, or
        #: the last of them stands beside something.
        self._apart = False

    @property
    def _top(self) -> _Open:
        return self._stack[-1]

    def take(self, token: Token) -> None:
        kind = token.kind
        if kind == "NL":
            self._end_item()
            return
        if kind == "COMMENT":
            self._comment(token)
        elif kind == "COMMA":
            self._end_item()
            self._apart = bool(self._top.pending)
        elif kind in OPENERS:
            self._begin_part(token)
            self._stack.append(self._open(token))
        elif kind in CLOSERS:
            self._close(token)
        else:
            self._word(token)
        self._end = token.end

    def file(self) -> Group:
        """The whole tree, once all is taken."""
        self._end_item()
        return self._group(self._stack.pop(), len(self._source.text), "")

    # --- comments -------------------------------------------------------------

    def _comment(self, token: Token) -> None:
        top, breaks = self._top, self._breaks(token)
        text = self._source.text[token.start : token.end].rstrip()
        beside = not breaks and self._end > 0
        comment = Comment(token.start, token.end, text, beside, breaks > 1)
        if top.parts:
            top.parts.append(comment)
            return
        self._note_opened(breaks)
        if beside and not top.pending and not (top.items or top.header):
            top.header = comment
        elif beside and not top.pending and top.items and not top.items[-1].trailing:
            top.items[-1] = top.items[-1]._replace(trailing=comment, end=token.end)
        else:
            top.pending.append(comment)
            self._apart = beside

    # --- items ----------------------------------------------------------------

    def _begin_part(self, token: Token) -> None:
        """Make ready for a part: of the item that is open, or of a new one."""
        top, breaks = self._top, self._breaks(token)
        if not top.parts:
            self._note_opened(breaks)
            top.comments, top.pending = top.pending, []
            top.blank = breaks > 1 or self._apart
            top.joint_broken = self._apart = False
        elif breaks and isinstance(top.parts[-1], Word) and top.parts[-1].joins:
            top.joint_broken = True

    def _word(self, token: Token) -> None:
        self._begin_part(token)
        parts, text = self._top.parts, self._source.text[token.start : token.end]
        if token.kind == "TEXT" and "\n" in text:
            parts.append(rawtexts.text(self._source, token.start, token.end))
            return
        at = len(parts)
        if token.kind in _BINARY:
            # A line ends behind an operator, not before one.
            while at and isinstance(parts[at - 1], Comment):
                at -= 1
        parts.insert(at, Word(token.kind, token.start, token.end, text))

    def _end_item(self) -> None:
        top = self._top
        if not top.parts:
            return
        behind: list[Comment] = []
        while isinstance(last := top.parts[-1], Comment):
            behind.insert(0, last)
            top.parts.pop()
        trailing = behind.pop(0) if behind and behind[0].beside else None
        top.items.append(_item(top, trailing))
        top.parts, top.pending = [], behind

    # --- brackets -------------------------------------------------------------

    def _open(self, token: Token) -> _Open:
        top = self._top
        if token.kind == "LSQB":
            return _Open(Kind.LIST, token)
        if token.kind == "LPAR":
            return _Open(Kind.ARGUMENTS if _is_called(top) else Kind.PARENTHESES, token)
        keyword = _kind(top.parts[0]) if top.parts else ""
        is_field = len(top.parts) > 1 and _kind(top.parts[1]) == "ASSIGN"
        if top.kind in (Kind.FILE, Kind.BLOCK) and keyword in _WITH_BLOCK and not is_field:
            return _Open(Kind.BLOCK, token, keyword)
        return _Open(Kind.OBJECT, token)

    def _close(self, token: Token) -> None:
        self._end_item()
        group = self._group(self._stack.pop(), token.end, self._source.text[token.start])
        self._top.parts.append(group)

    def _group(self, done: _Open, end: int, closer: str) -> Group:
        opener = self._source.text[done.opener.start : done.opener.end]
        is_plain = not (done.header or done.pending or done.opened)
        on_one_line = flat.of_group(done.kind, done.items, (opener, closer)) if is_plain else None
        return Group(
            done.kind,
            done.opener.start,
            end,
            opener,
            closer,
            done.keyword,
            tuple(done.items),
            done.header,
            tuple(done.pending),
            done.opened,
            on_one_line,
        )

    def _note_opened(self, breaks: int) -> None:
        top = self._top
        if breaks and not (top.items or top.header or top.pending):
            top.opened = True

    def _breaks(self, token: Token) -> int:
        """The line breaks between the last token or comment and this one."""
        return self._source.text.count("\n", self._end, token.start)


def _item(read: _Open, trailing: Comment | None) -> Item:
    first = read.comments[0] if read.comments else read.parts[0]
    last = trailing or read.parts[-1]
    breakable = any(_is_breakable(part) for part in read.parts)
    on_one_line = None
    if not read.joint_broken and not any(isinstance(part, Comment | Text) for part in read.parts):
        on_one_line = flat.of_parts(read.parts, breakable=breakable)
    return Item(
        first.start,
        last.end,
        tuple(read.comments),
        tuple(read.parts),
        trailing,
        read.blank,
        on_one_line,
        breakable,
        "OR" if any(_kind(part) == "OR" for part in read.parts) else "AND",
    )


def _is_breakable(part: Part) -> bool:
    if isinstance(part, Word):
        return part.joins
    return not (isinstance(part, Group) and part.is_empty)


def _is_called(read: _Open) -> bool:
    """Whether a `(` behind what is read of an item holds arguments or parameters."""
    last = next((part for part in reversed(read.parts) if not isinstance(part, Comment)), None)
    if not isinstance(last, Word) or last.kind in CONTINUED:
        return False
    # `run (…)` is a text in parentheses, where it is a declaration.
    is_run = last is read.parts[0] and last.kind == "RUN"
    return not (is_run and read.kind in (Kind.FILE, Kind.BLOCK))


def _kind(part: Part) -> str:
    return part.kind if isinstance(part, Word) else ""
