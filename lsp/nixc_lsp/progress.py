"""How far long work is, for clients that show it."""

from __future__ import annotations

import asyncio
from uuid import uuid4

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer

#: Fewer files are looked at before anyone asks how far it is.
MANY = 20


class Told:
    """Work whose progress the client shows under a token."""

    def __init__(self, server: LanguageServer, token: lsp.ProgressToken, title: str) -> None:
        self._progress = server.work_done_progress
        self._token = token
        self._progress.begin(token, lsp.WorkDoneProgressBegin(title, percentage=0))

    def at(self, done: int, total: int) -> None:
        said = f"{done} of {total} files"
        report = lsp.WorkDoneProgressReport(message=said, percentage=100 * done // total)
        self._progress.report(self._token, report)

    def end(self) -> None:
        self._progress.end(self._token, lsp.WorkDoneProgressEnd())


class Looking:
    """Tells how far a look at many files is, which the server began by itself."""

    def __init__(self, server: LanguageServer) -> None:
        self._server = server
        self._total = 0
        self._told: Told | None = None
        self._asking: asyncio.Task[None] | None = None

    def left(self, count: int) -> None:
        """So many files are left to be looked at."""
        if count == 0:
            self._end()
            return
        self._total = max(self._total, count)
        if self._told is not None:
            self._told.at(self._total - count, self._total)
        elif self._asking is None and count >= MANY:
            self._asking = asyncio.get_running_loop().create_task(self._begin())

    async def _begin(self) -> None:
        """Asks for a place to show it in; by then there may be nothing to show any more."""
        token = str(uuid4())
        await self._server.work_done_progress.create_async(token)
        if self._total:
            self._told = Told(self._server, token, "nixc: looking at the workspace")

    def _end(self) -> None:
        if self._told is not None:
            self._told.end()
        self._told, self._asking, self._total = None, None, 0
