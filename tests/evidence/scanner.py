"""Scanners for the tests: one of ours that answers what it is told to, and the true clamd with signatures of ours."""

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from evidence.screening.clamd import Clamd, Unreachable
from evidence.screening.services import eicar

# What our own signature finds: harmless, and said by nobody else.
MARK = b"casework-harmless-test-mark-7c1f"
VERSION = "ClamAV 1.4.6/27500/Mon Nov 23 09:35:12 2026"
Behaviour = Callable[[socket.socket, "Scanner"], None]


class Scanner:
    """Speaks enough of clamd's protocol on a loopback port. `version` and `finds` (bytes → name) may be changed while
    it runs; `instream` replaces what it does with a file, `seen` are the files that it took."""

    def __init__(self, *, version: str = VERSION, instream: Behaviour | None = None, limit: int = 10**9):
        self.version, self.instream, self.limit = version, instream or _honest, limit
        self.finds: dict[bytes, str] = {MARK: "Casework.Test.Mark", eicar(): "Eicar-Test"}
        self.seen: list[bytes] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.address: tuple[str, int] = ("127.0.0.1", self._server.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def __enter__(self) -> "Scanner":
        return self

    def __exit__(self, *_error: object) -> None:
        # Closing alone does not wake the thread that accepts.
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()

    def _serve(self) -> None:
        while True:
            try:
                link, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=[link], daemon=True).start()

    def _talk(self, link: socket.socket) -> None:
        with closing(link), suppress(OSError):
            command = b""
            while not command.endswith(b"\0"):
                command += link.recv(1)
            if command == b"zVERSION\0":
                link.sendall(self.version.encode() + b"\0")
            elif command == b"zINSTREAM\0":
                self.instream(link, self)


def read_all(link: socket.socket, most: int = 10**9) -> bytes | None:
    """Everything that is streamed; None when it is more than `most`."""
    data = b""
    with link.makefile("rb") as stream:
        while size := int.from_bytes(stream.read(4), "big"):
            data += stream.read(size)
            if len(data) > most:
                return None
    return data


def says(answer: bytes) -> Behaviour:
    """A scanner that takes the whole file and says `answer`."""
    def instream(link: socket.socket, _scanner: Scanner) -> None:
        read_all(link)
        link.sendall(answer)
    return instream


def _honest(link: socket.socket, scanner: Scanner) -> None:
    data = read_all(link, scanner.limit)
    if data is None:
        link.sendall(b"INSTREAM size limit exceeded. ERROR\0")
        return
    scanner.seen.append(data)
    name = next((name for part, name in scanner.finds.items() if part in data), "")
    link.sendall(f"stream: {name} FOUND\0".encode() if name else b"stream: OK\0")


@contextmanager
def clamd(folder: Path) -> Iterator[Any]:
    """The true one, on a loopback port, with two signatures of ours. Raises LookupError where it is not installed."""
    program = shutil.which("clamd", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if program is None:
        raise LookupError("no clamd here (apt install --no-install-recommends clamav-daemon)")
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        address = ("127.0.0.1", int(free.getsockname()[1]))
    signatures = folder / "signatures"
    signatures.mkdir()
    (signatures / "ours.ndb").write_text(f"Casework.Test.Mark:0:*:{MARK.hex()}\nEicar-Test:0:*:{eicar().hex()}\n")
    config = folder / "clamd.conf"
    config.write_text(
        f"Foreground yes\nTCPSocket {address[1]}\nTCPAddr 127.0.0.1\nDatabaseDirectory {signatures}\n"
        f"TemporaryDirectory {folder}\nStreamMaxLength 2M\nAlertExceedsMax yes\nMaxThreads 2\n")
    running = subprocess.Popen([program, f"--config-file={config}"], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    try:
        _until_ready(address, running)
        yield address
    finally:
        running.terminate()
        running.wait(30)


def _until_ready(address: tuple[str, int], running: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            Clamd(address).version()
            return
        except Unreachable:
            if running.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.1)
