"""RFC 3161: what a time authority answered. Strict DER, and no more of it than says what was stamped, and when.

The authority's own signature is not checked here: the `openssl` command does that."""

from __future__ import annotations

import re
from dataclasses import dataclass

from evidence.tlog.offline.plain import is_date, unbase64, utf8

_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_TST_INFO = bytes.fromhex("2a864886f70d0109100104")
_SHA256 = bytes.fromhex("608648016503040201")
_INTEGER, _OCTETS, _NULL, _OID, _SEQUENCE, _SET, _TIME, _FIRST = 0x02, 0x04, 0x05, 0x06, 0x30, 0x31, 0x18, 0xA0
_GRANTED = b"\x00"
_GENERALIZED = re.compile(b"([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([.][0-9]*[1-9])?Z")
_CERTIFICATE = re.compile("-----BEGIN CERTIFICATE-----\n((?:[A-Za-z0-9+/=]{1,76}\n)+)-----END CERTIFICATE-----\n")


class NotGranted(ValueError):
    """The authority refused, or granted something else than was asked."""


@dataclass(frozen=True)
class Token:
    """`imprint`: the SHA-256 of what was stamped. `time`: when, says the authority, as YYYY-MM-DDTHH:MM:SS[.f]Z."""

    imprint: bytes
    time: str


class _Der:
    """A run of DER values, taken one after the other."""

    def __init__(self, data: bytes):
        self._data, self._at = data, 0

    def more(self) -> bool:
        return self._at < len(self._data)

    def next_tag(self) -> int:
        return self._data[self._at] if self.more() else -1

    def take(self, tag: int) -> bytes:
        """The content of the next value, which must have this tag."""
        if self.next_tag() != tag:
            raise ValueError(f"DER: no value with the tag {tag:#04x} where there must be one")
        return self.skip()

    def skip(self) -> bytes:
        """The content of the next value, whatever its tag."""
        data, at = self._data, self._at
        if len(data) < at + 2 or data[at] & 0x1F == 0x1F:
            raise ValueError("DER: cut off, or a long tag")
        length, at = data[at + 1], at + 2
        if length >= 0x80:
            count = length & 0x7F
            spelled = data[at:at + count]
            length, at = int.from_bytes(spelled, "big"), at + count
            if not 1 <= count <= 4 or len(spelled) != count or spelled[0] == 0 or length < 0x80:
                raise ValueError("DER: a length in another than its shortest form")
        if len(data) < at + length:
            raise ValueError("DER: cut off")
        self._at = at + length
        return data[at:self._at]

    def end(self) -> None:
        if self.more():
            raise ValueError("DER: something follows")


def read_token(data: bytes) -> Token:
    """The granted response in `data`. Raises NotGranted, or ValueError where it is not as RFC 3161 has it."""
    response = _only(data, _SEQUENCE)
    status = _Der(response.take(_SEQUENCE)).take(_INTEGER)
    if status != _GRANTED:
        raise NotGranted(f"the status is {int.from_bytes(status, 'big', signed=True)}")
    content = _Der(response.take(_SEQUENCE))
    response.end()
    signed = _wrapped(content, _SIGNED_DATA, _SEQUENCE)
    content.end()
    signed.take(_INTEGER)
    signed.take(_SET)
    inside = _Der(signed.take(_SEQUENCE))
    info = _wrapped(inside, _TST_INFO, _OCTETS)
    inside.end()
    stamped = _Der(info.take(_SEQUENCE))
    info.end()
    return _info(stamped)


def are_certificates(data: bytes) -> bool:
    """Whether it is one or more certificates in PEM, and nothing else."""
    try:
        text, count, end = utf8(data), 0, 0
        for found in _CERTIFICATE.finditer(text):
            body = unbase64(found[1].replace("\n", ""))
            _only(body, _SEQUENCE)
            if found.start() != end:
                return False
            count, end = count + 1, found.end()
        return count > 0 and end == len(text)
    except ValueError:
        return False


def _info(stamped: _Der) -> Token:
    if stamped.take(_INTEGER) != b"\x01":
        raise ValueError("not version 1 of TSTInfo")
    stamped.take(_OID)
    imprint = _Der(stamped.take(_SEQUENCE))
    algorithm = _Der(imprint.take(_SEQUENCE))
    if algorithm.take(_OID) != _SHA256:
        raise ValueError("the imprint is not a SHA-256")
    if algorithm.more() and algorithm.take(_NULL):
        raise ValueError("NULL is not empty")
    algorithm.end()
    digest = imprint.take(_OCTETS)
    imprint.end()
    if len(digest) != 32:
        raise ValueError("the imprint is not 32 bytes long")
    stamped.take(_INTEGER)
    time = stamped.take(_TIME)
    while stamped.more():
        stamped.skip()
    return Token(digest, _time(time))


def _only(data: bytes, tag: int) -> _Der:
    whole = _Der(data)
    content = whole.take(tag)
    whole.end()
    return _Der(content)


def _wrapped(content: _Der, kind: bytes, tag: int) -> _Der:
    """What stands under [0] after the object identifier `kind`, where it is one value with this tag."""
    if content.take(_OID) != kind:
        raise ValueError("DER: another kind of content")
    return _only(content.take(_FIRST), tag)


def _time(text: bytes) -> str:
    found = _GENERALIZED.fullmatch(text)
    if not found:
        raise ValueError("genTime is not a time")
    year, month, day, hour, minute, second, fraction = (part.decode() if part else "" for part in found.groups())
    if not is_date(f"{year}-{month}-{day}") or hour > "23" or minute > "59" or second > "59":
        raise ValueError("genTime is not a time")
    return f"{year}-{month}-{day}T{hour}:{minute}:{second}{fraction}Z"
