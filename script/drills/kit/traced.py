"""Run a function in a child of this process, watched by strace, which lets one system call of it fail.

The child is forked from a process in which everything is loaded, so a run takes what its work takes and no more; strace
counts calls from the moment it is attached. The answer comes over a socket by sendmsg, which no fault touches."""

import json
import os
import re
import signal
import socket
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILES = ("openat", "write", "pwrite64", "writev", "sendfile", "copy_file_range", "fsync", "fdatasync", "rename",
         "renameat", "renameat2", "link", "linkat", "symlink", "unlink", "unlinkat", "rmdir", "mkdir", "mkdirat",
         "ftruncate", "fallocate", "fchmod", "chmod", "fchmodat", "flock", "close")
SOCKETS = ("sendto", "recvfrom", "connect")
LONGEST = 90.0
_LINE = re.compile(r"^(\d+)\s+(\w+)\((.*)$")


@dataclass(frozen=True, order=True)
class Fault:
    """The `ordinal`-th `call` of a process answers with `how` (an strace expression)."""

    call: str
    ordinal: int
    how: str

    def __str__(self) -> str:
        return f"{self.call} {self.ordinal} {self.how}"

    @property
    def leaves_doubt(self) -> bool:
        """Whether the caller may not know what became of its transaction: it is gone, or its connection is."""
        return self.how == "signal=KILL" or self.call in SOCKETS


@dataclass(frozen=True)
class Run:
    """What came of a run: the work's answer or None, and whether it ended by itself in time."""

    answer: Any
    ended: bool
    calls: list[tuple[str, int]]


def run(work: Callable[[], Any], fault: Fault | None = None, *, children: bool = False) -> Run:
    """Do `work` in a child; with `fault` injected, or else listing the calls that change something."""
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        _child(work, ours, theirs)
    theirs.close()
    with tempfile.NamedTemporaryFile(prefix="casework-strace-") as trace:
        inject = ["-e", f"inject={fault.call}:{fault.how}:when={fault.ordinal}"] if fault else []
        calls = fault.call if fault else ",".join((*FILES, *SOCKETS))
        tracer = subprocess.Popen(["strace", *(["-f"] if children else []), "-y", "-s", "64", "-o", trace.name, "-p",
                                   str(pid), "-e", f"trace={calls}", *inject],
                                  stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        try:
            said = tracer.stderr.readline() if tracer.stderr else ""
            if "attached" not in said:
                raise RuntimeError(f"strace cannot watch: {said}")
            ours.sendall(b"go")
            answer, ended = _wait(pid, ours)
        finally:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(pid, 0)
            tracer.communicate(timeout=30)
            ours.close()
        return Run(answer, ended, _calls(Path(trace.name), pid) if fault is None else [])


def answer_of(work: Callable[[], Any]) -> Any:
    """What `work` answers in a child that nobody watches: its connections and its memory go with it."""
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        _child(work, ours, theirs)
    theirs.close()
    ours.sendall(b"go")
    answer, ended = _wait(pid, ours)
    ours.close()
    with suppress(ChildProcessError):
        os.waitpid(pid, 0)
    if not ended or answer is None:
        raise RuntimeError("the judge did not answer")
    return answer


def _child(work: Callable[[], Any], ours: socket.socket, theirs: socket.socket) -> None:
    """Never returns. Whatever the work raises is no answer; its words stay in the log of the drill."""
    try:
        # Who started the drill ends it; a child that outlives its parent would go on for nobody.
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        ours.close()
        theirs.recv(2)
        answer = work()
        theirs.sendmsg([json.dumps(answer).encode()])
        os._exit(0)
    # A child must not come back into its parent's code, whatever happened.
    except BaseException as error:  # noqa: BLE001
        with suppress(OSError):
            theirs.sendmsg([json.dumps({"raised": f"{type(error).__name__}: {error}"}).encode()])
    finally:
        os._exit(1)


def _wait(pid: int, ours: socket.socket) -> tuple[Any, bool]:
    """The answer (None: it was killed first), and whether it ended in time."""
    ours.settimeout(LONGEST)
    parts: list[bytes] = []
    try:
        while part := ours.recv(65536):
            parts.append(part)
    except ConnectionResetError:
        pass
    except TimeoutError:
        return None, False
    until = time.monotonic() + 10
    while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None and time.monotonic() < until:
        time.sleep(0.005)
    return (json.loads(b"".join(parts)) if parts else None), True


def _calls(trace: Path, pid: int) -> list[tuple[str, int]]:
    """(call, ordinal) of each call of a tracee that changes something; strace counts each tracee by itself."""
    seen: Counter[tuple[str, str]] = Counter()
    found = set()
    for line in trace.read_text(errors="replace").splitlines():
        match = _LINE.match(line) or _LINE.match(f"{pid} {line}")
        if match is None or "resumed>" in line:
            continue
        who, call, rest = match.groups()
        seen[who, call] += 1
        if call != "openat" or "O_CREAT" in rest or "O_DIRECTORY" in rest:
            found.add((call, seen[who, call]))
    return sorted(found)


def faults(calls: list[tuple[str, int]]) -> list[Fault]:
    """Each call with each way to fail.

    Two kinds are tried by death alone: the kernel closes a file even when close fails, and a socket on which only
    sending fails, while reading waits on, does not exist."""
    found = []
    for call, ordinal in calls:
        errors = ["error=ECONNRESET"] if call in {"recvfrom", "connect"} else ["error=EIO", "error=ENOSPC"]
        if call in {"close", "sendto"}:
            errors = []
        found += [Fault(call, ordinal, how) for how in ("signal=KILL", *errors)]
    return found
