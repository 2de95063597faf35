"""The parameters of what is being called at a place."""

from __future__ import annotations

from nixc.records import dataclass
from nixc.schema.functions import CONDITION_BY_NAME, PROVIDER_BY_NAME
from nixc.syntax import nodes
from nixc_lsp.analysis import Analysis
from nixc_lsp.features.completion import callee
from nixc_lsp.nearby import place_in
from nixc_lsp.place import Frame
from nixc_lsp.symbols import Symbol, parameters


@dataclass(frozen=True, eq=False)
class Signature:
    """A call: its name, its parameters as they are declared, and the one that is written."""

    name: str
    parameters: tuple[tuple[str, str], ...]
    doc: str
    active: int

    @property
    def label(self) -> str:
        return f"{self.name}({', '.join(text for text, _ in self.parameters)})"


def signature(analysis: Analysis, offset: int) -> Signature | None:
    """The innermost call around an offset."""
    here = place_in(analysis, offset)
    frame = next((one for one in reversed(here.frames) if one.opener == "LPAR"), None)
    if frame is None or not frame.callee:
        return None
    words = [analysis.source.text[t.start : t.end] for t in frame.entry]
    named = words[0] if "=" in words else None
    function = CONDITION_BY_NAME.get(frame.callee) or PROVIDER_BY_NAME.get(frame.callee)
    if function is not None:
        own = tuple((one.name, one.doc) for one in function.parameters)
        return Signature(frame.callee, own, function.doc, _active(frame, own, named))
    symbol = callee(analysis, frame.callee)
    if symbol is None or symbol.sort not in ("action", "template"):
        return None
    own = tuple((_declared(one), "") for one in parameters(symbol).values())
    return Signature(frame.callee, own, symbol.doc or "", _active(frame, own, named))


def _declared(symbol: Symbol) -> str:
    return symbol.node.span.text if isinstance(symbol.node, nodes.Parameter) else symbol.name


def _active(frame: Frame, own: tuple[tuple[str, str], ...], named: str | None) -> int:
    """Which parameter is written: by its name, else by the arguments before."""
    names = [text.split("=")[0].strip() for text, _ in own]
    return names.index(named) if named in names else len(frame.given)
