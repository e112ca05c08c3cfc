"""The task `probe`: tries from inside what the jail must refuse, and tells what happened. No foreign bytes."""

import os
import socket
from collections.abc import Callable
from typing import Any, BinaryIO

TOO_MUCH = 1 << 34


def warm_up() -> None:
    """Nothing to load."""


def work(file: BinaryIO) -> tuple[dict[str, Any], dict[str, bytes]]:
    """For each way out, whether it is shut."""
    return {
        "network": _refused(lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM)),
        "files": _refused(lambda: os.open("/", os.O_RDONLY)),
        "processes": _refused(os.fork),
        "signals": _refused(lambda: os.kill(os.getppid(), 0)),
        "privileges": _refused(lambda: os.setuid(0)),
        # Python sets this one itself when there is no other.
        "environment": set(os.environ) <= {"LC_CTYPE"},
        "memory": _refused(lambda: bytearray(TOO_MUCH)),
    }, {}


def _refused(attempt: Callable[[], Any]) -> bool:
    try:
        attempt()
    except (OSError, MemoryError):
        return True
    return False
