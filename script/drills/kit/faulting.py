"""A proxy in front of an S3 server that fails in the way it is told, for the objects that hold evidence."""

import http.client
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

# Methods that a fault touches, and what it does; see Handler.
FAULTS = ("500 to a put", "500 to a get", "503 to everything", "a put is cut off", "a put is acknowledged and lost",
          "a put is acknowledged and garbled", "a get gives other bytes", "a get is cut short", "a get gives nothing")
_EVIDENCE = re.compile(r"/[0-9a-f]{2}/[0-9a-f]{64}(\?|$)")
_OURS = {"connection", "transfer-encoding", "keep-alive", "content-length", "host"}
_ERROR = b"<Error><Code>InternalError</Code></Error>"


class Proxy:
    """`fault` is one of FAULTS or empty; `hit` counts how often it struck."""

    def __init__(self, target: str):
        self.target = urlsplit(target).netloc
        self.fault, self.hit = "", 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @contextmanager
    def failing(self, fault: str) -> Iterator[None]:
        self.fault, self.hit = fault, 0
        try:
            yield
        finally:
            self.fault = ""

    def end(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(proxy: Proxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            fault = proxy.fault if _EVIDENCE.search(self.path) and self._concerns(proxy.fault) else ""
            proxy.hit += bool(fault)
            if fault.startswith(("500", "503")):
                return self._answer(int(fault[:3]), {"Content-Type": "application/xml"}, _ERROR)
            if fault == "a put is cut off":
                self.close_connection = True
                return None
            if fault == "a put is acknowledged and lost":
                return self._answer(200, {"ETag": '"0"', "x-amz-version-id": "lost"}, b"")
            if fault == "a put is acknowledged and garbled":
                self._ask(b"!" + body[1:])
                return self._answer(200, {"ETag": '"0"', "x-amz-version-id": "garbled"}, b"")
            status, headers, content = self._ask(body)
            if fault == "a get gives other bytes":
                content = content[:-1] + bytes([content[-1] ^ 1]) if content else b"!"
            elif fault == "a get is cut short":
                content = content[:len(content) // 2]
            elif fault == "a get gives nothing":
                content = b""
            return self._answer(status, headers, content)

        do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = pass_on

        def _concerns(self, fault: str) -> bool:
            if not fault or " put" in fault and self.command != "PUT":
                return False
            whole = "?" not in self.path or "versionId" in self.path and "retention" not in self.path
            return whole and not (" get" in fault and self.command != "GET")

        def _ask(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
            link = http.client.HTTPConnection(proxy.target, timeout=30)
            try:
                headers = {name: value for name, value in self.headers.items() if name.lower() not in _OURS}
                # The signature is over the host that the client named.
                link.request(self.command, self.path, body, headers | {"Host": self.headers["Host"]})
                answer = link.getresponse()
                kept = {name: value for name, value in answer.getheaders() if name.lower() not in _OURS}
                if self.command == "HEAD":
                    kept["Content-Length"] = answer.getheader("Content-Length", "0")
                return answer.status, kept, answer.read()
            finally:
                link.close()

        def _answer(self, status: int, headers: dict[str, str], content: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if "Content-Length" not in headers:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: a drill prints counts."""

    return Handler
