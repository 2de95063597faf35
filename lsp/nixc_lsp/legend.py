"""The sorts of semantic tokens, by the protocol's names. No more than names: the answer to
`initialize` lists them before the compiler is loaded."""

from __future__ import annotations

from typing import Literal, get_args

TokenType = Literal[
    "namespace",
    "type",
    "class",
    "parameter",
    "variable",
    "property",
    "enumMember",
    "event",
    "function",
    "macro",
    "keyword",
    "comment",
    "string",
    "number",
    "operator",
    "label",
]
Modifier = Literal["declaration", "readonly", "defaultLibrary"]

#: Numbers of the protocol are places in these.
TYPES: tuple[TokenType, ...] = get_args(TokenType)
MODIFIERS: tuple[Modifier, ...] = get_args(Modifier)
