"""What the server knows of its one client."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Iterable
from typing import Any

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer

from nixc.diagnostics import Diagnostic
from nixc_lsp.analysis import Analysis, below
from nixc_lsp.convert import Converter, path_of
from nixc_lsp.progress import Looking
from nixc_lsp.project import Project
from nixc_lsp.publishing import Publisher
from nixc_lsp.settings import SECTION, Settings, of_options, settings
from nixc_lsp.text import Encoding

log = logging.getLogger(__name__)


class Session:
    """The documents of a client, what is known of them, and the way to tell it."""

    def __init__(self, server: LanguageServer) -> None:
        self.server = server
        self.project = Project()
        chosen = server.server_capabilities.position_encoding or Encoding.UTF16.value
        self.convert = Converter(self.project, Encoding(lsp.PositionEncodingKind(chosen).value))
        self._looking = Looking(server)
        self.publisher = Publisher(self.project, self._tell, self.warn, self._left)
        self.settings = self._first = Settings()
        #: The version of each open document.
        self.versions: dict[str, int] = {}
        #: Held, for the event loop holds them weakly.
        self._tasks: set[asyncio.Task[None]] = set()
        #: The semantic tokens that were last told of each open document.
        self.tokens: dict[str, lsp.SemanticTokens] = {}

    def begin(self, options: object) -> None:
        """Looks at what is below the folders of the workspace, and asks to be told of changes.
        The client began with these options."""
        self._first = of_options(options)
        self.set(None)
        self.look_below(self.server.protocol.workspace.folders)
        if self.can("workspace", "did_change_watched_files", "dynamic_registration"):
            self._start(self._watch())
        if self.can("workspace", "did_change_configuration", "dynamic_registration"):
            self._start(self._hear_of_settings())
        if self.can("workspace", "configuration"):
            self.fetch_settings()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def look_below(self, folders: Iterable[str]) -> None:
        """Takes the files below some folders, given by their URIs, for files of the project."""
        found = [path for uri in folders for path in below(path_of(uri))]
        self.project.unopened.update(found)
        self.publisher.touch(found)

    def analysis(self, uri: str) -> Analysis:
        """The analysis of a document as it is now. Raises ValueError for what cannot be read."""
        analysis = self.project.analysis(path_of(uri))
        if analysis is None:
            raise ValueError(f"{uri} cannot be read")
        return analysis

    def place(self, params: Any) -> tuple[Analysis, int]:
        """The document that a request is about, and the offset."""
        analysis = self.analysis(params.text_document.uri)
        return analysis, self.convert.offset(analysis.path, params.position)

    @property
    def pulls(self) -> bool:
        """Whether the client asks for diagnostics; one that does would show told ones twice."""
        return self.can("text_document", "diagnostic")

    def warn(self, message: str) -> None:
        self._show(lsp.MessageType.Warning, message)

    def fail(self, message: str) -> None:
        """Shows the user why something was not done."""
        self._show(lsp.MessageType.Error, message)

    def _show(self, kind: lsp.MessageType, message: str) -> None:
        self.server.window_show_message(
            lsp.ShowMessageParams(type=kind, message=f"nixc: {message}")
        )

    def fetch_settings(self) -> None:
        """Asks the client for its settings, soon."""
        self._start(self._fetch())

    async def _fetch(self) -> None:
        items = [lsp.ConfigurationItem(section=SECTION)]
        found = await self.server.workspace_configuration_async(lsp.ConfigurationParams(items))
        self.set(found[0] if found else None)

    def set(self, given: object) -> None:
        """Takes new settings into force."""
        before, self.settings = self.settings, settings(given, self._first)
        if before.shellcheck != self.settings.shellcheck:
            self.publisher.shellcheck = self.settings.shellcheck
            self.publisher.touch(self.project.roots)
        if before != self.settings and self.can("workspace", "inlay_hint", "refresh_support"):
            self.server.workspace_inlay_hint_refresh(None)

    def _left(self, count: int) -> None:
        if self.can("window", "work_done_progress"):
            self._looking.left(count)

    def _tell(self, path: str, found: tuple[Diagnostic, ...]) -> None:
        if self.pulls:
            if self.can("workspace", "diagnostics", "refresh_support"):
                self._refresh()
            return
        self.server.text_document_publish_diagnostics(
            lsp.PublishDiagnosticsParams(
                uri=self.convert.uri(path),
                version=self.versions.get(path),
                diagnostics=self.convert.diagnostics(path, found),
            )
        )

    def _refresh(self) -> None:
        self.server.workspace_diagnostic_refresh(None)

    def can(self, *names: str) -> bool:
        """Whether the client has a capability."""
        found: Any = self.server.client_capabilities
        for name in names:
            found = getattr(found, name, None)
        return bool(found)

    async def _hear_of_settings(self) -> None:
        options = lsp.DidChangeConfigurationRegistrationOptions(section=SECTION)
        method = lsp.WORKSPACE_DID_CHANGE_CONFIGURATION
        registration = lsp.Registration(id="settings", method=method, register_options=options)
        await self.server.client_register_capability_async(
            lsp.RegistrationParams(registrations=[registration])
        )

    async def _watch(self) -> None:
        watchers = [lsp.FileSystemWatcher(glob_pattern="**/*.nxa")]
        options = lsp.DidChangeWatchedFilesRegistrationOptions(watchers=watchers)
        method = lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES
        registration = lsp.Registration(id="files", method=method, register_options=options)
        await self.server.client_register_capability_async(
            lsp.RegistrationParams(registrations=[registration])
        )
