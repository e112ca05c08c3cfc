"""HALL: gunicorn's threaded worker, without threads that wait for slow clients.

    python -m gunicorn --worker-class casework.serving.Worker …

A request gets a thread once it is here: its head, and its body or the first 64 KiB of it. Until then its connection
costs a few bytes and the poller's attention. What is slower than a kilobyte a second, after a pause to begin with, is
cut. Large bodies have threads of their own, so that uploads, however many and slow, leave those of the pages free."""

import errno
import re
import resource
import selectors
import socket
import time
from collections.abc import Iterator
from concurrent import futures
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from gunicorn import http
from gunicorn.workers.gthread import TConn, ThreadWorker

# So much of a body is waited for before a thread is given; what is larger is an upload.
FIRST = 64 * 1024
LONGEST_HEAD = 64 * 1024
_TOO_LONG = b"HTTP/1.1 431 Request Header Fields Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
# Seconds that a client may take to begin, and bytes a second that it must send from then on.
PAUSE, PACE = 20.0, 1024
# Seconds without a sign of a client that a thread waits for, whatever it has sent before.
SILENCE = 30.0
# The kernel takes more of an answer once the client has half of this: a sign of it is so small. By itself the kernel
# waits for a third of all that it holds, which is megabytes, and a steady client on a slow line looks silent.
UNSENT = 64 * 1024
# Descriptors that are no clients': of the worker itself, and of each thread for its database and files.
_OWN, _OF_A_THREAD = 32, 8
_HEAD_ENDS = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d+)[ \t]*\r\n", re.IGNORECASE)
# How long such a body is nobody knows, or it is not sent before a thread has said that it may be.
_UNKNOWN = re.compile(rb"\r\n(?:transfer-encoding|expect):", re.IGNORECASE)


class TooSlow(ConnectionResetError):
    """A client that was cut off. gunicorn passes over it in silence; whoever read the body learns that it ended."""


class Client(socket.socket):
    """A client's socket. To a thread that reads or writes it is patient, but not for ever."""

    waited, received = 0.0, 0

    def setblocking(self, flag: bool) -> None:
        self.settimeout(SILENCE if flag else 0.0)

    def recv(self, size: int, flags: int = 0) -> bytes:
        if not (patience := self.gettimeout()):
            return super().recv(size, flags)
        began = time.monotonic()
        self.settimeout(min(patience, max(PAUSE + self.received / PACE - self.waited, 0.001), SILENCE))
        try:
            with _cut_off():
                data = super().recv(size, flags)
        finally:
            self.settimeout(patience)
        self.waited += time.monotonic() - began
        self.received += len(data)
        return data

    def sendall(self, data: Any, flags: int = 0) -> None:
        """Each part that is taken is a sign of the client; the library's own has one limit of time for all of them."""
        rest = memoryview(data)
        with _cut_off():
            while rest:
                rest = rest[super().send(rest, flags):]

    def sendfile(self, file: Any, offset: int = 0, count: int | None = None) -> int:
        with _cut_off():
            return super().sendfile(file, offset, count)


class Connection(TConn):  # type: ignore[misc]
    """`gathered` is what came of the next request, which began at `began`. A thread has something to do once so much is
    here as is `wanted`; 0 while that is not known, because of the first `looked` bytes none ends the head."""

    parser: Any

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.is_upload = False
        self.begin(b"")

    def begin(self, more: bytes) -> None:
        self.gathered, self.began = bytearray(more), time.monotonic()
        self.wanted = self.looked = 0

    @property
    def due(self) -> float:
        """When more must have come."""
        return float(self.began + PAUSE + len(self.gathered) / PACE)

    def is_here(self) -> bool:
        """Whether a thread has something to do; sets `is_upload`."""
        if not self.wanted:
            self._look_for_the_end()
        return 0 < self.wanted <= len(self.gathered)

    def _look_for_the_end(self) -> None:
        """Once: whoever sends byte by byte must not have all that came before read again with each."""
        end = self.gathered.find(_HEAD_ENDS, self.looked)
        self.looked = max(0, len(self.gathered) - len(_HEAD_ENDS) + 1)
        if end < 0:
            return
        head = bytes(self.gathered[:end + 2])
        # However many zeros stand before it: gunicorn counts them for nothing, too.
        length = int(found[1].lstrip(b"0")[:18] or 0) if (found := _LENGTH.search(head)) else 0
        unknown = _UNKNOWN.search(head) is not None
        self.is_upload = unknown or length > FIRST
        self.wanted = end + len(_HEAD_ENDS) + (0 if unknown else min(length, FIRST))

    def has_no_end(self) -> bool:
        """Of what was looked through."""
        return not self.wanted and len(self.gathered) > LONGEST_HEAD

    def hand_over(self) -> None:
        """What was gathered is the first that gunicorn's parser reads."""
        if self.parser is None:
            self.parser, self.initialized = http.get_parser(self.cfg, self.sock, self.client), True
        self.parser.unreader.unread(bytes(self.gathered))
        self.sock.waited, self.sock.received = 0.0, len(self.gathered)
        self.gathered, self.data_ready = bytearray(), True


class Worker(ThreadWorker):  # type: ignore[misc]
    """As many threads for uploads as for pages and calls. Speaks plain HTTP/1.1: TLS is the proxy's."""

    def init_process(self) -> None:
        self.uploads = futures.ThreadPoolExecutor(max_workers=self.cfg.threads)
        self.gathering: set[Connection] = set()
        self.swept = time.monotonic()
        free = resource.getrlimit(resource.RLIMIT_NOFILE)[0] - _OWN - 2 * self.cfg.threads * _OF_A_THREAD
        self.worker_connections = max(1, min(self.cfg.worker_connections, free))
        super().init_process()

    def run(self) -> None:
        super().run()
        self.uploads.shutdown(wait=False)

    def accept(self, listener: socket.socket) -> None:
        try:
            sock, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        except OSError:
            # No descriptor or memory is left for one more: no reason to end those who are here. It may be soon.
            time.sleep(0.05)
            return
        self.nr_conns += 1
        client = Client(fileno=sock.detach())
        # A socket of the file system, behind a proxy of the same machine, has no line that is slow.
        with suppress(OSError):
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT)
        self._gather(Connection(self.cfg, client, address, listener.getsockname()))

    def _gather(self, conn: Connection, more: bytes = b"") -> None:
        """Wait for a request in the poller, without a thread."""
        conn.sock.setblocking(False)
        conn.begin(more)
        if conn.is_here():
            self.enqueue_req(conn)
            return
        self.gathering.add(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._more, conn))

    def _more(self, conn: Connection, _sock: Any) -> None:
        try:
            data = conn.sock.recv(FIRST)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        conn.gathered += data
        if not data:
            self._drop(conn)
        elif conn.is_here():
            self._leave(conn)
            self.enqueue_req(conn)
        elif conn.has_no_end():
            with suppress(OSError):
                conn.sock.send(_TOO_LONG)
            self._drop(conn)

    def _leave(self, conn: Connection) -> None:
        self.gathering.discard(conn)
        self.poller.unregister(conn.sock)

    def _drop(self, conn: Connection) -> None:
        self._leave(conn)
        self.nr_conns -= 1
        conn.close()

    def enqueue_req(self, conn: Connection) -> None:
        conn.hand_over()
        pool = self.uploads if conn.is_upload else self.tpool
        pool.submit(self.handle, conn).add_done_callback(
            lambda done: self.method_queue.defer(self.finish_request, conn, done))

    def finish_request(self, conn: Connection, done: Any) -> None:
        """A client that goes on at once waits as a new one does, with what was read of its next request already."""
        goes_on = not done.cancelled() and done.exception() is None and done.result()
        if goes_on and (more := conn.parser.unreader.take_buffered()):
            self._gather(conn, more)
        else:
            super().finish_request(conn, done)

    def on_client_socket_readable(self, conn: Connection, client: Any) -> None:
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._gather(conn)

    def murder_pending(self) -> None:
        """Once a second whoever has fallen behind is cut; when this worker ends, whoever has sent nothing."""
        now = time.monotonic()
        if self.alive and now - self.swept < 1:
            return
        self.swept = now
        for conn in [conn for conn in self.gathering if conn.due < now or not (self.alive or conn.gathered)]:
            self._drop(conn)


@contextmanager
def _cut_off() -> Iterator[None]:
    try:
        yield
    except TimeoutError:
        raise TooSlow(errno.ECONNRESET, "too slow") from None
