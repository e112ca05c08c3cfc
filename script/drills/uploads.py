"""Send a large file in pieces with an independent client, through a broken connection and a killed web server.

    script/drill uploads [--size MIB] [--folder FOLDER]

The client is tuspy. At a third of the file the connection breaks in the middle of a piece, and a sender falls silent
in another; at a half every process of the web server is killed outright while a piece comes in. Each time the server
must know of all that it acknowledged, and the client goes on from there. Then it is lodged, twice: one exhibit, one
receipt. What lies in the store must hash to what was sent, no web process may ever have held 300 MB, and
`manage.py verify --all` must be clean. Needs room for three copies of the file. Prints figures; exit 1 on a
violation."""

import argparse
import hashlib
import os
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from stack.install import say

from drills.kit import clients, inside, whole

MOST_MEMORY = 300 * 10**6
MIB = 2**20
PATIENCE = 120


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/drill uploads")
    parser.add_argument("--size", type=int, default=10 * 1024, help="of the file, in MiB (10240)")
    parser.add_argument("--folder", type=Path, help="where the file and the server's home are made")
    wanted = parser.parse_args(arguments)
    inside.enter("--dev")
    with (tempfile.TemporaryDirectory(prefix="casework-uploads-", dir=wanted.folder) as folder,
          whole.server(Path(folder) / "home") as server):
        drill = Drill(server, Path(folder) / "film.bin", wanted.size * MIB)
        drill.run()
    for line in drill.wrong:
        say(f"    VIOLATION {line}")
    say(f"uploads: {wanted.size} MiB, resumed {drill.resumed} times, {len(drill.wrong)} violations")
    return 1 if drill.wrong else 0


class Drill:
    """The file, its sender, and what was seen."""

    def __init__(self, server: whole.Whole, file: Path, size: int):
        self.server, self.file, self.size = server, file, size
        self.load = clients.Load(server.stack.url, server.ref, server.token, many=0, timeout=300)
        self.piece = max(MIB, min(8 * MIB, size // 64))
        self.wrong: list[str] = []
        self.resumed = self.memory = 0
        self.url = ""

    def run(self, patient: bool = True) -> None:
        """All of it; unless one is `patient`, without the minute of a sender who falls silent."""
        say(f"Making a file of {self.size // MIB} MiB …")
        sha256 = write(self.file, self.size)
        began = time.monotonic()
        with self.file.open("rb") as self.stream:
            self.url = self._client().create_url()
            self._send(self.size // 3)
            self._break_off()
            self._resume(self.size // 3)
            if patient:
                self._fall_silent()
            self._kill_the_web_server()
            self._resume(self.size // 2)
            self._send(self.size)
        seconds = time.monotonic() - began
        say(f"uploads: {self.size / seconds / 1e6:.0f} MB/s with both breaks and waits")
        self._lodge(sha256)
        self._look()

    def _client(self) -> Any:
        """tuspy's uploader, which goes on where the server says."""
        # What only developers have is not there when the drill begins.
        from tusclient.client import TusClient

        client = TusClient(f"{self.server.stack.url}/api/v1/cases/{self.server.ref}/uploads/",
                           headers={"Authorization": f"Bearer {self.server.token}"})
        return client.uploader(file_stream=self.stream, chunk_size=self.piece, metadata={"filename": self.file.name},
                               **({"url": self.url} if self.url else {}))

    def _send(self, until: int) -> None:
        self._client().upload(stop_at=until)

    def _resume(self, acknowledged: int) -> None:
        """The server must know of all that it acknowledged."""
        stored = self._client().offset
        say(f"uploads: {acknowledged} bytes were acknowledged at least, {stored} are stored")
        if stored < acknowledged:
            self.wrong.append(f"{acknowledged} bytes were acknowledged, {stored} are stored")
        self.resumed += 1

    def _break_off(self) -> None:
        """Announce a piece, send half of it, and go."""
        offset = self._client().offset
        self._half_a_piece(offset).close()
        # Until the server has seen that nothing more comes.
        until(lambda: self._client().offset > offset, "what arrived of a broken piece is not stored", self.wrong)

    def _fall_silent(self) -> None:
        """Announce a piece, send half of it, and neither send more nor go: another client can go on all the same."""
        offset, began = self._client().offset, time.monotonic()
        with self._half_a_piece(offset):
            until(lambda: self._client().offset > offset, "a silent sender holds the upload for ever", self.wrong)
            say(f"uploads: a silent sender was taken to have gone after {time.monotonic() - began:.0f} s")
            self._send(self._client().offset + self.piece)

    def _half_a_piece(self, offset: int) -> socket.socket:
        place = urlsplit(self.url)
        connection = socket.create_connection((str(place.hostname), int(place.port or 80)))
        connection.sendall(
            f"PATCH {place.path} HTTP/1.1\r\nHost: {place.netloc}\r\nTus-Resumable: 1.0.0\r\n"
            f"Authorization: Bearer {self.server.token}\r\nUpload-Offset: {offset}\r\n"
            f"Content-Type: application/offset+octet-stream\r\nContent-Length: {2 * self.piece}\r\n\r\n".encode())
        with self.file.open("rb") as file:
            file.seek(offset)
            connection.sendall(file.read(self.piece))
        return connection

    def _kill_the_web_server(self) -> None:
        self.memory = max([self.memory, *peaks(self.server)])
        sender = self._client()

        def send() -> None:
            # It fails when the server is killed, whatever the error is called.
            with suppress(Exception):
                sender.upload(stop_at=self.size)

        sending = threading.Thread(target=send)
        sending.start()
        until(lambda: sender.offset >= self.size // 2, "half of the file is not sent", self.wrong, seconds=3600)
        for pid in self.server.pids("web") + self.server.pids("web worker"):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        sending.join()
        say(f"uploads: the web server was killed when {sender.offset} bytes were acknowledged")
        until(lambda: self.load.plain("GET", "/healthz")[0] == 200, "the web server is not back", self.wrong)
        stored = self._client().offset
        if stored < sender.offset:
            self.wrong.append(f"{sender.offset} bytes were acknowledged before the kill, {stored} are stored")

    def _lodge(self, sha256: str) -> None:
        path = f"{urlsplit(self.url).path.removeprefix('/api/v1/')}finish/"
        body, kind = f'{{"sha256": "{sha256}"}}'.encode(), {"Content-Type": "application/json"}
        began = time.monotonic()
        first = self.load.call("POST", path, body, kind)
        say(f"uploads: lodged in {time.monotonic() - began:.1f} s: {first[0]}")
        second = self.load.call("POST", path, body, kind)
        if (first[0], second[0]) != (201, 200) or first[1] != second[1]:
            self.wrong.append(f"the finish answers {first} and then {second}")

    def _look(self) -> None:
        self.memory = max([self.memory, *peaks(self.server)])
        say(f"uploads: a web process held {self.memory / 1e6:.0f} MB at most")
        if self.memory >= MOST_MEMORY:
            self.wrong.append(f"a web process held {self.memory} bytes")
        store, sent = self.server.home / "store", digest(self.file)
        held = store / sent[:2] / sent
        if not held.exists() or digest(held) != sent:
            self.wrong.append("what lies in the store is not what was sent")
        if left := [file.name for file in (store / "incoming").glob("*.part")]:
            self.wrong.append(f"left behind: {left}")
        shown = self.load.call("GET", f"cases/{self.server.ref}/exhibits/?q={sent[:16]}")[1]
        if len(shown["results"]) != 1:
            self.wrong.append(f"{len(shown['results'])} exhibits")
        label = shown["results"][0]["label"]
        until(lambda: set(self.load.steps({"exhibit": f"x/{label}"}).values()) == {"done"},
              "the work on it is not done", self.wrong, seconds=1800)
        self.wrong += self.server.verified()


def write(file: Path, size: int) -> str:
    """So many bytes, none of whose MiB is like another; their SHA-256."""
    found, block = hashlib.sha256(), os.urandom(MIB)
    with file.open("wb") as out:
        for number in range(size // MIB):
            piece = number.to_bytes(8, "big") + block[8:]
            out.write(piece)
            found.update(piece)
    return found.hexdigest()


def digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def peaks(server: whole.Whole) -> list[int]:
    """The largest resident size that each web process ever had, in bytes."""
    found = []
    for pid in server.pids("web") + server.pids("web worker"):
        with suppress(OSError, KeyError):
            status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
            found.append(int(status["VmHWM"].split()[0]) * 1024)
    return found


def until(done: Callable[[], bool], otherwise: str, wrong: list[str], seconds: float = PATIENCE) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with suppress(Exception):
            if done():
                return
        time.sleep(0.1)
    wrong.append(otherwise)
