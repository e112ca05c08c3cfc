"""When script/server goes on: the web process answers, and nothing but the worker is missing, which it starts next."""

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from stack import ready

Told = dict[str, bool]


class Web(HTTPServer):
    status, body = 200, b""


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Web)
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *_told: object) -> None:
        """Tests say nothing."""


@pytest.fixture
def web() -> Iterator[Web]:
    server = Web(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(("status", "parts", "goes_on"), [
    (200, {"log": True, "database": True}, True), (503, {"log": False, "database": True}, True),
    (503, {"log": False, "database": False}, False), (503, {"log": True, "store": False}, False), (301, {}, True),
    (500, {"log": False}, False)])
def test_a_log_without_a_checkpoint_does_not_keep_the_signer_away(web: Web, status: int, parts: Told,
                                                               goes_on: bool) -> None:
    web.status = status
    web.body = json.dumps({"parts": {name: {"ok": ok} for name, ok in parts.items()}}).encode()
    assert ready.answers(web.socket, "http://localhost") is goes_on


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"<h1>", b'{"parts": {"log": 1}}'])
def test_what_is_no_answer_is_none(web: Web, body: bytes) -> None:
    web.status, web.body = 503, body
    assert not ready.answers(web.socket, "http://localhost")


def test_nobody_there_is_no_answer() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        assert not ready.answers(listener, "http://localhost")
