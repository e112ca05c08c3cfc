"""Bytes that no browser sends, to the very web process that script/server starts."""

import os
import socket
import subprocess
from collections.abc import Iterator

import pytest
from django.conf import settings
from stack import serve

HOST = b"Host: testserver\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
SECOND = b"GET /smuggled HTTP/1.1\r\n" + HOST + b"\r\n"


@pytest.fixture(scope="module")
def web(django_db_setup: None) -> Iterator[int]:
    """The port of a web process."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.set_inheritable(True)
        command = serve.gunicorn(listener.fileno(), str(settings.CASEWORK_HOME))
        child = subprocess.Popen(command, pass_fds=[listener.fileno()], env=dict(os.environ),
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield listener.getsockname()[1]
        finally:
            child.terminate()
            child.wait(20)


def say(port: int, *pieces: bytes) -> bytes:
    """All that is answered until the connection is closed, or until nothing more comes for three seconds."""
    heard = b""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        try:
            for piece in pieces:
                line.sendall(piece)
            while got := line.recv(65536):
                heard += got
                line.settimeout(3)
        except (TimeoutError, ConnectionError):
            pass
    return heard


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def test_a_plain_request_is_answered(web: int) -> None:
    answer = say(web, b"GET /healthz HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
    assert status(answer) == 200


CHUNKED = b"Transfer-Encoding: chunked\r\n"
BROKEN = {
    "both lengths": b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 4\r\n" + CHUNKED + b"\r\n0\r\n\r\n" + SECOND,
    "two lengths": b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 0\r\nContent-Length: 60\r\n\r\n" + SECOND,
    "a length with a sign": b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: +0\r\n\r\n" + SECOND,
    "an unknown coding": b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SECOND,
    "a blank before the colon": b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length : 60\r\n\r\n" + SECOND,
    "a folded header": b"GET / HTTP/1.1\r\n" + HOST + b"X: a\r\n b\r\n\r\n" + SECOND,
    "a bare line feed": b"GET / HTTP/1.1\nHost: testserver\n\n" + SECOND,
    "a header of 64 KB": b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"x" * 65_536 + b"\r\n\r\n",
    "a header of 1 MB": b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"x" * 1_000_000 + b"\r\n\r\n",
    "an address of 64 KB": b"GET /" + b"x" * 65_536 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "a thousand headers": b"GET / HTTP/1.1\r\n" + HOST + b"".join(b"X%d: x\r\n" % n for n in range(1000)) + b"\r\n",
    "no request": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n",
    "another version": b"GET / HTTP/9.9\r\n" + HOST + b"\r\n",
}


@pytest.mark.parametrize("sent", BROKEN.values(), ids=BROKEN.keys())
def test_a_request_with_two_readings_is_refused_and_the_connection_closed(web: int, sent: bytes) -> None:
    answer = say(web, sent)
    assert not answer or status(answer) in {400, 405, 413, 414, 431, 501, 505}, answer[:300]
    assert answer.count(b"HTTP/1.") <= 1, "what was smuggled in was answered"
    assert b"Traceback" not in answer and b"/casework/" not in answer


def test_the_web_process_still_answers_after_all_this(web: int) -> None:
    assert status(say(web, b"GET /healthz HTTP/1.0\r\n" + HOST + b"\r\n")) == 200
