"""A fenced child opens files and starts threads, and has no network, no other programs and no other processes."""

import subprocess
import sys
from pathlib import Path

import pytest

from evidence.jail import confine

ROOT = Path(__file__).resolve().parents[2]
# System calls that Python has no word for, by their numbers on x86-64; errno becomes an exception.
CALL = ("import ctypes, os; libc = ctypes.CDLL(None, use_errno=True)\n"
        "def call(*of):\n    if libc.syscall(*of) < 0: raise OSError(ctypes.get_errno(), 'refused')\ncall")
TRIED = {
    "connect": "import socket; socket.create_connection(('127.0.0.1', 9), 1)",
    "a name": "import socket; socket.getaddrinfo('example.org', 80)",
    "a socket of this machine": "import socket; socket.socket(socket.AF_UNIX)",
    "a pair": "import socket; socket.socketpair()",
    "a program": "import os; os.execv('/bin/true', ['true'])",
    "a child": "import os; os.fork()",
    "a shell": "import subprocess; subprocess.run(['true'])",
    "spawn": "import os; os.posix_spawn('/bin/true', ['true'], {})",
    "a signal": "import os; os.kill(os.getppid(), 0)",
    "a signal to a thread": CALL + "(234, os.getppid(), os.getppid(), 0)",
    "a queued signal": CALL + "(129, os.getppid(), 0, ctypes.create_string_buffer(128))",
    "another's limits": "import os, resource; resource.prlimit(os.getppid(), resource.RLIMIT_CPU)",
    "another table of calls": "import ctypes; ctypes.CDLL(None).syscall(0x40000000 + 41, 1, 1, 0)",
    "memory": "bytearray(2 * 2**30)",
}
BEGIN = "from evidence.jail import confine; confine.fence(memory=2**30);"


def run(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60,
                          check=False)


@pytest.mark.parametrize("program", TRIED.values(), ids=TRIED.keys())
def test_no_way_out(program: str) -> None:
    ended = run(f"{BEGIN}\n{program}; print('out')")
    assert ended.returncode and not ended.stdout
    assert ended.returncode < 0 or any(
        word in ended.stderr for word in ("PermissionError", "MemoryError", "gaierror")), ended.stderr


def test_without_the_fence_they_work_so_the_tests_test_something() -> None:
    for name in ("a pair", "a child", "a shell", "spawn", "a signal", "a socket of this machine"):
        assert run(f"{TRIED[name]}; print('out')").returncode == 0, name


def test_files_threads_and_memory_are_there(tmp_path: Path) -> None:
    ended = run(f"{BEGIN} import threading, pathlib; "
                f"pathlib.Path({str(tmp_path / 'x')!r}).write_text('kept'); found = []; "
                "one = threading.Thread(target=found.append, args=(1,)); one.start(); one.join(); "
                "print(found, len(bytearray(2**28)))")
    assert ended.stdout == f"[1] {2**28}\n", ended.stderr
    assert (tmp_path / "x").read_text() == "kept"


def test_a_machine_that_we_have_no_filter_for_gets_none() -> None:
    with pytest.raises(confine.Unconfined):
        confine._fence("riscv64")
    assert len(confine._fence("aarch64")) < len(confine._fence("x86_64")), "it has no fork of its own"
