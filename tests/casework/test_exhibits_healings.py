"""Damaged bytes: an alarm on every page that shows them, and healed from the other copy by two people."""

import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import storages
from django.test import Client, override_settings

from casework.approvals import Refused
from casework.cases import services as cases
from casework.cases.models import Case
from casework.exhibits import healings
from casework.exhibits.models import Exhibit
from casework.record import Act
from evidence.archive import services as archive
from evidence.derivatives import services as derivatives
from evidence.fixity import audit, damage, healing, routine
from evidence.fixity.models import Healing
from evidence.store import services as store
from reports.desk import compose as desk
from tests.casework.harm import WHY, healed, hurt, lie, page, spoil, told
from tests.evidence import custody_log as given
from tests.factories import Cast, bearer, lodge_png, make_case, make_cast, sign_in


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


def test_the_alarm_stands_on_every_page_that_it_concerns(cast: Cast, case: Case, exhibit: Exhibit) -> None:
    auditor = sign_in(cast.auditor)
    where = page(case, "custody/damages/")
    assert "Nothing of this case was ever found damaged" in auditor.get(where).content.decode()
    assert "None is known to be damaged" in Client().get("/log/").content.decode()
    harm = hurt(exhibit)
    for address, words in ((page(case, "E-001/"), "Bytes of this exhibit are damaged"),
                           (page(case, "custody/"), "1 stored copy of this case"), (where, "they are not what they"),
                           (f"{where}{harm.pk}/", harm.found_sha256), ("/log/", "1 stored file is damaged"),
                           ("/", "Damaged bytes")):
        assert words in auditor.get(address).content.decode(), address
    assert "found bytes of" in auditor.get(page(case, "E-001/")).content.decode()
    ready = Client().get("/readyz").json()
    assert (ready["degraded"], ready["parts"]["fixity"]["damaged"], ready["parts"]["fixity"]["ok"]) == (True, 1, True)
    log = Client().get("/api/v1/log/", headers=bearer(cast.auditor)).json()
    assert log["damaged"] == 1
    assert [one.word for one in desk.waiting(cast.outsider)[0]] == []
    assert [one.state for one in desk.waiting(cast.auditor)[0]] == ["damaged"]


@pytest.mark.parametrize("alias", ["evidence", "archive"])
@pytest.mark.parametrize("harm", [spoil, os.unlink])
def test_two_people_heal_from_the_other_copy_and_what_was_damaged_is_kept(
        cast: Cast, case: Case, exhibit: Exhibit, alias: str, harm: Any) -> None:
    sha256 = exhibit.item.blob_id
    before = lie(sha256, alias).read_bytes()
    found = hurt(exhibit, alias, harm)
    lead, legal = sign_in(cast.lead), sign_in(cast.legal)
    where = page(case, f"custody/damages/{found.pk}/")
    assert "Propose to heal it" in lead.get(where).content.decode()
    assert lead.post(where + "heal", {"reason": WHY}).status_code == 302
    assert "You proposed this" in lead.get(where).content.decode()
    assert where in [one.url for one in desk.waiting(cast.legal)[0]]
    assert WHY in legal.get(where + "approve").content.decode()
    assert not store.verify(sha256, alias), "nothing is changed yet"
    assert legal.post(where + "approve").status_code == 302
    assert "The worker is at it" in lead.get(where).content.decode()
    assert healing.run_waiting() == 1
    assert lie(sha256, alias).read_bytes() == before
    shown = lead.get(where).content.decode()
    assert "These bytes are whole again" in shown
    aside = Path(storages[alias].path(f"quarantine/{sha256}.damage-{found.pk}"))
    if harm is spoil:
        assert aside.read_bytes() == b"!" + before[1:]
        assert f"quarantine/{sha256}.damage-{found.pk}" in shown
    else:
        assert not aside.exists()
    event, = told(exhibit, healing.ACT)
    assert (event.agent["name"], event.detail["approver"]["name"]) == ("Lubna Qadir", "Laila Zafar")
    assert (event.kind, event.detail["match"], event.detail["reason"]) == ("replication", True, WHY)
    assert event.detail["source"] == ("archive" if alias == "evidence" else "store")
    assert "healed from the other copy" in lead.get(page(case, "custody/")).content.decode()
    assert routine.state().damaged == 0
    assert routine.suspect(sha256)
    assert [one for one in audit.audit_case(case.ref, checked=Counter())
            if one.object.startswith(("blob", "archive"))] == []


def test_the_same_by_api(cast: Cast, case: Case, exhibit: Exhibit) -> None:
    found = hurt(exhibit)
    address = f"/api/v1/cases/{case.ref}/damages/"

    def call(person: Any, method: str, path: str = "", **body: Any) -> Any:
        data = {} if method == "get" else {"data": json.dumps(body), "content_type": "application/json"}
        return getattr(Client(), method)(address + path, headers=bearer(person), **data)

    one = f"{found.pk}/"
    listed, = call(cast.auditor, "get").json()
    assert (listed["state"], listed["exhibits"], listed["place"], listed["problem"]) == (
        "open", ["E-001"], "store", "changed")
    assert call(cast.lead, "post", one + "heal/", reason=" ").status_code == 422
    asked = call(cast.lead, "post", one + "heal/", reason=WHY)
    assert (asked.status_code, asked.json()["state"], asked.json()["reason"]) == (201, "proposed", WHY)
    assert call(cast.lead, "post", one + "heal/", reason=WHY).status_code == 409
    assert call(cast.lead, "post", one + "heal/approve/").status_code == 409
    assert call(cast.reviewer, "post", one + "heal/send-back/", reason="Why?").json()["state"] == "open"
    assert call(cast.reviewer, "post", one + "heal/", reason=WHY).status_code == 201
    done = call(cast.legal, "post", one + "heal/approve/")
    assert (done.status_code, done.json()["state"]) == (200, "healing")
    healing.run_waiting()
    answer = call(cast.auditor, "get", one).json()
    assert (answer["state"], answer["decided_by"]) == ("healed", "Laila Zafar")
    assert answer["detail"].startswith("quarantine/")


def test_agreeing_asks_for_the_password_again(cast: Cast, case: Case, exhibit: Exhibit) -> None:
    found = hurt(exhibit)
    healings.propose(case, found.pk, reason=WHY, by=cast.lead)
    client = Client()
    client.force_login(cast.legal)
    answer = client.post(page(case, f"custody/damages/{found.pk}/approve"))
    assert "/reauthenticate/" in answer["Location"]
    assert client.post(f"/api/v1/cases/{case.ref}/damages/{found.pk}/heal/approve/").status_code == 403
    assert not Healing.objects.exists()


def test_who_proposed_does_not_agree_and_others_do_neither(cast: Cast, case: Case, exhibit: Exhibit) -> None:
    found = hurt(exhibit)
    for person in (cast.investigator, cast.auditor, cast.takedown):
        with pytest.raises(PermissionDenied):
            healings.propose(case, found.pk, reason=WHY, by=person)
    with pytest.raises(ValidationError):
        healings.propose(case, found.pk, reason=" \x00", by=cast.lead)
    healings.propose(case, found.pk, reason=WHY, by=cast.lead)
    with pytest.raises(Refused, match="second person"):
        healings.approve(case, found.pk, by=cast.lead)
    cases.close(case, by=cast.lead)
    with pytest.raises(cases.CaseClosed):
        healings.approve(case, found.pk, by=cast.legal)
    assert not Healing.objects.exists()


def test_another_case_that_holds_the_same_bytes_hears_of_it_without_names(
        cast: Cast, case: Case, exhibit: Exhibit) -> None:
    other = make_case(cast, "Another")
    second = lodge_png(other, cast.lead, 1).exhibit
    assert second.item.blob_id == exhibit.item.blob_id
    found = hurt(exhibit)
    healings.propose(other, found.pk, reason="Elsewhere", by=cast.lead)
    assert healed(cast, case, found).state == "healed"
    with pytest.raises(Refused):
        healings.approve(other, found.pk, by=cast.legal)
    event, = told(second, healing.ELSEWHERE)
    assert event.agent["type"] == "software"
    assert "reason" not in event.detail
    assert not told(second, healing.ACT)


@pytest.mark.parametrize("address", ["/cases/{}/evidence/E-001/original", "/api/v1/cases/{}/exhibits/E-001/original/"])
def test_whoever_is_refused_damaged_bytes_has_them_looked_at(
        cast: Cast, case: Case, exhibit: Exhibit, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr("evidence.wake.after_commit", lambda *words: asked.append(words))
    derivatives.derive_waiting()
    spoil(lie(exhibit.item.blob_id, "evidence"))
    client = Client() if "api" in address else sign_in(cast.lead)
    answer = client.get(address.format(case.ref), headers=bearer(cast.lead) if "api" in address else {})
    assert answer.status_code == 503
    assert ("evidence.fixity.suspect", exhibit.item.blob_id) in asked


def test_the_acts_of_the_vault_have_their_sentences() -> None:
    assert (damage.FOUND, routine.ACT, healing.ACT, healing.ELSEWHERE) == (
        Act.DAMAGE_FOUND, Act.FIXITY_ROUTINE, Act.BYTES_HEALED, Act.HEALED_ELSEWHERE)


def test_the_list_asks_a_constant_number_of_questions(
        cast: Cast, case: Case, exhibit: Exhibit, django_assert_max_num_queries: Any) -> None:
    for shade in range(3, 9):
        lodged = lodge_png(case, cast.investigator, shade)
        archive.archive(lodged.item)
        os.unlink(lie(lodged.item.blob_id, "evidence"))
        routine.suspect(lodged.item.blob_id)
    with django_assert_max_num_queries(10):
        assert len(healings.of_case(case)) == 6
