"""Entries that are not what our program records: custody pages that list them stand, *Verify now* names them."""

from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from casework import sentences
from casework.cases.models import Case
from casework.exhibits import disposals, erasures, verifying
from casework.exhibits.models import Exhibit
from casework.record import Act
from evidence.custody import history
from evidence.custody.kinds import Kind
from evidence.fixity.models import Verification
from tests.casework.test_sentences import entry
from tests.evidence import custody_log as given
from tests.evidence import poison
from tests.factories import Cast, lodge_png, make_case, make_cast, sign_in

VALUES: list[Any] = ["x", "", 5, True, None, [], ["a"], [[1]], [{}], {}, {"a": 1}]
MEMBERS = ("act", "approver", "exhibits", "events", "at", "outcome", "finding", "made", "package", "part", "position",
           "match", "restored", "reason", "name", "sha256", "erased", "unreadable", "role", "purpose")


@pytest.fixture
def cast(db: None) -> Cast:
    given.key()
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


@pytest.fixture
def exhibit(cast: Cast, case: Case) -> Exhibit:
    return lodge_png(case, cast.lead, 1).exhibit


@pytest.fixture
def client(cast: Cast) -> Client:
    return sign_in(cast.lead)


@pytest.mark.parametrize("language", ["en", "ur"])
def test_a_sentence_takes_any_value_in_any_member(language: str) -> None:
    with translation.override(language):
        for value in VALUES:
            detail = dict.fromkeys(MEMBERS, value)
            for one in [detail, {"erased": detail}, {"package": detail, "part": detail, "made": [detail, value]}]:
                for kind in Kind:
                    assert sentences.sentence(entry(kind, **one))
                    assert sentences.plain(entry(kind, **one))
                for act in Act:
                    assert sentences.sentence(entry("decision", **one | {"act": str(act)}))
                    assert sentences.plain(entry("decision", **one | {"act": str(act)}))


def test_pages_of_custody_stand_whatever_an_entry_says(client: Client, case: Case, exhibit: Exhibit) -> None:
    subjects = (f"item/{exhibit.item_id}", f"exhibit/{exhibit}")
    for number, value in enumerate(VALUES):
        kind, subject = list(Kind)[number % len(Kind)], subjects[number % 2]
        poison.put(poison.event(kind, subject, f"case/{case.ref}", value))
        poison.put(poison.event(kind, subject, f"case/{case.ref}", dict.fromkeys(MEMBERS, value)))
        poison.put(poison.event("derivation", subjects[0], f"case/{case.ref}", {"made": value}))
        poison.put(poison.event("accession", subjects[0], f"case/{case.ref}", {"package": value}))
        poison.put(poison.event("access", subject, f"case/{case.ref}", {}, agent=value))
    made = poison.event("access", subjects[1], f"case/{case.ref}", {})
    poison.put(made, b"\xff no event at all")
    poison.settle()
    for path in ("evidence/custody/", "evidence/E-001/custody/", "evidence/E-001/"):
        answer = client.get(f"/cases/{case.ref}/{path}")
        assert answer.status_code == 200, path
    assert "is no event that can be read" in client.get(f"/cases/{case.ref}/evidence/custody/").content.decode()
    assert [one.detail for one in history.entries(subject=subjects[1], limit=100) if str(one.event_id) == made["id"]] \
        == [{"unreadable": True}]


def test_verify_now_ends_and_names_the_entry(cast: Cast, case: Case, exhibit: Exhibit) -> None:
    subject, context = f"item/{exhibit.item_id}", f"case/{case.ref}"
    poisoned = [poison.insert(poison.event(kind, subject, context, detail)) for kind, detail in (
        ("disposal", "x"), ("derivation", {"process": "x", "made": [1]}), ("replication", {"match": True}))]
    for done in (verifying.verify_exhibit(exhibit, by=cast.lead), verifying.verify_case(case, by=cast.lead)):
        assert done.state == Verification.State.DONE
        named = {one["object"] for one in done.problems}
        assert {f"event {pk}" for pk in poisoned} <= named


def test_what_two_people_wait_for_is_read_from_entries_that_say_it(client: Client, cast: Cast, case: Case,
                                                                    exhibit: Exhibit) -> None:
    asked = disposals.propose(case, exhibits=[exhibit.label], ground="mistake", reason="Lodged twice.",
                              basis="Our mandate.", by=cast.lead)
    poison.settle()
    events = [entry.event_id for entry in history.entries(subject=f"exhibit/{exhibit}", limit=1)]
    erasing = erasures.propose(case, events=events, reason="A person asks.", basis="Article 17.", by=cast.lead)
    for word, act in ((asked.word, Act.DISPOSAL_PROPOSED), (erasing.word, Act.ERASURE_PROPOSED)):
        for value in VALUES:
            detail = {"act": str(act), "exhibits": value, "events": value, "reason": value, "basis": value}
            poison.put(poison.event("decision", word, f"case/{case.ref}", detail, at="2020-01-01T00:00:00.000000Z"))
    where = f"evidence/disposals/{asked.id}/", f"evidence/custody/erasures/{erasing.id}/"
    after = [client.get(f"/cases/{case.ref}/{path}") for path in where]
    assert [one.status_code for one in after] == [200, 200]
    assert b"Lodged twice." in after[0].content and b"A person asks." in after[1].content
