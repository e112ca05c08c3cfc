"""Taking files in: whatever they contain, they are kept, described and recorded."""

import hashlib
import json
from typing import Any

import pytest
from celery import current_app
from django.db import transaction

from evidence.custody import services as custody
from evidence.custody.models import Event, Payload
from evidence.intake import services as intake
from evidence.intake.models import Item, Step
from evidence.store import services as store
from evidence.store.errors import HashMismatch
from evidence.store.models import Blob

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20 + b"IEND\xaeB`\x82"


def take(data: bytes, name: str = "a.txt", **more: Any) -> intake.Accession:
    given: dict[str, Any] = {"provenance": {}, "context": "case/CW-2026-0001", "agent": custody.SYSTEM} | more
    return intake.receive_bytes(data, name=name, **given)


def told(receipt: custody.Receipt) -> dict[str, Any]:
    return dict(json.loads(bytes(Payload.objects.get(event_id=receipt.event_id).content)))


@pytest.mark.django_db
def test_an_item_its_blob_its_steps_and_its_event_come_together() -> None:
    taken = take(b"hello", provenance={"platform": "x", "handle": ""}, detail={"exhibit": "E-001"})
    item, digest = taken.item, hashlib.sha256(b"hello").hexdigest()
    assert store.read_verified(digest, 100) == b"hello"
    assert (item.blob_id, item.blob.size, item.provenance) == (digest, 5, {"platform": "x"})
    assert {(step.name, step.state) for step in Step.objects.filter(item=item)} == {
        ("fixity", "pending"), ("derive", "pending"), ("archive", "pending")}
    event = told(taken.receipt)
    assert (event["kind"], event["subject"], event["context"]) == (
        "accession", f"item/{item.pk}", "case/CW-2026-0001")
    assert event["detail"]["sha256"] == digest
    assert event["detail"]["exhibit"] == "E-001"
    assert intake.context_of(item) == "case/CW-2026-0001"


@pytest.mark.django_db
@pytest.mark.parametrize(("data", "name", "label"), [
    (b"", "empty.png", "empty"), (b"x", "a", "not_declared"), (PNG[:-8], "cut.png", "truncated"),
    (b"<html><script>alert(1)</script>", "a.png", "mismatch"), (b"<svg><script/></svg>", "a.svg", "active"),
    (b"PK\x03\x04" + b"\0" * 100, "bomb.zip", "archive"), (b"a\r\nb\x00", "b\x00\u202egpj.exe", "hidden_characters"),
    (b"x", "../../etc/passwd", "not_declared"), (b"x", "x" * 10_000, "not_declared"), (b"x", "\ud800", "not_declared"),
])
def test_no_content_and_no_name_is_refused(data: bytes, name: str, label: str) -> None:
    item = Item.objects.get(pk=take(data, name).item.pk)
    assert store.read_verified(item.blob_id, 10**6) == data
    assert label in item.labels
    assert len(item.name) <= 1000
    assert "/" not in item.name
    assert bytes(item.name_bytes) == name.encode("utf-8", "surrogatepass")


@pytest.mark.django_db
def test_a_name_that_is_no_text_is_kept_byte_for_byte() -> None:
    item = take(b"x", "\ufffd.png", name_bytes=b"\xff.png").item
    assert bytes(item.name_bytes) == b"\xff.png"


@pytest.mark.django_db
def test_provenance_keeps_its_words_and_nothing_else() -> None:
    item = Item.objects.get(pk=take(b"x", provenance={"note": "a\x00b\ud800 سلام\u200f"}).item.pk)
    assert item.provenance == {"note": "a[NUL]b? سلام\u200f"}
    with pytest.raises(ValueError, match="colour"), transaction.atomic():
        take(b"x", provenance={"colour": "red"})


@pytest.mark.django_db
def test_the_same_bytes_again_are_a_second_item_on_one_blob() -> None:
    first, second = take(b"same"), take(b"same")
    assert first.item.pk != second.item.pk
    assert Blob.objects.filter(sha256=first.item.blob_id).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("declared", "error"), [("0" * 64, HashMismatch), ("nonsense", ValueError)])
def test_a_wrong_declared_hash_leaves_no_row_and_no_bytes(declared: str, error: type[Exception]) -> None:
    data = b"never kept " + declared.encode()
    with pytest.raises(error), transaction.atomic():
        take(data, declared_sha256=declared)
    assert not Item.objects.exists()
    assert not Event.objects.exists()
    assert store.size(hashlib.sha256(data).hexdigest()) is None


@pytest.mark.django_db
def test_a_right_declared_hash_is_kept_and_needs_no_label() -> None:
    digest = hashlib.sha256(b"told").hexdigest()
    item = take(b"told", declared_sha256=digest.upper()).item
    assert item.declared_sha256 == digest
    assert "not_declared" not in item.labels


@pytest.mark.django_db
def test_when_the_log_cannot_be_written_nothing_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: Any, **_more: Any) -> None:
        raise custody.LogUnwritable("read-only")

    monkeypatch.setattr(custody, "record_all", refuse)
    with pytest.raises(custody.LogUnwritable), transaction.atomic():
        take(b"unrecorded")
    assert not Item.objects.exists()
    assert not Step.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("nobody_woken")
def test_tasks_wake_when_and_only_when_the_transaction_commits(
        django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[str, Any]] = []
    monkeypatch.setattr(current_app, "send_task", lambda task, args, **_rest: sent.append((task, args)))
    with django_capture_on_commit_callbacks() as callbacks:
        take(b"wake")
    assert sent == []
    for callback in callbacks:
        callback()
    assert {"evidence.fixity", "evidence.derive", "evidence.archive"} <= {task for task, _args in sent}
