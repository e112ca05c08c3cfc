"""Take in the files of one capture together: all of them as parts of one set, or nothing at all."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction

from evidence.custody import services as custody
from evidence.intake import roles, services, sniff
from evidence.intake.models import Part
from evidence.intake.roles import Role
from evidence.intake.services import Accession, Arrival


# Without a savepoint, as for one file: who calls this cannot go on after it failed.
@transaction.atomic(savepoint=False)
def receive(arrivals: Sequence[Arrival], given: Sequence[str], *, context: str,
            agent: dict[str, Any]) -> list[Accession]:
    """As `services.receive`, for the files of one capture. `given` has the role of each, or the empty string where its
    content shall say. The answer is in the order of the parts; the first is the one that the others belong to.

    Raises what one of them raises; ValueError for a role that is none, or without a file."""
    if not arrivals:
        raise ValueError("a capture without a file")
    named = [Role(role) if role else roles.suggested(sniff.media_type(arrival.incoming.head), arrival.name)
             for role, arrival in zip(given, arrivals, strict=True)]
    rank = list(Role)
    ordered = sorted(zip(named, arrivals, strict=True), key=lambda pair: rank.index(pair[0]))
    one_set = str(uuid.uuid4())
    taken = services.receive_all([
        replace(arrival, detail=arrival.detail | {"capture": {"set": one_set, "role": str(role), "position": position,
                                                              "of": len(ordered)}})
        for position, (role, arrival) in enumerate(ordered, 1)], context=context, agent=agent)
    kept = []
    for one in taken:
        if not isinstance(one, Accession):
            raise one
        kept.append(one)
    Part.objects.bulk_create([
        Part(main=kept[0].item, item=one.item, role=str(role), position=position, event_id=one.receipt.event_id)
        for position, (one, (role, _arrival)) in enumerate(zip(kept, ordered, strict=True), 1)])
    return kept


def leaf_hash(part: Part) -> str:
    """Of the part's accession event, in hex: what its receipt holds on to."""
    return custody.leaf_hash(bytes(part.event.commitment)).hex()
