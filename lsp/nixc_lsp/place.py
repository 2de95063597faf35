"""Where in a block an offset stands, by the tokens before it: it holds in unfinished text, too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from nixc.records import dataclass, field
from nixc.schema.blocks import BLOCKS, FILE
from nixc.schema.executors import BY_NAME
from nixc.schema.functions import CONDITION_BY_NAME, PROVIDER_BY_NAME
from nixc.schema.types import Block, ExecutorT, ListOf, MapOf, ObjectOf, Type, Union
from nixc.source import Source
from nixc.syntax.tokens import CLOSERS, OPENERS, Lexed, Token

#: Tokens that separate the entries of a block, the items of a list.
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_SEPARATORS = frozenset(("NL", "COMMA"))
#: Words of declarations -> their block.
_BY_WORD = {block.name: block for block in BLOCKS}


@dataclass(eq=False)
class Frame:
    """An open bracket, or the file: what it holds, and what was written of the last entry."""

    opener: str
    block: Block | None = None
    #: The type of what stands in it, for lists, and the values of free keys.
    item: Type | None = None
    #: What is called, for parentheses.
    callee: str = ""
    #: The field that it is the value of.
    key: str = ""
    entry: list[Token] = field(default_factory=list)
    #: Names of the fields before, and texts of the items.
    given: list[str] = field(default_factory=list)
    #: The word and name of the declaration that the block belongs to.
    head: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Place:
    """What is open at an offset, the innermost last, and the word that is being written there."""

    source: Source
    frames: tuple[Frame, ...]
    prefix: str
    #: The text or comment that the offset is in.
    inside: Token | None

    @property
    def frame(self) -> Frame:
        return self.frames[-1]

    @property
    def words(self) -> list[str]:
        """The texts of the tokens of the unfinished entry."""
        return [self.source.text[t.start : t.end] for t in self.frame.entry]

    @property
    def wanted(self) -> Type | None:
        """The type of the value that belongs here, as far as the schema knows it."""
        return wanted(self.source, self.frame)

    def declared(self, *words: str) -> str | None:
        """The name of the innermost declaration with one of some words around here."""
        for frame in reversed(self.frames):
            if frame.head and frame.head[0] in words:
                return frame.head[-1]
        return None


def beginning() -> list[Frame]:
    """What is open at the beginning of a file."""
    return [Frame("", FILE)]


def passed(source: Source, frame: Frame, starts: Iterable[int]) -> None:
    """Takes entries for written, given where they start."""
    frame.given += (found[0] for at in starts if (found := _WORD.match(source.text, at)))


def place(source: Source, lexed: Lexed, offset: int, frames: list[Frame]) -> Place:
    """Where an offset stands. `lexed` are the tokens of the source from where `frames` are open;
    these change with each token."""
    prefix, inside = "", None
    for token in lexed.tokens:
        if token.start >= offset:
            break
        if token.end >= offset and _WORD.fullmatch(source.text, token.start, token.end):
            prefix = source.text[token.start : offset]
            break
        end = token.end + (token.start in lexed.unclosed)
        if end > offset and token.kind in ("STRING", "LITERAL", "TEXT"):
            inside = token
            break
        _take(source, frames, token)
    return Place(source, tuple(frames), prefix, inside)


def framed(
    source: Source, lexed: Lexed, *, expression: bool = False
) -> Iterator[tuple[Token, Frame]]:
    """Every token with what is open before it; frames go on changing with the next token.

    The tokens are those of a file, or of an expression.
    """
    frames = [Frame("LPAR")] if expression else beginning()
    for token in lexed.tokens:
        yield token, frames[-1]
        _take(source, frames, token)


def wanted(source: Source, frame: Frame) -> Type | None:
    """The type of the value that belongs at the end of a frame, as far as the schema knows it."""
    if all(token.kind != "ASSIGN" for token in frame.entry):
        return frame.item if frame.opener != "LBRACE" else None
    first = frame.entry[0]
    return _field_type(frame, source.text[first.start : first.end])


def _take(source: Source, frames: list[Frame], token: Token) -> None:
    frame = frames[-1]
    if token.kind in OPENERS:
        frames.append(_opened(source, frame, token))
    elif token.kind in CLOSERS:
        if len(frames) > 1:
            frames.pop()
        frames[-1].entry.append(token)
    elif token.kind in _SEPARATORS:
        if not (token.kind == "NL" and frame.opener in ("LPAR", "LSQB")):
            _end(source, frame)
    else:
        frame.entry.append(token)


def _end(source: Source, frame: Frame) -> None:
    if frame.entry:
        first = frame.entry[0]
        frame.given.append(source.text[first.start : first.end])
    frame.entry = []


def _opened(source: Source, frame: Frame, token: Token) -> Frame:
    """What a bracket opens, by what stands before it in its entry."""
    words = [source.text[one.start : one.end] for one in frame.entry]
    assigned = "=" in words and frame.opener in ("", "LBRACE")
    if token.kind == "LPAR":
        start = len(words) - 1
        while start >= 2 and words[start - 1] == ".":
            start -= 2
        callee = "".join(words[max(0, start) :]) if words else ""
        return Frame("LPAR", callee=callee, key=words[0] if assigned else frame.key)
    kind = _field_type(frame, words[0]) if assigned else frame.item
    name = words[0] if assigned else frame.key
    if token.kind == "LSQB":
        return Frame("LSQB", item=_item(kind), key=name)
    if words and words[-1] in BY_NAME and (assigned or words[0] == "executor"):
        return Frame("LBRACE", BY_NAME[words[-1]].block, key=name)
    if not assigned and words and words[0] in _BY_WORD and frame.opener != "LSQB":
        return Frame("LBRACE", _BY_WORD[words[0]], head=(words[0], *words[1:2]))
    block, rest = _object(kind)
    return Frame("LBRACE", block, item=rest, key=name)


def _field_type(frame: Frame, name: str) -> Type | None:
    if name == "executor" and "executor" not in (frame.block.by_name if frame.block else {}):
        return ExecutorT()
    if frame.block is not None and name in frame.block.by_name:
        return frame.block.by_name[name].type
    if frame.block is not None and frame.block.rest is not None:
        return frame.block.rest.value
    return frame.item


def _item(kind: Type | None) -> Type | None:
    match kind:
        case ListOf():
            return kind.item
        case Union():
            return next((_item(one) for one in kind.options if isinstance(one, ListOf)), None)
        case _:
            return kind


def _object(kind: Type | None) -> tuple[Block | None, Type | None]:
    match kind:
        case ObjectOf():
            return kind.block, None
        case MapOf():
            return None, kind.value
        case Union():
            found = (_object(one) for one in kind.options)
            return next((one for one in found if one != (None, None)), (None, None))
        case _:
            return None, None


def parameter_type(callee: str, argument: str | None) -> Type | None:
    """The type of an argument of a function of the language."""
    function = CONDITION_BY_NAME.get(callee) or PROVIDER_BY_NAME.get(callee)
    if function is None:
        return None
    own = [one for one in function.parameters if argument in (None, one.name)]
    return own[0].type if own else None
