"""Recording an event."""

import pytest
from django.db import ProgrammingError, connection

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


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["evidence_event", "evidence_leaf", "evidence_payload", "evidence_checkpoint",
                                   "evidence_blob", "evidence_item", "evidence_derivative"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_application_role_cannot_change_the_log(table: str, verb: str) -> None:
    column = {"evidence_event": "commitment = ''", "evidence_leaf": "leaf_hash = ''",
              "evidence_payload": "salt = ''", "evidence_checkpoint": "note = ''", "evidence_blob": "size = 0",
              "evidence_item": "name = ''", "evidence_derivative": "process = ''"}[table]
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(verb.format(table, column))
