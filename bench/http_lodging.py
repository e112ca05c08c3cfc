"""Lodging through HTTP as the API's callers and the intake tray do it, beside `cp`, `sync` and `openssl dgst -sha256`.

The web process is the one of script/server (gunicorn, two processes). Ours is durable, hashed on both sides, recorded
and committed before the answer; the baseline syncs once at the end and records nothing."""

import hashlib
import os
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from stack.serve import gunicorn

from bench.lodging import copied, files
from casework.cases import services as cases
from casework.people import services as people
from casework.people.models import ApiToken

ROUNDS = 3
ROOT = Path(__file__).resolve().parents[1]
BOUNDARY = "casework-bench-5d2f"
# Name, files, bytes of each, files in one request, and how many requests are on their way at a time.
CASES = [("200 KB", 1000, 200_000, 50, 2), ("200 KB, each in its own request", 1000, 200_000, 1, 4),
         ("5 MB", 100, 5_000_000, 4, 2), ("1 GiB", 1, 2**30, 1, 1)]


def run() -> Iterator[dict[str, Any]]:
    """One figure for each case: the median of interleaved rounds in seconds; ratio is speed beside the baseline's."""
    home = Path(settings.CASEWORK_HOME)
    _person, link = people.invite("bench@example.org", "Bench", by=None, administrator=True)
    lead = people.accept(link, "a long pass phrase for the bench")
    case = cases.open_case(title="Bench", mandate_basis="none", mandate_purpose="to measure",
                           mandate_scope="nothing", by=lead)
    _token, secret = people.make_token(lead, "bench", [ApiToken.Scope.WRITE], 1)
    with _web(home) as port:
        for name, count, size, batch, at_once in CASES:
            with tempfile.TemporaryDirectory(dir=home) as folder:
                yield _measure(name, Path(folder), count, size,
                               _Client(port, case.ref, secret, batch, at_once))


def _measure(name: str, folder: Path, count: int, size: int, client: "_Client") -> dict[str, Any]:
    taken: list[float] = []
    plain: list[float] = []
    for turn in range(ROUNDS):
        work = folder / str(turn)
        sources = files(work / "source", count, size)
        # The sender's machine hashes what it sends; here that would be charged to ours.
        client.prepare(sources)
        # Whoever goes second finds the disk as the first one left it, so they take turns.
        for ours in ((True, False) if turn % 2 else (False, True)):
            (taken if ours else plain).append(
                _timed(client.lodge, sources) if ours else _timed(copied, sources, work / "copy"))
        shutil.rmtree(work)
        os.sync()
    value, baseline = statistics.median(taken), statistics.median(plain)
    return {"name": f"lodge through HTTP: {count} × {name}", "value": round(value, 3), "unit": "s",
            "baseline": round(baseline, 3), "ratio": round(baseline / value, 2)}


def _timed(act: Any, *arguments: Any) -> float:
    began = time.perf_counter()
    act(*arguments)
    return time.perf_counter() - began


@contextmanager
def _web(home: Path) -> Iterator[int]:
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    command = gunicorn(listener.fileno(), str(home))
    with open(home / "web.log", "wb") as log:
        web = subprocess.Popen(command, pass_fds=[listener.fileno()], stdout=log, stderr=log, cwd=ROOT)
    try:
        time.sleep(4)
        yield listener.getsockname()[1]
    finally:
        web.terminate()
        web.wait()
        listener.close()


class _Client:
    """Sends files as multipart forms on a fresh connection each, the bytes by sendfile."""

    def __init__(self, port: int, ref: str, token: str, batch: int, at_once: int):
        self._port, self._ref, self._token, self._batch, self._at_once = port, ref, token, batch, at_once
        self._call = "batch/" if batch > 1 else ""
        self._heads: dict[Path, bytes] = {}

    def prepare(self, sources: list[Path]) -> None:
        self._heads = {source: self._head(source) for source in sources}

    def lodge(self, sources: list[Path]) -> None:
        batches = [sources[at:at + self._batch] for at in range(0, len(sources), self._batch)]
        with ThreadPoolExecutor(self._at_once) as pool:
            list(pool.map(self._send, batches))

    def _send(self, sources: list[Path]) -> None:
        heads = [self._heads[source] for source in sources]
        end = f"\r\n--{BOUNDARY}--\r\n".encode()
        length = sum(len(head) + source.stat().st_size for head, source in zip(heads, sources, strict=True)) + len(end)
        with socket.create_connection(("127.0.0.1", self._port)) as connection:
            connection.sendall(
                f"POST /api/v1/cases/{self._ref}/exhibits/{self._call} HTTP/1.1\r\nHost: localhost\r\n"
                f"Connection: close\r\nAuthorization: Bearer {self._token}\r\nContent-Length: {length}\r\n"
                f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n".encode())
            for head, source in zip(heads, sources, strict=True):
                connection.sendall(head)
                with open(source, "rb") as file:
                    connection.sendfile(file)
            connection.sendall(end)
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        status = answer.split(b" ", 2)[1]
        if status != b"201":
            raise RuntimeError(answer[-2000:].decode())

    def _head(self, source: Path) -> bytes:
        """The declared hash and the head of the file's part."""
        with open(source, "rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return (f"\r\n--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"sha256\"\r\n\r\n{sha256}"
                f"\r\n--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{source.name}\"\r\n"
                "Content-Type: application/octet-stream\r\n\r\n").encode()
