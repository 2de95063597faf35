"""Writes `.nxa` files at random: all blocks and fields of the schema, mostly right, not always."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

from nixc.schema import types as t
from nixc.schema.blocks import ACTION, INPUT, JOB, STEP, TEMPLATE, USE, WORKFLOW
from nixc.schema.executors import EXECUTORS
from nixc.schema.functions import PROVIDERS, Function

_T = TypeVar("_T")
_ANY = t.Free()
_TOP = ("let", "executor", "action", "template", "import")
_EVERYWHERE = (*_TOP, "input", "job", "step", "run", "use", "parallel")

#: Few names, so that some of them meet.
NAMES = ("a", "b", "c-d", "c_d", "a-b-a", "test", "run", "local", "env", "JOB_NAME", "x" * 70)
TEXTS = (
    '"a"',
    '"dist/*"',
    "'b'",
    '"${a}"',
    '"x ${env.A} y ${matrix.a}"',
    '"${needs.a.A}"',
    '""',
    '"../up"',
    '"a\\u{1F600}\\n"',
    '"""\n      raw $a\n    """',
    '"""python\n      print(1)\n    """',
    '"  two\\nlines\\t"',
    '"$A"',
    '"UID"',
)
OTHERS = ("1", "0", "-3", "5m", "1h30m", "true", "false", "null", "[]", "{ }", "a", "c-d.b")
STATUSES = ("success()", "failure()", "always()", "cancelled()", 'changed("*.py")')
ATOMS = (
    *STATUSES,
    *('env.A == "x"', 'input.a != "b"', 'needs.a.result == "failure"', "needs.b.A", "true"),
    *("matrix.a == 1", '"test -f x"', "a", "input.a", 'success() == "x"'),
)
_WORDS: dict[type[t.Type], tuple[str, ...]] = {
    t.Str: TEXTS,
    t.Shell: TEXTS,
    t.Int: ("1", "2", "12", "0"),
    t.Bool: ("true", "false"),
    t.DurationT: ("5m", "1h30m", "500ms", "0s"),
}
#: In so many cases out of a hundred something else stands there.
ODDITY = 4


class Author:
    """Makes up one file."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._declared: list[str] = []

    def file(self) -> str:
        heads = [self._declaration(word) for word in self._some(_TOP, 4)]
        workflow = [] if self._odd(8) else [self._block("workflow w", WORKFLOW, 5)]
        return "\n".join([*heads, *workflow]) + "\n"

    # --- declarations --------------------------------------------------------------

    def _declaration(self, word: str) -> str:
        if word in ("step", "use", "run", "parallel"):
            return self._step(word)
        name = self._fresh()
        match word:
            case "let":
                return f"let {name} = {self._value(_ANY)}"
            case "executor":
                return f"executor {name} = {self._executor()}"
            case "import":
                return f'import "./{self._pick(("a", "b.nxa", ""))}" as {name}'
            case "action":
                return self._block(f"action {name}({self._parameters()})", ACTION, 3)
            case "template":
                return self._block(f"template {name}({self._parameters()})", TEMPLATE, 3)
            case "input":
                return self._block(f"input {name}", INPUT, 4)
            case _:
                return self._job(name)

    def _step(self, word: str) -> str:
        text = self._pick(TEXTS)
        match word:
            case "step":
                return self._block(f"step {self._pick((text, ''))}", STEP, 4)
            case "use":
                call = f"use {self._name()}({self._arguments()})"
                return self._block(call, USE, 2) if self._odd(30) else call
            case "parallel":
                return self._nested("parallel", ("step", "run", "use"))
            case _:
                return f"run {text}"

    def _job(self, name: str) -> str:
        if self._odd(15):
            call = f"job {name} = {self._name()}({self._arguments()})"
            return self._block(call, JOB, 3) if self._odd(50) else call
        return self._block(f"job {name}", JOB, 5)

    def _block(self, head: str, block: t.Block, most: int) -> str:
        fields = [f"{one.name} = {self._value(one.type)}" for one in self._fields(block, most)]
        if self._odd(ODDITY):
            fields.append(f"{self._name()} = {self._value(_ANY)}")
        return self._braced(head, [*fields, *self._entries(block.declarations)])

    def _fields(self, block: t.Block, most: int) -> list[t.Field]:
        """Some fields of a block that this version can build; the required ones mostly, too."""
        known = [one for one in block.fields if one.available or self._odd(ODDITY)]
        chosen = self._some([one for one in known if not one.required], most)
        return chosen + [one for one in known if one.required and not self._odd(ODDITY)]

    def _entries(self, words: Sequence[str]) -> list[str]:
        if not words:
            return []
        if self._odd(ODDITY):
            words = _EVERYWHERE
        return [self._declaration(word) for word in self._some(words, 6)]

    def _nested(self, head: str, words: Sequence[str]) -> str:
        return self._braced(head, [self._declaration(word) for word in self._some(words, 3)])

    def _braced(self, head: str, entries: Sequence[str]) -> str:
        return f"{head} {{\n" + "".join(f"  {entry}\n" for entry in entries) + "}"

    def _parameters(self) -> str:
        names = self._some(("p", "q", "r-s"), 2)
        return ", ".join(f"{n} = {self._value(_ANY)}" if self._odd(50) else n for n in names)

    def _arguments(self) -> str:
        names = self._some(("p", "q", "r-s"), 2)
        return ", ".join(
            f"{n} = {self._value(_ANY)}" if self._odd(70) else self._value(_ANY) for n in names
        )

    # --- values --------------------------------------------------------------------

    def _value(self, wanted: t.Type) -> str:
        if self._odd(ODDITY):
            return self._pick((*OTHERS, *TEXTS))
        match wanted:
            case t.Choice():
                return f'"{self._pick(wanted.values)}"'
            case t.ListOf():
                items = [self._value(wanted.item) for _ in range(1 + self._random.randrange(3))]
                return f"[{', '.join(items)}]"
            case t.MapOf():
                return self._object([(self._name(), wanted.value) for _ in self._some(NAMES, 3)])
            case t.ObjectOf():
                return self._object_of(wanted.block)
            case t.Union():
                return self._value(self._pick(wanted.options))
            case _:
                return self._plain(wanted)

    def _plain(self, wanted: t.Type) -> str:
        match wanted:
            case t.Str() if wanted.form:
                return f'"{wanted.form.example}"'
            case t.ConditionT():
                return self._condition()
            case t.EnvMap():
                return self._object([(self._name(), _ANY) for _ in self._some(NAMES, 3)])
            case t.ExecutorT():
                return self._pick((self._name(), self._executor()))
            case t.JobRefs():
                return f"[{', '.join(self._some(NAMES, 2))}]"
            case t.ProviderT():
                return self._call(self._pick(PROVIDERS))
            case _:
                return self._pick(_WORDS.get(type(wanted), (*OTHERS, *TEXTS)))

    def _object(self, entries: Sequence[tuple[str, t.Type]]) -> str:
        return "{ " + ", ".join(f"{key} = {self._value(of)}" for key, of in entries) + " }"

    def _object_of(self, block: t.Block) -> str:
        entries = [(field.name, field.type) for field in self._fields(block, 3)]
        if block.rest is not None:
            entries += [(name, block.rest.value) for name in self._some(NAMES[:4], 2)]
        return self._object(entries)

    def _executor(self) -> str:
        block = self._pick(EXECUTORS if self._odd(30) else EXECUTORS[:1]).block
        return f"{block.name} {self._object_of(block)}" if self._odd(80) else block.name

    def _call(self, function: Function) -> str:
        arguments = [self._value(one.type) for one in function.parameters]
        return f"{function.name}({', '.join(arguments)})"

    def _condition(self) -> str:
        parts = [self._pick(ATOMS) for _ in range(1 + self._random.randrange(3))]
        text = self._pick((" && ", " || ")).join(parts)
        return f"!({text})" if self._odd(20) else text

    # --- chance --------------------------------------------------------------------

    def _name(self) -> str:
        """A name that is declared already, if there is one."""
        if not self._declared or self._odd(ODDITY):
            return self._pick(NAMES)
        return self._pick(self._declared)

    def _fresh(self) -> str:
        """A name that is not declared yet."""
        rest = [name for name in NAMES[:7] if name not in self._declared]
        if not rest or self._odd(ODDITY):
            return self._pick(NAMES)
        self._declared.append(self._pick(rest))
        return self._declared[-1]

    def _pick(self, items: Sequence[_T]) -> _T:
        return items[self._random.randrange(len(items))]

    def _some(self, items: Sequence[_T], most: int) -> list[_T]:
        """Up to so many of them, mostly each once."""
        count = min(self._random.randrange(most + 1), len(items))
        if self._odd(ODDITY):
            return [self._pick(items) for _ in range(count)]
        return self._random.sample(items, count)

    def _odd(self, percent: int) -> bool:
        return self._random.randrange(100) < percent
