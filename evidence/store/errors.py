"""What can go wrong with bytes, in words that doors can answer."""

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

# EFBIG is what a process gets that may not write files of this size.
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class StoreFull(Exception):
    """No room (or no inode, or no quota) to keep the bytes. Nothing is visible under their hash."""


class StoreUnavailable(Exception):
    """The storage does not answer or answers with an error. Nothing was accepted; it may work later (503)."""


class Busy(Exception):
    """Somebody else writes to these bytes at this moment, or takes them in. Nothing was changed."""


class Locked(Exception):
    """The storage keeps these bytes and refuses to remove them, until `until` where it says so."""

    def __init__(self, reason: str, until: datetime | None = None):
        super().__init__(reason)
        self.until = until


class HashMismatch(Exception):
    """The sender declared another SHA-256 than the bytes that arrived have. Nothing is visible."""

    def __init__(self, declared: str, received: str):
        super().__init__(f"declared {declared}, received {received}")
        self.declared, self.received = declared, received


class Damaged(Exception):
    """Stored bytes no longer hash to their name, or are gone."""

    @property
    def sha256(self) -> str:
        """The hash that it speaks of; empty where it speaks of none."""
        found = re.search(r"[0-9a-f]{64}", str(self))
        return found[0] if found else ""


Known = StoreFull | StoreUnavailable | Damaged


def translate(error: OSError | Known) -> Known:
    """The operating system's error in our words; ours as they are."""
    if not isinstance(error, OSError):
        return error
    if error.errno in _FULL:
        return StoreFull(f"no room: {error.strerror}")
    return StoreUnavailable(f"the storage failed: {error.strerror or type(error).__name__}")


@contextmanager
def translated() -> Iterator[None]:
    """Turn the operating system's errors into StoreFull or StoreUnavailable."""
    try:
        yield
    except OSError as error:
        raise translate(error) from error
