"""A task for the jail that does what the first word of its input says: what an exploited decoder would try."""

import ctypes
import mmap
import os
import pathlib
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, BinaryIO


def warm_up() -> None:
    """Nothing to load."""


def work(file: BinaryIO) -> tuple[dict[str, Any], dict[str, bytes]]:
    word, _, rest = file.read().decode().partition(" ")
    return {"got": str(ATTACKS[word](rest))}, {}


def connect(port: str) -> Any:
    return socket.create_connection(("127.0.0.1", int(port)), timeout=2)


def fork_bomb(_rest: str) -> Any:
    while True:
        os.fork()


def fill_memory(_rest: str) -> Any:
    kept = []
    while True:
        kept.append(b"x" * (64 * 1024 * 1024))


def map_memory(_rest: str) -> Any:
    return mmap.mmap(-1, 2**35)


def compute(_rest: str) -> Any:
    while True:
        pass


def flood(_rest: str) -> Any:
    while True:
        os.write(1, b"x" * 1024 * 1024)


def lie(_rest: str) -> Any:
    os.write(1, b'{"ok": true, "facts": {}, "parts": {"preview": 5}}\nab')
    os._exit(0)


def nonsense(_rest: str) -> Any:
    os.write(1, b'[1, 2\n')
    os._exit(3)


def crash(_rest: str) -> Any:
    return ctypes.string_at(0)


def raise_limit(_rest: str) -> Any:
    import resource
    return resource.setrlimit(resource.RLIMIT_AS, (-1, -1))


def ptrace(_rest: str) -> Any:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.ptrace(16, os.getppid(), 0, 0) < 0:
        raise OSError(ctypes.get_errno(), "ptrace")
    return "attached"


ATTACKS: dict[str, Callable[[str], Any]] = {
    "connect": connect, "socket": lambda rest: socket.socket(), "unix": lambda rest: socket.socket(socket.AF_UNIX),
    "pair": lambda rest: socket.socketpair(), "read": lambda path: pathlib.Path(path).read_bytes(),
    "list": lambda path: os.listdir(path), "write": lambda path: pathlib.Path(path).write_text("x"),
    "unlink": lambda path: os.unlink(path), "environment": lambda rest: sorted(os.environ),
    "modules": lambda rest: sorted(name for name in sys.modules if name.split(".")[0] in {"django", "casework"}),
    "descriptors": lambda rest: [fd for fd in range(3, 256) if _is_open(fd)],
    "execute": lambda rest: subprocess.run(["/bin/true"], check=True),
    "exec": lambda rest: os.execv("/bin/true", ["x"]),
    "fork": fork_bomb, "memory": fill_memory, "mmap": map_memory, "compute": compute, "flood": flood, "lie": lie,
    "kill": lambda rest: os.kill(os.getppid(), signal.SIGKILL), "sleep": lambda rest: time.sleep(60),
    "threads": lambda rest: threading.Thread(target=time.sleep).start(), "crash": crash, "nonsense": nonsense,
    "limit": raise_limit, "ptrace": ptrace, "root": lambda rest: os.setuid(0),
}


def _is_open(fd: int) -> bool:
    try:
        os.fstat(fd)
    except OSError:
        return False
    return True
