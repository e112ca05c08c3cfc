"""A small application behind casework.serving, in a process of its own, with less patience than in earnest."""

import hashlib
from collections.abc import Callable, Iterable
from typing import Any

from casework import serving

serving.PAUSE = 3.0
serving.SILENCE = 1.0
LARGE = 64 * 2**20
PIECE = 16 * 2**20


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """What came of the body: its length and hash. At /large many bytes, at /piece many at once."""
    if environ["PATH_INFO"] == "/large":
        start("200 OK", [("Content-Length", str(LARGE))])
        return (bytes(2**16) for _ in range(LARGE // 2**16))
    if environ["PATH_INFO"] == "/piece":
        start("200 OK", [("Content-Length", str(PIECE))])
        return [bytes(PIECE)]
    digest, size = hashlib.sha256(), 0
    while data := environ["wsgi.input"].read(2**16):
        digest.update(data)
        size += len(data)
    told = f"{size} {digest.hexdigest()}".encode()
    start("200 OK", [("Content-Length", str(len(told)))])
    return [told]
