"""Where a hash lies in a storage. Pure."""

import re

_HEX = re.compile(r"[0-9a-f]{64}")


def is_sha256(text: str) -> bool:
    """Whether `text` is 64 lower-case hex digits and nothing else."""
    return _HEX.fullmatch(text) is not None


def key(sha256: str) -> str:
    """`aa/aabb…`: 256 folders, so ten million blobs are 40,000 in each. ValueError for anything but a hash.

    A second level would cost every new blob of a young store one more folder and one more fsync."""
    if not is_sha256(sha256):
        raise ValueError(f"not a SHA-256: {sha256[:80]!r}")
    return f"{sha256[:2]}/{sha256}"
