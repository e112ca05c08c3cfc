"""Exports that are begun, read by the worker and withdrawn: rows that cite their bytes, and the log that holds them."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction

from casework.cases import services as cases
from casework.cases.models import Case
from casework.exhibits import services as exhibits
from casework.lifecycle import NotAllowed
from casework.posts import looking, rows, services
from casework.posts.models import Import, Post, Unread
from evidence.custody.models import Payload
from evidence.jail import services as jail
from tests.casework.exporting import CHAT, COLUMNS, DOUBTFUL, KARACHI, TABLE, begin, imported, lodge, read
from tests.factories import Cast, lodge_png, make_case, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


def said(act: str) -> list[dict[str, Any]]:
    """What the log says of such acts."""
    told = [json.loads(bytes(row.content))["detail"] for row in Payload.objects.order_by("at")]
    return [detail for detail in told if detail.get("act") == act]


def test_a_chat_is_read_row_by_row_and_every_row_cites_its_bytes(case: Case, cast: Cast) -> None:
    data = CHAT.encode()
    done = imported(case, data, cast.investigator, **KARACHI)
    assert (done.state, done.kept, done.label) == ("read", 5, "I-001")
    found = list(Post.objects.filter(source=done).order_by("position"))
    assert [(row.position, row.kind, row.sender, row.system_act) for row in found] == [
        (1, "system", "", "other"), (2, "message", "Bilal K.", ""), (3, "message", "کاشف", ""),
        (4, "message", "Rimsha", ""), (5, "system", "", "removed")]
    assert b"".join(data[row.start:row.end] for row in found) == data
    second = found[1]
    assert second.text == "8 sharp, word for word: #HarbourNow\nsecond line, as pasted"
    assert (second.at_text, second.local, second.resolution) == ("14/03/2026, 18:05", "2026-03-14T18:05:00", "minute")
    assert second.at == datetime(2026, 3, 14, 13, 5, tzinfo=UTC)
    assert found[3].attachments == [["IMG-20260314-WA0001.jpg", False, 0]]
    assert done.whole is not None and done.whole["kinds"] == {"system": 2, "message": 3}


def test_what_was_begun_and_what_was_read_is_in_the_log_and_the_rows_can_be_held_against_it(
        case: Case, cast: Cast) -> None:
    done = imported(case, CHAT, cast.investigator, **KARACHI)
    begun, = said("import_begun")
    assert (begun["format"], begun["options"], begun["sha256"]) == ("whatsapp", KARACHI, done.sha256)
    told, = said("import_read")
    assert told["rows"] == 5 and told["rows_sha256"] == done.rows_sha256
    assert rows.chained("", rows.kept(done)) == told["rows_sha256"]
    changed = [(at, record) for at, record in rows.kept(done) if at != 3]
    assert rows.chained("", changed) != told["rows_sha256"]


def test_ambiguous_dates_are_asked_about_and_never_guessed(case: Case, cast: Cast) -> None:
    exhibit = lodge(case, DOUBTFUL, cast.investigator)
    told = looking.look(exhibit, format="whatsapp", by=cast.investigator)
    assert told["asked"] == ["order", "zone"]
    with pytest.raises(ValidationError) as refused:
        services.begin(exhibit, format="whatsapp", options=KARACHI, by=cast.investigator)
    assert list(refused.value.message_dict) == ["order"]
    assert not Import.objects.exists()
    done = read(services.begin(exhibit, format="whatsapp", options=KARACHI | {"order": "mdy"}, by=cast.investigator))
    assert [row.local for row in done.posts.order_by("position")] == ["2026-01-02T18:05:00", "2026-02-03T18:06:00"]


def test_a_zone_has_to_be_said_even_if_it_is_that_nobody_knows(case: Case, cast: Cast) -> None:
    exhibit = lodge(case, CHAT, cast.investigator)
    for options, field in (({}, "zone"), ({"zone": "Lahore/Mars"}, "zone"), ({"order": "ymd?"}, "options")):
        with pytest.raises(ValidationError) as refused:
            services.begin(exhibit, format="whatsapp", options=options, by=cast.investigator)
        assert list(refused.value.message_dict) == [field]
    done = read(services.begin(exhibit, format="whatsapp", options={"zone": "unknown"}, by=cast.investigator))
    assert {(row.at, row.local[:10]) for row in done.posts.all()} == {(None, "2026-03-14")}


def test_a_time_without_a_zone_in_an_export_that_has_zones_stops_the_import_with_the_question(
        case: Case, cast: Cast) -> None:
    old = {"name": "Trend Team", "type": "private_group", "id": 7, "messages": [
        {"id": 1, "type": "message", "date": "2026-03-14T18:05:00", "from": "Bilal", "from_id": "user1", "text": "a"}]}
    done = imported(case, json.dumps(old), cast.investigator, "telegram")
    assert (done.state, done.kept) == ("stopped", 0)
    assert done.asks is not None and done.asks["what"] == "zone" and done.asks["facts"]["line"] == 1
    again = read(services.begin(done.exhibit, format="telegram", options=KARACHI, by=cast.investigator))
    assert (again.state, again.label) == ("read", "I-002")


def test_every_row_that_is_not_understood_is_kept_with_its_line_and_reason(case: Case, cast: Cast) -> None:
    done = imported(case, TABLE, cast.investigator, "table", columns=COLUMNS)
    assert (done.state, done.kept) == ("read", 4)
    row = Unread.objects.get(source=done)
    assert (row.position, row.line) == (3, 4) and row.reason.startswith("line 4: it has 2 cells")
    assert row.raw == {"cells": ["2026-03-14T13:05:03Z", "@delta_three"]}
    formula = done.posts.get(position=2)
    assert (formula.text, formula.marks, formula.counts) == ("=1+1", ["formula"], {"likes": 4})
    assert rows.chained("", rows.kept(done)) == done.rows_sha256


def test_a_withdrawn_import_hides_its_rows_and_keeps_them(case: Case, cast: Cast) -> None:
    done = imported(case, CHAT, cast.investigator, **KARACHI)
    assert Post.objects.visible_to(cast.reviewer).standing().count() == 5
    services.withdraw(done, reason="Another clock", by=cast.investigator)
    assert Post.objects.visible_to(cast.reviewer).standing().count() == 0
    assert Post.objects.filter(source=done).count() == 5
    with pytest.raises(NotAllowed):
        services.withdraw(done, reason="Again", by=cast.investigator)
    again = services.begin(done.exhibit, format="whatsapp", options={"zone": "Asia/Dubai"}, by=cast.investigator)
    assert again.label == "I-002"


def test_rows_of_a_withdrawn_exhibit_show_nothing(case: Case, cast: Cast) -> None:
    done = imported(case, CHAT, cast.investigator, **KARACHI)
    exhibits.withdraw(done.exhibit, reason="Another group", by=cast.lead)
    assert not Post.objects.visible_to(cast.lead).standing().exists()
    assert not Import.objects.visible_to(cast.lead).standing().exists()


def test_the_same_is_not_read_twice_at_once(case: Case, cast: Cast) -> None:
    begun = begin(case, CHAT, cast.investigator, **KARACHI)
    with pytest.raises(ValidationError, match="I-001"):
        services.begin(begun.exhibit, format="whatsapp", options={"zone": "Asia/Dubai"}, by=cast.investigator)


def test_who_may_not_import_begins_nothing_and_withdraws_nothing(case: Case, cast: Cast) -> None:
    exhibit = lodge(case, CHAT, cast.investigator)
    begun = services.begin(exhibit, format="whatsapp", options=KARACHI, by=cast.lead)
    for person in (cast.reviewer, cast.takedown, cast.auditor, cast.media, cast.outsider):
        with pytest.raises(PermissionDenied):
            services.begin(exhibit, format="whatsapp", options=KARACHI, by=person)
        with pytest.raises(PermissionDenied):
            services.withdraw(begun, reason="No", by=person)
        with pytest.raises(PermissionDenied):
            looking.look(exhibit, by=person)


def test_rows_are_of_their_case_alone(case: Case, cast: Cast) -> None:
    other = make_case(cast, "Another case", by=cast.outsider)
    other.memberships.exclude(user=cast.outsider).update(ended_at=other.opened_at)
    mine = imported(case, CHAT, cast.investigator, **KARACHI)
    theirs = imported(other, CHAT, cast.outsider, **KARACHI)
    assert set(Post.objects.visible_to(cast.investigator).values_list("source", flat=True)) == {mine.pk}
    assert set(Post.objects.visible_to(cast.outsider).values_list("source", flat=True)) == {theirs.pk}
    assert not Import.objects.visible_to(cast.admin).exists() and not Unread.objects.visible_to(cast.admin).exists()


@pytest.mark.parametrize("sql", [
    "UPDATE casework_post SET text = 'other'", "DELETE FROM casework_post", "DELETE FROM casework_import",
    "UPDATE casework_import SET options = '{}'", "UPDATE casework_import SET kept = 4",
    "UPDATE casework_import SET state = 'reading', whole = NULL, ended_at = NULL",
    "INSERT INTO casework_post (case_id, source_id, position, member, start, \"end\", line, at_text, text, raw, kind, "
    "local, resolution, sender, sender_id, attachments, system_act, post_id, url, counts, marks) SELECT case_id, "
    "source_id, 99, '', 0, 1, 1, '', '', '{}', kind, '', '', '', '', '[]', '', '', '', '{}', '{}' FROM casework_post "
    "LIMIT 1"])
def test_the_database_refuses_what_must_not_be(case: Case, cast: Cast, sql: str) -> None:
    imported(case, CHAT, cast.investigator, **KARACHI)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_closed_case_begins_nothing_and_its_waiting_imports_wait(case: Case, cast: Cast) -> None:
    begun = begin(case, CHAT, cast.investigator, **KARACHI)
    exhibit = begun.exhibit
    cases.close(case, by=cast.lead)
    with pytest.raises(cases.CaseClosed):
        services.begin(exhibit, format="whatsapp", options={"zone": "Asia/Dubai"}, by=cast.investigator)
    assert read(begun).state == "waiting"
    cases.reopen(case, by=cast.lead)
    assert read(begun).state == "read"


def test_what_is_withdrawn_or_made_by_the_system_is_not_imported(case: Case, cast: Cast) -> None:
    exhibit = lodge(case, CHAT, cast.investigator)
    exhibits.withdraw(exhibit, reason="Wrong file", by=cast.lead)
    exhibit.refresh_from_db()
    with pytest.raises(ValidationError, match="lodged"):
        services.begin(exhibit, format="whatsapp", options=KARACHI, by=cast.investigator)


def test_a_picture_is_no_chat_and_the_refusal_says_so(case: Case, cast: Cast) -> None:
    picture = lodge_png(case, cast.investigator).exhibit
    assert looking.look(picture, by=cast.investigator) == {"suggested": []}
    with pytest.raises(ValidationError, match="no line begins as a message"):
        services.begin(picture, format="whatsapp", options=KARACHI, by=cast.investigator)


def test_a_look_that_is_none_is_refused_and_shown_nowhere(case: Case, cast: Cast,
                                                          monkeypatch: pytest.MonkeyPatch) -> None:
    """The child that looks is as foreign as the file."""
    exhibit = lodge(case, CHAT, cast.investigator)
    for told in ({"suggested": [{"format": "whatsapp"}]}, {"suggested": 7}, {"names": [1]}, {"other": ""},
                 {"candidates": ["ydm"]}, {"examples": [{"line": "1"}]}, {"against": {"dmy": 1}}):
        monkeypatch.setattr("evidence.jail.services.look_at_export", lambda *_file, told=told, **_more: told)
        with pytest.raises(ValidationError, match="cannot be read"):
            looking.look(exhibit, by=cast.investigator)


@pytest.mark.parametrize("options", [
    {"names": ["a\x00b"]}, {"names": ["a" * 70_000]}, {"columns": {"time": 7}}, {"zone": 7},
    {"unknown": "x"}, {"members": "a"}, {"kind": "bad"}, {"resolution": "second"}, {"resolution": 7}])
def test_options_that_no_reader_takes_are_refused(case: Case, cast: Cast, options: dict[str, Any]) -> None:
    exhibit = lodge(case, CHAT, cast.investigator)
    with pytest.raises(ValidationError) as refused:
        services.begin(exhibit, format="whatsapp", options=KARACHI | options, by=cast.investigator)
    assert list(refused.value.message_dict) == ["options"]


def test_what_takes_too_long_to_look_at_is_asked_by_the_worker_instead(case: Case, cast: Cast,
                                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    exhibit = lodge(case, DOUBTFUL, cast.investigator)
    monkeypatch.setattr(looking, "LOOK", jail.Limits(wall=0.0))
    done = read(services.begin(exhibit, format="whatsapp", options=KARACHI, by=cast.investigator))
    assert (done.state, done.kept) == ("stopped", 0)
    assert done.asks is not None and done.asks["what"] == "order" and done.asks["facts"]["state"] == "ambiguous"
    again = services.begin(exhibit, format="whatsapp", options=KARACHI | {"order": "dmy"}, by=cast.investigator)
    assert read(again).state == "read"
