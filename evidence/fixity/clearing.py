"""Bytes that no row names, cleared away by an explicit command and under a lock that lodging shares.

Bytes come before rows, so some of them are on their way: none that is younger than a day is touched, and while one is
looked at and removed nobody is between its bytes and its row."""

from collections.abc import Iterator

from django.db import transaction

from evidence.custody import locks
from evidence.custody import services as custody
from evidence.custody.kinds import Kind
from evidence.fixity import reconciled
from evidence.store import services as store
from evidence.store.models import Blob

ACT = "unreferenced_cleared"
# So many are removed while those who lodge wait.
TOGETHER = 50


def clear(older_than: float = reconciled.ORPHAN_SECONDS) -> Iterator[str]:
    """Remove what has lain in the store for `older_than` seconds (a day at least) and that no row names; the hash of
    each that went."""
    if older_than < reconciled.ORPHAN_SECONDS:
        raise ValueError("bytes that are younger than a day may be on their way")
    # Listed first: what is listed while it is removed might be left out.
    names = list(reconciled.unreferenced(older_than))
    for start in range(0, len(names), TOGETHER):
        yield from _cleared(names[start:start + TOGETHER])


@transaction.atomic
def _cleared(names: list[str]) -> list[str]:
    locks.take(locks.LODGING)
    gone = sorted(set(names) - set(Blob.objects.filter(pk__in=names).values_list("pk", flat=True)))
    if gone:
        custody.record(Kind.DISPOSAL, subject="store/evidence", context="", agent=custody.SYSTEM,
                       detail={"act": ACT, "files": len(gone), "sha256": gone})
    for name in gone:
        store.remove(name)
    return gone
