"""Where a server's Unix socket lies: beside its data, or in a short private folder when that path cannot be one."""

import os
import re
import tempfile
from pathlib import Path

# sun_path holds 108 bytes; the longest name put behind the folder is "/.s.PGSQL.5432.lock".
LONGEST = 88
PLAIN = re.compile(r"[A-Za-z0-9/._-]+")


def folder(beside: Path, owners: set[int]) -> Path:
    """`beside`/socket, or the folder that `beside`/socket-dir names. A lost or foreign one is replaced."""
    own = beside / "socket"
    if len(os.fsencode(own)) <= LONGEST and PLAIN.fullmatch(str(own)):
        return own
    kept = beside / "socket-dir"
    if not (kept.exists() and _ours(Path(kept.read_text()), owners)):
        beside.mkdir(parents=True, exist_ok=True)
        kept.write_text(tempfile.mkdtemp(prefix="casework-"))
    return Path(kept.read_text())


def _ours(path: Path, owners: set[int]) -> bool:
    """In a folder that everybody may write to, a path that once was ours may be somebody else's by now."""
    if path.is_symlink() or not path.is_dir():
        return False
    found = path.stat()
    return found.st_uid in owners and not found.st_mode & 0o077
