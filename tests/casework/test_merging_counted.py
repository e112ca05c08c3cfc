"""A merged account is counted with the one kept: by the network, the timeline, notices, the overview and tables."""

import csv
import io
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import timezone

from casework.accounts import linking, merging, notes
from casework.accounts import services as accounts
from casework.accounts.assessments import assess
from casework.accounts.models import Subject
from casework.accounts.withheld import Names
from casework.cases import compose as cases
from casework.cases.models import Case
from casework.exchange import services as exchange
from casework.exchange import stix
from casework.network import services as network
from casework.network.asking import Query
from casework.takedowns import services as takedowns
from casework.takedowns import targets
from casework.timeline import compose as timeline
from casework.timeline.asking import Query as Window
from tests.casework.notices import draft
from tests.casework.test_network import filled, subject
from tests.factories import Cast, exhibits_of, make_case, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return filled(make_case(cast), cast)


def merged(case: Case, cast: Cast, keep: int, other: int) -> Subject:
    kept = case.subjects.get(number=keep)
    merging.merge(kept, other=case.subjects.get(number=other), reason="One account", by=cast.lead)
    return kept


def edges(case: Case, cast: Cast) -> set[tuple[str, str, str, int]]:
    shown = network.show(case, Query.read(QueryDict()), by=cast.lead)
    assert not any(one.label == "S-004" for one in shown.nodes)
    return {(one.start, str(one.kind), one.end, one.count) for one in shown.edges}


def test_edges_of_a_merged_account_are_those_of_the_one_kept(case: Case, cast: Cast) -> None:
    again = subject(case, cast, "sana_again", role="participant")
    assert again.label == "S-004"
    for likelihood, one in (("almost_certain", again), ("unlikely", again)):
        other = case.subjects.get(number=2 if likelihood == "unlikely" else 3)
        linking.link(one, other=other, kind="same_operator", likelihood=likelihood, basis="One shop",
                     exhibits=exhibits_of(case)[:1], by=cast.lead)
    merged(case, cast, 1, 4)
    found = edges(case, cast)
    assert ("S-001", "same_operator", "S-002", 2) in found and ("S-001", "same_operator", "S-003", 1) in found
    shown = network.show(case, Query.read(QueryDict()), by=cast.lead)
    told = {(one.start, one.end): one.likelihood for one in shown.edges if one.likelihood}
    assert told == {("S-001", "S-002"): "unlikely", ("S-001", "S-003"): "almost_certain"}, "the less likely is told"


def test_a_sender_that_matches_both_is_the_one_kept(case: Case, cast: Cast) -> None:
    again = subject(case, cast, "again")
    accounts.observe(again, handle="zamanpur", exhibit=exhibits_of(case)[0], by=cast.lead)

    def whose() -> dict[str, str]:
        found = timeline.timeline(case, Window.read({}))
        assert found
        return {lane.name: lane.subject.label for lane in found.lanes if lane.subject}

    assert whose() == {"sana": "S-001"}, "of two that match neither is taken"
    merged(case, cast, 4, 2)
    assert whose() == {"sana": "S-001", "Zamanpur": "S-004"}
    shown = network.show(case, Query.read(QueryDict()), by=cast.lead)
    assert ("S-004", "posted") in {(one.start, str(one.kind)) for one in shown.edges}
    assert not any(one.label == "S-002" for one in shown.nodes)


def test_a_notice_names_the_one_kept_and_may_give_an_address_of_the_other(case: Case, cast: Cast) -> None:
    again = subject(case, cast, "sana_again", role="participant")
    before = draft(case, cast)
    takedowns.add_target(before, kind="account", subject=again, exhibits=exhibits_of(case)[:1], by=cast.takedown)
    kept = merged(case, cast, 1, 4)
    assert any("S-004 was merged into S-001. Name S-001." in one for one in targets.obstacles(before))
    notice = draft(case, cast)
    takedowns.add_target(notice, kind="account", subject=kept, url="https://x.com/sana_again",
                         exhibits=exhibits_of(case)[:1], by=cast.takedown)
    post = takedowns.add_target(notice, kind="post", url="https://x.com/sana_again/status/1768331415029559296",
                                exhibits=exhibits_of(case)[:1], by=cast.takedown)
    assert post.subject == kept and targets.obstacles(notice) == []


def test_the_overview_counts_it_once_and_the_table_says_which_one_it_is(case: Case, cast: Cast) -> None:
    again = subject(case, cast, "zamanpur_old")
    merged(case, cast, 2, again.number)
    counts = {str(one.label): one.number for one in cases.counts(case, frozenset({"account.read"}))}
    assert counts == {"Accounts": 3}

    def rows() -> dict[str, dict[str, str]]:
        data = b"".join(exchange.take(case, "accounts", purpose="For the court", by=cast.lead).chunks)
        return {row["label"]: row for row in csv.DictReader(io.StringIO(data.decode()))}

    assert {label: row["merged_into"] for label, row in rows().items()} == {
        "S-001": "", "S-002": "", "S-003": "", "S-004": "S-002"}
    assert rows()["S-004"]["handle"] == "withheld"
    assess(case.subjects.get(number=2), to_role="participant", indicators=["coordination"],
           exhibits=exhibits_of(case)[:1], reason="It repeats the text", against="It may be sincere", by=cast.lead)
    assert rows()["S-004"]["handle"] == "zamanpur_old", "it is the account whose role was assessed since"


def test_stix_has_one_role_and_both_handles_and_what_speaks_for_either(case: Case, cast: Cast) -> None:
    again = subject(case, cast, "sana_again", role="participant")
    notes.add(again, bearing="for", text="It reports of floods, too.", by=cast.lead)
    linking.link(case.subjects.get(number=1), other=again, kind="contact", likelihood="even", basis="One shop",
                 exhibits=exhibits_of(case)[:1], by=cast.lead)
    merged(case, cast, 1, 4)
    found: list[dict[str, Any]] = list(stix.bundle(case, Names(case), timezone.now()))
    roles = {one["abstract"]: one["content"] for one in found if one.get("abstract", "").startswith("Role of")}
    assert "Role of S-004" not in roles and "It reports of floods, too." in roles["Role of S-001"]
    seen = {(one["user_id"], one["account_login"]) for one in found if one["type"] == "user-account"
            and "user_id" in one}
    assert {("11", "sana"), ("11", "sana_again")} <= seen
    assert not any(one.get("source_ref") == one.get("target_ref") for one in found if one["type"] == "relationship")
