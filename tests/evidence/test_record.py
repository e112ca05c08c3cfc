"""Recording an event."""

import pytest

from evidence.custody import services as custody
from evidence.custody.kinds import Kind
from evidence.custody.models import Event, Payload, Pending


@pytest.mark.django_db
def test_a_record_is_commitment_payload_and_place_in_the_queue() -> None:
    receipt = custody.record(Kind.ACCESSION, subject="item/1", context="case/CW-2026-0001",
                             agent=custody.SYSTEM, detail={"sha256": "ab"})
    event = Event.objects.get()
    payload = Payload.objects.get()
    assert custody.commitment(bytes(payload.salt), bytes(payload.content)) == bytes(event.commitment)
    assert receipt.leaf_hash == custody.leaf_hash(bytes(event.commitment)).hex()
    assert Pending.objects.count() == 1
