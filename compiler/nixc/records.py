"""Data classes without generated code, at a tenth of the price of the real ones.

`dataclasses` writes and compiles three to six functions for each class, 0.4 ms apiece; for the
170 classes here that was two thirds of what `nixc build` of a small file took beside the libraries
it needs. These share their methods instead. To a type checker they are the real ones:

    from nixc.records import dataclass, field, replace

`dataclass(frozen=…, eq=…, repr=…)`, `field(default=…, default_factory=…)`, defaults, `ClassVar`,
inheritance, `replace` and `names_of` are there; `order`, `slots`, `kw_only`, `__post_init__` are
not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__all__ = ["dataclass", "field", "is_record", "names_of", "replace"]

_NAMES = "__record_names__"


def is_record(value: object) -> bool:
    """Whether a value is an instance of one of these classes."""
    return hasattr(type(value), _NAMES)


def names_of(record: object) -> tuple[str, ...]:
    """The names of a record's fields, in order. Raises AttributeError for anything else."""
    names: tuple[str, ...] = getattr(type(record), _NAMES)
    return names


if TYPE_CHECKING:
    from dataclasses import dataclass, field, replace
else:
    _MISSING = object()
    #: A class with so many instances is worth code of its own.
    _MANY = 100

    class _Field:
        def __init__(self, default: Any, default_factory: Any) -> None:
            self.default = default
            self.default_factory = default_factory

    def field(*, default: Any = _MISSING, default_factory: Any = _MISSING) -> Any:
        """A default, or what makes one for each instance."""
        return _Field(default, default_factory)

    def dataclass(cls=None, /, *, frozen=False, eq=True, repr=True):
        """Fills in a class by its annotations, as `dataclasses.dataclass` does."""

        def fill(cls):
            names = _inherited(cls) + tuple(_own_names(cls))
            setattr(cls, _NAMES, tuple(dict.fromkeys(names)))
            cls.__match_args__ = getattr(cls, _NAMES)
            cls.__init__ = _initializer(cls)
            if repr:
                cls.__repr__ = _repr
            if frozen:
                cls.__setattr__ = cls.__delattr__ = _refuse
            if eq:
                cls.__eq__ = _equal
                cls.__hash__ = _hash if frozen else None
            return cls

        return fill if cls is None else fill(cls)

    def replace(record, /, **changes):
        """A copy with other values for some fields. Raises TypeError for an unknown field."""
        copy = object.__new__(type(record))
        # By name: what `cached_property` left there may be wrong for the copy.
        values, copied = record.__dict__, copy.__dict__
        for name in names_of(record):
            copied[name] = changes.pop(name) if name in changes else values[name]
        if changes:
            raise TypeError(f"{type(record).__name__} has no field {min(changes)!r}")
        return copy

    def _inherited(cls):
        bases = (base for base in cls.__mro__[1:] if hasattr(base, _NAMES))
        return next((getattr(base, _NAMES) for base in bases), ())

    def _own_names(cls):
        for name, annotation in cls.__annotations__.items():
            if not str(annotation).startswith(("ClassVar", "typing.ClassVar")):
                yield name

    def _initializer(cls):
        names = getattr(cls, _NAMES)
        plain, factories = _defaults(cls, names)
        count = len(names)
        known = frozenset(names)
        optional = plain.keys() | factories.keys()
        made = 0

        def __init__(self, *args, **given):  # noqa: N807
            nonlocal made
            made += 1
            if made == _MANY:
                cls.__init__ = _compiled(names, plain, factories)
            values = self.__dict__
            if len(args) == count and not given:
                values.update(zip(names, args, strict=True))
                return
            if args:
                positional = dict(zip(names, args, strict=False))
                if len(args) > count or positional.keys() & given.keys():
                    raise TypeError(f"{cls.__name__}: a field is given twice, or too many are")
                given = positional | given
            if given.keys() != known:
                if not known >= given.keys() >= known - optional:
                    wrong = sorted((known - optional - given.keys()) | (given.keys() - known))
                    raise TypeError(f"{cls.__name__}: missing or unknown: {', '.join(wrong)}")
                for name in optional - given.keys():
                    given[name] = plain[name] if name in plain else factories[name]()
            values.update(given)

        return __init__

    def _compiled(names, plain, factories):
        """What `dataclasses` would have written, at a half to a third of the price of ours."""
        # No field begins with an underscore: nothing here is hidden by a parameter.
        known = {"_MISSING": _MISSING}
        head, body = [], ["__record = __self.__dict__"]
        for name in names:
            if name in factories:
                known[f"_{name}"] = factories[name]
                head.append(f"{name}=_MISSING")
                body.append(f"if {name} is _MISSING: {name} = _{name}()")
            elif name in plain:
                known[f"_{name}"] = plain[name]
                head.append(f"{name}=_{name}")
            else:
                head.append(name)
            body.append(f"__record[{name!r}] = {name}")
        code = "\n  ".join([f"def __init__(__self, {', '.join(head)}):", *body])
        exec(code, known)
        return known["__init__"]

    def _defaults(cls, names):
        plain, factories = {}, {}
        for name in names:
            default = getattr(cls, name, _MISSING)
            if not isinstance(default, _Field):
                if default is not _MISSING:
                    plain[name] = default
                continue
            if default.default_factory is _MISSING:
                plain[name] = default.default
                setattr(cls, name, default.default)
            else:
                factories[name] = default.default_factory
        return plain, factories

    def _refuse(self, name, *value):
        raise AttributeError(f"{type(self).__name__} is frozen: {name} stays as it is")

    def _values(record):
        values = record.__dict__
        return tuple([values[name] for name in names_of(record)])

    def _equal(self, other):
        if other.__class__ is not self.__class__:
            return NotImplemented  # Python asks the other one
        return _values(self) == _values(other)

    def _hash(self):
        return hash(_values(self))

    def _repr(self):
        fields = zip(names_of(self), _values(self), strict=True)
        inside = ", ".join(f"{name}={value!r}" for name, value in fields)
        return f"{type(self).__qualname__}({inside})"
