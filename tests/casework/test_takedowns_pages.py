"""The pages and calls about notices."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from casework.cases.models import Case
from casework.people import services as people
from casework.takedowns import services, shipped
from casework.takedowns.models import Notice
from tests.casework.notices import WEIGHED, WORDS, draft, in_state, subject
from tests.factories import Cast, bearer, make_case, make_cast, sign_in


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


def test_a_notice_goes_through_its_life_on_pages(case: Case, cast: Cast) -> None:
    subject(case, cast)
    officer, second, at = sign_in(cast.takedown), sign_in(cast.reviewer), f"/cases/{case.ref}/takedowns/"
    html = officer.get(f"{at}new/?subject=S-001").content.decode()
    assert 'value="S-001"' in html and '<option value="x" selected>' in html
    assert officer.post(f"{at}new/", {**WORDS, "subjects": "S-001"}).headers["Location"] == f"{at}T-001/"
    assert officer.post(f"{at}T-001/submit/").status_code == 422
    assert officer.post(f"{at}T-001/edit/", {**WORDS, **WEIGHED}).status_code == 302
    assert officer.post(f"{at}T-001/targets/", {
        "kind": "post", "url": "https://x.com/saba_writes/status/1", "exhibits": "E-001"}).status_code == 302
    extra = Notice.objects.get().targets.get(kind="post")
    assert officer.post(f"{at}T-001/targets/{extra.pk}/remove/").status_code == 302
    assert officer.post(f"{at}T-001/submit/").status_code == 302
    assert officer.post(f"{at}T-001/approve/").status_code == 403
    html = second.get(f"{at}T-001/approve/").content.decode()
    assert WEIGHED["necessity"] in html and "T-001</bdi> to X, 1 target" in html
    seen = services.digest(Notice.objects.get())
    assert second.post(f"{at}T-001/approve/", {"seen": seen}).status_code == 302
    html = officer.get(f"{at}T-001/send/").content.decode()
    assert "This cannot be undone" in html and "T-001</bdi> to X, 1 target" in html
    assert officer.post(f"{at}T-001/send/", {"seen": "0" * 64}).status_code == 422
    assert officer.post(f"{at}T-001/send/", {"seen": seen}).status_code == 302
    assert officer.post(f"{at}T-001/send/", {"seen": seen}).status_code == 422
    assert officer.post(f"{at}T-001/acknowledge/", {"reference": "X-77"}).status_code == 302
    target = Notice.objects.get().targets.get()
    assert officer.post(f"{at}T-001/targets/{target.pk}/decide/", {"outcome": "pending"}).status_code == 422
    assert officer.post(f"{at}T-001/targets/{target.pk}/decide/", {
        "outcome": "suspended", "wording": "We suspended it.", "answer_exhibit": "E-001"}).status_code == 302
    assert officer.post(f"{at}T-001/close/").status_code == 302
    html = officer.get(f"{at}T-001/").content.decode()
    assert "We suspended it." in html and "X-77" in html and "Text as it was sent" in html


@pytest.mark.parametrize("state", Notice.State.values)
def test_the_page_of_every_state_is_shown_to_everybody_who_may_read_it(case: Case, cast: Cast, state: str) -> None:
    in_state(case, cast, state)
    for role, person in cast.everybody().items():
        answer = sign_in(person).get(f"/cases/{case.ref}/takedowns/T-001/")
        assert answer.status_code == {"media": 403, "outsider": 404, "admin": 404}.get(role, 200)


def test_a_withdrawn_notice_says_why(case: Case, cast: Cast) -> None:
    draft(case, cast)
    officer, at = sign_in(cast.takedown), f"/cases/{case.ref}/takedowns/T-001/"
    assert officer.post(f"{at}withdraw/", {"reason": ""}).status_code == 422
    assert officer.post(f"{at}withdraw/", {"reason": "Sent to the wrong platform."}).status_code == 302
    assert "Sent to the wrong platform." in officer.get(at).content.decode()


def test_what_was_typed_stays_when_it_is_refused(case: Case, cast: Cast) -> None:
    officer = sign_in(cast.takedown)
    answer = officer.post(f"/cases/{case.ref}/takedowns/new/", {**WORDS, "text": "یہ متن رہے", "subjects": "S-9"})
    assert answer.status_code == 422
    assert "یہ متن رہے" in answer.content.decode()
    draft(case, cast)
    answer = officer.post(f"/cases/{case.ref}/takedowns/T-001/targets/", {"kind": "url", "url": "ftp://ہائے"})
    assert answer.status_code == 422
    assert "ftp://ہائے" in answer.content.decode()


def test_a_foreign_notice_and_one_that_is_not_there_answer_the_same(case: Case, cast: Cast) -> None:
    notice = in_state(case, cast, "sent")
    other = make_case(cast, "Another")
    pages, calls = sign_in(cast.outsider), bearer(cast.outsider)
    target = notice.targets.get().pk
    paths = ["", "T-001/", "T-001/edit/", "T-001/targets/", f"T-001/targets/{target}/decide/", "T-001/submit/",
             "T-001/approve/", "T-001/send-back/", "T-001/send/", "T-001/acknowledge/", "T-001/close/",
             "T-001/withdraw/"]
    for path in paths:
        assert pages.get(f"/cases/{case.ref}/takedowns/{path}").status_code == 404
        assert pages.post(f"/cases/{case.ref}/takedowns/{path}").status_code in {404, 405}
    posted = [Client().post(f"/api/v1/cases/{case.ref}/takedowns/{path}", headers=calls) for path in paths[2:]]
    assert {answer.status_code for answer in posted} <= {404, 405}
    member = sign_in(cast.takedown)
    assert member.get(f"/cases/{other.ref}/takedowns/T-001/").status_code == 404
    assert member.post(f"/cases/{other.ref}/takedowns/T-001/targets/{target}/decide/").status_code == 404


def test_the_whole_life_goes_by_calls(case: Case, cast: Cast) -> None:
    subject(case, cast)
    client, officer, second = Client(), bearer(cast.takedown), bearer(cast.reviewer)

    def call(path: str, headers: dict[str, str], verb: str = "post", **body: Any) -> Any:
        return getattr(client, verb)(f"/api/v1/cases/{case.ref}/takedowns/{path}", body,
                                     content_type="application/json", headers=headers)

    made = call("", officer, **WORDS, subjects=["S-001"])
    assert (made.status_code, made.json()["state"], len(made.json()["targets"])) == (201, "draft", 1)
    assert call("T-001/submit/", officer).status_code == 422
    assert call("T-001/", officer, "put", **WORDS, **WEIGHED).status_code == 200
    url = call("T-001/targets/", officer, kind="url", url="https://x.com/a/status/1", exhibits=["E-001"])
    assert url.status_code == 201
    assert call(f"T-001/targets/{url.json()['id']}/", officer, "delete").status_code == 200
    digest = call("T-001/submit/", officer).json()["digest"]
    assert call("T-001/approve/", second).status_code == 422
    assert call("T-001/approve/", second, seen=digest).json()["state"] == "approved"
    sent = call("T-001/send/", officer, seen=digest).json()
    assert (sent["state"], sent["sent_exhibit"]) == ("sent", "E-002")
    assert call("T-001/send/", officer, seen=digest).json()["code"] == "not_now"
    assert call("T-001/acknowledge/", officer, reference="X-77").json()["reference"] == "X-77"
    target = sent["targets"][0]["id"]
    decided = call(f"T-001/targets/{target}/decide/", officer, outcome="removed", answer_exhibit="E-001")
    assert decided.json()["answer_exhibit"] == "E-001"
    assert call("T-001/close/", officer).json()["state"] == "closed"
    assert call("T-001/withdraw/", officer, reason="Late.").status_code == 409
    assert call("", officer, **{**WORDS, "platform": "myspace"}).status_code == 422
    assert [one["state"] for one in client.get(f"/api/v1/cases/{case.ref}/takedowns/", headers=officer)
            .json()["results"]] == ["closed"]


def test_policies_say_when_they_were_read_or_that_nobody_did(case: Case, cast: Cast) -> None:
    shipped.load()
    told = Client().get("/api/v1/platforms/", headers=bearer(cast.takedown)).json()
    read = {(one["platform"], policy["name"]): policy["read_on"] for one in told for policy in one["policies"]}
    assert read["facebook", "Inauthentic Behavior"] == "2026-11-23"
    assert read["x", "Authenticity"] is read["telegram", "Terms of Service"] is None
    assert not any(platform == "mastodon" for platform, _name in read)


def test_what_is_not_weighed_is_named_and_linked(case: Case, cast: Cast) -> None:
    officer, at = sign_in(cast.takedown), f"/cases/{case.ref}/takedowns/"
    subject(case, cast)
    officer.post(f"{at}new/", {**WORDS, "subjects": "S-001"})
    for page in (officer.get(f"{at}T-001/"), officer.post(f"{at}T-001/submit/")):
        html = page.content.decode()
        for name, label in (("necessity", "Necessity and proportionality"), ("against", "What speaks against it"),
                            ("less_intrusive", "Less intrusive options considered")):
            assert f'<a href="{at}T-001/edit/#id_{name}">Write “{label}” first.</a>' in html
        assert "This is needed." not in html
    form = officer.get(f"{at}new/").content.decode()
    assert form.count("(needed before review)") == 3


@pytest.mark.parametrize("rows", [3, 30])
def test_the_table_takes_as_many_queries_for_30_rows_as_for_3(
        case: Case, cast: Cast, rows: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(rows):
        draft(case, cast)
    pages, calls = sign_in(cast.takedown), bearer(cast.takedown)
    pages.get("/cases/")
    with django_assert_num_queries(7):
        assert f"T-{rows:03d}" in pages.get(f"/cases/{case.ref}/takedowns/").content.decode()
    with django_assert_num_queries(6):
        assert Client().get(f"/api/v1/cases/{case.ref}/takedowns/", headers=calls).json()["count"] == rows


@pytest.mark.parametrize("step", ["submit", "withdraw", "edit"])
def test_a_step_that_came_too_late_is_refused_in_the_language_of_the_person(case: Case, cast: Cast, step: str) -> None:
    notice = in_state(case, cast, "withdrawn")
    people.change_settings(cast.takedown, display_name="Tariq Anwar", language="ur", theme="auto", single_keys=True)
    answer = sign_in(cast.takedown).post(
        f"/cases/{case.ref}/takedowns/{notice.label}/{step}/", {**WORDS, **WEIGHED, "reason": "Again."})
    page = answer.content.decode()
    assert answer.status_code in (409, 422) and "موجودہ حالت میں یہ قدم ممکن نہیں" in page
    assert "is not possible" not in page
