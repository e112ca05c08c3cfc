"""Which backups there are, and which of them still hold a blob."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from evidence.backup import manifest
from evidence.backup.manifest import Manifest
from evidence.backup.models import Backup
from evidence.custody import services as custody
from evidence.custody.kinds import Kind
from evidence.store.models import Blob

ACT = "backup_made"
CONTEXT = "log"


def holding(blob: Blob) -> list[Backup]:
    """The backups in which these bytes may lie, newest first. One too many rather than one too few: bytes that were
    stored a moment before a backup looked may have missed it."""
    return list(Backup.objects.filter(taken_at__gte=blob.stored_at).order_by("-taken_at"))


def holding_any(blobs: Iterable[Blob]) -> list[Backup]:
    """As `holding`, for bytes that belong together: the backups in which some of them may lie."""
    first = min((blob.stored_at for blob in blobs), default=None)
    return list(Backup.objects.filter(taken_at__gte=first).order_by("-taken_at")) if first else []


def record_unknown(folder: Path) -> int:
    """Record every finished backup of `folder` that the log does not know: one that was cut off before it was, or that
    this database was restored from. How many there were. Raises LogUnwritable."""
    found = [(path, manifest.read(path)) for path in manifest.finished(folder)]
    known = {str(pk) for pk in Backup.objects.filter(pk__in=[one.id for _, one in found]).values_list("pk", flat=True)}
    lacking = [(path, one) for path, one in found if one.id not in known]
    for path, one in lacking:
        record(path, one)
    return len(lacking)


@transaction.atomic
def record(path: Path, made: Manifest) -> Backup:
    """The row and the event of a finished backup. Raises LogUnwritable."""
    sha256 = manifest.digest(path / manifest.NAME)[1]
    row = Backup.objects.create(id=made.id, place=str(path)[:500], taken_at=datetime.fromisoformat(made.taken_at),
                                log_size=made.log_size, root=bytes.fromhex(made.root), manifest_sha256=sha256,
                                blobs=made.blobs, bytes=made.bytes)
    custody.record(Kind.REPLICATION, subject=f"backup/{made.id}", context=CONTEXT, agent=custody.SYSTEM,
                   detail=_told(made, sha256))
    return row


def _told(made: Manifest, sha256: str) -> dict[str, Any]:
    return {"act": ACT, "taken_at": made.taken_at, "size": made.log_size, "root": made.root, "blobs": made.blobs,
            "bytes": made.bytes, "sha256": sha256, "missing": _first(made.missing), "missing_count": len(made.missing)}


def _first(names: Iterable[str], most: int = 20) -> list[str]:
    return sorted(names)[:most]
