"""Lines that open blocks: which they are, how far their heads go, and braces that no head has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nixc.syntax.tokens import Token

#: What the head of a block begins with.
_HEADS = frozenset(
    ("WORKFLOW", "JOB", "STEP", "INPUT", "ACTION", "TEMPLATE", "PARALLEL", "EXECUTOR")
)


def is_head(kinds: list[str]) -> bool:
    """Whether a line is the head of a block or object that lacks its `{`."""
    return "LBRACE" not in kinds and (kinds[0] in _HEADS or kinds[-1] == "ASSIGN")


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
