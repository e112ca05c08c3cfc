"""Reads a multipart body (RFC 2046, 7578) in one pass: every part's bytes and names as they were sent.

It needs bounded memory. Django's own reader drops a file whose name is not UTF-8, refuses a long name, takes a body
that was cut off for a whole one, ends a part at a boundary inside a line, and copies every byte several times."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, Self
from urllib.parse import unquote_to_bytes

from django.http.multipartparser import MultiPartParserError

CHUNK = 1024 * 1024
LONGEST_HEADER = 64 * 1024

_PARAMETER = re.compile(rb';\s*(filename\*?|name)\s*=\s*(?:"((?:\\"|[^"])*)"|([^\s;"]+))', re.IGNORECASE)
_ESCAPED = re.compile(rb"%(22|0D|0A)", re.IGNORECASE)


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Stream:
    """The bytes of one part, in pieces of at most CHUNK or so; it ends where the next boundary begins."""

    def __init__(self, body: "Body"):
        self._body, self._open = body, True

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        while self._open:
            piece, self._open = self._body.piece()
            if piece:
                return piece
        raise StopIteration

    def read(self, limit: int | None = None) -> bytes:
        """At most `limit` bytes, or all; what is left of the last piece that was needed is dropped."""
        taken = b""
        for piece in self:
            taken += piece
            if limit is not None and len(taken) >= limit:
                return taken[:limit]
        return taken


class Body:
    """At most `length` bytes of a request, counted, and cut at its boundaries."""

    def __init__(self, stream: Readable, length: int, boundary: bytes):
        self._stream = stream
        self.left = length
        self._boundary = b"\r\n--" + boundary
        # The first boundary may stand at the very beginning, with no line before it that ends.
        self._held, self._at = b"\r\n", 0

    def piece(self) -> tuple[bytes, bool]:
        """Bytes up to the next boundary, or some of them and whether more come. The boundary itself is passed over."""
        found = self._held.find(self._boundary, self._at)
        begin = self._at
        if found >= 0:
            self._at = found + len(self._boundary)
            return self._held[begin:found], False
        # What may be the beginning of a boundary waits for what comes after it.
        self._at = max(begin, len(self._held) - len(self._boundary) + 1)
        piece = self._held[begin:self._at]
        self._more()
        return piece, True

    def until(self, end: bytes, most: int) -> bytes | None:
        """Bytes up to `end`, which is passed over; None where it does not come within `most` bytes."""
        while (found := self._held.find(end, self._at, self._at + most)) < 0:
            if len(self._held) - self._at >= most:
                return None
            self._more()
        begin, self._at = self._at, found + len(end)
        return self._held[begin:found]

    def ends(self) -> bool:
        """Whether the boundary just passed was the closing one."""
        while len(self._held) - self._at < 2:
            self._more()
        return self._held.startswith(b"--", self._at)

    def drain(self) -> None:
        """Read to the end; nothing after the closing boundary counts."""
        while self._read():
            pass

    def _more(self) -> None:
        data = self._read()
        if not data:
            raise MultiPartParserError("The body ends before its closing boundary.")
        self._held, self._at = self._held[self._at:] + data, 0

    def _read(self) -> bytes:
        data = self._stream.read(min(CHUNK, self.left)) if self.left else b""
        self.left -= len(data)
        return data


@dataclass(frozen=True)
class Part:
    """One part: its field's name, the file name's bytes (None for a plain field), its type, and its bytes."""

    field: str
    filename: bytes | None
    content_type: str
    stream: Stream

    @property
    def name(self) -> str:
        """The file name as text. Browsers write a quote and a line break in it as %22, %0D and %0A."""
        raw = _ESCAPED.sub(lambda found: bytes.fromhex(found[1].decode()), self.filename or b"")
        return raw.decode("utf-8", "replace")


def parts(stream: Readable, length: int, boundary: bytes) -> Iterator[Part]:
    """The parts of a body of `length` bytes, in order. MultiPartParserError when it is malformed or was cut off."""
    body = Body(stream, length, boundary)
    _pass(Stream(body))
    while not body.ends():
        part = _part(body)
        yield part
        _pass(part.stream)
    body.drain()
    if body.left:
        raise MultiPartParserError("The body is shorter than was announced.")


def _pass(stream: Stream) -> None:
    for _piece in stream:
        pass


def _part(body: Body) -> Part:
    block = body.until(b"\r\n\r\n", LONGEST_HEADER)
    if block is None:
        raise MultiPartParserError("A part has no end of its headers, or too many of them.")
    headers = {}
    for line in block.split(b"\r\n"):
        name, _, value = line.partition(b":")
        headers[name.strip().lower()] = value.strip()
    given = {found[1].lower(): found[2] if found[3] is None else found[3]
             for found in reversed(list(_PARAMETER.finditer(headers.get(b"content-disposition", b""))))}
    if b"name" not in given:
        raise MultiPartParserError("A part has no name.")
    return Part(given[b"name"].decode("utf-8", "replace"), _filename(given),
                headers.get(b"content-type", b"").decode("utf-8", "replace"), Stream(body))


def _filename(given: dict[bytes, bytes]) -> bytes | None:
    charset, _, encoded = given.get(b"filename*", b"").partition(b"''")
    if charset.lower() == b"utf-8":
        return unquote_to_bytes(encoded)
    plain = given.get(b"filename")
    return None if plain is None else plain.replace(b'\\"', b'"')
