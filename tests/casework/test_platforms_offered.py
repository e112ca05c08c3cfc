"""What stands beside the composer: routes and policies of the platform, and a suggestion by the kinds of findings."""

from typing import Any

import pytest
from django.test import Client

from casework.accounts.models import Subject
from casework.cases.models import Case
from casework.findings import services as findings
from casework.findings.models import Finding
from casework.takedowns import offered, references
from tests.casework.notices import WEIGHED, WORDS, draft, subject
from tests.casework.platforms import policy, route
from tests.factories import Cast, bearer, exhibits_of, make_case, make_cast, sign_in
from tests.weighed import others, submit


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


def found(case: Case, cast: Cast, about: Subject, **more: Any) -> Finding:
    """A finding that was given to review."""
    words: dict[str, Any] = {
        "kind": "payment", "title": "Posts are paid", "claim": "The posts were paid for.", "method": "Read the group",
        "likelihood": "likely", "confidence": "low", "against": "Few payments are seen",
        "alternatives": others("Advertising"), "exhibits_for": exhibits_of(case), "subjects": [about],
        "by": cast.investigator}
    return submit(findings.write(case, **words | more), by=cast.investigator)


def test_the_platform_that_is_chosen_comes_first_with_its_routes_and_policies(case: Case, cast: Cast) -> None:
    route(cast)
    route(cast, platforms=["x"], name="From the post", not_where="", wants=[])
    policy(cast)
    policy(cast, platforms=["x"], name="No longer there")
    references.end(policy(cast, platforms=["x"], name="Gone"), reason="Gone", by=cast.admin)
    first, second = offered.offers("mastodon", [])
    assert (first.platform, first.chosen, second.platform, second.chosen) == ("mastodon", True, "x", False)
    (one, facts), = first.routes
    assert one.name == "Report form"
    assert [fact.field for fact in facts] == ["wants", "most_urls", "used_by", "not_where", "languages", "answer"]
    assert [(row.name, fits) for row, fits in second.policies] == [("Authenticity", False), ("No longer there", False)]
    html = sign_in(cast.takedown).get(f"/cases/{case.ref}/takedowns/new/?platform=mastodon").content.decode()
    assert '<details data-platform="mastodon" open>' in html and '<details data-platform="x">' in html
    assert '<option value="mastodon" selected>' in html and '<option value="Authenticity">X</option>' in html
    assert "Not outside the EU" in html and "at most 500 characters" in html and "Gone" not in html


def test_a_policy_is_suggested_by_the_kinds_of_reviewed_findings_alone(case: Case, cast: Cast) -> None:
    named = subject(case, cast)
    policy(cast, name="Be paid by nobody", fits=["payment"])
    policy(cast)
    one = found(case, cast, named, claim="They are inauthentic, and coordinate.")
    assert offered.suggested("x", [named]) == [], "what nobody has reviewed suggests nothing"
    findings.review(one, by=cast.reviewer)
    assert offered.suggested("x", [named]) == ["x-be-paid-by-nobody"], "not what the claim says, what kind it is"
    assert offered.suggested("x", []) == offered.suggested("reddit", [named]) == []
    (offer,) = offered.offers("x", [named])
    assert [(row.name, fits) for row, fits in offer.policies] == [("Be paid by nobody", True), ("Authenticity", False)]


def test_the_composer_and_the_call_say_what_is_suggested(case: Case, cast: Cast) -> None:
    named, other = subject(case, cast), subject(case, cast, handle="another_one", shade=2)
    policy(cast, fits=["payment"])
    findings.review(found(case, cast, named), by=cast.reviewer)
    officer, at = sign_in(cast.takedown), f"/cases/{case.ref}/takedowns/"
    said = "It fits the kind of a reviewed finding about these accounts."
    assert said in officer.get(f"{at}new/?subject=S-001").content.decode()
    assert said not in officer.get(f"{at}new/?subject=S-002").content.decode()
    assert said not in officer.get(f"{at}new/?subject=S-001x&subject=").content.decode()
    refused = officer.post(f"{at}new/", {**WORDS, "text": "", "subjects": "S-001"})
    assert refused.status_code == 422 and said in refused.content.decode()
    draft(case, cast, subjects=[named])
    draft(case, cast, subjects=[other])
    assert said in officer.get(f"{at}T-001/edit/").content.decode()
    assert said not in officer.get(f"{at}T-002/edit/").content.decode()
    for label, keys in (("T-001", ["x-authenticity"]), ("T-002", [])):
        told = Client().get(f"/api/v1{at}{label}/", headers=bearer(cast.takedown)).json()
        assert told["suggested"] == keys
    edited = Client().put(f"/api/v1{at}T-001/", {**WORDS, **WEIGHED}, headers=bearer(cast.takedown),
                          content_type="application/json").json()
    assert (edited["policy_key"], edited["policy_edition"]) == ("x-authenticity", 1)


def test_a_finding_of_another_case_suggests_nothing(case: Case, cast: Cast) -> None:
    """The account is a subject in both: what one case found is not told to the other."""
    other = make_case(cast, "Another")
    here, there = subject(case, cast), subject(other, cast, shade=3)
    policy(cast, fits=["payment"])
    findings.review(found(other, cast, there), by=cast.reviewer)
    assert offered.suggested("x", [there]) and not offered.suggested("x", [here])
    html = sign_in(cast.takedown).get(f"/cases/{case.ref}/takedowns/new/?subject=S-001").content.decode()
    assert "It fits the kind of a reviewed finding" not in html
