"""The gate at its doors: taken with 201, 423 that says why, unlocked with a reason, delivered as nothing to open."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, override_settings
from django.utils import translation

from casework.cases.models import Case
from casework.exhibits.models import Exhibit
from evidence.custody import history
from evidence.derivatives import services as derivatives
from evidence.screening import services as screening
from evidence.screening.services import eicar
from tests.casework.test_exhibits_uploads import closed, part, send
from tests.evidence.scanner import MARK, Scanner
from tests.factories import Cast, bearer, lodge_capture, make_case, make_cast, sign_in

BAD = b"<p>" + MARK + b"</p>"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


@pytest.fixture
def there() -> Iterator[Scanner]:
    cache.clear()
    with Scanner() as one, override_settings(CLAMD_URL=one.address):
        yield one


@pytest.fixture
def bad(cast: Cast, case: Case, there: Scanner) -> Exhibit:
    answer = send(cast, case, closed(part(b"file", BAD, b"invoice.html")))
    assert answer.status_code == 201
    screening.screen_waiting()
    return Exhibit.objects.get()


def page(case: Case, more: str = "") -> str:
    return f"/cases/{case.ref}/evidence/E-001/{more}"


def call(case: Case, more: str = "") -> str:
    return f"/api/v1/cases/{case.ref}/exhibits/E-001/{more}"


def test_a_scanner_that_is_down_or_finds_something_never_stops_lodging(cast: Cast, case: Case, there: Scanner) -> None:
    assert send(cast, case, closed(part(b"file", eicar(), b"eicar.com"))).status_code == 201
    with override_settings(CLAMD_URL="/nowhere/clamd"):
        assert send(cast, case, closed(part(b"file", b"more", b"a.txt"))).status_code == 201
        assert screening.screen_waiting() == 0
        shown = sign_in(cast.lead).get(f"/cases/{case.ref}/evidence/E-002/").content.decode()
        assert "Not screened yet" in shown and "the scanner does not answer" in shown


def test_page_and_call_answer_423_and_say_why(cast: Cast, case: Case, bad: Exhibit) -> None:
    answer = sign_in(cast.lead).get(page(case, "original"))
    assert answer.status_code == 423
    assert "Casework.Test.Mark" in answer.content.decode()
    answer = Client().get(call(case, "original/"), headers=bearer(cast.lead))
    assert (answer.status_code, answer["Content-Type"]) == (423, "application/problem+json")
    problem = answer.json()
    assert (problem["status"], problem["code"]) == (423, "malware")
    assert "Casework.Test.Mark" in problem["detail"] and problem["request_id"]
    # Being refused is recorded, as all that is refused.
    refused = [entry.detail for entry in history.entries(context=f"case/{case.ref}", limit=20)
               if entry.detail.get("act") == "refused"]
    assert {one["status"] for one in refused} == {423}


def test_the_exhibit_says_what_was_found_and_offers_no_download(cast: Cast, case: Case, bad: Exhibit) -> None:
    for language, said in (("en", "Malware was found in this file"), ("ur", "میلویئر")):
        client = sign_in(cast.lead)
        client.post("/language/", {"language": language, "next": "/"})
        with translation.override(language):
            shown = client.get(page(case)).content.decode()
        assert said in shown and "Casework.Test.Mark" in shown
        assert page(case, "original") not in shown and page(case, "unlock") in shown
    got = Client().get(call(case), headers=bearer(cast.reviewer)).json()["screening"]
    assert (got["state"], got["locked"], got["finding"], got["engine"], got["signatures"]) == (
        "found", True, "Casework.Test.Mark", "ClamAV 1.4.6", "27500")


def test_without_a_scanner_the_exhibit_says_that_it_was_not_screened(cast: Cast, case: Case) -> None:
    send(cast, case, closed(part(b"file", BAD, b"a.html")))
    shown = sign_in(cast.lead).get(page(case)).content.decode()
    assert "Not screened: no scanner is set up" in shown and page(case, "original") in shown
    got = Client().get(call(case), headers=bearer(cast.reviewer)).json()["screening"]
    assert (got["state"], got["locked"]) == ("off", False)


def taken(answer: Any) -> bytes:
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/octet-stream"
    said = answer["Content-Disposition"]
    assert said.startswith("attachment; ") and 'invoice.html.malware"' in said and said.endswith(".malware")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    return b"".join(answer)


def test_the_lead_unlocks_it_on_the_page(cast: Cast, case: Case, bad: Exhibit) -> None:
    client = sign_in(cast.lead)
    assert "Unlock it for me" in client.get(page(case, "unlock")).content.decode()
    assert client.post(page(case, "unlock"), {"reason": ""}).status_code == 422
    assert client.post(page(case, "unlock"), {"reason": "For the laboratory"}).status_code == 302
    assert "You have unlocked it until" in client.get(page(case, "unlock")).content.decode()
    assert taken(client.get(page(case, "original"))) == BAD
    # Nobody else has.
    assert sign_in(cast.legal).get(page(case, "original")).status_code == 423


def test_a_program_unlocks_it_by_the_same_rules(cast: Cast, case: Case, bad: Exhibit) -> None:
    client = Client()
    lead = bearer(cast.lead)
    answer = client.post(call(case, "unlock/"), {}, content_type="application/json", headers=lead)
    assert answer.status_code == 422
    reason = {"reason": "For the laboratory"}
    answer = client.post(call(case, "unlock/"), reason, content_type="application/json", headers=lead)
    assert answer.status_code == 201
    assert (answer.json()["state"], answer.json()["exhibit"], answer.json()["part"]) == ("found", "E-001", None)
    assert taken(client.get(call(case, "original/"), headers=lead)) == BAD
    answer = client.post(call(case, "unlock/"), reason, content_type="application/json",
                         headers=bearer(cast.investigator))
    assert answer.status_code == 403
    assert Client().post(call(case, "unlock/"), reason, content_type="application/json",
                         headers=bearer(cast.outsider)).status_code == 404


def test_what_is_not_locked_cannot_be_unlocked(cast: Cast, case: Case) -> None:
    send(cast, case, closed(part(b"file", b"harmless", b"a.txt")))
    answer = Client().post(call(case, "unlock/"), {"reason": "r"}, content_type="application/json",
                           headers=bearer(cast.lead))
    assert (answer.status_code, answer.json()["code"]) == (409, "not_now")


def test_who_may_not_unlock_is_told_who_may(cast: Cast, case: Case, bad: Exhibit) -> None:
    client = sign_in(cast.investigator)
    shown = client.get(page(case, "unlock")).content.decode()
    assert "Whoever leads the case, or legal staff" in shown and "Unlock it for me" not in shown
    assert client.post(page(case, "unlock"), {"reason": "I want it"}).status_code == 403
    assert sign_in(cast.auditor).get(page(case, "unlock")).status_code == 403


def test_the_alarm_is_on_home_and_access_until_another_has_looked(cast: Cast, case: Case, bad: Exhibit) -> None:
    sign_in(cast.lead).post(page(case, "unlock"), {"reason": "For the laboratory"})
    legal = sign_in(cast.legal)
    assert "Malware was unlocked" in legal.get("/").content.decode()
    assert "Malware was unlocked" not in sign_in(cast.lead).get("/").content.decode()
    shown = legal.get(f"/cases/{case.ref}/access/").content.decode()
    assert "For the laboratory" in shown and "Casework.Test.Mark" in shown
    listed = Client().get(f"/api/v1/cases/{case.ref}/unlockings/", headers=bearer(cast.auditor)).json()
    assert [(one["person"], one["reason"], one["seen_by"]) for one in listed] == [
        ("Lubna Qadir", "For the laboratory", None)]
    seen = f"/cases/{case.ref}/evidence/unlockings/{listed[0]['id']}/seen"
    assert sign_in(cast.lead).post(seen).status_code == 409
    assert legal.post(seen).status_code == 302
    assert "For the laboratory" not in legal.get(f"/cases/{case.ref}/access/").content.decode()


def test_a_part_has_doors_of_its_own(cast: Cast, case: Case, there: Scanner) -> None:
    lodge_capture(case, cast.lead, 1, ("invoice.html", BAD))
    derivatives.derive_waiting()
    screening.screen_waiting()
    client = sign_in(cast.lead)
    shown = client.get(page(case)).content.decode()
    assert page(case, "parts/3/unlock") in shown and page(case, "parts/3/original") not in shown
    assert client.get(page(case, "parts/3/original")).status_code == 423
    assert client.get(page(case, "parts/1/original")).status_code == 200
    assert client.post(page(case, "parts/3/unlock"), {"reason": "For the laboratory"}).status_code == 302
    assert taken(client.get(page(case, "parts/3/original"))) == BAD
    legal = bearer(cast.legal)
    assert Client().get(call(case, "parts/3/original/"), headers=legal).status_code == 423
    answer = Client().post(call(case, "parts/3/unlock/"), {"reason": "r"}, content_type="application/json",
                           headers=legal)
    assert (answer.status_code, answer.json()["part"]) == (201, 3)
    assert taken(Client().get(call(case, "parts/3/original/"), headers=legal)) == BAD
