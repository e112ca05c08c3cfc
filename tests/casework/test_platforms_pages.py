"""The pages and calls about platforms: everybody reads them, administrators write, and nothing of a case is in them."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from casework.people.models import User
from casework.takedowns.reference_models import Policy, Route
from tests.casework.notices import draft
from tests.casework.platforms import POLICY, ROUTE, policy, reword, route
from tests.factories import Cast, bearer, make_case, make_cast, sign_in

ROOT = "/platforms/"
TYPED = {**ROUTE, "wants": "Why | 500 | required\nSince when",
         "sources": "address https://rules.example/report 2026-03-01"}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def call(person: User, method: str, path: str, status: int = 200, headers: dict[str, str] | None = None,
         **body: Any) -> Any:
    answer = getattr(Client(), method)(f"/api/v1/platforms/{path}", body or None, content_type="application/json",
                                       headers=bearer(person) | (headers or {}))
    assert answer.status_code == status, answer.content
    return answer.json()


def test_a_route_from_its_first_wording_to_its_end_on_pages(cast: Cast) -> None:
    admin, reader = sign_in(cast.admin), sign_in(cast.lead)
    assert "No route is written down." in reader.get(ROOT).content.decode()
    at = admin.post(f"{ROOT}routes/new/", TYPED, follow=True).redirect_chain[0][0]
    html = reader.get(at).content.decode()
    for said in ("Why · at most 500 characters · required", "Since when", "3 working days", "Not outside the EU",
                 "https://rules.example/report", "unverified", "اردو", "This is the first."):
        assert said in html, said
    assert f"{at}edit/" not in html and f"{at}edit/" in admin.get(at).content.decode()
    typed = admin.get(f"{at}edit/").content.decode()
    assert "Why | 500 | required\nSince when" in typed and "address https://rules.example/report 2026-03-01" in typed
    assert admin.post(f"{at}edit/", TYPED).status_code == 422, "what changed has to be said"
    assert admin.post(f"{at}edit/", {**TYPED, "most_urls": 5, "reason": "It takes five."}).status_code == 302
    html = reader.get(at).content.decode()
    assert "It takes five." in html and "wording 1" in html
    assert admin.post(f"{at}end/", {"reason": ""}).status_code == 422
    assert admin.post(f"{at}end/", {"reason": "The form is gone."}).status_code == 302
    assert "The form is gone." in reader.get(at).content.decode()
    assert "Out of use" in reader.get(ROOT).content.decode()
    assert admin.post(f"{at}end/", {"reason": "Again"}).status_code == 422
    assert Route.objects.count() == 3


def test_a_policy_is_written_and_changed_on_pages(cast: Cast) -> None:
    admin = sign_in(cast.admin)
    words = {**POLICY, "sources": "name https://rules.example/authenticity 2026-03-01"}
    at = admin.post(f"{ROOT}policies/new/", words, follow=True).redirect_chain[0][0]
    html = admin.get(at).content.decode()
    assert "Be who you are." in html and "Inauthenticity" in html and "2026-03-01" in html
    assert admin.post(f"{at}edit/", {**words, "wording": "Be yourself.", "reason": "Reworded"}).status_code == 302
    html = admin.get(at).content.decode()
    assert "Be yourself." in html and "Be who you are." in html, "what stood before stays readable"
    assert "Authenticity" not in admin.get(f"{ROOT}?platform=reddit").content.decode()
    assert "Authenticity" in admin.get(f"{ROOT}?platform=x").content.decode()
    assert "Authenticity" in admin.get(f"{ROOT}?platform=myspace").content.decode()


def test_who_is_no_administrator_writes_nothing(cast: Cast) -> None:
    one, two, reader = route(cast), policy(cast), sign_in(cast.lead)
    for path in ("routes/new/", "policies/new/", f"routes/{one.key}/edit/", f"routes/{one.key}/end/",
                 f"policies/{two.key}/edit/", f"policies/{two.key}/end/"):
        assert reader.get(ROOT + path).status_code == reader.post(ROOT + path, TYPED).status_code == 403, path
    call(cast.lead, "post", "routes/", 403, **ROUTE | {"languages": ["en"]})
    call(cast.lead, "put", f"policies/{two.key}/", 403, **POLICY, reason="Mine")
    call(cast.lead, "post", f"policies/{two.key}/end/", 403, reason="Mine")
    assert (Route.objects.count(), Policy.objects.count()) == (1, 1)
    assert sign_in(cast.admin).get(f"{ROOT}routes/nowhere/edit/").status_code == 404
    assert Client().get(ROOT).status_code == 302


@pytest.mark.parametrize("bad", [
    {"wants": "Why | many"}, {"wants": "Why | 5 | perhaps"}, {"wants": "a | 1 | required | more"},
    {"sources": "address"}, {"sources": "colour https://rules.example/ 2026-03-01"},
    {"sources": "address https://rules.example/ 2999-01-01"}, {"answer_within": "soon"}, {"languages": "xx"}])
def test_what_was_typed_stays_when_it_is_refused(cast: Cast, bad: dict[str, str]) -> None:
    answer = sign_in(cast.admin).post(f"{ROOT}routes/new/", {**TYPED, "note": "یہ نوٹ رہے", **bad})
    html = answer.content.decode()
    assert answer.status_code == 422 and "یہ نوٹ رہے" in html and next(iter(bad.values())) in html
    assert not Route.objects.exists()


def test_two_administrators_who_edit_are_told_of_each_other(cast: Cast) -> None:
    one, admin = route(cast), sign_in(cast.admin)
    at = f"{ROOT}routes/{one.key}/edit/"
    version = admin.get(at).content.decode().split('name="made_from" value="')[1].split('"')[0]
    reword(one, cast, wants=[{"name": "Who"}], platforms=["mastodon", "reddit"])
    answer = admin.post(at, {**TYPED, "reason": "Mine", "made_from": version})
    html = answer.content.decode()
    assert answer.status_code == 409 and "What is there now" in html and "Who" in html and "Reddit" in html
    seen = Client().get(f"/api/v1/platforms/routes/{one.key}/", headers=bearer(cast.lead))["ETag"]
    words = ROUTE | {"languages": ["en"], "reason": "Again"}
    call(cast.admin, "put", f"routes/{one.key}/", 412, {"If-Match": '"0"'}, **words)
    assert call(cast.admin, "put", f"routes/{one.key}/", 200, {"If-Match": seen}, **words)["edition"] == 3


def test_it_all_goes_by_calls(cast: Cast) -> None:
    made = call(cast.admin, "post", "routes/", 201, **ROUTE | {"languages": ["en", "ur"]})
    assert (made["key"], made["edition"], made["languages"]) == ("mastodon-report-form", 1, ["en", "ur"])
    assert made["wants"] == [{"name": "Why", "most": 500, "required": True}] and "address" not in made["unverified"]
    assert made["recorded_by"] == str(cast.admin) and made["issue"] is None
    path = f"routes/{made['key']}/"
    changed = call(cast.admin, "put", path, **ROUTE | {"languages": [], "most_urls": 5, "reason": "Five"})
    assert (changed["most_urls"], [one["most_urls"] for one in changed["earlier"]]) == (5, [10])
    assert call(cast.lead, "get", path)["earlier"][0]["languages"] == ["en", "ur"]
    assert call(cast.admin, "post", f"{path}end/", reason="Gone")["in_use"] is False
    assert call(cast.admin, "post", f"{path}end/", 409, reason="Again")["code"] == "not_now"
    assert [row["in_use"] for row in call(cast.lead, "get", "routes/")["results"]] == [False]
    assert all(not one["routes"] for one in call(cast.lead, "get", "")), "what is out of use is offered nowhere"
    rule = call(cast.admin, "post", "policies/", 201, **POLICY)
    assert (rule["read_on"], rule["fits"]) == ("2026-03-01", ["inauthenticity"])
    assert [one["policies"][0]["key"] for one in call(cast.lead, "get", "") if one["policies"]] == [rule["key"]]
    call(cast.admin, "put", "policies/nowhere/", 404, **POLICY, reason="So")


@pytest.mark.parametrize(("bad", "field"), [
    ({"colour": "red"}, "colour"), ({"wants": [{"name": "Why", "size": 3}]}, "wants"), ({"platforms": []}, "platforms"),
    ({"sources": [{"field": "address", "url": "https://a.example/", "read_on": "soon"}]}, "sources"),
    ({"answer_unit": "days", "answer_within": None}, "answer_within"), ({"most_urls": 0}, "most_urls")])
def test_what_is_wrong_with_a_call_is_named(cast: Cast, bad: dict[str, Any], field: str) -> None:
    told = call(cast.admin, "post", "routes/", 422, **ROUTE | {"languages": []} | bad)
    assert field in str(told), told
    assert not Route.objects.exists()


def test_they_tell_nothing_of_any_case(cast: Cast) -> None:
    one = policy(cast)
    case = make_case(cast, "Paid trend in Lahore")
    draft(case, cast)
    reader = sign_in(cast.outsider)
    for path in ("", f"policies/{one.key}/"):
        html = reader.get(ROOT + path).content.decode()
        assert case.ref not in html and case.title not in html and "T-001" not in html
    told = str(call(cast.outsider, "get", f"policies/{one.key}/"))
    assert "notice" not in told and case.ref not in told


@pytest.mark.parametrize("rows", [2, 20])
def test_lists_ask_the_same_number_of_questions(cast: Cast, rows: int,
                                                django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for place in range(rows):
        reword(route(cast, name=f"Form {place}"), cast, name=f"Form {place}")
        policy(cast, name=f"Rule {place}")
    case, officer = make_case(cast), sign_in(cast.takedown)
    for path in (ROOT, f"{ROOT}routes/mastodon-form-1/", f"/cases/{case.ref}/takedowns/new/?platform=mastodon"):
        officer.get(path)
        with django_assert_max_num_queries(9):
            assert officer.get(path).status_code == 200
    headers = bearer(cast.takedown)
    for path in ("", "routes/", "routes/mastodon-form-1/"):
        with django_assert_max_num_queries(7):
            assert Client().get(f"/api/v1/platforms/{path}", headers=headers).status_code == 200
