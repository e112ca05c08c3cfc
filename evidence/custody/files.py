"""Small files beside the key: written whole and durably, or not at all."""

import os
from pathlib import Path


def create(file: Path, text: str, mode: int) -> None:
    """Write a file that is not there yet; FileExistsError rather than replace one."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    sync(file.parent)


def replace(file: Path, text: str, mode: int) -> None:
    """Put `text` in the place of what `file` holds; a reader sees the one or the other, also after a power cut."""
    half = file.with_name(file.name + ".new")
    half.unlink(missing_ok=True)
    create(half, text, mode)
    half.replace(file)
    sync(file.parent)


def sync(folder: Path) -> None:
    """Make the names in `folder` durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
