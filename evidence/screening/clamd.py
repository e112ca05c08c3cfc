"""Speak with clamd: is it there, which signatures it has, what it says of some bytes. The standard library alone.

This is no second door to the network. The daemon is one of this machine, behind a Unix socket or a loopback address
(casework.env lets nothing else be set), because what is sent to it is evidence, unencrypted. It is not trusted with
more than an answer: that is bounded in length and in time, and read strictly."""

import re
import select
import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

# A path of a Unix socket, or a loopback address and its port.
Address = str | tuple[str, int]

CONNECT_SECONDS = 5.0
# For one piece on its way in, and for the answer to a short question.
STEP_SECONDS = 30.0
# For what it says of a file once it has all of it; its own limit (MaxScanTime) is two minutes.
ANSWER_SECONDS = 300.0
# A file may take so long as this many bytes a second need, beside ANSWER_SECONDS.
LEAST_RATE = 1024 * 1024
PIECE = 256 * 1024
LONGEST_ANSWER = 4096

_VERSION = re.compile(r"([ -.0-~]{1,100})(?:/([0-9]{1,10})/([ -~]{1,60}))?")
_FOUND = re.compile(r"stream: ([!-~]{1,200}) FOUND")
_TOO_LARGE = "INSTREAM size limit exceeded. ERROR"
# What it calls a file of which it left something out (AlertExceedsMax): nothing was found, and not all was looked at.
_LIMITS = "Heuristics.Limits.Exceeded"


class Unreachable(Exception):
    """No scanner there, or it did not answer in time, or it hung up."""


class Garbled(Exception):
    """It answered something that is no answer, or says that it could not do it."""


@dataclass(frozen=True)
class Version:
    """`engine` as `ClamAV 1.4.6`; `signatures` is the number of its database, empty where it has none that is
    numbered; `dated` is when that was published."""

    engine: str
    signatures: str
    dated: datetime | None


@dataclass(frozen=True)
class Verdict:
    """`outcome` is clean, found or too_large; `finding` is what was found, by the scanner's name for it."""

    outcome: str
    finding: str = ""


class Clamd:
    """One daemon. Each question is a connection of its own, so that nothing of one answer is taken for another's."""

    def __init__(self, address: Address):
        self._address = address

    def version(self) -> Version:
        """Raises Unreachable, Garbled."""
        with self._connected() as link:
            _send(link, b"zVERSION\0")
            said = _answer(link, time.monotonic() + STEP_SECONDS)
        found = _VERSION.fullmatch(said)
        if found is None:
            raise Garbled(f"no version: {said[:100]}")
        return Version(found[1], found[2] or "", _date(found[3] or ""))

    def scan(self, chunks: Iterable[bytes], size: int) -> Verdict:
        """What it says of `chunks`, which are `size` bytes. Raises Unreachable, Garbled, and what `chunks` raises."""
        until = time.monotonic() + ANSWER_SECONDS + size / LEAST_RATE
        with self._connected() as link:
            all_sent = _stream(link, chunks, until)
            try:
                said = _answer(link, until)
            except Unreachable as error:
                raise Unreachable(f"{error}{'' if all_sent else ', before it had everything'}") from error
        return _verdict(said, all_sent)

    def _connected(self) -> socket.socket:
        family = socket.AF_UNIX if isinstance(self._address, str) else (
            socket.AF_INET6 if ":" in self._address[0] else socket.AF_INET)
        link = socket.socket(family, socket.SOCK_STREAM)
        link.settimeout(CONNECT_SECONDS)
        try:
            link.connect(self._address)
        except OSError as error:
            link.close()
            raise Unreachable(_reason(error)) from error
        return link


def _stream(link: socket.socket, chunks: Iterable[bytes], until: float) -> bool:
    """Send the bytes in pieces that say their length; False when it answered or hung up before it had all of them."""
    try:
        _send(link, b"zINSTREAM\0")
        for chunk in chunks:
            for start in range(0, len(chunk), PIECE):
                if _has_answered(link):
                    return False
                if time.monotonic() > until:
                    raise Unreachable("it takes the bytes too slowly")
                piece = chunk[start:start + PIECE]
                _send(link, len(piece).to_bytes(4, "big") + piece)
        if _has_answered(link):
            return False
        _send(link, bytes(4))
    except (BrokenPipeError, ConnectionResetError):
        # What it said before it hung up can still be read.
        return False
    return True


def _send(link: socket.socket, data: bytes) -> None:
    link.settimeout(STEP_SECONDS)
    try:
        link.sendall(data)
    except (BrokenPipeError, ConnectionResetError):
        raise
    except OSError as error:
        raise Unreachable(_reason(error)) from error


def _has_answered(link: socket.socket) -> bool:
    poll = select.poll()
    poll.register(link, select.POLLIN)
    return bool(poll.poll(0))


def _answer(link: socket.socket, until: float) -> str:
    """One line of printable ASCII that ends with a NUL, and nothing after it."""
    data = b""
    while b"\0" not in data:
        left = until - time.monotonic()
        if left <= 0:
            raise Unreachable("no answer in time")
        link.settimeout(left)
        try:
            part = link.recv(LONGEST_ANSWER)
        except OSError as error:
            raise Unreachable(_reason(error)) from error
        if not part:
            raise Unreachable("it hung up without an answer")
        data += part
        if len(data) > LONGEST_ANSWER:
            raise Garbled("an answer without end")
    line, _, rest = data.partition(b"\0")
    text = line.decode("ascii", "replace").rstrip("\n")
    if rest or not text.isascii() or not text.isprintable():
        raise Garbled("an answer that is no line of text")
    return text


def _verdict(said: str, all_sent: bool) -> Verdict:
    if said == _TOO_LARGE:
        return Verdict("too_large")
    if found := _FOUND.fullmatch(said):
        return Verdict("too_large") if found[1].startswith(_LIMITS) else Verdict("found", found[1])
    # Bytes that it has not seen are not clean.
    if said == "stream: OK" and all_sent:
        return Verdict("clean")
    raise Garbled(f"{said[:200]}{'' if all_sent else ' (before it had everything)'}")


def _date(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC)
    except ValueError:
        return None


def _reason(error: OSError) -> str:
    return f"{type(error).__name__}: {error.strerror or error}"[:200]
