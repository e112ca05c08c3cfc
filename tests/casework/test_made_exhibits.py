"""What this system made itself, and what was withdrawn, shows nothing: nothing stands on it."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from casework.accounts import services as accounts
from casework.accounts.models import Assessment, Subject
from casework.cases.models import Case
from casework.exhibits import services as exhibits
from casework.exhibits.models import Exhibit
from casework.findings import services as findings
from casework.findings.models import Citation
from tests.factories import Cast, lodge_png, make_case, make_cast
from tests.weighed import others, submit

KNOWING: dict[str, Any] = {"to_role": "knowing", "indicators": ["payment"], "reason": "Paid for each post.",
                           "against": "One receipt only."}
FINDING: dict[str, Any] = {"kind": "coordination", "title": "Nine accounts, one text", "claim": "They post one text.",
                           "method": "Times compared.", "likelihood": "likely", "confidence": "low",
                           "against": "A template.", "alternatives": others("A shared article.")}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


@pytest.fixture
def made(case: Case, cast: Cast) -> Exhibit:
    return exhibits.lodge_made(case, data=b"To X: saba_writes is paid.", name="notice.txt", claimed_type="text/plain",
                               provenance={}, title="Notice", by=cast.lead).exhibit


def subject(case: Case, cast: Cast) -> Subject:
    shown = lodge_png(case, cast.investigator, 1).exhibit
    named = accounts.name_account(case, platform="x", handle="saba_writes", exhibit=shown, by=cast.investigator)
    accounts.assess(named, **{**KNOWING, "to_role": "participant"}, exhibits=[shown], by=cast.investigator)
    return named


def test_no_account_is_named_or_observed_on_it(case: Case, cast: Cast, made: Exhibit) -> None:
    named = subject(case, cast)
    with pytest.raises(ValidationError, match="shows the account"):
        accounts.name_account(case, platform="x", handle="another", exhibit=made, by=cast.investigator)
    with pytest.raises(ValidationError, match="shows the account"):
        accounts.observe(named, handle="another", exhibit=made, by=cast.investigator)


def test_no_role_stands_on_it(case: Case, cast: Cast, made: Exhibit) -> None:
    with pytest.raises(ValidationError, match="did not make itself"):
        accounts.assess(subject(case, cast), **KNOWING, exhibits=[made], by=cast.investigator)


@pytest.mark.parametrize("bearing", ["for", "against"])
def test_no_finding_cites_it(case: Case, cast: Cast, made: Exhibit, bearing: str) -> None:
    shown = lodge_png(case, cast.investigator, 2).exhibit
    cited: dict[str, Any] = {"exhibits_for": [shown]} | {f"exhibits_{bearing}": [made]}
    with pytest.raises(ValidationError, match="did not make itself"):
        findings.write(case, **FINDING, **cited, by=cast.investigator)


def test_a_finding_that_cited_it_before_is_neither_submitted_nor_reviewed(
        case: Case, cast: Cast, made: Exhibit) -> None:
    shown = lodge_png(case, cast.investigator, 2).exhibit
    finding = findings.write(case, **FINDING, exhibits_for=[shown], by=cast.investigator)
    submitted = submit(finding, by=cast.investigator)
    Citation.objects.create(finding=finding, exhibit=made, bearing="for")
    with pytest.raises(ValidationError, match=made.label):
        findings.review(submitted, by=cast.reviewer)


def test_a_role_is_not_confirmed_on_an_exhibit_that_was_withdrawn_since(case: Case, cast: Cast) -> None:
    named = subject(case, cast)
    shown = lodge_png(case, cast.investigator, 3).exhibit
    proposed = accounts.assess(named, **KNOWING, exhibits=[shown], by=cast.investigator)
    exhibits.withdraw(shown, reason="Cropped.", by=cast.investigator)
    with pytest.raises(ValidationError, match=shown.label):
        accounts.confirm(proposed, by=cast.reviewer)
    named.refresh_from_db()
    proposed.refresh_from_db()
    assert (named.role, proposed.state) == ("participant", Assessment.State.PROPOSED)
    accounts.send_back(proposed, reason="Its exhibit was withdrawn.", by=cast.reviewer)
