"""Who could, who did, who was refused, who came in: recorded, and told to those who may know."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from casework.audit import services as audit
from casework.cases import services as cases
from casework.cases.models import Case, Membership
from casework.exhibits.models import Exhibit
from casework.people.models import User
from casework.record import Act
from evidence.custody import history
from evidence.custody.history import Entry
from evidence.derivatives import services as derivatives
from tests.factories import PASSWORD, Cast, bearer, lodge_png, make_case, make_cast, sign_in


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


@pytest.fixture
def exhibit(cast: Cast, case: Case) -> Exhibit:
    return lodge_png(case, cast.lead, 1).exhibit


def told(act: Act, context: str) -> list[Entry]:
    return [entry for entry in history.entries(context=context, limit=100) if entry.detail.get("act") == act]


def test_the_report_counts_what_the_log_says_and_names_strangers(cast: Cast, case: Case, exhibit: Exhibit) -> None:
    lodge_png(case, cast.lead, 2)
    derivatives.derive_waiting()
    client = sign_in(cast.investigator)
    for _turn in range(3):
        client.get(f"/cases/{case.ref}/evidence/E-001/")
    client.get(f"/cases/{case.ref}/evidence/E-002/")
    client.get(f"/cases/{case.ref}/evidence/")
    b"".join(client.get(f"/cases/{case.ref}/evidence/E-001/original"))
    sign_in(cast.outsider).get(f"/cases/{case.ref}/evidence/E-001/")
    whole = audit.report(case, by=cast.auditor)
    did = {one.name: one for one in whole.did}
    assert dict(did[str(cast.investigator)].counts) == {"looks": 4, "lists": 1, "taken": 1}
    assert did[str(cast.investigator)].busiest == 5 and did[str(cast.investigator)].could
    assert dict(did[str(cast.outsider)].counts) == {"refused": 1} and not did[str(cast.outsider)].could
    assert {one.person for one in whole.could if one.opens} == {
        cast.lead, cast.investigator, cast.reviewer, cast.takedown, cast.legal, cast.auditor}
    assert not next(one for one in whole.could if one.person == cast.media).opens
    one = audit.report(case, exhibit=exhibit, by=cast.auditor)
    assert dict(one.did[0].counts) == {"looks": 3, "lists": 1, "taken": 1} and len(one.did) == 1
    assert len(told(Act.ACCESS_REPORTED, f"case/{case.ref}")) == 2


def test_a_role_counts_for_the_days_on_which_it_was_held(cast: Cast, case: Case) -> None:
    today = timezone.now()
    Membership.objects.filter(user=cast.reviewer).update(granted_at=today - timedelta(days=9),
                                                         ended_at=today - timedelta(days=5))

    def could(first: int, last: int) -> bool:
        found = audit.report(case, start=(today - timedelta(days=first)).date(), by=cast.lead,
                             end=(today - timedelta(days=last)).date())
        return cast.reviewer in {one.person for one in found.could}

    assert could(20, 0) and could(9, 9) and could(5, 5)
    assert not could(20, 10) and not could(4, 0)


@pytest.mark.parametrize(("asked", "field"), [
    ({"start": "2026-02-02", "end": "2026-02-01"}, "end"), ({"start": "2024-01-01", "end": "2026-01-01"}, "start"),
    ({"start": "never"}, "start"), ({"exhibit": "E-999"}, "exhibit"), ({"exhibit": "x"}, "exhibit"),
    ({"start": "0001-01-01"}, "start"), ({"end": "9999-12-31"}, "end"), ({"end": "2000-01-01"}, ""),
])
def test_what_cannot_be_asked_is_said_beside_its_field(cast: Cast, case: Case, asked: dict[str, str],
                                                       field: str) -> None:
    page = sign_in(cast.lead).get(f"/cases/{case.ref}/access/", asked)
    call = Client().get(f"/api/v1/cases/{case.ref}/access/", asked, headers=bearer(cast.lead, "read"))
    if field:
        assert page.status_code == 422 and list(page.context["form"].errors) == [field]
        assert call.status_code == (404 if field == "exhibit" and asked["exhibit"] == "E-999" else 422)
    else:
        assert (page.status_code, call.status_code) == (200, 200)


def test_page_and_call_tell_the_same(cast: Cast, case: Case, exhibit: Exhibit) -> None:
    sign_in(cast.legal).get(f"/cases/{case.ref}/evidence/E-001/")
    call = Client().get(f"/api/v1/cases/{case.ref}/access/", {"exhibit": "E-001"}, headers=bearer(cast.lead, "read"))
    assert call.status_code == 200
    [row] = call.json()["did"]
    assert (row["name"], row["looks"], row["taken"], row["refused"]) == (str(cast.legal), 1, 0, 0)
    page = sign_in(cast.lead).get(f"/cases/{case.ref}/access/", {"exhibit": "e-1"})
    assert page.status_code == 200
    assert [(one.name, one.counts["looks"]) for one in page.context["report"].did] == [(str(cast.legal), 1)]


@pytest.mark.parametrize("ref", ["own", "absent"])
def test_who_asks_for_a_foreign_case_is_recorded_there_and_an_absent_one_costs_the_same(
        cast: Cast, case: Case, ref: str, django_assert_num_queries: Any) -> None:
    named = case.ref if ref == "own" else "CW-2031-0042"
    client = sign_in(cast.outsider)
    with django_assert_num_queries(5):
        answer = client.get(f"/cases/{named}/evidence/")
    assert answer.status_code == 404
    [entry] = told(Act.REFUSED, f"case/{named}")
    assert (entry.agent["id"], entry.detail["status"], entry.detail["route"]) == (
        f"user/{cast.outsider.pk}", 404, "exhibits:evidence")


def test_calls_and_missing_rights_are_recorded_and_what_is_merely_absent_is_not(cast: Cast, case: Case) -> None:
    Client().get(f"/api/v1/cases/{case.ref}/", headers=bearer(cast.outsider))
    sign_in(cast.media).get(f"/cases/{case.ref}/evidence/")
    sign_in(cast.lead).get(f"/cases/{case.ref}/evidence/E-404/")
    sign_in(cast.lead).get("/cases/no-such-word/")
    Client().get(f"/cases/{case.ref}/")
    found = told(Act.REFUSED, f"case/{case.ref}")
    assert [(entry.agent["name"], entry.detail["status"]) for entry in found] == [
        (str(cast.media), 403), (str(cast.outsider), 404)]
    sign_in(cast.lead).get("/people/")
    assert told(Act.REFUSED, "")[0].detail["route"] == "people:list"


def enter(client: Client, email: str, password: str) -> Any:
    return client.post("/accounts/login/", {"login": email, "password": password})


def test_coming_and_going_is_recorded(cast: Cast) -> None:
    client = Client()
    assert enter(client, cast.lead.email, PASSWORD).status_code == 302
    client.post("/accounts/logout/")
    enter(client, cast.lead.email, "a wrong pass phrase, typed here")
    enter(client, "nobody@example.org", "a secret typed in the wrong place")
    found = [(str(entry.detail["act"]), entry.subject) for entry in history.entries(context="", limit=4)]
    assert found == [(Act.SIGN_IN_FAILED, "user/unknown"), (Act.SIGN_IN_FAILED, f"user/{cast.lead.pk}"),
                     (Act.SIGNED_OUT, f"user/{cast.lead.pk}"), (Act.SIGNED_IN, f"user/{cast.lead.pk}")]
    every = str([entry.detail for entry in history.entries(context="", limit=9)])
    assert "nobody@example.org" not in every and "typed" not in every


def test_the_audit_is_for_administrators_page_by_page_and_person_by_person(
        cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "PAGE", 3)
    for person in (cast.lead, cast.legal):
        enter(Client(), person.email, PASSWORD)
    assert sign_in(cast.lead).get("/audit/").status_code == 403
    client = sign_in(cast.admin)
    page = client.get("/audit/")
    assert page.status_code == 200 and len(page.context["events"]) == 3
    older = client.get("/audit/", {"before": str(page.context["go_on"])})
    ids = [{str(row["entry"].event_id) for row in one.context["events"]} for one in (page, older)]
    assert ids[0] and ids[1] and not ids[0] & ids[1]
    about = client.get("/audit/", {"person": cast.legal.pk})
    assert {row["entry"].subject for row in about.context["events"]} == {f"user/{cast.legal.pk}"}
    for odd in ("x", "-1", "9" * 999, "٣"):
        assert client.get("/audit/", {"person": odd, "before": odd}).status_code == 200
    call = Client().get("/api/v1/audit/", {"person": cast.legal.pk}, headers=bearer(cast.admin, "read"))
    assert {row["subject"] for row in call.json()} == {f"user/{cast.legal.pk}"}
    assert Client().get("/api/v1/audit/", headers=bearer(cast.lead, "read")).status_code == 403
    assert len(told(Act.AUDIT_READ, "")) == 8


def test_stopping_by_page_and_by_call(cast: Cast, case: Case) -> None:
    client = sign_in(cast.lead)
    address = f"/cases/{case.ref}/access/stop/"
    assert client.post(address, {"person": cast.outsider.pk, "reason": "x"}).status_code == 422
    assert client.post(address, {"person": cast.legal.pk, "reason": ""}).status_code == 422
    assert client.post(address, {"person": cast.legal.pk, "reason": "Too much"}).status_code == 302
    assert "Too much" in client.get(f"/cases/{case.ref}/access/").content.decode()
    headers = bearer(cast.lead, "write")
    calls = f"/api/v1/cases/{case.ref}/export-stops/"
    [standing] = Client().get(calls, headers=bearer(cast.lead, "read")).json()
    assert Client().post(f"{calls}{standing['id']}/lift/", headers=headers).json()["lifted_by"] == str(cast.lead)
    for person, status in ((cast.outsider, 422), (cast.media, 201)):
        sent = {"person": person.pk, "reason": "Too much"}
        assert Client().post(calls, sent, content_type="application/json", headers=headers).status_code == status
    assert Client().get(f"/api/v1/cases/{case.ref}/export-alarms/", headers=bearer(cast.auditor, "read")).json() == []


def test_the_days_are_those_of_utc(cast: Cast, case: Case, exhibit: Exhibit) -> None:
    sign_in(cast.legal).get(f"/cases/{case.ref}/evidence/E-001/")
    today = datetime.now(UTC).date()
    assert audit.report(case, start=today, end=today, by=cast.lead).did
    assert not audit.report(case, start=today + timedelta(days=1), end=today + timedelta(days=1), by=cast.lead).did
    cases.close(case, by=cast.lead)
    assert audit.report(case, by=cast.lead).did, "a closed case is asked after too"
    assert User.objects.filter(pk=cast.legal.pk).exists()
