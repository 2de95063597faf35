"""Lines that open blocks: which they are, how far their heads go, and braces that no head has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nixc.schema.executors import EXECUTORS
from nixc.source import Source
from nixc.syntax.tokens import CLOSERS, END, OPENERS, Token

#: What the head of a block begins with.
HEADS = frozenset(
    ("WORKFLOW", "JOB", "STEP", "INPUT", "ACTION", "TEMPLATE", "PARALLEL", "EXECUTOR")
)
#: Words of declarations. Behind these a `=` is hardly what is missing, though they may be a
#: field's name.
DECLARING = frozenset(
    ("IMPORT", "LET", "ACTION", "TEMPLATE", "WORKFLOW", "INPUT", "JOB", "STEP", "RUN", "USE")
)
#: Names that may stand before the `{` of a value.
_KINDS = frozenset(kind.name for kind in EXECUTORS)
_BLOCK = ("LBRACE", "LSQB")
#: What may stand behind the word of a declaration: a name, a text or a block.
_DECLARED = frozenset(("NAME", "STRING", "LITERAL", "TEXT", "LBRACE"))


def is_head(kinds: list[str]) -> bool:
    """Whether a line is the head of a block or object that lacks its `{`."""
    return "LBRACE" not in kinds and (kinds[0] in HEADS or kinds[-1] == "ASSIGN")


def head_length(kinds: list[str]) -> int:
    """How many tokens of a line are the head of the block that it opens."""
    if kinds[-1] == "ASSIGN":
        return len(kinds)
    match kinds[0]:
        case "PARALLEL":
            length = 1
        case "STEP":
            length = 1 + (kinds[1:2] in (["STRING"], ["LITERAL"]))
        case "EXECUTOR":
            length = kinds.index("ASSIGN") + 2 if "ASSIGN" in kinds else 2
        case _ if kinds[2:3] in (["ASSIGN"], ["LPAR"]):
            length = len(kinds) - (kinds[-1] == "RBRACE")
            if "RPAR" in kinds:
                length = len(kinds) - kinds[::-1].index("RPAR")
        case _:
            length = 2
    return min(length, len(kinds))


def assigned(source: Source, tokens: Sequence[Token], place: int) -> bool:
    """Whether the `=` at `place` stands behind the word of a declaration, as `job = test {`, where
    no field and no key of an object could be meant."""
    behind = [token.kind for token in tokens[place + 1 : place + 3]]
    match tokens[place - 1].kind, behind:
        case (("WORKFLOW" | "INPUT" | "JOB"), ["NAME", "LBRACE"]):
            name = tokens[place + 1]
            return source.text[name.start : name.end] not in _KINDS
        case (("WORKFLOW" | "INPUT" | "JOB"), ["NAME", "ASSIGN"]):
            return True
        case "STEP", ["STRING" | "LITERAL", "LBRACE"]:
            return True
        case "PARALLEL", ["LBRACE", *_]:
            return holds_declarations(tokens, place + 1)
        case "ACTION" | "TEMPLATE", ["NAME", "LPAR"]:
            return _behind_brackets(tokens, place + 2) == "LBRACE"
    return False


def _behind_brackets(tokens: Sequence[Token], place: int) -> str:
    """The kind of what stands behind the bracket that closes the one at `place`."""
    depth = 0
    for at in range(place, len(tokens) - 1):
        depth += (tokens[at].kind in OPENERS) - (tokens[at].kind in CLOSERS)
        if depth == 0:
            return tokens[at + 1].kind
    return END


def stray_braces(tokens: Sequence[Token]) -> Iterator[int]:
    """Where a `{` stands behind another or at the beginning of a line, but not below its head:
    of those the head is told."""
    line: list[str] = []
    previous, headed = "", False
    for place, token in enumerate(tokens):
        begins = previous == "LBRACE" or (previous == "NL" and not headed)
        if token.kind == "LBRACE" and begins:
            yield place
        if token.kind != "NL":
            line.append(token.kind)
        elif line:
            line, headed = [], is_head(line)
        previous = token.kind


def opens_block(tokens: Sequence[Token], place: int) -> bool:
    """Whether the line ends with `{`."""
    while tokens[place].kind not in ("NL", END, "LBRACE"):
        place += 1
    return tokens[place].kind == "LBRACE"


def holds_declarations(tokens: Sequence[Token], place: int) -> bool:
    """Whether a `{` opens a block and no object: a line of it begins with a declaration. So it is
    with a `[` that stands for it."""
    if tokens[place].kind not in _BLOCK:
        place += 1  # a word before it, as in `parallel parallel {`
    if place >= len(tokens) or tokens[place].kind not in _BLOCK:
        return False
    depth = 0
    for at in range(place, len(tokens) - 1):
        kind, following = tokens[at].kind, tokens[at + 1].kind
        if depth == 1 and (tokens[at - 1].kind == "NL" or at == place + 1):
            declares = kind in DECLARING and following in _DECLARED
            if declares or (kind == "NAME" and following == "LBRACE"):
                return True
        depth += (kind in OPENERS) - (kind in CLOSERS)
        if depth == 0:
            return False
    return False
