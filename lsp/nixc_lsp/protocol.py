"""pygls's protocol, but for the texts and for requests that are none.

Pygls ends lines where Python does, at form feeds and U+2028, too; clients do not. Texts are kept
in :mod:`nixc_lsp.project`. And it leaves a request with wrong parameters without an answer, for
which the client waits for ever.
"""

from __future__ import annotations

from collections.abc import Generator
from concurrent.futures import Future
from typing import Any

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.protocol import LanguageServerProtocol
from pygls.protocol.language_server import lsp_method


class Refusal(JsonRpcException):
    """A request that cannot be granted; the message tells the user why. No fault of ours."""

    CODE = int(lsp.LSPErrorCodes.RequestFailed)


class Protocol(LanguageServerProtocol):
    """Hands notifications about documents to their handlers and does nothing else with them."""

    def structure_message(self, data: dict[str, Any]) -> Any:
        """The message of an object. A request that is not as the protocol has it gets an error
        as its answer. Raises JsonRpcException, which pygls logs."""
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            if "id" in data and "method" in data:
                self._send_response(data["id"], None, error.to_response_error())
            raise

    def _handle_cancel_notification(self, msg_id: int | str) -> None:
        """Most requests are answered before the client's word arrives: that is no news."""
        if msg_id in self._request_futures:
            super()._handle_cancel_notification(msg_id)

    def _check_handler_result(self, future: Future[Any]) -> None:
        """Pygls takes notifications for requests, too, and keeps them for ever."""
        super()._check_handler_result(future)
        done = [one for one, known in self._request_futures.items() if known is future]
        for one in done:
            del self._request_futures[one]

    @lsp_method(lsp.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(
        self, params: lsp.DidOpenTextDocumentParams
    ) -> Generator[Any, Any, None]:
        yield self.fm.features[lsp.TEXT_DOCUMENT_DID_OPEN], (params,), None

    @lsp_method(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(
        self, params: lsp.DidChangeTextDocumentParams
    ) -> Generator[Any, Any, None]:
        yield self.fm.features[lsp.TEXT_DOCUMENT_DID_CHANGE], (params,), None

    @lsp_method(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(
        self, params: lsp.DidCloseTextDocumentParams
    ) -> Generator[Any, Any, None]:
        yield self.fm.features[lsp.TEXT_DOCUMENT_DID_CLOSE], (params,), None
