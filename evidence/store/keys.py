"""Where a hash lies in a storage. Pure."""

import re

_HEX = re.compile(r"[0-9a-f]{64}")


def is_sha256(text: str) -> bool:
    """Whether `text` is 64 lower-case hex digits and nothing else."""
    return _HEX.fullmatch(text) is not None


def key(sha256: str) -> str:
    """`aa/bb/aabb…`: two levels of folders keep each of them small. ValueError for anything but a hash."""
    if not is_sha256(sha256):
        raise ValueError(f"not a SHA-256: {sha256[:80]!r}")
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"
