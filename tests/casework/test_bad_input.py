"""What programs and browsers should not send: ids of docs/security-tests.md stand before what is sent."""

import json
import time
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from casework.cases.models import Case
from casework.exhibits.models import Exhibit
from evidence.derivatives import services as derivatives
from tests.casework.test_exhibits_uploads import BOUNDARY, TYPE, closed
from tests.factories import Cast, bearer, lodge_png, make_case, make_cast, png, sign_in

WORDS = {"title": "A case", "mandate_basis": "Order 3", "mandate_purpose": "To document", "mandate_scope": "Posts"}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


def call(person: Any, method: str, path: str, body: Any = None, **headers: str) -> Any:
    data = body if isinstance(body, str | bytes) else json.dumps(body)
    return getattr(Client(), method)(f"/api/v1/{path}", **({} if body is None else {
        "data": data, "content_type": "application/json"}), headers=bearer(person) | headers)


@pytest.mark.parametrize("asked", ["include=members", "fields=id,password", "expand=case.members.user",
                                   "omit=title", "ordering=password", "ordering=title);DROP TABLE users;--",
                                   "title__startswith=A", "case__members__user__password=x", "q=' OR 1=1 --"])
def test_what_a_list_does_not_know_changes_nothing_of_it(cast: Cast, case: Case, asked: str) -> None:
    for path in ("cases/", f"cases/{case.ref}/members/", f"cases/{case.ref}/findings/"):
        plain, other = call(cast.lead, "get", path), call(cast.lead, "get", f"{path}?{asked}")
        assert (other.status_code, other.json()) == (plain.status_code, plain.json()), other.content[:300]


def test_what_a_caller_may_not_set_is_refused_by_its_name(cast: Cast, case: Case) -> None:
    claimed = {"id": 1, "ref": "CW-1999-0001", "case": "x", "owner": 1, "state": "closed", "opened_at": "1999-01-01",
               "opened_by": 1, "is_staff": True, "is_administrator": True, "role": "lead", "log_index": 0}
    refused = call(cast.outsider, "post", "cases/", WORDS | claimed)
    assert refused.status_code == 422 and refused.json()["errors"].keys() == claimed.keys()
    assert refused.json()["errors"]["state"] == ["This cannot be set."]
    assert refused.json()["errors"]["owner"] == ["There is no such field here."]
    assert Case.objects.count() == 1
    many = call(cast.outsider, "post", "cases/", {f"{number}" * 500: 1 for number in range(10, 90)})
    assert many.status_code == 422 and len(many.content) < 5000
    exhibit = lodge_png(case, cast.lead, 1).exhibit
    before = Exhibit.objects.filter(pk=exhibit.pk).values().get()
    sent = {"sha256": "0" * 64, "number": 9, "item": 1, "case_id": 7, "lodged_by": 1, "event_id": "x", "size": 0,
            "storage_key": "/etc/passwd", "leaf_hash": "0" * 64, "title": "Another"}
    refused = call(cast.lead, "patch", f"cases/{case.ref}/exhibits/E-001/", sent)
    assert refused.status_code == 422 and refused.json()["errors"].keys() == sent.keys() - {"title"}
    after = Exhibit.objects.filter(pk=exhibit.pk).values().get()
    assert after == before


@pytest.mark.parametrize("body", [
    '{"title": "a", "title": "b"}', '{"days": 3, "basis": "x", "days": 4}', '{"a": {"b": 1, "b": 2}}'])
def test_a_key_that_stands_twice_is_refused(cast: Cast, case: Case, body: str) -> None:
    for method, path in (("post", "cases/"), ("put", f"cases/{case.ref}/retention/")):
        assert call(cast.lead, method, path, body).status_code == 400


@pytest.mark.parametrize("days", [True, "many", 1e308, -1, -0.5, 2**63, 10**400, None, [], {}, "", "\u0000", "٣" * 20])
def test_a_number_that_is_none_is_refused(cast: Cast, case: Case, days: Any) -> None:
    answer = call(cast.lead, "put", f"cases/{case.ref}/retention/", {"days": days, "basis": "Order 4"})
    assert answer.status_code in {400, 422}, answer.content[:200]


@pytest.mark.parametrize("number", ["1e400", "-1e999", "NaN", "Infinity"])
def test_a_number_beyond_all_bounds_is_refused_also_for_a_person(cast: Cast, case: Case, number: str) -> None:
    answer = call(cast.lead, "post", f"cases/{case.ref}/export-stops/", f'{{"person": {number}, "reason": "x"}}')
    assert answer.status_code == 400


@pytest.mark.parametrize(("body", "status"), [
    (b"\xff\xfe{}", 400),
    (b'{"title": "\xc0\xae"}', 400), (b'{"title": "\xed\xa0\x80"}', 400), (b"\xef\xbb\xbf{}", 400),
    (b"{" + b",".join(b'"k%d":1' % n for n in range(300_000)) + b"}", 413),
    (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, 400)])
def test_a_body_that_is_no_text_or_too_much_is_refused(cast: Cast, body: bytes, status: int) -> None:
    answer = call(cast.lead, "post", "cases/", body)
    assert answer.status_code in {status, 422} and answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("field", WORDS)
@pytest.mark.parametrize("text", ["a\u0000b", "x" * 201, " "])
def test_a_text_that_cannot_be_kept_is_refused_by_page_and_call(cast: Cast, field: str, text: str) -> None:
    if field != "title" and len(text) > 200:
        text = "x" * 20_001
    refused = call(cast.lead, "post", "cases/", WORDS | {field: text})
    assert refused.status_code == 422 and refused.json()["errors"].keys() == {field}
    typed = sign_in(cast.lead).post("/cases/new/", urlencode(WORDS | {field: text}),
                                        "application/x-www-form-urlencoded")
    assert typed.status_code == 422
    assert not Case.objects.exists()


def test_a_mandate_may_be_as_long_as_any_other_text(cast: Cast) -> None:
    long = "ا" * 20_000
    made = call(cast.lead, "post", "cases/", WORDS | {"mandate_scope": long})
    assert made.status_code == 201 and Case.objects.get().mandate_scope == long


def test_marks_and_turned_letters_are_kept_and_shown_in_a_direction_of_their_own(cast: Cast) -> None:
    title = "Z" + "\u0335" * 100 + " \u202egnp"
    made = call(cast.lead, "post", "cases/", WORDS | {"title": title})
    assert made.status_code == 201 and made.json()["title"] == title
    shown = sign_in(cast.lead).get(f"/cases/{made.json()['ref']}/").content.decode()
    before = shown[:shown.index(title, shown.index("<h1"))]
    assert before.rstrip().endswith((">", "⁨")) and ("<bdi" in before[-80:] or 'dir="auto"' in before[-80:])


@pytest.mark.parametrize("at", [
    "0000-01-01 00:00", "9999-12-31 23:59", "2026-02-29 12:00", "2025-06-30 23:59:60", "2026-03-14 18:05 +25:00",
    "2026-03-14T18:05[Europe/Berlin]", "1767225600", "2026-W10-1T1", "٢٠٢٦-٠٣-١٤ ١٨:٠٥", "2099-01-01 00:00"])
def test_a_time_that_is_none_or_has_not_come_is_refused(cast: Cast, case: Case, at: str) -> None:
    page = sign_in(cast.lead).post(f"/cases/{case.ref}/evidence/lodge", {"text": "Typed", "posted_at": at})
    assert (page.status_code, Exhibit.objects.count()) == (422, 0)


def test_a_time_in_a_gap_or_a_fold_of_the_clock_has_its_zone_with_it(cast: Cast, case: Case) -> None:
    client = sign_in(cast.lead)
    for at, kept in (("2026-03-29 02:30 +01:00", "2026-03-29T01:30:00Z"),
                     ("2025-10-26 02:30 +02:00", "2025-10-26T00:30:00Z"),
                     ("2025-10-26 02:30 +01:00", "2025-10-26T01:30:00Z")):
        client.post(f"/cases/{case.ref}/evidence/lodge", {"text": f"Typed {at}", "captured_at": at})
        assert Exhibit.objects.latest("number").item.provenance["captured_at"] == kept


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,<script>alert(1)</script>",
                                     "file:///etc/passwd", "http://169.254.169.254/", "http://[::1]/", "//evil.example",
                                     "/\\evil.example", "http://x.com@evil.example/a/status/1", "gopher://127.0.0.1:6379/_FLUSHALL"])
def test_an_address_that_was_typed_is_shown_and_leads_nowhere(cast: Cast, case: Case, address: str) -> None:
    client = sign_in(cast.lead)
    client.post(f"/cases/{case.ref}/evidence/lodge", {"text": "Typed", "source_url": address})
    if Exhibit.objects.exists():
        shown = client.get(f"/cases/{case.ref}/evidence/E-001/").content.decode()
        for opened in ("href", "src", "action"):
            assert f'{opened}="{address.split("<")[0]}' not in shown


@pytest.mark.parametrize("path", ["x.css", "evidence/x.css", "evidence/E-001/x.js", "/", "%2f", "..%2f..%2fadmin", ".",
                                  "x;y", "evidence/E-001/original.png", "evidence/E-001/original/x.css", "%2e%2e/"])
def test_an_address_with_something_behind_it_is_404_and_kept_by_nobody(cast: Cast, case: Case, path: str) -> None:
    lodge_png(case, cast.lead, 1)
    answer = sign_in(cast.lead).get(f"/cases/{case.ref}/{path}")
    assert answer.status_code == 404 and "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("asked", ["page=-1", "page=1000000000", "limit=1000000000", "before=-1",
                                   "before=1000000000", "page=x"])
def test_a_page_that_is_none_shows_what_there_is(cast: Cast, case: Case, asked: str) -> None:
    client = sign_in(cast.lead)
    for where in ("/cases/", f"/cases/{case.ref}/", f"/cases/{case.ref}/evidence/",
                  f"/cases/{case.ref}/evidence/custody/", "/log/"):
        assert client.get(f"{where}?{asked}").status_code in {200, 404}, where


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "text/xml", ""])
def test_a_body_that_another_site_could_send_is_no_call(cast: Cast, kind: str) -> None:
    answer = sign_in(cast.lead).post("/api/v1/cases/", json.dumps(WORDS), content_type=kind or "x")
    assert answer.status_code == 415
    assert not Case.objects.exists()


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://testserver.evil.example"])
def test_another_site_gets_nothing_and_changes_nothing(cast: Cast, case: Case, origin: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = sign_in(cast.lead).cookies
    for address in (f"/cases/{case.ref}/", "/api/v1/cases/", "/log/checkpoint", "/healthz"):
        told = browser.get(address, headers={"Origin": origin})
        assert not [name for name in told.headers if name.lower().startswith("access-control-")]
        asked = browser.options(address, headers={"Origin": origin, "Access-Control-Request-Method": "POST"})
        assert not [name for name in asked.headers if name.lower().startswith("access-control-")]
    before = Case.objects.count()
    assert browser.post("/cases/new/", WORDS, headers={"Origin": origin}).status_code == 403
    assert browser.post("/api/v1/cases/", WORDS, "application/json", headers={"Origin": origin}).status_code == 403
    assert Case.objects.count() == before


@pytest.mark.parametrize("verb", ["TRACE", "CONNECT", "BREW", "PROPFIND"])
def test_a_verb_that_is_none_is_refused(cast: Cast, case: Case, verb: str) -> None:
    for address in (f"/cases/{case.ref}/", "/api/v1/cases/", "/cases/new/"):
        assert sign_in(cast.lead).generic(verb, address).status_code in {403, 405}


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_a_verb_in_a_header_or_a_field_counts_for_nothing(cast: Cast, case: Case, header: str) -> None:
    lodge_png(case, cast.lead, 1)
    address = f"cases/{case.ref}/exhibits/E-001/"
    assert call(cast.lead, "get", address, **{header: "PATCH"}).status_code == 200
    assert call(cast.lead, "post", address, {"title": "x", "_method": "PATCH"}, **{header: "PATCH"}).status_code == 405


@pytest.mark.parametrize("said", [{"Host": "evil.example"}, {"Host": "testserver@evil.example"},
                                  {"Host": "testserver:x"}])
def test_a_host_that_is_not_ours_is_400(cast: Cast, said: dict[str, str]) -> None:
    assert sign_in(cast.lead).get("/", headers=said).status_code == 400


def test_a_link_says_our_own_address_whatever_the_headers_say(cast: Cast) -> None:
    said = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example", "X-Original-Host": "evil.example"}
    page = sign_in(cast.admin).post("/people/invite/", {"email": "sana@example.org", "display_name": "Sana"},
                                    headers=said, follow=True)
    called = call(cast.admin, "post", "people/", {"email": "zoya@example.org", "display_name": "Zoya"}, **said)
    for answer in (page, called):
        assert answer.status_code in {200, 201}
        assert b"http://testserver/" in answer.content and b"evil.example" not in answer.content


@pytest.mark.parametrize("asked", ["bytes=0-0", "bytes=" + ",".join(["0-0"] * 1000), "bytes=99999-", "bytes=-1", "x"])
def test_a_range_is_not_served_in_parts(cast: Cast, case: Case, asked: str) -> None:
    derivatives.derive(lodge_png(case, cast.lead, 1).item)
    answer = sign_in(cast.lead).get(f"/cases/{case.ref}/evidence/E-001/original", headers={"Range": asked})
    assert (answer.status_code, b"".join(answer)) == (200, png(1))


def test_more_parameters_and_cookies_than_anybody_needs(cast: Cast) -> None:
    client = sign_in(cast.lead)
    many = "&".join(f"p{n}=1" for n in range(10_000))
    for language, words in (("en", "more fields than are taken"), ("ur", "اتنے خانے ہیں جتنے لیے نہیں جاتے")):
        cast.lead.language = language
        cast.lead.save()
        for answer in (client.get(f"/cases/?{many}"),
                       client.post("/cases/new/", many, "application/x-www-form-urlencoded")):
            shown = answer.content.decode()
            assert answer.status_code == 400 and words in shown and answer["X-Request-Id"] in shown
    told = client.get(f"/cases/?{many}", headers={"Accept": "application/json"})
    assert (told.status_code, told.json()["code"]) == (400, "malformed")
    assert Client().get("/accounts/login/", headers={"Host": "evil.example"}).status_code == 400
    client.cookies.load({f"c{n}": "x" for n in range(200)})
    assert client.get("/cases/").status_code == 200


@pytest.mark.parametrize("accepted", ["text/html", "../../etc/passwd", "*/*;q=0", "application/xml", "", "x" * 5000])
def test_a_call_is_answered_in_json_whatever_is_accepted(cast: Cast, accepted: str) -> None:
    for path in ("cases/", "nothing/"):
        answer = call(cast.lead, "get", path, Accept=accepted)
        assert answer.status_code in {200, 404, 406}
        assert answer["Content-Type"] in {"application/json", "application/problem+json"}
        assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("email", ["sana@example.org\r\nBcc: x@evil.example",
                                   "sana@example.org\nX: y", "a\r\n@example.org"])
def test_an_address_with_a_line_end_gets_no_mail(cast: Cast, email: str) -> None:
    assert call(cast.admin, "post", "people/", {"email": email, "display_name": "Sana"}).status_code == 422
    typed = sign_in(cast.admin).post("/people/invite/", {"email": email, "display_name": "Sana"})
    assert typed.status_code == 422


def test_a_part_that_says_it_is_base64_and_is_blank_costs_nothing(cast: Cast, case: Case) -> None:
    part = (b"--" + BOUNDARY + b'\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n'
            b"Content-Transfer-Encoding: base64\r\n\r\n" + b" " * 20_000_000 + b"\r\n")
    head, begun = bearer(cast.lead), time.process_time()
    kept = Client().post(f"/api/v1/cases/{case.ref}/exhibits/", closed(part), content_type=TYPE, headers=head)
    assert kept.status_code == 201 and Exhibit.objects.get().item.blob.size == 20_000_000
    other = Client().post("/api/v1/cases/", closed(part), content_type=TYPE, headers=head)
    assert other.status_code in {400, 413, 415, 422}
    assert time.process_time() - begun < 10
