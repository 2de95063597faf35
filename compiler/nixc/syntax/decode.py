"""Bytes -> a source: UTF-8 with or without BOM, any line ends."""

from __future__ import annotations

from nixc.diagnostics import Diagnostic
from nixc.source import Source, Span
from nixc.syntax.errors import Errors


def decode(name: str, data: bytes) -> tuple[Source, tuple[Diagnostic, ...]]:
    """The source of a file's bytes, with an error for each that no text can hold.

    A byte that is not UTF-8 becomes U+FFFD in the source, so that offsets count it once.
    """
    text, bad_bytes = _replaced(data.removeprefix(b"\xef\xbb\xbf"))
    source = Source(name, text.replace("\r\n", "\n"))
    errors = Errors()
    # Offsets were counted before the line ends were made one character each.
    for found, byte in bad_bytes:
        offset = found - text.count("\r\n", 0, found)
        message = f"byte 0x{byte:02x} is not UTF-8"
        errors.add("NX108", message, Span(source, offset, offset + 1), "save the file as UTF-8")
        if errors.full:
            break
    at = source.text.find("\0")
    while at >= 0 and not errors.full:
        errors.add("NX109", "a NUL character: no shell can hold it", Span(source, at, at + 1))
        at = source.text.find("\0", at + 1)
    return source, errors.sorted()


def _replaced(data: bytes) -> tuple[str, list[tuple[int, int]]]:
    """The text with U+FFFD for what is not UTF-8; the offset and the byte of each such place."""
    try:
        return data.decode(), []
    except UnicodeDecodeError:
        # Each wrong byte becomes one lone surrogate, which no valid UTF-8 gives.
        escaped = data.decode(errors="surrogateescape")
    bad = [(at, ord(c) - 0xDC00) for at, c in enumerate(escaped) if "\udc80" <= c <= "\udcff"]
    return escaped.encode("utf-16", "surrogatepass").decode("utf-16", "replace"), bad
