"""What the server can do, by the protocol's names, and how it is started.

Imports of the compiler stay late: `initialize` is answered before it is loaded.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import sys
from collections.abc import Callable
from functools import cached_property, partial
from importlib import import_module
from inspect import signature
from typing import TYPE_CHECKING, Any

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer

from nixc import __version__
from nixc_lsp.legend import MODIFIERS, TYPES
from nixc_lsp.protocol import Protocol, Refusal

if TYPE_CHECKING:
    from nixc_lsp.session import Session

#: Method -> where it is handled (`module:function` below `nixc_lsp.handlers`), and its options.
HANDLERS: dict[str, tuple[str, Any]] = {
    lsp.TEXT_DOCUMENT_DID_OPEN: ("documents:opened", None),
    lsp.TEXT_DOCUMENT_DID_CHANGE: ("documents:changed", None),
    lsp.TEXT_DOCUMENT_DID_CLOSE: ("documents:closed", None),
    lsp.TEXT_DOCUMENT_DID_SAVE: ("documents:saved", None),
    lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES: ("documents:watched", None),
    lsp.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: ("documents:folders", None),
    lsp.WORKSPACE_DID_CHANGE_CONFIGURATION: ("documents:configured", None),
    lsp.TEXT_DOCUMENT_DIAGNOSTIC: (
        "diagnostics:of_document",
        lsp.DiagnosticOptions(
            inter_file_dependencies=True, workspace_diagnostics=True, work_done_progress=True
        ),
    ),
    lsp.WORKSPACE_DIAGNOSTIC: ("diagnostics:of_workspace", None),
    lsp.TEXT_DOCUMENT_COMPLETION: (
        "reading:complete",
        lsp.CompletionOptions(trigger_characters=[".", '"', "$", "{", "[", "(", "/", ":"]),
    ),
    lsp.TEXT_DOCUMENT_HOVER: ("reading:hovered", None),
    lsp.TEXT_DOCUMENT_DEFINITION: ("reading:definition", None),
    lsp.TEXT_DOCUMENT_REFERENCES: ("reading:references", None),
    lsp.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT: ("reading:highlights", None),
    lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL: ("reading:symbols", None),
    lsp.WORKSPACE_SYMBOL: ("reading:workspace_symbols", None),
    lsp.TEXT_DOCUMENT_FOLDING_RANGE: ("reading:folds", None),
    lsp.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL: (
        "tokens:full",
        lsp.SemanticTokensLegend(TYPES, MODIFIERS),
    ),
    lsp.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL_DELTA: ("tokens:delta", None),
    lsp.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE: ("tokens:part", None),
    lsp.TEXT_DOCUMENT_INLAY_HINT: ("hints:shown", None),
    lsp.TEXT_DOCUMENT_PREPARE_CALL_HIERARCHY: ("hierarchy:prepare", None),
    lsp.CALL_HIERARCHY_INCOMING_CALLS: ("hierarchy:incoming", None),
    lsp.CALL_HIERARCHY_OUTGOING_CALLS: ("hierarchy:outgoing", None),
    lsp.TEXT_DOCUMENT_SIGNATURE_HELP: (
        "reading:signed",
        lsp.SignatureHelpOptions(trigger_characters=["(", ","]),
    ),
    lsp.TEXT_DOCUMENT_DOCUMENT_LINK: ("reading:linked", None),
    lsp.TEXT_DOCUMENT_SELECTION_RANGE: ("reading:selections", None),
    lsp.TEXT_DOCUMENT_CODE_ACTION: (
        "changing:actions",
        lsp.CodeActionOptions(
            code_action_kinds=[
                lsp.CodeActionKind.QuickFix,
                lsp.CodeActionKind.RefactorExtract,
                lsp.CodeActionKind.SourceOrganizeImports,
            ]
        ),
    ),
    lsp.TEXT_DOCUMENT_CODE_LENS: ("lenses:lenses", lsp.CodeLensOptions()),
    lsp.TEXT_DOCUMENT_PREPARE_RENAME: ("changing:prepare_rename", None),
    lsp.TEXT_DOCUMENT_RENAME: ("changing:rename", None),
    lsp.TEXT_DOCUMENT_FORMATTING: ("changing:format_document", None),
    lsp.TEXT_DOCUMENT_RANGE_FORMATTING: ("changing:format_range", None),
    lsp.TEXT_DOCUMENT_ON_TYPE_FORMATTING: (
        "changing:format_typed",
        lsp.DocumentOnTypeFormattingOptions("}", ["\n"]),
    ),
}

#: Command -> where it is done, written as above.
COMMANDS = {
    "nixc.build": "commands:build",
    "nixc.run": "commands:run",
    "nixc.runJob": "commands:run_job",
    "nixc.showGraph": "commands:show_graph",
    "nixc.showScript": "commands:show_script",
}


class Server(LanguageServer):
    """A pygls server with the session of its one client."""

    def __init__(self) -> None:
        super().__init__("nixc", __version__, protocol_cls=Protocol)
        #: The client's `initializationOptions`.
        self.options: object = None

    @cached_property
    def session(self) -> Session:
        """Made at the first use, after `initialize`."""
        from nixc_lsp.session import Session

        return Session(self)


def make() -> Server:
    """A server that listens to nobody yet."""
    server = Server()
    for method, (place, options) in HANDLERS.items():
        server.feature(method, options)(_late(server, place))
    for name, place in COMMANDS.items():
        server.command(name)(_command(place))
    server.feature(lsp.INITIALIZE)(partial(_remember, server))
    server.feature(lsp.INITIALIZED)(lambda _: _begin(server))
    return server


def start(address: tuple[str, int] | None) -> None:
    """Serves one client, on standard input and output or at a host and port."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="nixc lsp: %(message)s")
    for handler in logging.getLogger().handlers:
        handler.addFilter(_worth_a_line)
    # Trees are large and live long: looking through them often finds nothing. What each message
    # leaves behind in circles should not heap up for thousands of edits either.
    gc.enable()
    gc.set_threshold(10_000, 20, 20)
    server = make()
    if address is None:
        # Pygls closes what it writes to; the process may want its standard output later.
        with open(os.dup(1), "wb") as out:
            server.start_io(stdout=out)
    else:
        server.start_tcp(*address)


def _worth_a_line(record: logging.LogRecord) -> bool:
    """Not what was refused with a reason: the client shows that, nothing went wrong here."""
    error = record.exc_info[1] if record.exc_info else None
    return getattr(error, "code", None) != lsp.LSPErrorCodes.RequestFailed


def _late(server: Server, place: str) -> Callable[[Any], Any]:
    """A handler whose module is imported when it is first called."""

    def handle(params: Any) -> Any:
        return _found(place)(server.session, params)

    return handle


def _command(place: str) -> Callable[..., Any]:
    """What does a command, likewise; who gives too few or too many arguments is told."""

    # Pygls gives the server to what calls its first parameter so.
    async def handle(ls: Server, *arguments: Any) -> Any:
        function = _found(place)
        try:
            signature(function).bind(ls.session, *arguments)
        except TypeError as error:
            raise Refusal(f"wrong arguments: {error}") from None
        return await function(ls.session, *arguments)

    return handle


def _found(place: str) -> Callable[..., Any]:
    module, name = place.split(":")
    function: Callable[..., Any] = getattr(import_module(f"nixc_lsp.handlers.{module}"), name)
    return function


def _remember(server: Server, params: lsp.InitializeParams) -> None:
    server.options = params.initialization_options


def _begin(server: Server) -> None:
    """Loads the compiler while the client is busy, then looks at the folders of the workspace."""
    asyncio.get_running_loop().call_soon(_load, server)


def _load(server: Server) -> None:
    server.session.begin(server.options)
