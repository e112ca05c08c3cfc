"""The pages and calls about accounts."""

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from casework.accounts import services
from casework.accounts.models import Account, Assessment, Subject
from casework.cases.models import Case
from tests.factories import Cast, bearer, lodge_png, make_case, make_cast, sign_in


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


@pytest.fixture
def pages(cast: Cast) -> Client:
    return sign_in(cast.investigator)


def named(case: Case, cast: Cast, handle: str = "saba_writes", shade: int = 1, **more: Any) -> Subject:
    shown = lodge_png(case, cast.lead, shade).exhibit
    return services.name_account(case, platform="x", handle=handle, exhibit=shown, by=cast.lead, **more)


def test_an_account_is_named_on_a_page_from_the_address_of_its_profile(case: Case, cast: Cast, pages: Client) -> None:
    lodge_png(case, cast.investigator, 1)
    answer = pages.post(f"/cases/{case.ref}/accounts/new/", {
        "platform": "facebook", "handle": "https://x.com/saba_writes", "persona": "woman",
        "persona_basis": "Its name", "exhibit": "e1"},
        follow=True)
    assert answer.redirect_chain == [(f"/cases/{case.ref}/accounts/S-001/", 302)]
    html = answer.content.decode()
    assert '<bdi dir="ltr">saba_writes</bdi>' in html
    assert Account.objects.get().platform == "x"


def test_what_was_typed_stays_when_it_is_refused(case: Case, pages: Client) -> None:
    answer = pages.post(f"/cases/{case.ref}/accounts/new/", {
        "platform": "x", "handle": "صبا لکھتی ہے", "persona": "woman", "exhibit": "E-099"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "صبا لکھتی ہے" in html
    assert "Not in this case: E-099" in html


def test_the_form_starts_with_what_the_exhibit_says(case: Case, cast: Cast, pages: Client) -> None:
    lodge_png(case, cast.lead, 1, source_url="https://x.com/saba_writes/status/1900000000000000000")
    html = pages.get(f"/cases/{case.ref}/accounts/new/?exhibit=E-001").content.decode()
    assert 'value="saba_writes"' in html
    assert 'value="E-001"' in html
    assert pages.get(f"/cases/{case.ref}/accounts/new/?exhibit=%00").status_code == 200


def test_the_ladder_is_climbed_on_pages_by_two_people(case: Case, cast: Cast, pages: Client) -> None:
    named(case, cast)
    at = f"/cases/{case.ref}/accounts/S-001/"
    words = {"indicators": ["payment"], "exhibits": "E-001", "reason": "Paid.", "against": "One receipt."}
    assert pages.post(f"{at}assess/", {"to_role": "participant", **words, "against": ""}).status_code == 422
    assert pages.post(f"{at}assess/", {"to_role": "organiser", **words}).status_code == 422
    assert pages.post(f"{at}assess/", {"to_role": "participant", **words}).status_code == 302
    assert pages.post(f"{at}assess/", {"to_role": "knowing", **words}).status_code == 302
    proposal = Assessment.objects.get(state="proposed")
    assert "Waits for a second person" in pages.get(at).content.decode()
    assert pages.post(f"{at}assessments/{proposal.pk}/confirm/").status_code == 403
    second = sign_in(cast.reviewer)
    assert "One receipt." in second.get(f"{at}assessments/{proposal.pk}/confirm/").content.decode()
    assert second.post(f"{at}assessments/{proposal.pk}/send-back/", {"reason": ""}).status_code == 422
    assert second.post(f"{at}assessments/{proposal.pk}/confirm/").status_code == 302
    assert Subject.objects.get().role == "knowing"
    assert second.post(f"{at}assessments/{proposal.pk}/confirm/").status_code == 422


def test_observations_and_what_speaks_for_an_account_are_added_on_pages(case: Case, cast: Cast, pages: Client) -> None:
    named(case, cast)
    at = f"/cases/{case.ref}/accounts/S-001/"
    assert pages.post(f"{at}observe/", {"handle": "renamed", "exhibit": "E-001"}).status_code == 302
    assert pages.post(f"{at}notes/new/", {"bearing": "for", "text": "The owner reported a theft."}).status_code == 302
    html = pages.get(at).content.decode()
    assert "renamed" in html
    assert "The owner reported a theft." in html


def test_an_account_of_another_case_stays_unknown(case: Case, cast: Cast) -> None:
    other = make_case(cast, "Another", by=cast.outsider)
    other.memberships.exclude(user=cast.outsider).update(ended_at=other.opened_at)
    shown = lodge_png(other, cast.outsider, 4).exhibit
    services.name_account(other, platform="x", handle="only_known_there", stable_id="77", display_name="Known There",
                          exhibit=shown, by=cast.outsider)
    services.name_account(other, platform="x", handle="second_there", exhibit=shown, by=cast.outsider)
    ours = named(case, cast, handle="seen_here", stable_id="77")
    assert Account.objects.filter(stable_id="77").count() == 1
    pages, calls = sign_in(cast.investigator), bearer(cast.investigator)
    for url in ("/accounts/", "/accounts/S-001/", "/accounts/S-001/assess/"):
        html = pages.get(f"/cases/{case.ref}{url}").content.decode()
        assert "seen_here" in html
        assert "nown_there" not in html and "Known There" not in html and "second_there" not in html
    told = [pages.get(f"/api/v1/cases/{case.ref}/accounts/{label}", headers=calls).content.decode()
            for label in ("", "S-001/")]
    assert all("seen_here" in one and "nown_there" not in one and "first_recorded" not in one for one in told)
    assert list(Account.objects.visible_to(cast.investigator)) == [ours.account]
    for url in (f"/cases/{other.ref}/accounts/", f"/cases/{other.ref}/accounts/S-001/",
                f"/cases/{case.ref}/accounts/S-002/", f"/cases/{case.ref}/accounts/%00/"):
        assert pages.get(url).status_code == 404
        assert pages.get(f"/api/v1{url}", headers=calls).status_code == 404


def test_naming_an_account_that_another_case_knows_answers_as_if_it_were_new(case: Case, cast: Cast) -> None:
    other = make_case(cast, "Another")
    named(other, cast, handle="known", stable_id="500")
    lodge_png(case, cast.investigator, 1)
    calls = bearer(cast.investigator)
    answers = [
        Client().post(f"/api/v1/cases/{case.ref}/accounts/", {
            "platform": "x", "handle": handle, "stable_id": stable_id, "exhibit": "E-001"},
            content_type="application/json", headers=calls)
        for handle, stable_id in (("first", "500"), ("other", "501"))]
    known, new = (answer.json() for answer in answers)
    assert [answer.status_code for answer in answers] == [201, 201]
    differing = {key for key in known if known[key] != new[key]}
    assert differing == {"label", "handle", "stable_id", "named_at"}


def test_the_whole_ladder_goes_by_calls(case: Case, cast: Cast) -> None:
    lodge_png(case, cast.investigator, 1)
    client, first, second = Client(), bearer(cast.investigator), bearer(cast.reviewer)

    def call(path: str, headers: dict[str, str], **body: Any) -> Any:
        return client.post(f"/api/v1/cases/{case.ref}/accounts/{path}", body, content_type="application/json",
                           headers=headers)

    words = {"indicators": ["payment"], "exhibits": ["E-001"], "reason": "Paid.", "against": "One receipt."}
    assert call("", first, platform="x", handle="saba", exhibit="E-001").json()["role"] == "bystander"
    assert call("S-001/observations/", first, handle="saba2", exhibit="E-001").status_code == 201
    assert call("S-001/assessments/", first, to_role="organiser", **words).status_code == 409
    assert call("S-001/assessments/", first, to_role="participant", **words).json()["state"] == "in_force"
    made = call("S-001/assessments/", first, to_role="knowing", **words).json()
    assert made["state"] == "proposed"
    assert call(f"S-001/assessments/{made['id']}/send-back/", second, reason="").status_code == 422
    assert call(f"S-001/assessments/{made['id']}/confirm/", bearer(cast.reviewer, "write")).status_code == 403
    assert call(f"S-001/assessments/{made['id']}/confirm/", second).json()["state"] == "in_force"
    told = client.get(f"/api/v1/cases/{case.ref}/accounts/S-001/", headers=first).json()
    assert (told["role"], len(told["observations"]), len(told["assessments"])) == ("knowing", 2, 2)
    wrong = call("", first, platform="x", handle="\ud800", exhibit="E-001")
    assert wrong.status_code == 400


@pytest.mark.parametrize("rows", [3, 30])
def test_the_table_takes_as_many_queries_for_30_rows_as_for_3(
        case: Case, cast: Cast, rows: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for at in range(rows):
        named(case, cast, handle=f"handle_{at}", shade=at)
    pages, calls = sign_in(cast.investigator), bearer(cast.investigator)
    pages.get("/cases/")
    with django_assert_num_queries(7):
        assert f"handle_{rows - 1}" in pages.get(f"/cases/{case.ref}/accounts/").content.decode()
    with django_assert_num_queries(6):
        assert Client().get(f"/api/v1/cases/{case.ref}/accounts/", headers=calls).json()["count"] == rows


def test_all_that_a_step_up_lacks_is_named_at_once(case: Case, cast: Cast) -> None:
    lodge_png(case, cast.investigator, 77)
    client = sign_in(cast.investigator)
    client.post(f"/cases/{case.ref}/accounts/new/", {"platform": "x", "handle": "zara_news", "persona": "none",
                                                     "exhibit": "E-001"})
    address = f"/cases/{case.ref}/accounts/{case.subjects.get().label}/assess/"
    assert client.get(address).content.decode().count("(needed for a step up)") == 3
    said = client.post(address, {"to_role": "participant"}).content.decode()
    for field in ("reason", "against", "indicators", "exhibits"):
        assert f'<a href="#id_{field}">' in said


def test_what_nobody_chose_states_nothing(case: Case, cast: Cast) -> None:
    lodge_png(case, cast.investigator, 77)
    client, at = sign_in(cast.lead), f"/cases/{case.ref}"
    for address, field in (("accounts/new/", "platform"), ("findings/new/", "kind"), ("findings/new/", "likelihood"),
                           ("takedowns/new/", "platform"), ("reports/new/", "kind"), ("members/", "role"),
                           ("evidence/disposals/new", "ground")):
        form = client.get(f"{at}/{address}").context["form"]
        assert next(iter(form.fields[field].choices))[0] == "" and not form[field].value(), f"{address} {field}"
    said = client.post(f"{at}/accounts/new/", {"handle": "zara_news", "persona": "none", "exhibit": "E-001"})
    assert said.status_code == 422 and '<a href="#id_platform">' in said.content.decode()


def test_the_latest_assessment_alone_is_in_force(case: Case, cast: Cast) -> None:
    subject = named(case, cast)
    lead = sign_in(cast.lead)
    for role in ("participant", "knowing"):
        made = services.assess(subject, to_role=role, indicators=["payment"], exhibits=[case.exhibits.get()],
                               reason="Paid.", against="May be a job.", by=cast.investigator)
    address = f"/cases/{case.ref}/accounts/{subject.label}/"
    assert f"{subject.label} saba_writes" in re.sub(r"<[^>]+>", "", lead.get(
        f"{address}assessments/{made.pk}/confirm/").content.decode())
    lead.post(f"{address}assessments/{made.pk}/confirm/")
    page = lead.get(address).content.decode()
    assert page.count(">In force<") == 1 and page.count(">Replaced by a later one<") == 1
