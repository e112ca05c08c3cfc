"""Tables of a case as CSV: what is in them, who is not, and what is recorded before they leave."""

import csv
import hashlib
import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from casework.cases.models import Case
from casework.exchange import compose, services
from casework.exhibits import services as exhibits
from casework.exports import services as exports
from casework.exports.models import Export
from casework.pace import Stopped, TooSoon
from evidence.custody import history
from tests.casework.exchanged import CAUSE, HIDDEN, TAKING_PART, fill
from tests.factories import Cast, bearer, make_case, make_cast, sign_in

WHY = "For the regulator, file 12"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return fill(make_case(cast), cast)


def taken(case: Case, what: str, by: Any) -> bytes:
    return b"".join(services.take(case, what, purpose=WHY, by=by).chunks)


def rows(case: Case, what: str, by: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(taken(case, what, by).decode())))


def test_every_table_has_its_rows_and_names_no_bystander_and_no_cause(case: Case, cast: Cast) -> None:
    counts = {}
    for what, kind in compose.KINDS.items():
        data = taken(case, what, cast.legal).decode()
        found = list(csv.DictReader(io.StringIO(data)))
        assert tuple(found[0]) == kind.columns
        counts[what] = len(found)
        for hidden in (*HIDDEN, "passer_by", "Rimsha", "555 0101", CAUSE):
            assert hidden not in data, f"{hidden} is in {what}"
    assert counts == {"accounts": 2, "observations": 4, "links": 1, "channels": 1, "taskings": 1, "payments": 1,
                      "campaigns": 1, "posts": 4, "findings": 2, "tasks": 1, "exhibits": 2, "claims": 2, "personas": 2,
                      "locations": 2, "assessments": 2, "grounds": 1, "facts": 2, "marks": 1, "unread": 1, "notes": 1}


def test_what_is_said_one_by_one_is_told_of_who_takes_part_alone(case: Case, cast: Cast) -> None:
    assert [(row["subject"], row["text"]) for row in rows(case, "claims", cast.lead)] == [
        ("S-001", "Norland"), ("S-002", "withheld")]
    assert [row["basis"] for row in rows(case, "personas", cast.lead)] == ["As S-002 says"] * 2
    assert [row["place"] for row in rows(case, "locations", cast.lead)] == ["Norland", "withheld"]
    first, second = rows(case, "assessments", cast.lead)
    assert (first["to_role"], first["state"], second["to_role"], second["state"], second["indicators"]) == (
        "participant", "in_force", "knowing", "proposed", "payment")
    assert rows(case, "grounds", cast.lead)[0]["text"] == "She reported S-002 too"
    assert [row["text"] for row in rows(case, "facts", cast.lead) if row["fact"] == "admin"] == ["withheld"]
    [unread] = rows(case, "unread", cast.lead)
    assert int(unread["end"]) > int(unread["start"]) > 0 and unread["reason"]
    [note] = rows(case, "notes", cast.lead)
    assert (note["about"], note["text"], note["told"]) == ("F-001", "S-002 is nobody", str(cast.lead))


def test_the_index_of_exhibits_has_hashes_and_marks_what_was_withdrawn(case: Case, cast: Cast) -> None:
    first = case.exhibits.order_by("number")[0]
    exhibits.withdraw(first, reason="Not ours", by=cast.lead)
    withdrawn, table = rows(case, "exhibits", cast.lead)
    assert (withdrawn["label"], withdrawn["sha256"], withdrawn["leaf_hash"]) == (
        "E-001", first.item.blob_id, first.leaf_hash)
    assert withdrawn["withdrawn_at"] and not table["withdrawn_at"]


def test_who_takes_part_is_named_and_a_bystander_called_by_its_label(case: Case, cast: Cast) -> None:
    sana, farid = rows(case, "accounts", cast.lead)
    assert (sana["handle"], sana["stable_id"], sana["role"]) == (TAKING_PART, "1839200", "participant")
    assert (farid["label"], farid["handle"], farid["stable_id"], farid["role"]) == (
        "S-002", "withheld", "withheld", "bystander")
    seen = rows(case, "observations", cast.lead)
    assert {(row["subject"], row["handle"], row["posted_at"]) for row in seen} == {
        ("S-001", TAKING_PART, "2024-03-14T17:40:38Z"), ("S-001", "Sana_before", ""), ("S-002", "withheld", "")}
    assert rows(case, "links", cast.lead)[0]["basis"] == "S-002 baked for her"
    assert rows(case, "tasks", cast.lead)[0]["title"] == "Ask S-002"
    paid = rows(case, "payments", cast.lead)[0]
    assert (paid["payer"], paid["payee"], paid["amount"], paid["currency"]) == ("withheld", "S-001", "180", "PKR")


def test_senders_of_posts_are_one_word_each_in_one_file_and_another_in_the_next(case: Case, cast: Cast) -> None:
    first, second = rows(case, "posts", cast.lead), rows(case, "posts", cast.lead)
    sana, farid, passer, again = (row["sender"] for row in first)
    assert sana == TAKING_PART and passer == again != farid and passer.startswith("sender-")
    assert second[2]["sender"] != passer
    assert [row["post_id"] for row in first] == ["17", "withheld", "withheld", "withheld"]


def test_what_a_spreadsheet_would_run_is_made_safe(case: Case, cast: Cast) -> None:
    assert rows(case, "posts", cast.lead)[1]["text"].startswith("'=1+1")
    assert rows(case, "taskings", cast.lead)[0]["message"].startswith("'=Build")


def test_it_is_recorded_with_its_hash_and_purpose_before_it_leaves(case: Case, cast: Cast) -> None:
    found = services.take(case, "accounts", purpose=f" {WHY} ", by=cast.legal)
    told = history.entries(subject=f"case/{case.ref}", limit=1)[0]
    assert (told.kind, told.detail) == ("export", {
        "act": "case_exported", "file": f"{case.ref}_accounts.csv", "rows": 2, "size": found.size,
        "sha256": found.sha256, "purpose": WHY})
    data = b"".join(found.chunks)
    assert (hashlib.sha256(data).hexdigest(), len(data)) == (found.sha256, found.size)
    assert Export.objects.get(person=cast.legal).size == found.size


def test_what_may_not_leave_does_not(case: Case, cast: Cast, settings: Any) -> None:
    for what, purpose in (("accounts", " "), ("causes", WHY), ("", WHY)):
        with pytest.raises(ValidationError):
            services.take(case, what, purpose=purpose, by=cast.lead)
    for person in (cast.auditor, cast.media, cast.outsider):
        with pytest.raises(PermissionDenied):
            services.take(case, "accounts", purpose=WHY, by=person)
    exports.stop(case, cast.legal, reason="Too much", by=cast.lead)
    with pytest.raises(Stopped):
        services.take(case, "accounts", purpose=WHY, by=cast.legal)
    settings.EXPORT_FILES_AN_HOUR = 1
    taken(case, "tasks", cast.investigator)
    with pytest.raises(TooSoon):
        services.take(case, "tasks", purpose=WHY, by=cast.investigator)
    assert [entry.detail["file"] for entry in history.entries(subject=f"case/{case.ref}", limit=50)
            if entry.detail.get("act") == "case_exported"] == [f"{case.ref}_tasks.csv"]


def test_the_page_and_the_call_hand_it_over(case: Case, cast: Cast) -> None:
    pages = sign_in(cast.legal)
    where = f"/cases/{case.ref}/exchange/"
    assert pages.post(where, {"what": "accounts", "purpose": ""}).status_code == 422
    answer = pages.post(where, {"what": "accounts", "purpose": WHY})
    data = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert answer["Content-Disposition"].startswith("attachment") and answer["Content-Length"] == str(len(data))
    assert b"S-002" in data and answer["Content-Type"] == "text/csv; charset=utf-8"
    call = Client().post(f"/api/v1{where}", {"what": "tasks", "purpose": WHY}, headers=bearer(cast.legal, "export"),
                         content_type="application/json")
    assert call.status_code == 200 and b"Ask S-002" in b"".join(call.streaming_content)  # type: ignore[attr-defined]
    refused = Client().post(f"/api/v1{where}", {"what": "tasks", "purpose": WHY}, headers=bearer(cast.legal, "read"),
                            content_type="application/json")
    assert refused.status_code == 403


def test_nothing_of_another_case_is_in_it(case: Case, cast: Cast) -> None:
    other = make_case(cast, "Another")
    for what in compose.KINDS:
        assert taken(other, what, cast.lead).count(b"\r\n") == 1, "the names of its columns alone"


@pytest.mark.parametrize("what", compose.KINDS)
def test_a_table_costs_a_bounded_number_of_questions(case: Case, cast: Cast, what: str,
                                                     django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_max_num_queries(30):
        taken(case, what, cast.lead)


def test_every_column_is_described() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "exchange.md").read_text()
    for what, kind in compose.KINDS.items():
        (row,) = [line for line in page.splitlines() if line.startswith(f"| `{what}` |")]
        assert re.findall(r"`(\w+)`", row)[1:] == list(kind.columns)
