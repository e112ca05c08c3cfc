"""What cannot be healed, what fails on the way, and what the database refuses."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django.http import Http404
from django.test import override_settings

from casework.approvals import Refused
from casework.cases.models import Case
from casework.exhibits import healings
from casework.exhibits.models import Exhibit
from evidence.archive import services as archive
from evidence.derivatives import services as derivatives
from evidence.fixity import healing, routine
from evidence.fixity.models import Damage, Healing
from evidence.store import services as store
from evidence.store.errors import StoreFull
from tests.casework.harm import WHY, healed, hurt, lie, page, spoil, told
from tests.evidence import custody_log as given
from tests.factories import Cast, lodge_png, make_case, make_cast, sign_in


@pytest.fixture(autouse=True)
def own_storages(tmp_path: Path) -> Iterator[None]:
    given.key()
    with override_settings(STORAGES={name: {
            "BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path / name)}}
            for name in ("evidence", "archive", "default")} | {
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


@pytest.fixture
def exhibit(cast: Cast, case: Case) -> Exhibit:
    """With its second copy."""
    lodged = lodge_png(case, cast.investigator, 1)
    archive.archive(lodged.item)
    return lodged.exhibit


def test_a_damage_of_another_case_is_absent(cast: Cast, case: Case, exhibit: Exhibit) -> None:
    found = hurt(exhibit)
    other = make_case(cast, "Another")
    assert healings.of_case(other) == []
    with pytest.raises(Http404):
        healings.propose(other, found.pk, reason=WHY, by=cast.lead)


def test_where_neither_copy_is_whole_nothing_is_touched(cast: Cast, case: Case, exhibit: Exhibit) -> None:
    sha256 = exhibit.item.blob_id
    bad = spoil(lie(sha256, "archive"))
    spoil(lie(sha256, "evidence"))
    routine.suspect(sha256)
    harm = Damage.objects.get(place="store")
    assert healed(cast, case, harm).state == "failed"
    assert lie(sha256, "evidence").read_bytes() == lie(sha256, "archive").read_bytes() == bad
    assert not Path(storages["evidence"].path("quarantine")).exists()
    event, = told(exhibit, healing.ACT)
    assert (event.detail["match"], "not whole either" in event.detail["problem"]) == (False, True)
    assert routine.state().damaged == 2
    lie(sha256, "archive").write_bytes(b"\x89" + bad[1:])
    assert healed(cast, case, harm).state == "healed", "it may be proposed again"


def test_what_has_no_second_copy_cannot_be_healed(cast: Cast, case: Case) -> None:
    lodged = lodge_png(case, cast.investigator, 2)
    derivatives.derive(lodged.item)
    made = derivatives.find(lodged.item, "metadata")
    assert made
    os.unlink(lie(made.blob_id, "evidence"))
    routine.suspect(made.blob_id)
    harm = Damage.objects.get()
    with pytest.raises(Refused, match="no second copy"):
        healings.propose(case, harm.pk, reason=WHY, by=cast.lead)
    assert "no second copy" in sign_in(cast.lead).get(page(case, f"custody/damages/{harm.pk}/")).content.decode()


def test_bytes_that_came_back_by_themselves_are_closed_by_two_people_all_the_same(
        cast: Cast, case: Case, exhibit: Exhibit) -> None:
    file = lie(exhibit.item.blob_id, "evidence")
    file.rename(file.with_suffix(".away"))
    routine.suspect(exhibit.item.blob_id)
    file.with_suffix(".away").rename(file)
    harm = Damage.objects.get()
    assert routine.suspect(exhibit.item.blob_id)
    assert routine.state().damaged == 1
    assert healed(cast, case, harm).state == "healed"
    assert told(exhibit, healing.ACT)[0].detail["source"] == ""


def test_a_crash_after_the_damaged_bytes_were_moved_is_gone_on_from(
        cast: Cast, case: Case, exhibit: Exhibit, monkeypatch: pytest.MonkeyPatch) -> None:
    found = hurt(exhibit)
    sha256 = exhibit.item.blob_id

    def full(*_given: Any) -> str:
        raise StoreFull("no room")

    healings.propose(case, found.pk, reason=WHY, by=cast.lead)
    healings.approve(case, found.pk, by=cast.legal)
    with monkeypatch.context() as patch:
        patch.setattr(store, "copy", full)
        assert healing.run_waiting() == 0
    assert not lie(sha256, "evidence").exists()
    assert Healing.objects.get().attempts == 1
    assert healing.run_waiting() == 1
    assert store.verify(sha256)
    assert Healing.objects.get().detail == f"quarantine/{sha256}.damage-{found.pk}"


def test_three_failures_end_an_order_and_say_so(
        cast: Cast, case: Case, exhibit: Exhibit, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_given: Any) -> str:
        raise OSError("no room")

    found = hurt(exhibit)
    monkeypatch.setattr(store, "copy", down)
    healings.propose(case, found.pk, reason=WHY, by=cast.lead)
    healings.approve(case, found.pk, by=cast.legal)
    for _turn in range(4):
        assert healing.run_waiting() == 0
    assert healings.one(case, found.pk).state == "failed"
    assert len(told(exhibit, healing.ACT)) == 1


@pytest.mark.parametrize("people", [("user/1", "user/1"), ("user/1", ""), ("", "user/2")])
def test_the_database_takes_no_order_of_one_person(exhibit: Exhibit, people: tuple[str, str]) -> None:
    found = hurt(exhibit)
    agent, approver = ({"type": "person", "id": one, "name": "Lubna"} for one in people)
    with pytest.raises(IntegrityError), transaction.atomic():
        Healing.objects.create(damage=found, context="case/1", reason="r", agent=agent, approver=approver,
                               asked_at=found.found_at)


def test_the_database_closes_no_damage_with_an_order_that_is_not_done(cast: Cast, case: Case,
                                                                      exhibit: Exhibit) -> None:
    found = hurt(exhibit)
    healings.propose(case, found.pk, reason=WHY, by=cast.lead)
    healings.approve(case, found.pk, by=cast.legal)
    order = Healing.objects.get()
    found.healing, found.healed_at = order, order.asked_at
    with pytest.raises(Exception, match="closed by a healing"), transaction.atomic():
        found.save()
    healing.run_waiting()
    order.refresh_from_db()
    order.reason = "another"
    with pytest.raises(Exception, match="written once"), transaction.atomic():
        order.save()
