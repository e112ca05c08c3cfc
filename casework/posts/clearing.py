"""Rows go when two people have disposed of the bytes that they were read from, as all else goes that was made of these.

The database lets no row go before a tombstone stands for the exhibit (migrations/guards.sql)."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from casework.posts.models import Import, Post, Unread

AT_ONCE = 10_000


def clear() -> int:
    """Delete such rows, some thousands at a time, and what was asked about them; how many rows went."""
    left = Q(kept__gt=0, cleared_at=None) | Q(asks__isnull=False)
    found = Import.objects.filter(left, exhibit__item__tombstone__isnull=False)
    return sum(map(_clear, found.values_list("pk", flat=True)))


@transaction.atomic
def _clear(pk: int) -> int:
    # A batch that is being put in holds this lock, and counts what it put in before it lets go.
    source = Import.objects.select_for_update().get(pk=pk)
    gone = 0
    for first in range(1, source.kept + 1, AT_ONCE):
        for model in (Post, Unread):
            gone += model.objects.filter(source=source, position__gte=first, position__lt=first + AT_ONCE).delete()[0]
    # What the reader said of names and first rows goes too.
    Import.objects.filter(pk=pk).update(asks=None, cleared_at=timezone.now())
    return gone
