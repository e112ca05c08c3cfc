"""Splits an address that somebody wrote into host, path and query, or says why it is none that may be read.

Pure: no request is ever made. The input is hostile: an address with a name or a password before its host, one that a
browser would run, one that leads to a machine or into a private network, and one whose host only looks like another
are told apart, so that people can be told."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qs, urlsplit

LONGEST = 2000
_DOT = re.compile(r"[\[({](?:\.|dot)[\])}]", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+-]*:(?!\d+(?:/|$))", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_INSIDE = re.compile(r"(?:.*\.)?(?:localhost|local|internal|intranet|lan|home|corp|home\.arpa)")
_MACHINE = re.compile(r".*:.*|(?:.*\.)?(?:\d+|0x[0-9a-f]*)")


class Reason(StrEnum):
    """Why an address is not read, or says of no account whose it is."""

    NONE = "none"
    LONG = "long"
    SIGNS = "signs"
    SCHEME = "scheme"
    CREDENTIALS = "credentials"
    PORT = "port"
    PRIVATE = "private"
    LETTERS = "letters"
    BROKEN = "broken"
    UNKNOWN = "unknown"
    PAGE = "page"


class Unread(ValueError):
    def __init__(self, reason: Reason):
        super().__init__(str(reason))
        self.reason = reason


@dataclass(frozen=True)
class Address:
    """A split address: lower-case host, path segments, and the first value of each query parameter."""

    host: str
    path: list[str]
    query: dict[str, str]

    def at(self, index: int) -> str:
        return self.path[index] if index < len(self.path) else ""

    @property
    def is_lookalike(self) -> bool:
        """Whether its host is written in other letters than it shows (xn--)."""
        return any(part.startswith("xn--") for part in self.host.split("."))


def undisguised(text: str) -> str:
    """`text` as an address: without what nobody sees, with hxxp as http and [.] as a dot. A blank stays."""
    plain = "".join(one for one in unicodedata.normalize("NFKC", text) if unicodedata.category(one) != "Cf")
    return re.sub(r"^hxxp", "http", _DOT.sub(".", plain.strip()), flags=re.IGNORECASE)


def split(address: str) -> Address:
    """Raises Unread."""
    address = address.strip()
    if len(address) > LONGEST:
        raise Unread(Reason.LONG)
    if not address or address.startswith("@") or ("://" not in address and not re.match(r"[^/]*[.:]|localhost",
                                                                                       address)):
        raise Unread(Reason.NONE)
    if re.search(r"[\s\\\x00-\x1f\x7f]", address):
        raise Unread(Reason.SIGNS)
    if "://" not in address:
        if _SCHEME.match(address):
            raise Unread(Reason.SCHEME)
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
        query = parse_qs(parts.query, max_num_fields=50)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        raise Unread(Reason.BROKEN) from None
    if parts.scheme not in {"http", "https"}:
        raise Unread(Reason.SCHEME)
    # `https://x.com@evil.example/` names evil.example: whoever writes so gets nothing read.
    if "@" in parts.netloc:
        raise Unread(Reason.CREDENTIALS)
    _require_host(host)
    try:
        port = parts.port
    except ValueError:
        port = -1
    if port not in {None, 80, 443}:
        raise Unread(Reason.PORT)
    return Address(host, [part for part in parts.path.split("/") if part], {k: v[0] for k, v in query.items()})


def _require_host(host: str) -> None:
    if not host.isascii():
        raise Unread(Reason.LETTERS)
    if _MACHINE.fullmatch(host) or _INSIDE.fullmatch(host):
        raise Unread(Reason.PRIVATE)
    if not _HOST.fullmatch(host):
        raise Unread(Reason.BROKEN)
