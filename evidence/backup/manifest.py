"""What a backup is made of, said in a file of its own. docs/operations.md has its form.

Pure but for the files that it reads."""

import hashlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

FORMAT = "casework-backup/1"
NAME = "manifest.json"
DATABASE, CHECKPOINT, KEYS, POLICY, BLOBS = "database.dump", "checkpoint.txt", "log.vkey", "policy.txt", "blobs.txt"
REQUIRED = {DATABASE, KEYS, POLICY, BLOBS}
# The bytes of all backups of one folder lie beside them, each once.
POOL = "blobs"
_LINE = re.compile(r"([0-9a-f]{64}) (0|[1-9][0-9]*)\n")
_CHUNK = 2**20


class Unusable(Exception):
    """This is no whole backup, or not of this version; the message says what is wrong."""


@dataclass(frozen=True)
class Manifest:
    """`files` is name → [size, SHA-256]; `migrations` what the database's tables were made by; `missing` the blobs that
    could not be had. Times are ISO 8601 in UTC, hashes hex."""

    id: str
    taken_at: str
    software: str
    log_size: int
    root: str
    checkpoint_size: int
    blobs: int
    bytes: int
    files: dict[str, list[Any]]
    migrations: list[str]
    missing: list[str] = field(default_factory=list)
    format: str = FORMAT

    def text(self) -> str:
        return json.dumps(asdict(self), indent=1, sort_keys=True) + "\n"


def digest(file: Path) -> tuple[int, str]:
    """Size and SHA-256 of a file, read from the disk and not from what the kernel remembers."""
    with file.open("rb", buffering=0) as opened:
        os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        found = hashlib.sha256()
        size = 0
        while chunk := opened.read(_CHUNK):
            found.update(chunk)
            size += len(chunk)
    return size, found.hexdigest()


def read(folder: Path) -> Manifest:
    """The manifest of a finished backup. Raises Unusable."""
    try:
        told = json.loads((folder / NAME).read_bytes())
        if not isinstance(told, dict) or told.get("format") != FORMAT:
            raise Unusable(f"{folder / NAME} is no {FORMAT}")
        found = Manifest(**told)
    except FileNotFoundError:
        raise Unusable(f"{folder} is no finished backup: it has no {NAME}") from None
    except (OSError, ValueError, TypeError) as error:
        raise Unusable(f"{folder / NAME} cannot be read: {error}") from None
    if missing := REQUIRED - set(found.files):
        raise Unusable(f"{folder / NAME} does not name {', '.join(sorted(missing))}")
    return found


def check_files(folder: Path, found: Manifest) -> None:
    """Every file is what the manifest says, byte for byte. Raises Unusable."""
    for name, (size, sha256) in sorted(found.files.items()):
        if Path(name).name != name:
            raise Unusable(f"{name} in {folder / NAME} is no file of this folder")
        try:
            is_size, is_sha256 = digest(folder / name)
        except OSError as error:
            raise Unusable(f"{folder / name} cannot be read: {error.strerror}") from None
        if (is_size, is_sha256) != (size, sha256):
            raise Unusable(f"{folder / name} is not what the backup wrote: {is_size} bytes {is_sha256}, "
                           f"and it was {size} bytes {sha256}")


def blobs(folder: Path) -> Iterator[tuple[str, int]]:
    """Hash and size of every blob that the backup names, in the order of their hashes. Raises Unusable."""
    with (folder / BLOBS).open() as lines:
        for line in lines:
            match = _LINE.fullmatch(line)
            if match is None:
                raise Unusable(f"{folder / BLOBS} has the line {line[:90]!r}")
            yield match[1], int(match[2])


def newest(folder: Path) -> Path:
    """`folder` if it is a backup, else the newest finished one in it. Raises Unusable."""
    if (folder / NAME).exists():
        return folder
    found = finished(folder)
    if not found:
        raise Unusable(f"there is no finished backup in {folder}")
    return found[-1]


def finished(folder: Path) -> list[Path]:
    """The finished backups in a folder, oldest first. What was cut off bears another name."""
    return sorted(path.parent for path in folder.glob(f"[0-9]*/{NAME}"))
