"""The whole table as data."""

from __future__ import annotations

from collections.abc import Iterable

from nixc import __version__, manual
from nixc.reference import shape
from nixc.reference.types import block, described, written
from nixc.schema import functions
from nixc.schema.blocks import BLOCKS
from nixc.schema.declarations import DECLARATIONS
from nixc.schema.executors import EXECUTORS
from nixc.schema.names import ALWAYS_SET, LANGUAGES, RESERVED, RESULTS


def schema() -> shape.Schema:
    """Everything that the language has, in the order of the reference."""
    return {
        "version": shape.VERSION,
        "nixc": __version__,
        "declarations": [
            {"word": one.word, "form": one.form, "doc": one.doc} for one in DECLARATIONS
        ],
        "blocks": [block(one) for one in BLOCKS],
        "executors": [
            {"name": one.name, "available": one.available, "block": block(one.block)}
            for one in EXECUTORS
        ],
        "conditions": [_function(one) for one in functions.CONDITIONS],
        "providers": [_function(one) for one in functions.PROVIDERS],
        "languages": [{"tag": one.tag, "doc": one.doc, "dep": one.dep} for one in LANGUAGES],
        "variables": _named(ALWAYS_SET.items()),
        "reserved": _named(RESERVED.items()),
        "results": list(RESULTS),
        "codes": [{"code": one.code, "title": one.title} for one in manual.pages().values()],
    }


def _function(one: functions.Function) -> shape.Function:
    return {
        "name": one.name,
        "doc": one.doc,
        "parameters": [_parameter(parameter) for parameter in one.parameters],
        "example": one.example,
    }


def _parameter(one: functions.Parameter) -> shape.Parameter:
    return {
        "name": one.name,
        "type": described(one.type),
        "doc": one.doc,
        "default": written(one.default, one.type),
        "required": one.required,
        "variadic": one.variadic,
    }


def _named(pairs: Iterable[tuple[str, str]]) -> list[shape.Named]:
    return [{"name": name, "doc": doc} for name, doc in pairs]
