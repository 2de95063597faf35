"""`inputs`, `outputs` and `cache` of jobs."""

from __future__ import annotations

from nixc.ir.model import ArtifactInput, ArtifactOutput, Cache
from nixc.lower.record import Item, Record
from nixc.lower.values import Key
from nixc.source import Span


def inputs(fields: Record) -> tuple[ArtifactInput, ...]:
    """What a job reads; who makes it is found by a pass."""
    found = [_input(item) for item in fields.items("inputs")]
    return tuple(one for one in found if one is not None)


def _input(item: object) -> ArtifactInput | None:
    named = named_input(item)
    if named is None:
        return None
    span, name = named
    assert isinstance(item, Item)
    if not isinstance(item.value, Record):
        return ArtifactInput(span, name, None, False, False, ())
    fields = item.value
    path, each, optional = fields.text("path"), fields.flag("each"), fields.flag("optional")
    return ArtifactInput(span, name, path, each, optional, ())


def named_input(item: object) -> tuple[Span, str] | None:
    """The name of an artifact to read, and its place."""
    if not isinstance(item, Item):
        return None
    if isinstance(item.value, str):
        return item.span, item.value
    if isinstance(item.value, Record) and item.value.has("name"):
        return item.value.places["name"], item.value.text("name") or ""
    return None


def outputs(fields: Record) -> tuple[ArtifactOutput, ...]:
    """What a job saves."""
    pairs = [item for item in fields.items("outputs") if isinstance(item, tuple)]
    return tuple(ArtifactOutput(key.span, key.text, path) for key, path in pairs)


def cache(fields: Record) -> Cache | None:
    """What a job keeps across runs."""
    found = fields.record("cache")
    key = None if found is None else found.text("key")
    if found is None or key is None:
        return None
    files, paths = ([text for _, text in found.texts(name)] for name in ("keyFiles", "paths"))
    return Cache(key, tuple(files), tuple(paths), found.flag("fallback"))


def joined(values: list[object]) -> object:
    """Items of several layers by name: a later one replaces, at the first one's place."""
    found: dict[str, object] = {}
    for value in values:
        for item in value if isinstance(value, tuple) else ():
            found[_name(item)] = item
    return tuple(found.values())


def _name(item: object) -> str:
    if isinstance(item, tuple) and isinstance(item[0], Key):
        return item[0].text
    named = named_input(item)
    return named[1] if named else ""
