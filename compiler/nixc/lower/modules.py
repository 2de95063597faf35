"""Files and their imports: one namespace each, circles found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from nixc.diagnostics import Label, quoted, shortened
from nixc.lower import codes
from nixc.lower.context import Context, listed
from nixc.lower.fields import check_places
from nixc.lower.scope import Imported, Module, Named
from nixc.records import dataclass
from nixc.schema.blocks import FILE
from nixc.schema.names import RESERVED
from nixc.source import Source
from nixc.syntax import nodes


@dataclass(frozen=True)
class NoFile:
    """Why an import leads to no file."""

    message: str
    #: What could have been written, where that is a closed list.
    known: tuple[str, ...] = ()


class Loader(Protocol):
    """How imports are read; the driver and the language server have one each."""

    def load(self, importing: Source, path: str) -> nodes.File | NoFile:
        """The parsed file that `path` names in `importing`, the same one for the same file.
        Syntax errors are the loader's to report."""


class Modules:
    """Builds modules; each file once, however often it is imported."""

    def __init__(self, ctx: Context, loader: Loader) -> None:
        self.ctx = ctx
        self.loader = loader
        self._built: dict[int, Module] = {}
        self._open: list[Source] = []

    def module(self, file: nodes.File) -> Module:
        """The module of a file, its imports included."""
        if id(file.span.source) not in self._built:
            self._open.append(file.span.source)
            check_places(self.ctx, FILE, file.entries)
            names = namespace(self.ctx, self._named(file), {})
            self._built[id(file.span.source)] = Module(file, names)
            self._open.pop()
        return self._built[id(file.span.source)]

    def _named(self, file: nodes.File) -> Iterable[tuple[nodes.Name, Named]]:
        for entry in file.entries:
            if isinstance(entry, nodes.Import):
                imported = Imported(entry, self._imported(entry))
                if imported.module is None:
                    self.ctx.use(entry)  # what is wrong with it is said already
                yield entry.alias, imported
            elif isinstance(
                entry, nodes.Let | nodes.ExecutorDecl | nodes.ActionDecl | nodes.TemplateDecl
            ):
                yield entry.name, entry

    def _imported(self, node: nodes.Import) -> Module | None:
        path = _path(self.ctx, node)
        if path is None:
            return None
        loaded = self.loader.load(node.span.source, path)
        if isinstance(loaded, NoFile):
            hint = self.ctx.meant(path, loaded.known)
            if hint is None and loaded.known:
                hint = f"there are {listed(loaded.known, 'and')}"
            self.ctx.error(codes.IMPORT_FAILED, loaded.message, node.path.span, help=hint)
            return None
        if any(source is loaded.span.source for source in self._open):
            self._circle(node, loaded.span.source)
            return None
        return self.module(loaded)

    def _circle(self, node: nodes.Import, source: Source) -> None:
        start = next(i for i, one in enumerate(self._open) if one is source)
        names = [shortened(one.name) for one in (*self._open[start:], source)]
        message = f"circular import: {' -> '.join(names)}"
        self.ctx.error(codes.CIRCULAR_IMPORT, message, node.path.span)


def _path(ctx: Context, node: nodes.Import) -> str | None:
    if isinstance(node.path, nodes.LiteralString):
        return node.path.value
    if all(isinstance(part, nodes.TextPart) for part in node.path.parts):
        return "".join(part.value for part in node.path.parts if isinstance(part, nodes.TextPart))
    message = "the path of an import cannot be put together"
    ctx.error(codes.IMPORT_FAILED, message, node.path.span, help="write it out")
    return None


def namespace(
    ctx: Context, named: Iterable[tuple[nodes.Name, Named]], outer: dict[str, nodes.Name]
) -> dict[str, Named]:
    """The declarations by name; reserved names and second ones are reported and left out."""
    places = dict(outer)
    names: dict[str, Named] = {}
    for name, declaration in named:
        if declarable(ctx, name, places):
            places[name.text] = name
            names[name.text] = declaration
    return names


def declarable(ctx: Context, name: nodes.Name, places: dict[str, nodes.Name]) -> bool:
    """Whether a name may be declared beside those that are; reported if not."""
    if name.text in RESERVED:
        message = f"{quoted(name.text)} is reserved: {RESERVED[name.text]}"
        ctx.error(codes.RESERVED_NAME, message, name.span)
        return False
    if name.text in places:
        label = Label(places[name.text].span, "first declared here")
        message = f"{quoted(name.text)} is declared twice"
        ctx.error(codes.DUPLICATE_NAME, message, name.span, related=(label,))
        return False
    return True


def places_of(module: Module) -> dict[str, nodes.Name]:
    """Where each name of a module is declared."""
    return {
        name: named.node.alias if isinstance(named, Imported) else named.name
        for name, named in module.names.items()
    }
