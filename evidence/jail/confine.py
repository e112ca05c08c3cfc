"""What a child gives up before it looks at foreign bytes. Standard library only; Linux on x86-64 and 64-bit ARM.

After `confine` the process can compute, read what it holds, write to its pipe and end. The kernel answers every
other system call with EPERM: no file can be opened, no socket made, no process started or signalled. It needs no
privilege, so it holds in containers and for ordinary users alike.

`fence` is for a child of ours that must open files, such as fonts: it keeps that, and loses network and processes."""

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
# What a fenced child may not ask for: a way out of the machine, another program, a look into another process.
_FENCED = {
    "socket": (41, 198), "connect": (42, 203), "sendto": (44, 206), "sendmsg": (46, 211), "bind": (49, 200),
    "listen": (50, 201), "socketpair": (53, 199), "execve": (59, 221), "execveat": (322, 281), "fork": (57, None),
    "vfork": (58, None), "kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131),
    "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240), "pidfd_send_signal": (424, 424),
    "ptrace": (101, 117), "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271), "pidfd_open": (434, 434), "pidfd_getfd": (438, 438), "io_uring_setup": (425, 425),
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "keyctl": (250, 219),
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "chroot": (161, 51), "init_module": (175, 105),
    "finit_module": (313, 273), "kexec_load": (246, 104), "open_by_handle_at": (304, 265),
}
_CLONE, _CLONE3, _PRLIMIT = (56, 220), (435, 435), (302, 261)
_THREAD = 0x00010000
# From here on x86-64 has the same calls once more, under other numbers.
_SECOND_TABLE = 0x40000000
_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}

_LOAD, _JUMP_EQUAL, _JUMP_FROM, _JUMP_SET, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _REFUSE, _UNKNOWN, _KILL = 0x7FFF0000, 0x00050000 | 1, 0x00050000 | 38, 0x80000000
# Where the kernel lays out what was asked: number, architecture, and the first argument's lower half.
_NUMBER, _ARCHITECTURE, _ARGUMENT = 0, 4, 16


Instruction = tuple[int, int, int, int]


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
    _shut(libc, _filter(platform.machine()))


def fence(*, memory: int) -> None:
    """Give up network, other programs and other processes, for good; files stay. `memory` is in bytes. Raises
    Unconfined, OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    _prctl(libc, PR_SET_PDEATHSIG, signal.SIGKILL)
    for limit, value in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(limit, (value, value))
    _shut(libc, _fence(platform.machine()))


def _shut(libc: ctypes.CDLL, code: bytes) -> None:
    _prctl(libc, PR_SET_NO_NEW_PRIVS, 1)
    program = _Program(len(code) // 8, code)
    _prctl(libc, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(program))


def _prctl(libc: ctypes.CDLL, option: int, *values: int) -> None:
    arguments = [ctypes.c_ulong(value) for value in (*values, 0, 0, 0, 0)[:4]]
    if libc.prctl(ctypes.c_int(option), *arguments):
        raise Unconfined(f"prctl {option}: {os.strerror(ctypes.get_errno())}")


def _filter(machine: str) -> bytes:
    """The BPF program: another architecture dies, a listed call passes, every other one gets EPERM."""
    column, code = _begin(machine)
    numbers = [pair[column] for pair in _ALLOWED.values()]
    code += [(_JUMP_EQUAL, len(numbers) - place, 0, number) for place, number in enumerate(numbers)]
    return _packed([*code, (_RETURN, 0, 0, _REFUSE), (_RETURN, 0, 0, _ALLOW)])


def _fence(machine: str) -> bytes:
    """The BPF program: another architecture dies, a listed call and a new process get EPERM, every other call passes.
    clone3 hides its flags from us; told that there is none, libraries take clone."""
    column, code = _begin(machine)
    code += [(_JUMP_FROM, 0, 1, _SECOND_TABLE), (_RETURN, 0, 0, _KILL)]
    code += [(_JUMP_EQUAL, 0, 1, _CLONE3[column]), (_RETURN, 0, 0, _UNKNOWN)]
    code += [(_JUMP_EQUAL, 0, 4, _CLONE[column]), (_LOAD, 0, 0, _ARGUMENT), (_JUMP_SET, 0, 1, _THREAD),
             (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    # Its own limits it may lower; nobody else's.
    code += [(_JUMP_EQUAL, 0, 4, _PRLIMIT[column]), (_LOAD, 0, 0, _ARGUMENT), (_JUMP_EQUAL, 0, 1, 0),
             (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    for pair in _FENCED.values():
        if (number := pair[column]) is not None:
            code += [(_JUMP_EQUAL, 0, 1, number), (_RETURN, 0, 0, _REFUSE)]
    return _packed([*code, (_RETURN, 0, 0, _ALLOW)])


def _begin(machine: str) -> tuple[int, list[Instruction]]:
    """Which column of the tables is this machine's, and what every program begins with."""
    if machine not in _ARCHITECTURES:
        raise Unconfined(f"no filter for {machine}")
    column, architecture = _ARCHITECTURES[machine]
    return column, [(_LOAD, 0, 0, _ARCHITECTURE), (_JUMP_EQUAL, 1, 0, architecture), (_RETURN, 0, 0, _KILL),
                    (_LOAD, 0, 0, _NUMBER)]


def _packed(code: list[Instruction]) -> bytes:
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in code)
