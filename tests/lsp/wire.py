"""A bare client: what goes over the wire and when, nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from types import TracebackType
from typing import Any

NIXC = Path(sys.executable).with_name("nixc")


class Wire:
    """A server process and the messages that it sends."""

    NIXC = NIXC

    def __init__(self, *command: str) -> None:
        self.process = subprocess.Popen(
            command or (str(NIXC), "lsp"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.messages: Queue[dict[str, Any]] = Queue()
        self.said = b""
        #: What requests of the server are granted with, by method; else with nothing.
        self.answers: dict[str, object] = {"workspace/configuration": [None]}
        self._last = 0
        self._threads = [Thread(target=self._listen), Thread(target=self._hear)]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Wire:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.process.kill()
        self.process.wait()
        for thread in self._threads:
            thread.join()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert stream is not None
            with suppress(BrokenPipeError):
                stream.close()

    def begin(
        self, folder: Path, encoding: str, more: dict[str, object], options: object = None
    ) -> dict[str, Any]:
        """Shakes hands; the answer of the server."""
        general = {"general": {"positionEncodings": [encoding]}}
        params = {
            "processId": None,
            "rootUri": folder.as_uri(),
            "workspaceFolders": [{"uri": folder.as_uri(), "name": "w"}],
            "capabilities": {**general, **more},
            "initializationOptions": options,
        }
        answer = self.ask("initialize", params)
        self.notify("initialized", {})
        result: dict[str, Any] = answer["result"]
        return result

    def notify(self, method: str, params: object) -> None:
        self._send({"jsonrpc": "2.0", "method": method, "params": params})

    def request(self, method: str, params: object) -> int:
        self._last += 1
        message = {"jsonrpc": "2.0", "id": self._last, "method": method, "params": params}
        self._send(message)
        return self._last

    def ask(self, method: str, params: object, seconds: float = 20) -> dict[str, Any]:
        """The answer to a request: an object with `result` or `error`."""
        number = self.request(method, params)
        return self.wait(lambda message: message.get("id") == number, seconds)

    def wait(self, wanted: Any, seconds: float = 20) -> dict[str, Any]:
        """The next message that is wanted; others are dropped. Requests of the server are
        granted. Raises TimeoutError."""
        end = time.monotonic() + seconds
        while True:
            try:
                message = self.messages.get(timeout=max(0.0, end - time.monotonic()))
            except Empty:
                raise TimeoutError(self.said.decode()) from None
            if "id" in message and "method" in message:
                granted = self.answers.get(message["method"])
                self._send({"jsonrpc": "2.0", "id": message["id"], "result": granted})
            if wanted(message):
                return message

    def told(self, uri: str, version: int | None, seconds: float = 20) -> list[dict[str, Any]]:
        """The diagnostics of a document, once they are told for a version."""
        message = self.wait(
            lambda one: (
                one.get("method") == "textDocument/publishDiagnostics"
                and one["params"]["uri"] == uri
                and (version is None or one["params"].get("version") == version)
            ),
            seconds,
        )
        found: list[dict[str, Any]] = message["params"]["diagnostics"]
        return found

    def drop(self) -> None:
        """Forgets what has come so far."""
        with suppress(Empty):
            while True:
                self.messages.get_nowait()

    def open(self, uri: str, text: str, language: str = "nxa") -> None:
        document = {"uri": uri, "languageId": language, "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})

    def change(self, uri: str, version: int, *changes: object) -> None:
        document = {"uri": uri, "version": version}
        params = {"textDocument": document, "contentChanges": list(changes)}
        self.notify("textDocument/didChange", params)

    def _send(self, message: object) -> None:
        assert self.process.stdin is not None
        body = json.dumps(message).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def _listen(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while header := stream.readline():
            length = int(header.split(b":")[1])
            while stream.readline().strip():
                pass
            self.messages.put(json.loads(stream.read(length)))

    def _hear(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.said += line
