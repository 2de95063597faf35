"""What could be written at a place."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator

from nixc import resources
from nixc.ir.texts import ShellText
from nixc.records import dataclass
from nixc.reference.types import described, written
from nixc.schema import types as t
from nixc.schema.declarations import DECLARATIONS
from nixc.schema.executors import EXECUTORS
from nixc.schema.functions import CONDITIONS, PROVIDERS, Function
from nixc.schema.names import ALWAYS_SET, LANGUAGES, RESULTS, ROOTS
from nixc.syntax import nodes, strings
from nixc.syntax.errors import Errors
from nixc.syntax.lexer import lex
from nixc.syntax.tokens import Token
from nixc_lsp.analysis import Analysis
from nixc_lsp.features import upstream
from nixc_lsp.nearby import place_in
from nixc_lsp.place import Place, parameter_type
from nixc_lsp.symbols import Symbol, axes_of, declared, parameters

#: A variable that is being written.
_VARIABLE = re.compile(r"\$\{?\w*$")
#: The language of a raw text that is being written.
_TAG = re.compile(r'"{3,}[ \t]*\w*')


@dataclass(frozen=True, eq=False)
class Item:
    """Something to write. `text` is a snippet: `$0` is where the cursor goes."""

    label: str
    sort: str
    text: str
    doc: str = ""
    detail: str = ""


def complete(analysis: Analysis, offset: int) -> list[Item]:
    """What could stand at an offset; the client picks those that begin with what is there."""
    here = place_in(analysis, offset)
    return list({one.label: one for one in _items(analysis, here, offset)}.values())


def _items(analysis: Analysis, here: Place, offset: int) -> Iterable[Item]:
    words = here.words
    if here.inside is not None:
        return _in_text(analysis, here, offset)
    if words[-1:] == ["."]:
        return _members(analysis, here, words)
    if words == ["use"]:
        return _callables(analysis, "action")
    if words[:1] == ["job"] and words[-1] == "=":
        return _callables(analysis, "template")
    if "=" in words or here.frame.opener in ("LSQB", "LPAR"):
        return _values(analysis, here)
    if not words and here.frame.opener in ("", "LBRACE"):
        return _axes(analysis, here) if _in_combination(here) else _entries(here)
    return ()


def _entries(here: Place) -> Iterator[Item]:
    """Fields that are still missing, and declarations."""
    block = here.frame.block
    if block is None:
        return
    for field in block.fields:
        if field.name not in here.frame.given:
            yield Item(field.name, "field", f"{field.name} = $0", field_doc(field))
    for one in DECLARATIONS:
        if one.word in block.declarations:
            yield Item(one.word, "keyword", f"{one.word} $0", f"`{one.form}`\n\n{one.doc}")


def _in_combination(here: Place) -> bool:
    """Whether it is about one combination that a matrix leaves out or has besides."""
    frame = here.frame
    return frame.opener == "LBRACE" and frame.block is None and frame.key in ("include", "exclude")


def _axes(analysis: Analysis, here: Place) -> Iterator[Item]:
    for axis in _axes_of_job(analysis, here):
        if axis not in here.frame.given:
            yield Item(axis, "value", f"{axis} = $0")


def _axes_of_job(analysis: Analysis, here: Place) -> dict[str, Symbol]:
    job = _job(analysis, here)
    return axes_of(job.body) if job else {}


def _on_axis(analysis: Analysis, here: Place) -> Iterator[nodes.Expression]:
    """The values on the axis that belongs to the combination's unfinished entry."""
    axis = _axes_of_job(analysis, here).get(here.words[0])
    if axis and isinstance(axis.node, nodes.ObjectEntry):
        value = axis.node.value
        yield from value.items if isinstance(value, nodes.ListValue) else ()


def field_doc(field: t.Field) -> str:
    """What the schema says of a field."""
    default = written(field.default, field.type)
    lines = [field.doc, f"*{described(field.type)['words']}*"]
    if default is not None:
        lines.append(f"Default: `{default}`")
    if field.example:
        lines.append(f"```nxa\n{field.example}\n```")
    return "\n\n".join(lines)


def _values(analysis: Analysis, here: Place) -> Iterator[Item]:
    kind = here.wanted
    if here.frame.opener == "LPAR":
        words = here.words
        kind = parameter_type(here.frame.callee, words[0] if "=" in words else None)
        if "=" not in words:
            yield from _arguments(analysis, here.frame.callee)
    if _among_inputs(here):
        yield from _artifacts(analysis, here)
    if compared := _compared(analysis, here.words):
        yield from (Item(value, "value", f'"{value}"') for value in compared)
        return
    if _in_combination(here):
        values = [one.span.text for one in _on_axis(analysis, here)]
        yield from (Item(text.strip("\"'"), "value", text) for text in values)
    yield from _of_type(analysis, here, kind)
    if not isinstance(kind, t.JobRefs | t.ExecutorT | t.ProviderT | t.Choice | t.Bool):
        yield from _roots(analysis, here)


def _roots(analysis: Analysis, here: Place) -> Iterator[Item]:
    """What an expression may begin with, whatever its type."""
    owner = symbols(analysis).get(here.declared("action", "template") or "")
    yield from (Item(name, "variable", name) for name in (parameters(owner) if owner else ()))
    yield from _named(analysis, "let")
    yield from (Item(root, "module", root) for root in ROOTS)


def _of_type(analysis: Analysis, here: Place, kind: t.Type | None) -> Iterator[Item]:
    match kind:
        case t.Choice():
            yield from (Item(value, "value", f'"{value}"') for value in kind.values)
        case t.Bool():
            yield from (Item(word, "value", word) for word in ("true", "false"))
        case t.ExecutorT():
            for one in EXECUTORS:
                yield Item(one.name, "executor", one.name, one.block.doc)
            yield from _named(analysis, "executor")
        case t.JobRefs():
            yield from _jobs(analysis, here, here.frame.given)
        case t.ConditionT():
            yield from (_function(one) for one in CONDITIONS)
        case t.ProviderT():
            yield from (_function(one) for one in PROVIDERS)
        case t.Union():
            for option in kind.options:
                yield from _of_type(analysis, here, option)
        case _:
            pass


def _function(one: Function) -> Item:
    text = f"{one.name}($0)" if one.parameters else f"{one.name}()"
    return Item(one.name, "function", text, f"{one.doc}\n\n`{one.example}`")


def symbols(analysis: Analysis) -> dict[str, Symbol]:
    """What stands at the top of the file and of its workflow."""
    workflow = analysis.workflow
    inner = declared(workflow.body) if workflow else {}
    return {**declared(analysis.file.entries), **inner}


def _named(analysis: Analysis, sort: str) -> Iterator[Item]:
    for name, symbol in symbols(analysis).items():
        if symbol.sort == sort:
            yield Item(name, sort, name, symbol.doc or "")
        elif symbol.sort == "import":
            for other, member in _of_module(analysis, symbol).items():
                if member.sort == sort:
                    yield Item(f"{name}.{other}", sort, f"{name}.{other}", member.doc or "")


def _of_module(analysis: Analysis, symbol: Symbol) -> dict[str, Symbol]:
    file = analysis.imported(symbol.node) if isinstance(symbol.node, nodes.Import) else None
    found = declared(file.entries) if file else {}
    return {n: s for n, s in found.items() if s.sort not in ("import", "workflow")}


def _callables(analysis: Analysis, sort: str) -> Iterator[Item]:
    for name, symbol in symbols(analysis).items():
        if symbol.sort == sort:
            yield _called(name, symbol)
        elif symbol.sort == "import":
            for other, member in _of_module(analysis, symbol).items():
                if member.sort == sort:
                    yield _called(f"{name}.{other}", member)


def _called(name: str, symbol: Symbol) -> Item:
    """A call with the arguments that must be given as places to fill in."""
    own = [one.node for one in parameters(symbol).values()]
    needed = [p for p in own if isinstance(p, nodes.Parameter) and p.default is None]
    holes = ", ".join(f"{p.name.text} = ${{{n}}}" for n, p in enumerate(needed, 1))
    detail = ", ".join(p.span.text for p in own if isinstance(p, nodes.Parameter))
    return Item(name, symbol.sort, f"{name}({holes})", symbol.doc or "", f"({detail})")


def callee(analysis: Analysis, name: str) -> Symbol | None:
    """What a call names: `x`, or `x.y` of an import."""
    first, _, second = name.partition(".")
    symbol = symbols(analysis).get(first)
    return _of_module(analysis, symbol).get(second) if symbol and second else symbol


def _arguments(analysis: Analysis, called: str) -> Iterator[Item]:
    symbol = callee(analysis, called)
    for name in parameters(symbol) if symbol else ():
        yield Item(name, "parameter", f"{name} = $0")


def _members(analysis: Analysis, here: Place, words: list[str]) -> Iterator[Item]:
    """What may stand after the dot that words end with."""
    root = words[-2] if len(words) > 1 else ""
    known = symbols(analysis)
    if root == "needs":
        own = upstream.needed(analysis, here.declared("job") or "")
        found = list(_jobs(analysis, here, ()))
        yield from [one for one in found if one.label in own] or found
    elif words[-4:-2] == ["needs", "."]:
        yield from _of_need(analysis, here, root)
    elif root == "input":
        yield from (Item(n, "input", n, s.doc or "") for n, s in known.items() if s.sort == "input")
    elif root == "env":
        yield from (Item(n, "variable", n, doc) for n, doc in ALWAYS_SET.items())
    elif root == "matrix":
        yield from (Item(axis, "value", axis) for axis in _axes_of_job(analysis, here))
    elif root in known:
        yield from _of_import(analysis, known[root], words[0])


def _of_need(analysis: Analysis, here: Place, job: str) -> Iterator[Item]:
    results = ", ".join(f"`{one}`" for one in RESULTS)
    yield Item("result", "value", "result", f"How the job ended: {results}.")
    for name in upstream.exports(analysis, here.declared("job"), job):
        yield Item(name, "variable", name, f"Exported by the job `{job}`.")


def _of_import(analysis: Analysis, symbol: Symbol, word: str) -> Iterator[Item]:
    """What an import has of the sort that an entry with such a first word takes."""
    wanted = {"use": "action", "job": "template"}.get(word)
    for name, member in _of_module(analysis, symbol).items():
        if member.sort == wanted:
            yield _called(name, member)
        elif wanted is None and member.sort in ("let", "executor"):
            yield Item(name, member.sort, name, member.doc or "")


def _jobs(analysis: Analysis, here: Place, given: Iterable[str]) -> Iterator[Item]:
    """Jobs that this one may need: not itself, none that waits for it, none that is given."""
    without = upstream.waiting(analysis, here.declared("job")).union(given)
    for name, symbol in symbols(analysis).items():
        if symbol.sort == "job" and name not in without:
            yield Item(name, "job", name, symbol.doc or "")


def _job(analysis: Analysis, here: Place) -> nodes.JobDecl | None:
    symbol = symbols(analysis).get(here.declared("job") or "")
    return symbol.node if symbol and isinstance(symbol.node, nodes.JobDecl) else None


# --- texts ------------------------------------------------------------------------------


def _in_text(analysis: Analysis, here: Place, offset: int) -> Iterator[Item]:
    assert here.inside is not None
    before = analysis.source.text[here.inside.start : offset]
    text = _shell_text(analysis, offset)
    expression = _expression(analysis, here.inside, offset)
    if here.words == ["import"]:
        yield from _paths(analysis, before[1:])
    elif _TAG.fullmatch(before):
        yield from (Item(one.tag, "value", one.tag, one.doc) for one in LANGUAGES)
    elif _among_inputs(here):
        yield from _artifacts(analysis, here)
    elif compared := _compared(analysis, here.words):
        yield from (Item(value, "value", value) for value in compared)
    elif text is not None:
        names = sorted(text.names) if _VARIABLE.search(before) else ()
        yield from (Item(name, "variable", name, ALWAYS_SET.get(name, "")) for name in names)
    elif expression is not None:
        members = expression[-1:] == ["."]
        yield from _members(analysis, here, expression) if members else _roots(analysis, here)
    elif isinstance(here.wanted, t.Choice):
        yield from (Item(value, "value", value) for value in here.wanted.values)


def _expression(analysis: Analysis, token: Token, offset: int) -> list[str] | None:
    """The words before an offset within a `${`, without the one that is being written."""
    if token.kind != "STRING":
        return None
    source = analysis.source
    found = list(strings.stretches(source.text, token.start + 1, offset))
    if not found or not found[-1][2] or source.text[offset - 1] == "}":
        return None
    tokens = lex(source, Errors(), found[-1][0] + 2, offset).tokens
    words = [source.text[one.start : one.end] for one in tokens]
    return words[:-1] if words and (words[-1][0].isalpha() or words[-1][0] == "_") else words


def _compared(analysis: Analysis, words: list[str]) -> tuple[str, ...]:
    """The values that what stands before `==` or `!=` can have, where these are few."""
    match words:
        case [*_, "needs", ".", _, ".", "result", "==" | "!="]:
            return RESULTS
        case [*_, "input", ".", name, "==" | "!="]:
            return upstream.possible(analysis, name)
        case _:
            return ()


def _among_inputs(here: Place) -> bool:
    """Whether the name of an artifact belongs here."""
    return here.frame.key == "inputs" and (
        here.frame.opener == "LSQB" or here.words[:2] == ["name", "="]
    )


def _shell_text(analysis: Analysis, offset: int) -> ShellText | None:
    found = (one for one in analysis.texts if one.script.span.source is analysis.source)
    return next((o for o in found if o.script.span.start <= offset <= o.script.span.end), None)


def _paths(analysis: Analysis, before: str) -> Iterator[Item]:
    for name in resources.standard_modules():
        yield Item(name, "file", name)
    folder = os.path.dirname(analysis.path)
    inside = os.path.join(folder, os.path.dirname(before)) if before.startswith(".") else folder
    start = os.path.dirname(before) or "."
    for name in sorted(os.listdir(inside)) if os.path.isdir(inside) else ():
        if name.endswith(".nxa") and os.path.join(inside, name) != analysis.path:
            yield Item(f"{start}/{name}", "file", f"{start}/{name}")


def _artifacts(analysis: Analysis, here: Place) -> Iterator[Item]:
    """What jobs that run before this one save."""
    for name, job in upstream.artifacts(analysis, here.declared("job")).items():
        text = name if here.inside is not None else f'"{name}"'
        yield Item(name, "artifact", text, f"Saved by the job `{job}`.")
