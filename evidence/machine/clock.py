"""What the kernel knows of its clock, by adjtimex(2) without a change. Nothing where it cannot be read."""

import ctypes
import os
from dataclasses import dataclass

_UNSYNCHRONISED = 0x0040
_NANOSECONDS = 0x2000


@dataclass(frozen=True)
class Clock:
    """Microseconds. `offset` is what the kernel still has to correct, `error` what it estimates to be off by."""

    synchronised: bool
    offset_us: int
    error_us: int
    error_at_most_us: int


class _Timex(ctypes.Structure):
    """struct timex of Linux."""

    _fields_ = [
        ("modes", ctypes.c_uint), ("offset", ctypes.c_long), ("freq", ctypes.c_long), ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long), ("status", ctypes.c_int), ("constant", ctypes.c_long),
        ("precision", ctypes.c_long), ("tolerance", ctypes.c_long), ("seconds", ctypes.c_long),
        ("fraction", ctypes.c_long), ("tick", ctypes.c_long), ("ppsfreq", ctypes.c_long), ("jitter", ctypes.c_long),
        ("shift", ctypes.c_int), ("stabil", ctypes.c_long), ("jitcnt", ctypes.c_long), ("calcnt", ctypes.c_long),
        ("errcnt", ctypes.c_long), ("stbcnt", ctypes.c_long), ("tai", ctypes.c_int), ("spare", ctypes.c_int * 11)]


def read() -> Clock | None:
    """The clock as the kernel sees it, or None: not Linux, or a sandbox that refuses the call."""
    try:
        call = ctypes.CDLL(None, use_errno=True).adjtimex
    except (OSError, AttributeError):
        return None
    told = _Timex()
    if call(ctypes.byref(told)) < 0:
        return None
    return understood(told.status, told.offset, told.esterror, told.maxerror)


def understood(status: int, offset: int, error: int, error_at_most: int) -> Clock:
    """The kernel's numbers in microseconds: it counts the offset in nanoseconds where it says so."""
    return Clock(not status & _UNSYNCHRONISED, offset // 1000 if status & _NANOSECONDS else offset, error,
                 error_at_most)


def machine() -> str:
    """The name of this host, as the kernel has it."""
    return os.uname().nodename[:200]
