"""Slow clients keep no thread: pages are answered while hundreds of them dawdle, and they are cut."""

import errno
import hashlib
import http.client
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from casework import serving
from tests.casework.serving_app import LARGE, PIECE
from tests.casework.slow_clients import answer_on, asked, client, is_cut
from tests.journeys.server import free_port

ROOT = Path(__file__).resolve().parents[2]
MANY = 120
# Less than the first of many slow clients would keep its thread.
PATIENCE = 2.5


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    yield from running(tmp_path_factory.mktemp("serving"))


def children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def limit(descriptors: int) -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))


def running(folder: Path, descriptors: int = 0) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    port = free_port()
    said = (folder / "stderr").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--worker-class", "casework.serving.Worker",
         "--workers", "1", "--threads", "2", "--keep-alive", "5", "--graceful-timeout", "10", "--no-control-socket",
         "--log-level", "warning", "tests.casework.serving_app:application"], cwd=ROOT,
        stderr=said, preexec_fn=partial(limit, descriptors) if descriptors else None)
    said.close()
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            time.sleep(0.05)
    yield port, process
    process.send_signal(signal.SIGTERM)
    process.wait(20)
    assert b"Traceback" not in (folder / "stderr").read_bytes()


@pytest.mark.parametrize("begun", [
    b"", b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ", b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nabc",
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nabc"])
def test_many_slow_clients_keep_nobody_waiting_and_are_cut(server: tuple[int, object], begun: bytes) -> None:
    port, _ = server
    with ExitStack() as opened:
        slow = [opened.enter_context(closing(client(port))) for _ in range(MANY)]
        for sock in slow:
            sock.sendall(begun)
        assert max(asked(port) for _ in range(20)) < PATIENCE
        assert all(is_cut(sock, 15) for sock in slow)
    assert asked(port) < PATIENCE


@pytest.mark.parametrize("begun", [
    b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1000000\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + b"a" * 70_000,
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + b"0" * 30 + b"1000000\r\n\r\n" + b"a" * 70_000,
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + b"9" * 30 + b"\r\n\r\n" + b"a" * 70_000])
def test_uploads_that_take_all_their_threads_leave_those_of_pages_free(server: tuple[int, object],
                                                                       begun: bytes) -> None:
    port, _ = server
    with ExitStack() as opened:
        slow = [opened.enter_context(closing(client(port))) for _ in range(4)]
        for sock in slow:
            sock.sendall(begun)
        assert max(asked(port) for _ in range(20)) < PATIENCE
        assert all(is_cut(sock, 15) for sock in slow)


def test_who_does_not_read_what_was_asked_for_is_cut(server: tuple[int, object]) -> None:
    port, _ = server
    with ExitStack() as opened:
        slow = [opened.enter_context(closing(client(port))) for _ in range(2)]
        for sock in slow:
            sock.sendall(b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
        assert asked(port) < 8, "both threads of pages are free again"


def test_a_length_with_many_zeros_before_it_is_waited_for_without_a_thread(server: tuple[int, object]) -> None:
    port, _ = server
    with ExitStack() as opened:
        slow = [opened.enter_context(closing(client(port))) for _ in range(8)]
        for sock in slow:
            sock.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + b"0" * 30 + b"9\r\n\r\nabc")
        assert max(asked(port) for _ in range(20)) < PATIENCE
        for sock in slow:
            sock.sendall(b"defghi")
            assert answer_on(sock).startswith("9 ")


def test_who_reads_slowly_but_steadily_gets_all_of_one_large_piece(server: tuple[int, object]) -> None:
    port, _ = server
    with closing(socket.socket()) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
        sock.settimeout(10)
        sock.connect(("127.0.0.1", port))
        sock.sendall(b"GET /piece HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        size, began = 0, time.monotonic()
        while data := sock.recv(2**18):
            size += len(data)
            time.sleep(0.06)
        assert time.monotonic() - began > 2, "it took longer than a silence may last"
        assert size > PIECE


def test_a_line_on_which_the_kernels_buffer_lasts_longer_than_a_silence_is_not_cut(server: tuple[int, object]) -> None:
    """Unhelped the kernel says nothing of what such a client took until it has taken megabytes."""
    port, _ = server
    with closing(socket.socket()) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
        sock.settimeout(10)
        sock.connect(("127.0.0.1", port))
        sock.sendall(b"GET /piece HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        size, began = 0, time.monotonic()
        while time.monotonic() - began < 6:
            size += len(sock.recv(2**16))
            time.sleep(0.15)
        while data := sock.recv(2**18):
            size += len(data)
        assert size > PIECE


def test_a_head_is_read_once_however_small_the_crumbs_of_its_body(monkeypatch: pytest.MonkeyPatch) -> None:
    """One client must not keep the loop busy that serves everybody."""
    looked: list[bytes] = []
    monkeypatch.setattr(serving, "_UNKNOWN", SimpleNamespace(search=looked.append))
    one, other = socket.socketpair()
    with closing(one), closing(other):
        connection = serving.Connection(None, one, None, None)
        for crumb in b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n" + b"a" * 99:
            connection.gathered.append(crumb)
            assert not connection.is_here()
        connection.gathered += b"a"
        assert connection.is_here() and len(looked) == 1


def test_a_long_length_is_read_in_one_go() -> None:
    one, other = socket.socketpair()
    with closing(one), closing(other):
        connection = serving.Connection(None, one, None, None)
        connection.begin(b"POST / HTTP/1.1\r\nContent-Length: " + b"0" * 60_000 + b"x\r\n\r\n")
        began = time.monotonic()
        assert connection.is_here()
        assert time.monotonic() - began < 0.5


def test_who_waits_for_less_time_than_a_client_may_take_waits_no_longer() -> None:
    """gunicorn, for what is left of a body that nobody read."""
    one, other = socket.socketpair()
    with closing(serving.Client(fileno=one.detach())) as waited, closing(other):
        waited.settimeout(0.1)
        began = time.monotonic()
        with pytest.raises(serving.TooSlow):
            waited.recv(1)
        assert time.monotonic() - began < 1 and waited.gettimeout() == 0.1


def test_no_descriptor_for_one_more_is_no_end_of_the_others() -> None:
    def none_left() -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    serving.Worker.accept(SimpleNamespace(), SimpleNamespace(accept=none_left))  # type: ignore[arg-type]


def test_a_worker_that_runs_out_of_descriptors_goes_on(tmp_path: Path) -> None:
    for port, process in running(tmp_path, descriptors=96):
        workers = children(process.pid)
        with ExitStack() as opened:
            for _ in range(150):
                opened.enter_context(closing(client(port)))
            time.sleep(1)
        assert asked(port) < 8
        assert children(process.pid) == workers


def test_who_reads_steadily_gets_all_of_it(server: tuple[int, object]) -> None:
    port, _ = server
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/large")
    answer, size = connection.getresponse(), 0
    while data := answer.read(2**20):
        size += len(data)
        time.sleep(0.03)
    assert size == LARGE
    connection.close()


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 5_000_000])
def test_a_body_arrives_whole_whatever_its_size_and_however_it_is_cut_up(server: tuple[int, object], size: int) -> None:
    port, _ = server
    body = os.urandom(size)
    wanted = f"{size} {hashlib.sha256(body).hexdigest()}"
    head = f"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {size}\r\n\r\n".encode()
    with closing(client(port)) as sock:
        # The same connection, three times: in one piece, in two, in many.
        for pieces in ([head + body], [head, body], [*(head[i:i + 7] for i in range(0, len(head), 7)),
                                                     *(body[i:i + 50_000] for i in range(0, size, 50_000))]):
            for piece in pieces:
                sock.sendall(piece)
            assert answer_on(sock) == wanted


def test_a_slow_line_is_no_reason_to_be_cut(server: tuple[int, object]) -> None:
    port, _ = server
    body = os.urandom(8_000)
    with closing(client(port)) as sock:
        sock.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 8000\r\n\r\n")
        for at in range(0, 8_000, 400):
            sock.sendall(body[at:at + 400])
            time.sleep(0.15)
        assert answer_on(sock) == f"8000 {hashlib.sha256(body).hexdigest()}"


def test_bodies_of_unknown_length_and_bodies_that_ask_first_arrive(server: tuple[int, object]) -> None:
    port, _ = server
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    body = b"ab" + b"c" * 100_000
    connection.request("POST", "/", iter([body[:2], body[2:]]), {"Transfer-Encoding": "chunked"}, encode_chunked=True)
    assert connection.getresponse().read() == f"100002 {hashlib.sha256(body).hexdigest()}".encode()
    connection.close()
    with closing(client(port)) as sock:
        sock.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
        assert sock.recv(1000).startswith(b"HTTP/1.1 100")
        sock.sendall(b"abc")
        assert answer_on(sock).startswith("3 ")


def test_a_head_that_ends_with_the_first_of_its_body_in_one_piece_is_no_endless_one(server: tuple[int, object]) -> None:
    port, _ = server
    body = os.urandom(65_530)
    with closing(client(port)) as sock:
        sock.sendall(b"POST / HTTP/1.1\r\nHost: a\r\n")
        time.sleep(0.2)
        sock.sendall(b"Content-Length: 65530\r\n\r\n" + body)
        assert answer_on(sock) == f"65530 {hashlib.sha256(body).hexdigest()}"


def test_two_requests_in_one_piece_are_both_answered(server: tuple[int, object]) -> None:
    port, _ = server
    one = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab"
    with closing(client(port)) as sock:
        sock.sendall(one + one[:30])
        assert answer_on(sock).startswith("2 ")
        time.sleep(0.2)
        sock.sendall(one[30:])
        assert answer_on(sock).startswith("2 ")


def test_a_head_without_an_end_is_refused(server: tuple[int, object]) -> None:
    port, _ = server
    with closing(client(port)) as sock:
        sock.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nX-Long: " + b"a" * 70_000)
        assert sock.recv(1000).startswith(b"HTTP/1.1 431")


def test_an_open_connection_does_not_hold_up_the_end(tmp_path: Path) -> None:
    for port, process in running(tmp_path):
        with closing(client(port)), closing(client(port)) as kept:
            kept.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            assert answer_on(kept).startswith("0 ")
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            process.wait(20)
            assert time.monotonic() - began < 6
