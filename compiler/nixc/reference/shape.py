"""The shape of `nixc schema`'s JSON; `docs/schema.md` documents it for those who read it.

A key that goes or changes its meaning raises VERSION; new keys do not.
"""

from __future__ import annotations

from typing import TypedDict

VERSION = 1


class Type(TypedDict, total=False):
    """What a value may be: `kind` and `words` always, the others by kind."""

    kind: str
    words: str
    minimum: int
    maximum: int
    pattern: str
    values: list[str]
    pending: list[str]
    item: Type
    key: str
    value: Type
    options: list[Type]
    object: Block


class Field(TypedDict):
    """A field of a block."""

    name: str
    type: Type
    doc: str
    default: str | None
    required: bool
    nullable: bool
    phase: str
    merges: bool
    available: bool
    example: str


class Constraint(TypedDict):
    """A rule about several fields: `kind` is "needed" or "exactlyOne"."""

    kind: str
    fields: list[str]
    words: str


class Block(TypedDict):
    """What stands between a pair of braces."""

    name: str
    doc: str
    declarations: list[str]
    fields: list[Field]
    rest: Type | None
    constraints: list[Constraint]
    example: str


class Executor(TypedDict):
    """An executor kind."""

    name: str
    available: bool
    block: Block


class Parameter(TypedDict):
    """A parameter of a function."""

    name: str
    type: Type
    doc: str
    default: str | None
    required: bool
    variadic: bool


class Function(TypedDict):
    """Something that is called."""

    name: str
    doc: str
    parameters: list[Parameter]
    example: str


class Declaration(TypedDict):
    """A declaration and how it is written."""

    word: str
    form: str
    doc: str


class Language(TypedDict):
    """A language tag of raw texts."""

    tag: str
    doc: str
    dep: str | None


class Named(TypedDict):
    """A name and what it means."""

    name: str
    doc: str


class Code(TypedDict):
    """A code of diagnostics."""

    code: str
    title: str


class Schema(TypedDict):
    """All of it."""

    version: int
    nixc: str
    declarations: list[Declaration]
    blocks: list[Block]
    executors: list[Executor]
    conditions: list[Function]
    providers: list[Function]
    languages: list[Language]
    variables: list[Named]
    reserved: list[Named]
    results: list[str]
    codes: list[Code]
