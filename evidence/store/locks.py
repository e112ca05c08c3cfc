"""What a storage says of its locks, and what was seen of them. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

GOVERNANCE, COMPLIANCE, UNLOCKED = "governance", "compliance", "none"


@dataclass(frozen=True)
class Lock:
    """What the storage says of its lock on one version: `mode` is empty, governance or compliance, until when, and
    whether a legal hold, which has no end, is on it."""

    mode: str = ""
    until: datetime | None = None
    hold: bool = False

    def at_least(self, other: "Lock") -> bool:
        """Whether this holds as long and as hard as `other`."""
        if other.hold and not self.hold or other.mode == COMPLIANCE and self.mode != COMPLIANCE:
            return False
        return other.until is None or self.until is not None and self.until >= other.until


@dataclass(frozen=True)
class Archived:
    """Something that lies in the archive: hash and version, or a marker (`deleted`) that hides the versions."""

    sha256: str
    version: str
    deleted: bool = False


class Result(StrEnum):
    """Of a test of the lock. `bypassable`: it holds against mistakes, and this program's own credential may lift it."""

    ENFORCED = "enforced"
    BYPASSABLE = "bypassable"
    NOT_ENFORCED = "not_enforced"
    NO_LOCK = "no_lock"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True)
class Proof:
    """What came of a test, and why."""

    result: Result
    detail: str = ""
