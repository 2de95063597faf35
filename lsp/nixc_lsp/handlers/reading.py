"""Requests that only read: hover, completion, navigation, outline."""

from __future__ import annotations

from lsprotocol import types as lsp

from nixc.source import Span
from nixc_lsp.analysis import Analysis
from nixc_lsp.features import completion, hover, links, navigation, outline, signature
from nixc_lsp.session import Session

_ITEM_KINDS = {
    "field": lsp.CompletionItemKind.Property,
    "keyword": lsp.CompletionItemKind.Keyword,
    "value": lsp.CompletionItemKind.EnumMember,
    "executor": lsp.CompletionItemKind.Class,
    "action": lsp.CompletionItemKind.Function,
    "template": lsp.CompletionItemKind.Function,
    "function": lsp.CompletionItemKind.Function,
    "job": lsp.CompletionItemKind.Event,
    "let": lsp.CompletionItemKind.Constant,
    "module": lsp.CompletionItemKind.Module,
    "file": lsp.CompletionItemKind.File,
    "variable": lsp.CompletionItemKind.Variable,
}
_SYMBOL_KINDS = {
    "workflow": lsp.SymbolKind.Module,
    "job": lsp.SymbolKind.Event,
    "step": lsp.SymbolKind.Method,
    "action": lsp.SymbolKind.Function,
    "template": lsp.SymbolKind.Class,
    "executor": lsp.SymbolKind.Object,
    "input": lsp.SymbolKind.Property,
    "let": lsp.SymbolKind.Constant,
    "import": lsp.SymbolKind.Namespace,
}


def complete(session: Session, params: lsp.CompletionParams) -> lsp.CompletionList:
    analysis, offset = session.place(params)
    found = completion.complete(analysis, offset)
    return lsp.CompletionList(False, [_item(session, one) for one in found])


def _item(session: Session, one: completion.Item) -> lsp.CompletionItem:
    snippets = session.can("text_document", "completion", "completion_item", "snippet_support")
    docs = lsp.MarkupContent(lsp.MarkupKind.Markdown, one.doc) if one.doc else None
    return lsp.CompletionItem(
        label=one.label,
        kind=_ITEM_KINDS.get(one.sort, lsp.CompletionItemKind.Text),
        detail=one.detail or one.sort,
        documentation=docs,
        insert_text=one.text if snippets else one.label,
        insert_text_format=lsp.InsertTextFormat.Snippet if snippets else None,
    )


def hovered(session: Session, params: lsp.HoverParams) -> lsp.Hover | None:
    found = hover.hover(*session.place(params))
    if found is None:
        return None
    contents = lsp.MarkupContent(lsp.MarkupKind.Markdown, found.text)
    return lsp.Hover(contents, session.convert.range(found.span))


def definition(session: Session, params: lsp.DefinitionParams) -> lsp.Location | None:
    span = navigation.definition(*session.place(params))
    return session.convert.location(span) if span else None


def references(session: Session, params: lsp.ReferenceParams) -> list[lsp.Location]:
    analysis, offset = session.place(params)
    found = navigation.references(
        analysis,
        offset,
        others(session, analysis),
        declaration=params.context.include_declaration,
    )
    return [session.convert.location(span) for span in found]


def highlights(
    session: Session, params: lsp.DocumentHighlightParams
) -> list[lsp.DocumentHighlight]:
    analysis, offset = session.place(params)
    found = navigation.highlights(analysis, offset)
    own = [span for span in found if span.source is analysis.source]
    return [lsp.DocumentHighlight(session.convert.range(span)) for span in own]


def others(session: Session, analysis: Analysis) -> list[Analysis]:
    """All files of the project but one, and those they import."""
    project = session.project
    paths = {path for root in project.roots for path in _cone(session, root)}
    found = (project.analysis(path) for path in sorted(paths - {analysis.path}))
    return [one for one in found if one is not None]


def _cone(session: Session, root: str) -> frozenset[str]:
    known = session.project.analysis(root)
    return known.paths if known else frozenset()


def symbols(session: Session, params: lsp.DocumentSymbolParams) -> list[lsp.DocumentSymbol]:
    analysis = session.analysis(params.text_document.uri)
    return [_symbol(session, one) for one in outline.outline(analysis)]


def _symbol(session: Session, one: outline.Entry) -> lsp.DocumentSymbol:
    return lsp.DocumentSymbol(
        name=one.name,
        detail=one.sort,
        kind=_SYMBOL_KINDS[one.sort],
        range=session.convert.range(one.span),
        selection_range=session.convert.range(one.selection),
        children=[_symbol(session, inner) for inner in one.inside],
    )


def workspace_symbols(
    session: Session, params: lsp.WorkspaceSymbolParams
) -> list[lsp.SymbolInformation]:
    wanted = params.query.lower()
    known = (session.project.analysis(root) for root in session.project.roots)
    entries = [one for analysis in known if analysis for one in _flat(outline.outline(analysis))]
    return [
        lsp.SymbolInformation(
            name=one.name, kind=_SYMBOL_KINDS[one.sort], location=session.convert.location(one.span)
        )
        for one in entries
        if wanted in one.name.lower()
    ]


def _flat(entries: list[outline.Entry]) -> list[outline.Entry]:
    return [inner for one in entries for inner in (one, *_flat(list(one.inside)))]


def folds(session: Session, params: lsp.FoldingRangeParams) -> list[lsp.FoldingRange]:
    analysis = session.analysis(params.text_document.uri)
    return [
        lsp.FoldingRange(one.first, one.last, kind=one.kind and lsp.FoldingRangeKind(one.kind))
        for one in outline.folds(analysis)
    ]


def linked(session: Session, params: lsp.DocumentLinkParams) -> list[lsp.DocumentLink]:
    analysis = session.analysis(params.text_document.uri)
    return [
        lsp.DocumentLink(session.convert.range(span), target=session.convert.uri(path))
        for span, path in links.links(analysis)
    ]


def selections(session: Session, params: lsp.SelectionRangeParams) -> list[lsp.SelectionRange]:
    analysis = session.analysis(params.text_document.uri)
    places = (session.convert.offset(analysis.path, place) for place in params.positions)
    return [_selection(session, links.around(analysis, offset)) for offset in places]


def _selection(session: Session, spans: list[Span]) -> lsp.SelectionRange:
    outer = None
    for span in reversed(spans):
        outer = lsp.SelectionRange(session.convert.range(span), outer)
    assert outer is not None
    return outer


def signed(session: Session, params: lsp.SignatureHelpParams) -> lsp.SignatureHelp | None:
    found = signature.signature(*session.place(params))
    if found is None:
        return None
    own = [lsp.ParameterInformation(text, doc or None) for text, doc in found.parameters]
    docs = lsp.MarkupContent(lsp.MarkupKind.Markdown, found.doc) if found.doc else None
    one = lsp.SignatureInformation(found.label, documentation=docs, parameters=own)
    return lsp.SignatureHelp([one], active_signature=0, active_parameter=found.active)
