"""Healing in buckets: another version beside the damaged one, or the damaged object moved aside."""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as own
from django.core.files.storage import storages
from django.test import override_settings
from django.utils import timezone

from evidence.archive import services as archive
from evidence.archive.models import ArchiveCopy
from evidence.custody import services as custody
from evidence.fixity import audit, healing, routine
from evidence.fixity.models import Damage, Healing
from evidence.intake import services as intake
from evidence.intake.models import Item
from evidence.store import services as store
from evidence.store.keys import key
from tests.evidence import buckets
from tests.evidence import custody_log as given

pytestmark = pytest.mark.django_db
PEOPLE = {"agent": {"type": "person", "id": "user/1", "name": "Lubna Qadir"},
          "approver": {"type": "person", "id": "user/2", "name": "Laila Zafar"}}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with buckets.serving() as address:
        yield address


@pytest.fixture(params=[True, False], ids=["versions", "no versions"])
def bucket(request: Any, server: str, tmp_path: Path) -> Iterator[tuple[Any, str, bool]]:
    name = f"archive-{uuid4().hex[:8]}"
    with buckets.both(server, tmp_path, archive=name) as client:
        client.create_bucket(Bucket=name, ObjectLockEnabledForBucket=request.param)
        yield client, name, request.param


def take() -> Item:
    given.key()
    item = intake.receive_bytes(os.urandom(2000), name="a.bin", provenance={}, context="case/CW-2026-0001",
                                agent=custody.SYSTEM).item
    assert archive.archive(item)
    return item


def heal(item: Item) -> Healing:
    routine.suspect(item.blob_id)
    healing.ask(Damage.objects.get(healed_at=None), context="case/CW-2026-0001", reason="A disk failed", **PEOPLE)
    healing.run_waiting()
    found = Healing.objects.get()
    assert found.state == "done", found.detail
    return found


def test_a_damaged_copy_gets_another_version_or_place_and_stays(bucket: tuple[Any, str, bool]) -> None:
    client, name, versioned = bucket
    item = take()
    before = ArchiveCopy.objects.get()
    if versioned:
        # Nobody can change a version, so a version that garbage was written to stands for one that rotted.
        rotten = client.put_object(Bucket=name, Key=before.location, Body=b"rotten")["VersionId"]
        ArchiveCopy.objects.update(version=rotten)
        client.put_object_legal_hold(Bucket=name, Key=before.location, VersionId=before.version,
                                     LegalHold={"Status": "OFF"})
        client.delete_object(Bucket=name, Key=before.location, VersionId=before.version,
                             BypassGovernanceRetention=True)
    else:
        client.put_object(Bucket=name, Key=before.location, Body=b"rotten")
    done, after = heal(item), ArchiveCopy.objects.get()
    assert store.verify(item.blob_id, store.ARCHIVE, after.version)
    if versioned:
        assert after.version not in {before.version, rotten}
        assert done.detail == f"{before.location}?versionId={rotten}"
        kept = client.get_object(Bucket=name, Key=before.location, VersionId=rotten)
        assert (after.lock_mode, after.legal_hold) == ("governance", True)
    else:
        assert done.detail == f"copies/quarantine/{item.blob_id}.damage-{Damage.objects.get().pk}"
        kept = client.get_object(Bucket=name, Key=done.detail)
    assert kept["Body"].read() == b"rotten"
    found = [one for one in audit.audit_case("CW-2026-0001", checked=Counter()) if "archive copy" in one.object]
    assert found == [], "the event of the healing tells where the copy is now"


def test_a_store_in_a_bucket_is_healed_and_what_was_damaged_is_moved(server: str, tmp_path: Path) -> None:
    name = f"store-{uuid4().hex[:8]}"
    with buckets.both(server, tmp_path, archive=name) as client:
        client.create_bucket(Bucket=name)
        swapped = {**own.STORAGES, "evidence": own.STORAGES["archive"], "archive": own.STORAGES["evidence"]}
        with override_settings(STORAGES=swapped):
            item = take()
            place = f"copies/{key(item.blob_id)}"
            client.put_object(Bucket=name, Key=place, Body=b"rotten")
            done = heal(item)
            assert store.verify(item.blob_id)
            assert client.get_object(Bucket=name, Key=done.detail)["Body"].read() == b"rotten"
            client.delete_object(Bucket=name, Key=place)
            store.remove(item.blob_id)
            assert store.set_aside(item.blob_id, store.EVIDENCE, "", done.detail.rpartition(".")[2]) == done.detail
            assert storages["archive"].exists(key(item.blob_id))


def test_what_is_healed_or_being_healed_is_not_ordered_again(tmp_path: Path, server: str) -> None:
    with buckets.both(server, tmp_path, archive=f"a-{uuid4().hex[:8]}") as client:
        client.create_bucket(Bucket=own.STORAGES["archive"]["OPTIONS"]["bucket_name"])
        item = take()
        os.unlink(Path(storages["evidence"].path(key(item.blob_id))))
        routine.suspect(item.blob_id)
        harm = Damage.objects.get()
        healing.ask(harm, context="case/CW-2026-0001", reason="A disk failed", **PEOPLE)
        with pytest.raises(healing.NotHealable, match="being healed"):
            healing.ask(harm, context="case/CW-2026-0001", reason="A disk failed", **PEOPLE)
        assert healing.run_waiting() == 1
        with pytest.raises(healing.NotHealable, match="it is healed"):
            healing.ask(harm, context="case/CW-2026-0001", reason="A disk failed", **PEOPLE)
        assert Damage.objects.filter(healed_at__lte=timezone.now()).exists()
