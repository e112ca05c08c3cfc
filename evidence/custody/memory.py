"""What the signer remembers beside its key: the last checkpoint that it signed. The database cannot make it forget.

A database that was put back, cut off or forked is so noticed before anything more is signed for it. The file is written
before the checkpoint's row commits, so after a crash it may be one checkpoint ahead of the database; the leaves under
that checkpoint are committed, so the log still grows out of it."""

import fcntl
import glob
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from evidence.custody import files
from evidence.custody.signer import SignerMissing
from evidence.custody.tree import LogDamaged
from evidence.tlog import checkpoint, note
from evidence.tlog.checkpoint import Checkpoint


def path_of(key: Path | None = None) -> Path:
    """The file: the signing key's, with `.head` after it."""
    file = key or Path(settings.SIGNING_KEY)
    return file.with_name(file.name + ".head")


def text() -> str:
    """The signed note as it was written, or nothing where the signer has signed nothing yet."""
    try:
        return path_of().read_text()
    except FileNotFoundError:
        return ""


def head() -> Checkpoint | None:
    """What the signer last signed. Raises LogDamaged when its file holds no checkpoint."""
    kept = text()
    try:
        return _parsed(kept) if kept else None
    except ValueError as error:
        raise LogDamaged(f"what the signer remembers in {path_of()} is no checkpoint: {error}") from None


@contextmanager
def held() -> Iterator[None]:
    """One signer at a time, whichever database it signs for. Taken after the database's own lock, never before.

    Raises SignerMissing where nothing can be written beside the key: a signer that cannot remember does not sign."""
    file = path_of()
    try:
        handle = os.open(file.with_name(file.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise SignerMissing(f"the signer cannot remember what it signed: {error}") from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def remember(signed: str) -> None:
    """Replace what is remembered, durably, before anybody can learn of the new checkpoint. Raises SignerMissing."""
    try:
        files.replace(path_of(), signed, 0o600)
    except OSError as error:
        raise SignerMissing(f"the signer cannot remember what it signed: {error}") from None


def declare_restored(signed: str) -> Checkpoint | None:
    """Go on from `signed`, the last checkpoint of a database that was put back (nothing where it has none).

    For a restore that people declared: the caller records it. The head that is given up is returned, and kept beside
    the key in a file named by its size and root, because it may have left the house. NoteError for no checkpoint."""
    if signed:
        _parsed(signed)
    with held():
        given_up, file = head(), path_of()
        if given_up is not None:
            kept = file.with_name(f"{file.name}.given-up-{given_up.size}-{given_up.root.hex()[:8]}")
            files.replace(kept, text(), 0o600)
        if signed:
            files.replace(file, signed, 0o600)
        else:
            file.unlink(missing_ok=True)
            files.sync(file.parent)
    return given_up


def given_up() -> list[Path]:
    """The files in which the heads that were given up are kept, if they are here."""
    file = path_of()
    return sorted(file.parent.glob(f"{glob.escape(file.name)}.given-up-*"))


def _parsed(signed: str) -> Checkpoint:
    return checkpoint.parse(note.parse(signed.encode()).text)
