"""Makes sources that are right as far as the grammar goes, in any layout, with comments anywhere.

Every way to write a thing is here: what a line break may stand for, commas with and without line
breaks, raw texts with tabs, blank lines and fences of any length.
"""

from __future__ import annotations

from random import Random

_NAMES = ("a", "b", "step", "run", "job", "env", "long-name_9", "use")
_KEYS = (*_NAMES, "true", "null", '"quoted key"', "'literal'", "a-very-long-name-of-a-field")
_LEAVES = (
    *("1", "-5", "1h30m", "500ms", "true", "null", "a", "a.b.true", "'x # y'", '""'),
    *('"say \\"hi\\" # no comment"', '"${a.b} and ${f({ x = 1 })}"', '"""one line"""'),
    '"a rather long text that helps lines to get too long for their width"',
)
_BODIES = ("job a", "job b", "step", 'step "s"', "parallel", "input i", "use f(1)", "use a.b()")
_TOP = ("workflow w", "action f(x, y = 2)", "template t()", "job j = t(1)", *_BODIES)
_PIECES = (
    *("  ", "    ", "\t", "x", 'echo "a"', "", "", "# no comment", "${x}", "\\n", '"', "é", "}"),
    "a line of a script that is rather long, longer than most, so that nothing can hold it",
)


class Sources:
    """Writes sources at random; each comment has a number of its own."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._comments = 0

    def file(self) -> str:
        return self._soft() + self._inner(2)

    # --- white space ----------------------------------------------------------

    def _one(self, *choices: str) -> str:
        return self._random.choice(choices)

    def _often(self) -> bool:
        return self._random.random() < 0.7

    def _inline(self) -> str:
        return self._one(" ", " ", " ", "  ", "\t")

    def _comment(self) -> str:
        self._comments += 1
        return f"#{self._one('', ' ', '! ')}{self._comments}{self._one('', '', '  ')}\n"

    def _soft(self) -> str:
        """Where line breaks are blanks."""
        if self._often():
            return self._one("", " ")
        return "".join(self._line_end() for _ in range(self._random.randint(1, 3)))

    def _line_end(self) -> str:
        start = self._one("", " ", "    ", "\t")
        return start + (self._comment() if not self._often() else "\n") + self._one("", "  ")

    def _separator(self) -> str:
        """Between entries."""
        lines = "".join(self._line_end() for _ in range(self._random.randint(1, 3)))
        return self._one(lines, lines, lines, f"{self._inline()},{self._soft()}", f"{lines},")

    def _separated(self, entries: list[str]) -> str:
        """What stands in a file or in `{ }`, behind the white space at its beginning."""
        text = "".join(e if not at else self._separator() + e for at, e in enumerate(entries))
        return text + self._one("", self._separator()) if text else ""

    # --- entries --------------------------------------------------------------

    def _inner(self, depth: int) -> str:
        return self._separated([self._entry(depth) for _ in range(self._count())])

    def _entry(self, depth: int) -> str:
        kind = self._random.randrange(9)
        blank, value = self._inline(), self._value(2)
        if depth and kind > 5:
            head = self._one(*(_TOP if depth > 1 else _BODIES))
            return f"{head}{blank}{self._block(depth - 1)}"
        if kind == 0:
            return (
                f"{self._one('let', 'executor')}{blank}{self._one(*_NAMES)} ={self._soft()}{value}"
            )
        if kind == 1:
            return f"run{blank}{self._leaf(0)}"
        if kind == 2:
            return f"use{blank}{self._call(1)}"
        if kind == 3:
            return f'import{blank}"./x.nxa"{blank}as{blank}{self._one(*_NAMES)}'
        return self._field(2)

    def _block(self, depth: int) -> str:
        return f"{{{self._soft()}{self._inner(depth)}}}"

    def _field(self, depth: int) -> str:
        key = self._one(*_NAMES, "true", "a-very-long-name-of-a-field")
        return f"{key}{self._one('', ' ')}={self._soft()}{self._value(depth)}"

    # --- values ---------------------------------------------------------------

    def _value(self, depth: int) -> str:
        if not depth or self._often():
            return self._leaf(depth)
        signs = self._one("&&", "||", "&& ||", "== &&", "!= ||", "==").split()
        text = self._leaf(depth)
        for sign in signs:
            text += f" {sign}{self._soft()}{self._leaf(depth)}"
        return text

    def _leaf(self, depth: int) -> str:
        kind = self._random.randrange(12)
        if not depth or kind < 4:
            return self._one(*_LEAVES)
        if kind == 4:
            return self._raw()
        if kind == 5:
            return f"!{self._soft()}{self._leaf(depth - 1)}"
        if kind == 6:
            return f"({self._soft()}{self._value(depth - 1)}{self._soft()})"
        if kind == 7:
            return self._call(depth)
        if kind == 8:
            return f"oci {self._object(depth, _NAMES)}"
        if kind == 9:
            return self._object(depth, _KEYS)
        return f"[{self._items([self._value(depth - 1) for _ in range(self._count())])}]"

    def _count(self) -> int:
        return self._random.randint(0, 4)

    def _call(self, depth: int) -> str:
        names = (
            f"{self._one(*_NAMES)} =" if not self._often() else "" for _ in range(self._count())
        )
        items = [f"{name} {self._value(depth - 1)}".strip() for name in names]
        return f"{self._one('f', 'a.b')}({self._items(items)})"

    def _items(self, items: list[str]) -> str:
        """What stands in `[ ]` or `( )`."""
        text = self._soft()
        for at, item in enumerate(items):
            comma = "," if at < len(items) - 1 else self._one("", ",")
            text += f"{item}{self._soft()}{comma}{self._soft()}"
        return text

    def _object(self, depth: int, keys: tuple[str, ...]) -> str:
        entries = [
            f"{self._one(*keys)} ={self._soft()}{self._value(depth - 1)}"
            for _ in range(self._count())
        ]
        return f"{{{self._soft()}{self._separated(entries)}}}"

    def _raw(self) -> str:
        quotes = '"' * self._random.randint(3, 5)
        tag = self._one("", "", "python", " sh ")
        lines = ["".join(self._pieces()) for _ in range(self._random.randint(0, 5))]
        closing = self._one("", "  ", "\t", "x")
        start = f"{quotes}{tag}\n" if self._often() else f"{quotes}x y"
        return start + "\n".join([*lines, closing]) + quotes

    def _pieces(self) -> list[str]:
        return [self._one(*_PIECES) for _ in range(self._random.randint(0, 3))]
