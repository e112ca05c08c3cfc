"""What a child gives up before it looks at foreign bytes. Standard library only; Linux on x86-64 and 64-bit ARM.

After `confine` the process can compute, read what it holds, write to its pipe and end. The kernel answers every
other system call with EPERM: no file can be opened, no socket made, no process started or signalled. It needs no
privilege, so it holds in containers and for ordinary users alike."""

import ctypes
import os
import platform
import resource
import signal
import struct

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP = 1, 4, 38, 22
SECCOMP_MODE_FILTER = 2
NOBODY = 65534

# System call: its number on x86_64 and on aarch64.
_ALLOWED = {
    "read": (0, 63), "write": (1, 64), "close": (3, 57), "fstat": (5, 80), "newfstatat": (262, 79),
    "lseek": (8, 62), "pread64": (17, 67), "mmap": (9, 222), "mprotect": (10, 226), "munmap": (11, 215),
    "mremap": (25, 216), "brk": (12, 214), "madvise": (28, 233), "futex": (202, 98), "sched_yield": (24, 124),
    "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139), "sigaltstack": (131, 132),
    "getpid": (39, 172), "gettid": (186, 178), "getrandom": (318, 278), "clock_gettime": (228, 113),
    "gettimeofday": (96, 169), "exit": (60, 93), "exit_group": (231, 94),
}
_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}

_LOAD, _JUMP_EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | 1, 0x80000000


class Unconfined(Exception):
    """This machine cannot hold a child: then foreign bytes are not parsed at all."""


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def confine(*, memory: int, cpu_seconds: int) -> None:
    """Give up everything but computing, for good. `memory` is in bytes. Raises Unconfined, OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    # A killed worker takes its child along; nobody may look into the child's memory.
    _prctl(libc, PR_SET_PDEATHSIG, signal.SIGKILL)
    for limit, value in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, cpu_seconds),
                         (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_NOFILE, 0), (resource.RLIMIT_CORE, 0),
                         (resource.RLIMIT_NPROC, 0)):
        resource.setrlimit(limit, (value, value))
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
        # The kernel forgets the death signal when a process changes its user.
        _prctl(libc, PR_SET_PDEATHSIG, signal.SIGKILL)
    _prctl(libc, PR_SET_DUMPABLE, 0)
    _prctl(libc, PR_SET_NO_NEW_PRIVS, 1)
    code = _filter(platform.machine())
    program = _Program(len(code) // 8, code)
    _prctl(libc, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(program))


def _prctl(libc: ctypes.CDLL, option: int, *values: int) -> None:
    arguments = [ctypes.c_ulong(value) for value in (*values, 0, 0, 0, 0)[:4]]
    if libc.prctl(ctypes.c_int(option), *arguments):
        raise Unconfined(f"prctl {option}: {os.strerror(ctypes.get_errno())}")


def _filter(machine: str) -> bytes:
    """The BPF program: another architecture dies, a listed call passes, every other one gets EPERM."""
    if machine not in _ARCHITECTURES:
        raise Unconfined(f"no filter for {machine}")
    column, architecture = _ARCHITECTURES[machine]
    numbers = [pair[column] for pair in _ALLOWED.values()]
    code = [(_LOAD, 0, 0, 4), (_JUMP_EQUAL, 1, 0, architecture), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, 0)]
    code += [(_JUMP_EQUAL, len(numbers) - place, 0, number) for place, number in enumerate(numbers)]
    code += [(_RETURN, 0, 0, _REFUSE), (_RETURN, 0, 0, _ALLOW)]
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in code)
