"""Under which checkpoint an entry stands, and which outside time says that it existed by then."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection

from evidence.custody.models import Checkpoint
from evidence.custody.outside import Timestamp


@dataclass(frozen=True)
class Cover:
    """The smallest checkpoint over an entry, and the earliest token over any checkpoint over it; None where none is."""

    checkpoint: Checkpoint | None
    timestamp: Timestamp | None


def cover(indexes: Collection[int]) -> dict[int, Cover]:
    """For each index of the log what covers it, in three queries for any number of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i, (SELECT min(size) FROM evidence_checkpoint WHERE size > i), "
            "(SELECT min(checkpoint_id) FROM evidence_timestamp WHERE checkpoint_id > i) FROM unnest(%s::bigint[]) i",
            [list(indexes)])
        rows = cursor.fetchall()
    checkpoints = Checkpoint.objects.in_bulk({row[1] for row in rows if row[1] is not None})
    tokens: dict[int, Timestamp] = {}
    for token in Timestamp.objects.filter(checkpoint__in={row[2] for row in rows}).order_by("-gen_time"):
        tokens[token.checkpoint_id] = token
    return {index: Cover(checkpoints.get(size), tokens.get(stamped)) for index, size, stamped in rows}


def times_up_to(size: int) -> list[Timestamp]:
    """For each authority its latest token over a checkpoint of at most `size` entries."""
    tokens = Timestamp.objects.filter(checkpoint__lte=size)
    return list(tokens.order_by("authority", "-checkpoint").distinct("authority"))
