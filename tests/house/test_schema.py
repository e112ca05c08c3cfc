"""What the API's description says is what is answered: schemathesis asks every call, in short; `script/drill schema`
asks for long."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from drills.kit import asking, hidden
from rest_framework.response import Response

from casework.described import REFUSALS
from casework.people.api import Me
from tests.house.world import World

EACH = 10


@contextmanager
def taken_back() -> Iterator[None]:
    sid = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(sid)


@pytest.fixture(scope="module")
def asker(django_db_setup: None, django_db_blocker: Any) -> Iterator[asking.Asker]:
    """The application with a world; each request below is taken back, and in the end the world."""
    with django_db_blocker.unblock(), transaction.atomic(), asking.one_connection():
        yield asking.Asker(World(), taken_back)
        transaction.set_rollback(True)


@pytest.fixture
def fresh(asker: asking.Asker) -> asking.Asker:
    asker.found = asking.Found()
    return asker


def ask(asker: asking.Asker, role: str, call: str, **more: Any) -> tuple[int, list[str]]:
    """One plain question about one's own things: its status, and what was found wrong with the answer."""
    known = asker.places.get(asker.calls[call].path, {"own": {}})["own"]
    status = asker.send(asker.calls[call].Case(path_parameters=dict(known), **more), role)
    return status, asker.found.lines()


def test_every_call_answers_as_it_is_described_and_tells_nobody_of_a_foreign_case(fresh: asking.Asker) -> None:
    for name in fresh.calls:
        fresh.ask_all(name, EACH, start=1)
    assert fresh.found.asked.total() >= EACH * len(fresh.calls) * 0.9
    assert {200, 201, 403, 404, 409, 422} <= set(fresh.found.answered), "the questions do not come through the doors"
    assert not fresh.found.kept, "\n".join(fresh.found.lines())


def test_every_call_describes_every_refusal_as_a_problem(asker: asking.Asker) -> None:
    for call in asker.calls.values():
        answers = call.definition.raw["responses"]
        assert {str(status) for status in REFUSALS} <= set(answers), call.label
    for status in REFUSALS:
        shape = asker.schema.raw_schema["components"]["responses"][f"Refused{status}"]
        assert list(shape["content"]) == ["application/problem+json"]


def test_a_file_that_is_sent_is_described_as_bytes(asker: asking.Asker) -> None:
    sent = asker.schema.raw_schema["components"]["schemas"]["LodgeRequest"]["properties"]
    assert sent["file"] == {"type": "string", "format": "binary"}


def test_what_a_call_takes_is_described_as_all_that_it_takes(asker: asking.Asker) -> None:
    shapes = asker.schema.raw_schema["components"]["schemas"]
    assert not shapes["CaseRequest"]["additionalProperties"] and "state" not in shapes["CaseRequest"]["properties"]
    open_ones = {name for name in shapes if name.endswith("Request") and shapes[name].get("additionalProperties", True)}
    assert not open_ones


@pytest.mark.parametrize(("role", "call", "status", "more"), [
    ("media", "GET /api/v1/cases/{ref}/members/", 200, {}),
    ("lead", "GET /api/v1/cases/{ref}/retention/", 200, {}),
    ("lead", "GET /api/v1/recovery/", 200, {}),
    ("lead", "POST /api/v1/cases/", 201, {"media_type": "application/json", "body": {
        "title": "One more", "mandate_basis": "Order 1", "mandate_purpose": "To see", "mandate_scope": "Little"}}),
    ("lead", "POST /api/v1/cases/{ref}/members/", 201, {"media_type": "application/json", "body": {
        "email": "mina.baig@example.org", "role": "reviewer"}}),
    ("investigator", "DELETE /api/v1/cases/{ref}/takedowns/{number}/targets/{id}/", 200, {}),
    ("investigator", "PUT /api/v1/cases/{ref}/accounts/{number}/location/", 200, {
        "media_type": "application/json", "headers": {"If-Match": "*"}, "body": {"basis": "Nothing shows a place."}}),
], ids=lambda value: str(value)[:60])
def test_what_was_once_described_wrongly_is_described_as_it_is(fresh: asking.Asker, role: str, call: str, status: int,
                                                               more: dict[str, Any]) -> None:
    answered, found = ask(fresh, role, call, **more)
    assert (answered, found) == (status, [])


@pytest.mark.parametrize("answer", ["mistake", "status", "type", "word"])
def test_the_judge_sees_each_kind_of_wrong_answer(fresh: asking.Asker, monkeypatch: pytest.MonkeyPatch,
                                                  answer: str) -> None:
    foreign = fresh.world.foreign.case.ref

    def wrong(self: Me, request: Any) -> Response:
        if answer == "mistake":
            raise RuntimeError("a mistake of ours")
        told = {"id": 1, "email": foreign if answer == "word" else "lubna.qadir@example.org", "display_name": "x",
                "language": "en", "is_active": True, "is_administrator": False}
        return Response(told, status=206 if answer == "status" else 200,
                        content_type="text/plain" if answer == "type" else None)

    assert ask(fresh, "lead", "GET /api/v1/me/") == (200, [])
    monkeypatch.setattr(Me, "get", wrong)
    _, found = ask(fresh, "lead", "GET /api/v1/me/")
    kind = {"mistake": "Server error", "status": "Undocumented status code", "type": "Undocumented Content-Type",
            "word": "tells what is hidden"}[answer]
    assert any(kind in line for line in found), found
    assert (answer == "mistake") == any("RuntimeError" in told.get("trace", "") for told in fresh.found.kept.values())


def test_a_word_that_was_typed_before_is_no_news_and_a_name_none_for_who_gives_the_address(
        fresh: asking.Asker) -> None:
    call, body = "PUT /api/v1/cases/{ref}/retention/", {"days": 30, "basis": "as in lahore_news_20"}
    fresh.said.clear()
    assert ask(fresh, "lead", call, media_type="application/json", body=body) == (200, [])
    sent = {"email": fresh.world.cast.outsider.email, "role": "reviewer"}
    call = "POST /api/v1/cases/{ref}/members/"
    assert ask(fresh, "lead", call, media_type="application/json", body=sent) == (201, [])
    assert "lahore_news_20" in fresh.said[0]
    fresh.said.clear()
    told = fresh.hidden["lead"].found_in('{"basis": "as in lahore_news_20"}', "\n".join(fresh.said))
    assert told == ["lahore_news_20"]


def test_what_a_case_holds_is_known_and_what_was_asked_is_no_news(asker: asking.Asker) -> None:
    own, foreign = asker.world.own.case, asker.world.foreign.case
    words = asker.hidden["lead"].texts
    assert {foreign.ref, "lahore_news_20", "page-20.png", str(asker.world.foreign.event), "Omar Khalid"} <= words
    assert not words & {own.ref, "lahore_news_10", "Lubna Qadir"}
    exhibit = foreign.exhibits.get(number=1)
    assert exhibit.item.blob.sha256 in words
    assert {own.ref, "lahore_news_10"} <= asker.hidden["outsider"].texts
    secret = hidden.Hidden(frozenset({"lahore_news_20"}), frozenset({4_000_001}))
    assert secret.found_in(json.dumps({"id": 4_000_001, "handle": "lahore_news_20"}), "") == ["lahore_news_20",
                                                                                              "4000001"]
    assert secret.found_in("no lahore_news_20 here, nor 4000001", "lahore_news_20 4000001") == []
    assert secret.found_in("14000001 and 4000001.5 and a4000001", "") == []
    assert secret.found_in('"previous": "/api/v1/cases/?limit=1&offset=4000001"', "offset=4000002&limit=1") == []
