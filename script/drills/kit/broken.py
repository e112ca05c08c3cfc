"""The rows of `script/drill disks`: how each thing is taken away, and what must be seen then.

A row gets the bench, answers what it saw, and raises AssertionError for what should not have been."""

import os
import resource
import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from drills.kit import cutoff
from drills.kit.bench import Bench, LeftOut

Row = tuple[str, str, Callable[[Bench], str]]


def failing_fsync(bench: Bench) -> str:
    """The first fsync of each thread answers EIO and the next one succeeds; then the second."""
    if shutil.which("strace") is None:
        raise LeftOut("needs strace (apt-get install strace)")
    seen = []
    for when in (1, 2):
        watched = [word for pid in bench.server.pids("web worker") for word in ("-p", str(pid))]
        tracer = subprocess.Popen(["strace", "-f", "-o", "/dev/null", *watched, "-e", "trace=fsync", "-e",
                                   f"inject=fsync:error=EIO:when={when}"], stderr=subprocess.PIPE, text=True)
        try:
            for _pid in watched[::2]:
                assert tracer.stderr is not None and "attached" in tracer.stderr.readline(), "strace cannot watch"
            data, key = bench.refused(503)
        finally:
            tracer.send_signal(signal.SIGINT)
            tracer.communicate(timeout=30)
        seen.append(f"fsync {when}: 503, nothing visible, sent again {bench.again(data, key)}")
    return "; ".join(seen)


@contextmanager
def _limited(bench: Bench, what: int, limit: Callable[[int], int]) -> Iterator[None]:
    """A soft limit of the web's workers."""
    before = {pid: resource.prlimit(pid, what) for pid in bench.server.pids("web worker")}
    try:
        for pid, (_soft, hard) in before.items():
            resource.prlimit(pid, what, (limit(pid), hard))
        yield
    finally:
        for pid, limits in before.items():
            with suppress(ProcessLookupError):
                resource.prlimit(pid, what, limits)


def short_writes(bench: Bench) -> str:
    with _limited(bench, resource.RLIMIT_FSIZE, lambda _pid: 300_000):
        data, key = bench.refused(507)
    return f"507, nothing visible, sent again {bench.again(data, key)}"


def _room(path: Path) -> tuple[int, int]:
    """Bytes and inodes in use."""
    found = os.statvfs(path)
    return (found.f_blocks - found.f_bfree) * found.f_frsize, found.f_files - found.f_ffree


def store_full(bench: Bench) -> str:
    bench.need_mounts()
    bench.remount("store", f"size={_room(bench.home / 'store')[0] // 1024 + 200}k")
    try:
        data, key = bench.refused(507)
        reads = bench.reads()
        assert reads == 200, f"reading answers {reads}"
    finally:
        bench.remount("store", "size=96m")
    return f"507, nothing visible, reading 200, after there is room {bench.again(data, key)}"


def incoming_full(bench: Bench) -> str:
    bench.need_mounts()
    room = bench.home / "incoming" / "filler"
    with suppress(OSError):
        room.write_bytes(bytes(9 * 2**20))
    try:
        _data, _key, status, _seconds = bench.upload(1_000_000)
    finally:
        room.unlink()
    assert status == 201, f"answered {status}"
    return "201: what is lodged goes straight into the store's own filesystem"


def no_inodes(bench: Bench) -> str:
    bench.need_mounts()
    bench.remount("store", f"nr_inodes={_room(bench.home / 'store')[1]}")
    try:
        data, key = bench.refused(507)
    finally:
        bench.remount("store", "nr_inodes=20k")
    return f"507, nothing visible, afterwards {bench.again(data, key)}"


def read_only(bench: Bench) -> str:
    bench.need_mounts()
    bench.remount("store", "ro")
    try:
        data, key = bench.refused(503)
        reads = bench.reads()
        assert reads == 200, f"reading answers {reads}"
    finally:
        bench.remount("store", "rw")
    return f"503, nothing visible, reading 200, afterwards {bench.again(data, key)}"


def _open(pid: int) -> set[int]:
    return {int(name) for name in os.listdir(f"/proc/{pid}/fd")}


def _lowest(pid: int, more: int) -> int:
    """The limit under which this process can open `more` files and not one beyond."""
    held, number = _open(pid), 0
    while more:
        more -= number not in held
        number += 1
    return number


def no_descriptors(bench: Bench) -> str:
    """The web server's workers can open one file more, then two, and so on up to what a request needs."""
    bench.recovers()
    before = {pid: len(_open(pid)) for pid in bench.server.pids("web worker")}
    answers: Counter[str] = Counter()
    for more in range(1, 6):
        with _limited(bench, resource.RLIMIT_NOFILE, partial(_lowest, more=more)):
            for _number in range(6):
                answers[str(bench.upload()[2])] += 1
        bench.recovers()
    # Where the web server itself cannot open what it needs, it closes the connection.
    assert set(answers) <= {"503", "201", "ConnectionResetError", "RemoteDisconnected"}, str(answers)
    leaked = {pid: len(_open(pid)) - count for pid, count in before.items() if Path(f"/proc/{pid}").exists()}
    # Each of its eight threads keeps a connection to the database.
    assert max(leaked.values(), default=0) <= 8, f"descriptors more than before: {leaked}"
    return f"{dict(answers)}, then 201; descriptors more than before: {list(leaked.values())}"


ROWS: dict[str, Row] = {
    "F04": ("fsync fails once, then succeeds", "503, nothing visible, 201 when sent again", failing_fsync),
    "F05": ("writes are short, then too large", "507, nothing visible", short_writes),
    "F07": ("store full", "507, reading goes on, 201 once there is room", store_full),
    "F08": ("incoming full", "201", incoming_full),
    "F10": ("no inodes in the store", "507, nothing visible", no_inodes),
    "RO": ("store read-only", "503, reading goes on", read_only),
    "F11": ("no descriptors", "503 or a closed connection, no leak, 201 afterwards", no_descriptors),
    "F16": ("database silent", "503 at once, no pile-up, 201 afterwards", cutoff.silent),
    "F17": ("no connections left", "503, never 500", cutoff.no_connections),
    "F18": ("deadlock", "503 or 201, one lodging", cutoff.deadlock),
    "F19": ("unsafe database", "does not start", cutoff.unsafe_database),
    "F20": ("broker killed, broker emptied", "201, worked on within 60 s", cutoff.broker_gone),
    "F21": ("broker full", "201", cutoff.broker_full),
    "F22": ("messages delivered ten times", "one event for each step", cutoff.delivered_ten_times),
    "F09": ("the database's disk full", "503, 201 once there is room", cutoff.database_disk_full),
}
