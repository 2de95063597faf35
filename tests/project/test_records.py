"""Our data classes behave as the real ones, as far as nixc uses them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, ClassVar

import pytest

from nixc import records


def classes(of: Any) -> tuple[type[Any], ...]:
    """The same classes, made by `dataclasses` or by ours."""

    @of.dataclass(frozen=True)
    class Point:
        kind: ClassVar[str] = "point"
        x: int
        y: int = 0
        tags: list[str] = of.field(default_factory=list)

    @of.dataclass(frozen=True)
    class Named(Point):
        name: str = "n"

    @of.dataclass
    class Loose:
        value: int

    @of.dataclass(frozen=True)
    class Inward:
        values: list[int]
        names: tuple[str, ...] = ()
        args: dict[str, int] = of.field(default_factory=dict)

    return Point, Named, Loose, Inward


def worn() -> tuple[type[Any], ...]:
    """Ours, with so many instances that they have got code of their own."""
    made = classes(records)
    for one in made:
        before = one.__init__
        for _ in range(100):
            one(1)
        assert one.__init__ is not before
    return made


REAL, OURS, WORN = classes(dataclasses), classes(records), worn()
POINT, NAMED, LOOSE, INWARD = range(4)


@pytest.mark.parametrize(
    "made",
    [
        lambda of: of[POINT](1),
        lambda of: of[POINT](1, 2),
        lambda of: of[POINT](1, 2, ["a"]),
        lambda of: of[POINT](y=1, x=2),
        lambda of: of[POINT](1, y=5),
        lambda of: of[NAMED](1, 2, [], "other"),
        lambda of: of[NAMED](x=1, name="other"),
        lambda of: of[LOOSE](1),
        lambda of: of[INWARD]([1]),
        lambda of: of[INWARD](args={"a": 1}, values=[1]),
    ],
)
@pytest.mark.parametrize("of", [OURS, WORN], ids=["ours", "worn"])
def test_instances(made: Callable[[Any], Any], of: Any) -> None:
    real, ours = made(REAL), made(of)
    assert repr(ours) == repr(real)
    assert records.names_of(ours) == tuple(each.name for each in dataclasses.fields(real))
    assert ours == made(of)
    assert (ours == made(REAL)) is False


@pytest.mark.parametrize(
    "wrong",
    [
        lambda of: of[POINT](),
        lambda of: of[POINT](1, 2, [], 4),
        lambda of: of[POINT](1, x=1),
        lambda of: of[POINT](1, z=1),
        lambda of: of[POINT](y=1),
        lambda of: setattr(of[POINT](1), "x", 2),
        lambda of: delattr(of[POINT](1), "x"),
        lambda of: hash(of[POINT](1)),
        lambda of: hash(of[LOOSE](1)),
    ],
)
def test_what_raises(wrong: Callable[[Any], Any]) -> None:
    raised = []
    for of in (REAL, OURS, WORN):
        with pytest.raises((TypeError, AttributeError)) as caught:
            wrong(of)
        raised.append(isinstance(caught.value, TypeError))
    assert len(set(raised)) == 1


@pytest.mark.parametrize("of", [OURS, WORN], ids=["ours", "worn"])
def test_defaults_are_not_shared(of: Any) -> None:
    point = of[POINT]
    assert point(1).tags is not point(1).tags
    assert point.kind == "point"
    assert point.y == 0


def test_copies() -> None:
    point = OURS[POINT]
    assert records.replace(point(1, 2), y=3) == point(1, 3)
    with pytest.raises(TypeError):
        records.replace(point(1), z=3)


def test_hashes_go_by_value() -> None:
    point = OURS[POINT]
    assert hash(point(1, 2, ())) == hash(point(1, 2, ()))
    assert point(1, 2) != point(1, 3)


def test_patterns() -> None:
    point = OURS[POINT]
    match point(1, 2):
        case point(x, y):
            assert (x, y) == (1, 2)
        case _:
            pytest.fail("no match")
