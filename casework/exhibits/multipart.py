"""Reads a multipart body in one pass: every part's bytes and names as they were sent, in bounded memory.

Django's own reader finds the boundaries; the parts' headers are read here, because that reader drops a file whose
name is not UTF-8, refuses a long name, and takes a body that was cut off for a whole one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import unquote_to_bytes

from django.http.multipartparser import (  # type: ignore[attr-defined]
    InterBoundaryIter,
    LazyStream,
    MultiPartParserError,
    exhaust,
)

CHUNK = 1024 * 1024
LONGEST_HEADER = 64 * 1024

_PARAMETER = re.compile(rb';\s*(filename\*?|name)\s*=\s*(?:"((?:\\"|[^"])*)"|([^\s;"]+))', re.IGNORECASE)
_ESCAPED = re.compile(rb"%(22|0D|0A)", re.IGNORECASE)


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class Part:
    """One part: its field's name, the file name's bytes (None for a plain field), its type, and its bytes."""

    field: str
    filename: bytes | None
    content_type: str
    stream: LazyStream

    @property
    def name(self) -> str:
        """The file name as text. Browsers write a quote and a line break in it as %22, %0D and %0A."""
        raw = _ESCAPED.sub(lambda found: bytes.fromhex(found[1].decode()), self.filename or b"")
        return raw.decode("utf-8", "replace")


class Body:
    """At most `length` bytes of a request, counted."""

    def __init__(self, stream: Readable, length: int):
        self._stream = stream
        self.left = length

    def read(self, size: int) -> bytes:
        data = self._stream.read(min(size, self.left)) if self.left else b""
        self.left -= len(data)
        return data


def parts(stream: Readable, length: int, boundary: bytes) -> Iterator[Part]:
    """The parts of a body of `length` bytes, in order. MultiPartParserError when it is malformed or was cut off."""
    body = Body(stream, length)
    whole = LazyStream(iter(lambda: body.read(CHUNK), b""))  # type: ignore[arg-type]
    pieces = iter(InterBoundaryIter(whole, b"--" + boundary))
    exhaust(next(pieces, b""))
    for piece in pieces:
        if piece.read(2) == b"--":
            break
        yield _part(piece)
        exhaust(piece)
    else:
        raise MultiPartParserError("The body ends before its closing boundary.")
    while body.read(CHUNK):
        pass
    if body.left:
        raise MultiPartParserError("The body is shorter than was announced.")


def _part(piece: LazyStream) -> Part:
    head = piece.read(LONGEST_HEADER)
    block, end, rest = head.partition(b"\r\n\r\n")
    if not end:
        raise MultiPartParserError("A part has no end of its headers, or too many of them.")
    piece.unget(rest)
    headers = {}
    for line in block.split(b"\r\n"):
        name, _, value = line.partition(b":")
        headers[name.strip().lower()] = value.strip()
    given = {found[1].lower(): found[2] if found[3] is None else found[3]
             for found in reversed(list(_PARAMETER.finditer(headers.get(b"content-disposition", b""))))}
    if b"name" not in given:
        raise MultiPartParserError("A part has no name.")
    return Part(given[b"name"].decode("utf-8", "replace"), _filename(given),
                headers.get(b"content-type", b"").decode("utf-8", "replace"), piece)


def _filename(given: dict[bytes, bytes]) -> bytes | None:
    charset, _, encoded = given.get(b"filename*", b"").partition(b"''")
    if charset.lower() == b"utf-8":
        return unquote_to_bytes(encoded)
    plain = given.get(b"filename")
    return None if plain is None else plain.replace(b'\\"', b'"')
