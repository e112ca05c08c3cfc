"""Pages and calls about cases."""

import re
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from casework.access import MAY, Action, Role
from casework.cases import duties
from casework.cases import services as cases
from casework.cases.models import Case
from casework.people import services as people
from tests.factories import Cast, bearer, lodge_png, make_case, make_cast, sign_in

MANDATE = {"mandate_basis": "An order", "mandate_purpose": "A record", "mandate_scope": "Public posts"}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


def test_a_case_is_opened_from_its_page_and_typed_text_survives_a_refusal(cast: Cast) -> None:
    client = sign_in(cast.outsider)
    assert client.get("/cases/new/").status_code == 200
    refused = client.post("/cases/new/", MANDATE | {"title": "Paid trend", "mandate_scope": ""})
    assert refused.status_code == 422 and b"Paid trend" in refused.content
    answer = client.post("/cases/new/", MANDATE | {"title": "Paid trend"})
    case = Case.objects.get()
    assert answer.headers["Location"] == f"/cases/{case.ref}/"
    assert "Paid trend" in client.get("/cases/").content.decode()


def test_the_list_shows_ones_own_cases_and_can_be_narrowed(cast: Cast, case: Case) -> None:
    other = cases.open_case(title="Somebody else's", by=cast.outsider, **MANDATE)
    page = sign_in(cast.investigator).get("/cases/").content.decode()
    assert case.ref in page and other.ref not in page
    assert case.ref not in sign_in(cast.investigator).get("/cases/?state=closed").content.decode()
    assert sign_in(cast.investigator).get("/cases/?state=%00&page=x").status_code == 200


def test_the_list_asks_the_database_a_constant_number_of_times(
        cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(6):
        cases.open_case(title=f"Case {number}", by=cast.lead, **MANDATE)
    client = sign_in(cast.lead)
    with django_assert_max_num_queries(6):
        client.get("/cases/")


def test_the_overview_says_what_happened_and_what_there_is(cast: Cast, case: Case) -> None:
    lodge_png(case, cast.investigator)
    page = sign_in(cast.lead).get(f"/cases/{case.ref}/").content.decode()
    assert "Paid trend in Lahore" in page
    assert "Imran Sethi" in page, "who lodged it"
    assert "Order 14 of 2026" in page


def test_a_media_officer_sees_that_the_case_is_there_and_nothing_of_its_evidence(cast: Cast, case: Case) -> None:
    lodge_png(case, cast.investigator)
    page = sign_in(cast.media).get(f"/cases/{case.ref}/").content.decode()
    assert case.ref in page
    for hidden in ("Exhibits", "Imran Sethi", "Findings", "E-001", "Takedown notices"):
        assert hidden not in page
    link = f'href="/cases/{case.ref}/reports/">Go to the briefings'
    assert link in page and link not in sign_in(cast.lead).get(f"/cases/{case.ref}/").content.decode()


def test_a_media_officer_reads_no_name_in_what_the_team_wrote_and_none_of_the_team(cast: Cast) -> None:
    case = make_case(cast, "Who pays @secret_handle")
    shown = sign_in(cast.media)
    for address in ("/", "/cases/", f"/cases/{case.ref}/", f"/cases/{case.ref}/members/", f"/cases/{case.ref}/reports/",
                    "/api/v1/cases/", f"/api/v1/cases/{case.ref}/", f"/api/v1/cases/{case.ref}/members/"):
        answer = shown.get(address)
        page = answer.content.decode()
        assert answer.status_code == 200 and (case.ref in page or "members" in address), address
        for hidden in ("secret_handle", "Order 14 of 2026", "Document a coordinated", "Public posts and lodged",
                       "Imran Sethi", "lubna.qadir@"):
            assert hidden not in page, f"{hidden} at {address}"
    assert "secret_handle" in sign_in(cast.auditor).get("/cases/").content.decode()
    assert {row["role"] for row in shown.get(f"/api/v1/cases/{case.ref}/members/").json()["results"]} >= {"lead"}


def test_members_are_added_and_ended_by_a_lead(cast: Cast, case: Case) -> None:
    client = sign_in(cast.lead)
    address = f"/cases/{case.ref}/members/"
    assert client.post(address, {"person": cast.outsider.pk, "role": "legal"}).status_code == 302
    assert case.roles_of(cast.outsider) == {"legal"}
    twice = client.post(address, {"person": cast.outsider.pk, "role": "legal"})
    assert twice.status_code == 422
    membership = case.memberships.get(user=cast.outsider)
    client.post(f"{address}{membership.pk}/end/")
    assert not case.roles_of(cast.outsider)
    own = case.memberships.get(user=cast.lead)
    assert "needs a lead" in client.post(f"{address}{own.pk}/end/", follow=True).content.decode()


def test_a_membership_is_ended_only_at_the_address_of_its_own_case(cast: Cast, case: Case) -> None:
    second = make_case(cast, "Another case")
    membership = second.memberships.get(user=cast.auditor)
    assert sign_in(cast.lead).post(f"/cases/{case.ref}/members/{membership.pk}/end/").status_code == 404
    assert second.roles_of(cast.auditor)


def test_closing_asks_for_a_reason_and_reopening_too(cast: Cast, case: Case) -> None:
    client = sign_in(cast.lead)
    assert client.get(f"/cases/{case.ref}/close/").status_code == 200
    assert client.post(f"/cases/{case.ref}/close/", {"reason": ""}).status_code == 422
    client.post(f"/cases/{case.ref}/close/", {"reason": "Handed to the court"})
    assert not Case.objects.get().is_open
    page = client.post(f"/cases/{case.ref}/close/", {"reason": "Again"}, follow=True)
    assert "That is so already." in page.content.decode()
    refused = client.post(f"/cases/{case.ref}/members/", {"person": cast.outsider.pk, "role": "legal"})
    assert refused.status_code == 409 and "Reopen it" in refused.content.decode()
    client.post(f"/cases/{case.ref}/reopen/", {"reason": "An appeal"})
    assert Case.objects.get().is_open


def test_the_whole_life_of_a_case_through_the_api(cast: Cast) -> None:
    client, headers = Client(), bearer(cast.lead)

    def post(path: str, body: object = None) -> tuple[int, dict[str, object]]:
        answer = client.post(f"/api/v1/cases/{path}", body or {}, "application/json", headers=headers)
        return answer.status_code, answer.json()

    assert post("", {"title": "Half"})[0] == 422
    status, made = post("", MANDATE | {"title": "By curl"})
    assert status == 201
    ref = made["ref"]
    assert post(f"{ref}/members/", {"email": "nobody@example.org", "role": "legal"})[0] == 422
    assert post(f"{ref}/members/", {"email": cast.legal.email, "role": "king"})[0] == 422
    status, member = post(f"{ref}/members/", {"email": cast.legal.email, "role": "legal"})
    assert status == 201
    assert client.get(f"/api/v1/cases/{ref}/members/", headers=headers).json()["count"] == 2
    assert post(f"{ref}/members/{member['id']}/end/")[0] == 200
    assert post(f"{ref}/close/", {"reason": "Done"})[0] == 200
    assert post(f"{ref}/close/")[0] == 409
    status, problem = post(f"{ref}/members/", {"email": cast.legal.email, "role": "legal"})
    assert (status, problem["code"]) == (409, "not_now")
    assert post(f"{ref}/reopen/")[0] == 200
    assert client.get("/api/v1/cases/", headers=headers).json()["results"][0]["state"] == "open"


def test_who_has_not_joined_or_was_shut_out_is_nobody_to_those_who_are_here(cast: Cast, case: Case) -> None:
    people.invite("sana@example.org", "Sana Iqbal", by=None)
    people.disable(cast.outsider, by=cast.admin)
    answers = [Client().post(f"/api/v1/cases/{case.ref}/members/", {"email": email, "role": "legal"},
                             "application/json", headers=bearer(cast.lead))
               for email in ("nobody@example.org", "sana@example.org", cast.outsider.email)]
    assert {answer.status_code for answer in answers} == {422}
    # Alike but for the id, which is random and in the header too.
    assert len({answer.content.replace(answer.headers["X-Request-Id"].encode(), b"") for answer in answers}) == 1
    page = sign_in(cast.lead).get(f"/cases/{case.ref}/members/").content.decode()
    assert cast.admin.email in page, "a colleague who can be added"
    assert "sana@example.org" not in page and cast.outsider.email not in page


def test_colleagues_are_shown_to_whoever_may_add_them_and_to_nobody_else(cast: Cast, case: Case) -> None:
    for person in (cast.investigator, cast.media, cast.auditor):
        page = sign_in(person).get(f"/cases/{case.ref}/members/").content.decode()
        assert cast.outsider.email not in page
    assert Client().get("/api/v1/people/", headers=bearer(cast.lead)).status_code == 403


@pytest.mark.parametrize("ref", ["CW-2026-9999", "%00", "..", "x" * 3000, "E-007", "%E2%80%AE", "0"])
def test_an_address_that_names_no_case_is_a_404(cast: Cast, ref: str) -> None:
    assert sign_in(cast.lead).get(f"/cases/{ref}/").status_code == 404
    assert Client().get(f"/api/v1/cases/{ref}/", headers=bearer(cast.lead)).status_code == 404


def test_the_members_page_says_what_each_role_may_do(cast: Cast) -> None:
    case = make_case(cast)
    page = sign_in(cast.auditor).get(f"/cases/{case.ref}/members/").content.decode()
    table = page[page.index("What each role may do"):]
    for words, may in duties.table():
        row = re.search(rf"<tr><th scope=\"row\">{words}</th>(.*?)</tr>", table)
        assert row and re.findall(r"<td>(.*?)</td>", row[1]) == ["yes" if one else "—" for one in may]


def test_the_documents_say_the_same_of_roles() -> None:
    said = (Path(__file__).resolve().parents[2] / "docs" / "roles.md").read_text()
    head = f"| | {' | '.join(str(label) for label in Role.labels)} |"
    rows = [f"| {words} | {' | '.join('yes' if one else '—' for one in may)} |" for words, may in duties.table()]
    assert head in said and "\n".join(rows) in said


@pytest.mark.parametrize(("one", "other"), [
    (Action.FINDING_REVIEW, Action.ROLE_REVIEW), (Action.EXHIBIT_DISPOSE, Action.EVENT_ERASE),
    (Action.EXHIBIT_DISPOSE, Action.CASE_KEEP), (Action.CASE_MEMBERS, Action.CASE_CLOSE),
    (Action.FINDING_WRITE, Action.ACCOUNT_EDIT), (Action.FINDING_WRITE, Action.CHANNEL_EDIT),
    (Action.FINDING_WRITE, Action.CAMPAIGN_EDIT), (Action.EXHIBIT_READ, Action.CAMPAIGN_READ),
    (Action.DOSSIER_COMPOSE, Action.DOSSIER_DOWNLOAD),
    (Action.BRIEFING_COMPOSE, Action.BRIEFING_DOWNLOAD), (Action.EXHIBIT_READ, Action.CUSTODY_READ),
    (Action.EXHIBIT_READ, Action.CHANNEL_READ),
    (Action.EXHIBIT_READ, Action.POST_READ), (Action.FINDING_WRITE, Action.POST_IMPORT)])
def test_acts_that_one_line_stands_for_belong_to_the_same_roles(one: Action, other: Action) -> None:
    assert [one in MAY[role] for role in Role] == [other in MAY[role] for role in Role]
