"""Put a backup back, into a database and a store that hold nothing; or try it in a database beside the real one.

The bytes come first and the rows after, the rows in one transaction: cut off anywhere, the same command goes on."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models.functions import Now

from evidence.archive.models import ArchiveCopy
from evidence.backup import making, manifest, outside, postgres
from evidence.backup.manifest import Manifest, Unusable
from evidence.custody import locks, recovery, signer, tree
from evidence.custody import services as custody
from evidence.custody.kinds import Kind
from evidence.custody.problem import Problem
from evidence.custody.rewound import Rewind
from evidence.disposal import services as disposal
from evidence.fixity import audit
from evidence.fixity.models import Check, Place
from evidence.store import services as store
from evidence.store.filesystem import Folder

ACT = "backup_restored"


@dataclass(frozen=True)
class Restored:
    """What came of it: what does not hold, what was looked at, and the rewind that waits for a declaration."""

    path: Path
    manifest: Manifest
    problems: list[Problem]
    checked: Counter[str]
    rewind: Rewind | None = None


def check(folder: Path) -> Restored:
    """Prove that the newest backup of `folder` (or this one) can be restored: into a database beside the real one,
    which goes again. Nothing else is touched. Raises Unusable, postgres.Failed, OSError."""
    path = manifest.newest(folder)
    with making.alone(path.parent):
        found = _sound(path)
        _same_log(path)
        checked: Counter[str] = Counter()
        with postgres.scratch():
            call_command("migrate", verbosity=0)
            _same_tables(path, found)
            postgres.load(path / manifest.DATABASE)
            problems = [*_proven(path, found, checked), *_pooled(path, found, checked)]
        return Restored(path, found, problems, checked)


def restore(folder: Path, held: Sequence[Path]) -> Restored:
    """Put the newest backup of `folder` (or this one) back. `held` are checkpoints and receipts that were kept outside.

    Raises Unusable where something is there already or the backup is not whole, postgres.Failed, SignerMissing,
    StoreFull, StoreUnavailable, Damaged, OSError; the same call then goes on where it was cut off."""
    path = manifest.newest(folder)
    with making.alone(path.parent):
        found = _sound(path)
        _same_log(path)
        kept = [outside.read(file) for file in held]
        with postgres.as_owner(), locks.held(locks.SEQUENCER), locks.held(locks.RECOVERY):
            if not making.migrations():
                call_command("migrate", verbosity=0)
            _same_tables(path, found)
            again = _is_empty_or_this(path, found)
            checked: Counter[str] = Counter()
            problems = list(_put_back(path, found, checked))
            if not again:
                postgres.load(path / manifest.DATABASE)
            _read_again(found)
            _second_copies()
            problems += _proven(path, found, checked)
            known = [*recovery.remembered(), *kept, *_own(path), *outside.asked()]
            rewind = recovery.notice(Rewind.How.RESTORE, known)
            if rewind is None:
                _recorded(found)
        return Restored(path, found, problems, checked, rewind)


def _sound(path: Path) -> Manifest:
    found = manifest.read(path)
    manifest.check_files(path, found)
    return found


def _same_log(path: Path) -> None:
    """The backup's keys are keys of this log. Raises Unusable, SignerMissing."""
    today = {str(term.key) for term in signer.public_keys()}
    for term in signer.public_keys(_key_path(path)):
        if str(term.key) not in today:
            listed = signer.public_path(Path(settings.SIGNING_KEY))
            raise Unusable(f"{path} is of another log: {listed} has no key {term.key}")


def _same_tables(path: Path, found: Manifest) -> None:
    here = set(making.migrations())
    if differ := sorted(here.symmetric_difference(found.migrations)):
        raise Unusable(f"{path} was made by another version ({found.software}): the tables differ by "
                       f"{', '.join(differ[:5])}. Restore it with that version, then upgrade")


def _is_empty_or_this(path: Path, found: Manifest) -> bool:
    """False for an empty place, True for one to which this very backup was put back already. Raises Unusable."""
    pool = Folder(path.parent / manifest.POOL)
    for name in store.held(store.EVIDENCE, 0):
        if pool.size(name) is None:
            raise Unusable(f"the store holds {name}, which is in no backup there: it must be empty")
    used = [table for table in connection.introspection.table_names()
            if table not in postgres.MACHINERY and _holds(table)]
    if not used:
        return False
    size = tree.log_size()
    if (size, tree.root_at(size).hex(), disposal.kept().count()) == (found.log_size, found.root, found.blobs) and size:
        return True
    raise Unusable(f"the database holds something already, in {', '.join(used[:5])}: it must be empty")


def _holds(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT FROM {connection.ops.quote_name(table)})")
        return bool(cursor.fetchone()[0])


def _put_back(path: Path, found: Manifest, checked: Counter[str]) -> Iterator[Problem]:
    """Every blob into the store, and read again from there."""
    pool = Folder(path.parent / manifest.POOL)
    for sha256, size in manifest.blobs(path):
        checked["blobs"] += 1
        checked["bytes"] += size
        if store.size(sha256) != size or not store.verify(sha256):
            if not making.is_whole(pool, sha256, size):
                yield Problem(f"blob {sha256}", _lacking(sha256, found))
                continue
            _copy(pool, sha256)
            if not store.verify(sha256):
                yield Problem(f"blob {sha256}", "reads back from the store as something else")


def _pooled(path: Path, found: Manifest, checked: Counter[str]) -> Iterator[Problem]:
    """Every blob of the backup, where it lies."""
    pool = Folder(path.parent / manifest.POOL)
    for sha256, size in manifest.blobs(path):
        checked["blobs"] += 1
        checked["bytes"] += size
        if not making.is_whole(pool, sha256, size):
            yield Problem(f"blob {sha256}", _lacking(sha256, found))


def _lacking(sha256: str, found: Manifest) -> str:
    if sha256 in found.missing:
        return "could not be had when the backup was made"
    return "is not in the backup, or no longer hashes to its name there"


def _read_again(found: Manifest) -> None:
    """All of the store was hashed just now; what could not be had is left for the schedule to find."""
    Check.objects.filter(place=Place.STORE).exclude(blob__in=found.missing).update(checked_at=Now())


def _second_copies() -> None:
    """What the rows say that the archive holds, into an archive that does not. Where a copy has a version, that one is
    gone for good: it is found as a damage, and two people order another."""
    for sha256 in ArchiveCopy.objects.filter(version="").values_list("blob", flat=True).iterator(making.PAGE):
        if store.size(sha256, store.ARCHIVE) is None and store.size(sha256) is not None:
            store.copy(sha256, store.EVIDENCE, "", store.ARCHIVE)


def _copy(pool: Folder, sha256: str) -> None:
    with store.begin() as incoming:
        for chunk in pool.stream(sha256):
            incoming.write(chunk)
        incoming.finish(sha256)


def _proven(path: Path, found: Manifest, checked: Counter[str]) -> Iterator[Problem]:
    """The restored log against itself, the backup's own checkpoint and its manifest, by the keys of that time."""
    with _keys_of(path):
        yield from audit.audit_rows(held=[one.note for one in _own(path)], checked=checked)
    size = tree.log_size()
    if (size, tree.root_at(size).hex()) != (found.log_size, found.root):
        yield Problem("log", f"has {size} entries and the root {tree.root_at(size).hex()}; the backup says "
                             f"{found.log_size} and {found.root}")


def _own(path: Path) -> list[recovery.Witnessed]:
    """The backup's own checkpoint; a log that was never signed has none."""
    file = path / manifest.CHECKPOINT
    return [outside.read(file)] if file.exists() else []


@contextmanager
def _keys_of(path: Path) -> Iterator[None]:
    """Verify by the list of keys as it was when the backup was made: what a key did later, the log of that time does
    not say. The signer's memory is not beside that list."""
    mine = settings.SIGNING_KEY
    settings.SIGNING_KEY = str(_key_path(path))
    try:
        yield
    finally:
        settings.SIGNING_KEY = mine


def _key_path(path: Path) -> Path:
    return path / manifest.KEYS.removesuffix(".vkey")


@transaction.atomic
def _recorded(found: Manifest) -> None:
    """Nothing is lost as far as anybody knows: the log says that it was put back. Otherwise the declaration will."""
    custody.record(Kind.DECISION, subject=f"backup/{found.id}", context="log", agent=custody.SYSTEM, detail={
        "act": ACT, "taken_at": found.taken_at, "size": found.log_size, "root": found.root})
