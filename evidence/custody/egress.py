"""The one door to the network: a question to a configured address, small, soon, and never sent on elsewhere."""

import http.client
import time
import urllib.request
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from evidence.custody import policies

# For each step of the connection, and for all of the answer's body.
SECONDS = 10.0
_PART = 64 * 1024


class Unreachable(Exception):
    """No answer, or not in time."""


class TooLarge(Exception):
    """The answer is larger than any good one; nothing of it was kept."""


class NotConfigured(Exception):
    """Nobody said that this host may be asked."""


@dataclass(frozen=True)
class Answer:
    """`status` is HTTP's, of whatever kind: a redirect is an answer and is not followed."""

    status: int
    content_type: str
    body: bytes


def post(url: str, body: bytes, *, content_type: str, most: int, authorization: str = "") -> Answer:
    """Send `body` and read at most `most` bytes within about SECONDS. Raises Unreachable, TooLarge, NotConfigured."""
    headers = {"Content-Type": content_type} | ({"Authorization": authorization} if authorization else {})
    return _ask(urllib.request.Request(url, body, headers, method="POST"), most)


def get(url: str, *, most: int) -> Answer:
    """Read at most `most` bytes within about SECONDS. Raises Unreachable, TooLarge, NotConfigured."""
    return _ask(urllib.request.Request(url), most)


def _ask(request: urllib.request.Request, most: int) -> Answer:
    if _place(request.full_url) not in {_place(known) for known in _configured()}:
        raise NotConfigured(urlsplit(request.full_url).hostname or request.full_url)
    until = time.monotonic() + SECONDS
    request.add_header("User-Agent", "casework")
    try:
        with _door().open(request, timeout=SECONDS) as response:
            return Answer(response.status, response.headers.get("Content-Type", ""), _read(response, most, until))
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable(_reason(error)) from error


def _read(response: http.client.HTTPResponse, most: int, until: float) -> bytes:
    data = b""
    while chunk := response.read1(_PART):
        data += chunk
        if len(data) > most:
            raise TooLarge(f"more than {most} bytes")
        if time.monotonic() > until:
            raise TimeoutError("too slow")
    return data


def _door() -> urllib.request.OpenerDirector:
    """Plain HTTP and HTTPS, by the machine's own proxy if it has one; no redirects, no files, no other scheme."""
    door = urllib.request.OpenerDirector()
    for handler in (urllib.request.ProxyHandler(), urllib.request.HTTPHandler(), urllib.request.HTTPSHandler()):
        door.add_handler(handler)
    return door


def _configured() -> list[str]:
    return [*settings.TSA_URLS, *settings.ORIGINS_ASKED, *(witness.url for witness in policies.asked())]


def _place(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def _reason(error: Exception) -> str:
    inner = getattr(error, "reason", error)
    return f"{type(inner).__name__}: {inner}"[:300]
