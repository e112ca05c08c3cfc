"""Make a backup: one moment of the database, every blob that it names, and what proves both; whole, or not at all.

The database comes first and the bytes after: bytes are never changed, and removed for a disposal alone, so whatever the
rows need is still there. What was cut off bears a name that begins with a dot, and is cleared away by the next."""

import fcntl
import hashlib
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from evidence.backup import holding, manifest, postgres
from evidence.backup.manifest import Manifest, Unusable
from evidence.custody import checkpoints, files, policies, signer, tree
from evidence.custody.services import LogUnwritable
from evidence.disposal import services as disposal
from evidence.machine import services as machine
from evidence.store import services as store
from evidence.store.errors import Damaged
from evidence.store.filesystem import Folder
from evidence.store.incoming import Incoming
from evidence.tlog import ring

PARTIAL = ".partial-"
PAGE = 5000
Say = Callable[[str], None]


class Incomplete(Exception):
    """Some bytes could be had from neither store nor archive; the message names them."""


@dataclass
class Made:
    """What came of it. `copied` were new to the folder, `mended` lay there damaged; `unrecorded` says why the log does
    not tell of it yet."""

    path: Path
    manifest: Manifest
    copied: int
    mended: int
    unrecorded: str


def make(folder: Path, *, incomplete: bool = False) -> Made:
    """A new backup in `folder`. With `incomplete` also where some bytes are nowhere to be had: it then says which.

    Raises Incomplete, Unusable (another is at it), postgres.Failed, SignerMissing, LogDamaged, StoreFull,
    StoreUnavailable, OSError. After any of them there is no new backup."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with alone(folder):
        pool = Folder(folder / manifest.POOL)
        _clear(folder, pool)
        partial = folder / f"{PARTIAL}{uuid.uuid4()}"
        partial.mkdir(mode=0o700)
        try:
            begun = _database(partial)
            copied, mended, missing = _bytes(partial, pool)
            if missing and not incomplete:
                raise Incomplete(f"{len(missing)} files are whole in neither store nor archive: "
                                 f"{' '.join(missing[:20])}. --incomplete makes the backup without them")
            made = _finish(partial, begun, missing)
            path = folder / f"{_name(begun.taken_at)}-{made.id[:8]}"
            partial.rename(path)
        except BaseException:
            with suppress(OSError):
                shutil.rmtree(partial)
            raise
        files.sync(folder)
        return Made(path, made, copied, mended, _record(folder))


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One program at a time in a folder of backups. Raises Unusable where another is at it."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise Unusable(f"another backup or check is at work in {folder}") from None
    finally:
        os.close(handle)


def migrations() -> list[str]:
    """What the tables of this database were made by."""
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def _clear(folder: Path, pool: Folder) -> None:
    """Take away what an earlier one left that was cut off."""
    for left in folder.glob(f"{PARTIAL}*"):
        shutil.rmtree(left)
    pool.purge(0)


@dataclass(frozen=True)
class _Begun:
    taken_at: datetime
    log_size: int
    root: str
    checkpoint_size: int
    migrations: list[str]


def _database(partial: Path) -> _Begun:
    """The dump, the newest checkpoint and the list of blobs, all of one moment."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot, taken_at = cursor.fetchone()[0], timezone.now()
        postgres.dump(partial / manifest.DATABASE, snapshot)
        latest, size = checkpoints.latest(), tree.log_size()
        if latest:
            (partial / manifest.CHECKPOINT).write_text(latest.note)
        with (partial / manifest.BLOBS).open("w") as out:
            for sha256, length in disposal.kept().order_by("sha256").values_list("sha256", "size").iterator(PAGE):
                out.write(f"{sha256} {length}\n")
        (partial / manifest.KEYS).write_text(ring.write(signer.public_keys()))
        (partial / manifest.POLICY).write_bytes(policies.published())
        return _Begun(taken_at, size, tree.root_at(size).hex(), latest.size if latest else 0, migrations())


def _bytes(partial: Path, pool: Folder) -> tuple[int, int, list[str]]:
    """Every blob into the pool and read back from it: how many were copied, how many mended, which cannot be had."""
    copied = mended = 0
    missing: list[str] = []
    for sha256, size in manifest.blobs(partial):
        there = pool.size(sha256)
        if there is not None and is_whole(pool, sha256, size):
            continue
        if there is not None:
            # Bytes that no longer hash to their name are worth nothing; good ones cannot be put over them.
            os.unlink(partial.parent / manifest.POOL / pool.place(sha256))
            mended += 1
        if not _copy(sha256, pool) or not is_whole(pool, sha256, size):
            missing.append(sha256)
            continue
        copied += 1
    return copied - mended, mended, missing


def is_whole(pool: Folder, sha256: str, size: int) -> bool:
    """Whether the bytes, read again from the disk, are of this size and hash to their name."""
    if pool.size(sha256) != size:
        return False
    digest = hashlib.sha256()
    for chunk in pool.stream(sha256, fresh=True):
        digest.update(chunk)
    return digest.hexdigest() == sha256


def _copy(sha256: str, pool: Folder) -> bool:
    """Whether the bytes could be had, from the store or else from the archive."""
    for alias in (store.EVIDENCE, store.ARCHIVE):
        try:
            with Incoming(pool) as incoming:
                for chunk in store.chunks_verified(sha256, alias):
                    incoming.write(chunk)
                incoming.finish(sha256)
            return True
        except Damaged:
            continue
    return False


def _finish(partial: Path, begun: _Begun, missing: list[str]) -> Manifest:
    """Write the manifest, and put everything on the disk."""
    count = length = 0
    for _sha256, size in manifest.blobs(partial):
        count, length = count + 1, length + size
    made = Manifest(
        id=str(uuid.uuid4()), taken_at=begun.taken_at.astimezone(UTC).isoformat(), software=machine.software(),
        log_size=begun.log_size, root=begun.root, checkpoint_size=begun.checkpoint_size, blobs=count,
        bytes=length, files={path.name: list(manifest.digest(path)) for path in sorted(partial.iterdir())},
        migrations=begun.migrations, missing=missing)
    (partial / manifest.NAME).write_text(made.text())
    for path in partial.iterdir():
        path.chmod(0o400)
        with path.open("rb") as written:
            os.fsync(written.fileno())
    files.sync(partial)
    return made


def _record(folder: Path) -> str:
    """Tell the log of it; or why it could not be told, which the next backup does then."""
    try:
        holding.record_unknown(folder)
    except LogUnwritable as error:
        return str(error)
    return ""


def _name(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
