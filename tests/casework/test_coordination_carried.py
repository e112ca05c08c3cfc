"""Posts that carry a text with something added around it are counted, listed and taken out as such; short texts are
matched weakly; keys of an earlier version are made anew."""

import csv
import io
import json
from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from psycopg import errors
from stack import postgres

from casework.cases.models import Case
from casework.channels import taskings
from casework.coordination import compose, services
from casework.network import posted
from casework.posts import normal
from casework.posts.models import Import, Post
from casework.timeline import services as timeline
from casework.timeline.asking import Query
from tests.casework.exporting import KARACHI, begin, imported, read
from tests.casework.test_coordination_matches import COLUMNS, TEXT, call, counts, filled, page, table, tasking
from tests.evidence import custody_log as given
from tests.factories import Cast, make_case, make_cast, sign_in

URDU = "ڈیلٹا پورٹ ہمارے بچوں کا مستقبل ہے، اسے آج ہی تعمیر کریں! #ڈیلٹا_پورٹ"
AT = "2026-03-14T13:07:{:02d}Z"
MORE = [
    (AT.format(1), "copier", f"RT @sana: {TEXT}"), (AT.format(2), "thread", f"{TEXT} 1/2"),
    (AT.format(3), "tagger", f"{TEXT} #Pakistan"), (AT.format(4), "plain", TEXT),
    (AT.format(5), "quoter", f"Who pays for this? RT @sana: {TEXT}"),
    (AT.format(6), "other", TEXT.replace("Port", "Dam", 1)),
    ("2026-03-07T13:06:00Z", "week", f"RT @sana: {TEXT}")]


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    """As of the other tests, with posts to which something was added."""
    case = filled(make_case(cast), cast)
    imported(case, table(MORE), cast.investigator, "table", columns=COLUMNS, kind="post")
    return case


def senders(case: Case, number: int = 1) -> set[str]:
    return set(compose.carrying(tasking(case, number)).values_list("sender", flat=True))


def test_what_carries_the_text_with_additions_is_in_counts_lags_and_control(case: Case) -> None:
    found = compose.matches_of(tasking(case)).posts
    assert {"copier", "thread", "tagger", "plain", "week"} < senders(case)
    assert not {"quoter", "other"} & senders(case)
    assert counts(found) == (11, 10, 9, 2, 0, 0) and found.reposts == 2
    assert found.control == {"week_before": 1, "tasking": 8, "week_after": 1}


def test_page_call_and_table_mark_what_has_additions_and_what_is_a_repost(case: Case, cast: Cast) -> None:
    html = page(case, cast.reviewer, "matches")
    assert html.count("with additions</span>") == 4 and html.count("repost</span>") == 2
    assert "Of these reposts" in html and '"weak"' not in html and "weak</span>" not in html
    told = call(case, cast.reviewer, "K-001/matches/")
    marked = {row["post"]["sender"]: (row["additions"], row["repost"]) for row in told["rows"]}
    assert marked["copier"] == (True, True) and marked["thread"] == marked["tagger"] == (True, False)
    assert marked["plain"] == marked["early"] == (False, False)
    assert told["posts"]["reposts"] == 2 and told["window"] is None
    answer = sign_in(cast.investigator).post(
        reverse("coordination:take", args=[case.ref, "K-001"]), {"purpose": "For the regulator"})
    lines = list(csv.DictReader(io.StringIO(answer.content.decode())))
    label = {row["post"]["sender"]: row["post"]["label"] for row in told["rows"]}
    copied, plain = (next(line for line in lines if line["label"] == label[one]) for one in ("copier", "plain"))
    assert (copied["additions"], copied["repost"], copied["weak"]) == ("yes", "yes", "")
    assert (plain["additions"], plain["repost"]) == ("", "")
    assert "2 are reposts" in services.proposal(tasking(case))["claim"]


def test_a_repost_that_the_export_names_is_one_without_its_letters(case: Case, cast: Cast) -> None:
    one = {"created_at": "Sat Mar 14 13:08:00 +0000 2026", "full_text": TEXT, "id_str": "1900000000000000001",
           "retweeted_status": {"id_str": "1800000000000000001"}, "entities": {}}
    lines = json.dumps({"source_platform": "x.com", "timestamp_collected": 1773500000000, "data": {
        "rest_id": one["id_str"], "legacy": one,
        "core": {"user_results": {"result": {"core": {"screen_name": "echo"}}}}}})
    imported(case, lines, cast.investigator, "zeeschuimer")
    assert compose.matches_of(tasking(case)).posts.reposts == 3
    row, = (row for row in call(case, cast.reviewer, "K-001/matches/")["rows"] if row["post"]["sender"] == "echo")
    assert (row["repost"], row["additions"]) == (True, False)


def test_both_texts_are_stripped_and_urdu_is_as_english(case: Case, cast: Cast) -> None:
    channel = case.channels.get()
    taskings.note(channel, message=f"{URDU} 1/3", at="2026-03-14 13:05:30", exhibits=[case.exhibits.get(number=1)],
                  by=cast.lead)
    said = URDU.split(" #")[0].replace("ک", "ك").replace("ی", "ي")
    imported(case, table([(AT.format(9), "rimsha", f"RT @bilal: {said} 🔥 ۱/۲"), (AT.format(9), "own", f"ہاں! {URDU}"),
                          (AT.format(9), "changed", URDU.replace("آج", "کل"))]),
             cast.investigator, "table", columns=COLUMNS, kind="post")
    assert senders(case, 5) == {"rimsha"}


def test_a_repost_of_a_tasked_text_joins_its_sender_to_the_channel_and_counts_in_a_burst(case: Case) -> None:
    labels = dict.fromkeys(case.taskings.values_list("pk", flat=True), "C-001")
    found = posted.of(case, list(case.taskings.all()), labels)
    assert {"copier", "thread", "tagger"} < {one.name for one in found}
    assert "quoter" not in {one.name for one in found}
    shown = timeline.show(case, Query.read({"tasking": "K-001"}), by=case.opened_by)
    assert shown is not None and max(burst.senders for burst in shown.bursts) >= 7


SHORT = [
    ("2026-03-14T13:10:00Z", "now", "8 sharp: #DeltaPortNow"),
    ("2026-03-14T13:10:01Z", "echo", "RT @now: 8 SHARP: #deltaportnow"),
    ("2026-03-14T13:10:02Z", "tag", "8 sharp: #DeltaPortNow #Pakistan"),
    ("2026-04-02T13:10:00Z", "late", "8 sharp: #DeltaPortNow"),
    ("2026-03-21T13:10:00Z", "week", "8 sharp: #DeltaPortNow")]
BY_DAY = [("2026-03-14", "day", "8 sharp: #DeltaPortNow")]


def test_a_short_text_is_matched_in_its_window_marked_and_proposes_nothing(case: Case, cast: Cast) -> None:
    for posts, zone in ((SHORT, {}), (BY_DAY, KARACHI)):
        assert imported(case, table(posts), cast.investigator, "table", columns=COLUMNS, kind="post",
                        **zone).state == "read"
    found = compose.matches_of(tasking(case, 3))
    assert (found.problem, found.is_carried, found.posts.total, found.posts.reposts) == ("weak", False, 2, 1)
    assert found.posts.control == {"week_before": 0, "tasking": 2, "week_after": 1}
    assert senders(case, 3) == {"now", "echo"}
    html = page(case, cast.investigator, "matches", "K-003")
    assert html.count("weak</span>") == 2 and "Propose" not in html and "2026-03-13 10:00" in html
    told = call(case, cast.reviewer, "K-003/matches/")
    assert told["problem"] == "weak" and told["window"]["start"].startswith("2026-03-13T10:00:00")
    call(case, cast.investigator, "K-003/proposal/", 409)
    answer = sign_in(cast.investigator).post(
        reverse("coordination:take", args=[case.ref, "K-003"]), {"purpose": "For the regulator"})
    assert [line["weak"] for line in csv.DictReader(io.StringIO(answer.content.decode()))] == ["yes", "yes"]
    shown = timeline.show(case, Query.read({"tasking": "K-003"}), by=case.opened_by)
    assert shown is None or not shown.bursts


@pytest.mark.parametrize(("said", "start", "end"), [
    ({"at": "2026-03-14 13:00"}, "14T13:00", "15T13:01"),
    ({"at": "2026-03-14 13:00", "window_from": "2026-03-14 15:00"}, "14T15:00", "15T15:00"),
    ({"window_from": "2026-03-14 15:00", "window_until": "2026-03-14 16:00"}, "14T15:00", "14T16:00"),
    ({"at": "2026-03-14 13:00", "window_until": "2026-03-14 16:00"}, "14T13:00", "14T16:00"),
    ({"window_until": "2026-03-14 16:00"}, "13T16:00", "14T16:00"), ({}, "", "")])
def test_the_window_of_a_short_text(case: Case, cast: Cast, said: dict[str, Any], start: str, end: str) -> None:
    made = taskings.note(case.channels.get(), message="8 sharp", exhibits=[case.exhibits.get(number=1)], by=cast.lead,
                         **said)
    window = compose.window_of(made)
    told = (f"{window.start:%dT%H:%M}", f"{window.end:%dT%H:%M}") if window else ("", "")
    assert told == (start, end)
    assert compose.matches_of(made).problem == ("weak" if window else "short")
    if not window:
        assert "would be matched weakly if" in page(case, cast.reviewer, "matches", made.label)
        assert not compose.carrying(made).exists()


def test_a_text_of_addresses_alone_is_said_to_match_nothing(case: Case, cast: Cast) -> None:
    made = taskings.note(case.channels.get(), message="https://t.co/1 @sana", at="2026-03-14 13:00",
                         exhibits=[case.exhibits.get(number=1)], by=cast.lead)
    assert compose.matches_of(made).problem == "empty" and not compose.carrying(made).exists()
    assert "so nothing is matched" in page(case, cast.reviewer, "matches", made.label)


def test_keys_of_the_first_version_are_made_anew_and_rows_stay_guarded(real_db: None) -> None:
    given.key()
    cast = make_cast()
    case = make_case(cast)
    made = read(begin(case, table([MORE[0], ("2026-03-14T13:07:00Z", "ok", "ok"), ("", "", "")]), cast.investigator,
                      "table", columns=COLUMNS, kind="post"))
    chain = Import.objects.get(pk=made.pk).rows_sha256
    postgres.execute(given.SERVER, "ALTER TABLE casework_post DISABLE TRIGGER ALL; UPDATE casework_post SET text_key = "
                     "CASE WHEN sender = 'copier' THEN '\\x01'::bytea || substr(text_key, 2) END; ALTER TABLE "
                     "casework_post ENABLE ALWAYS TRIGGER refuse_update", postgres.DATABASE)
    migration: Any = import_module("casework.migrations.0006_keys_of_what_is_carried")
    with given.connected_as(postgres.OWNER_ROLE), connection.schema_editor() as editor:
        migration.key_again(None, editor)
    keys = [row.text_key and bytes(row.text_key) for row in Post.objects.order_by("position")]
    assert keys == [normal.key(TEXT), normal.key("ok"), None]
    assert Import.objects.get(pk=made.pk).rows_sha256 == chain
    with pytest.raises(errors.InsufficientPrivilege, match="insert-only"):
        postgres.execute(given.SERVER, "UPDATE casework_post SET text_key = NULL", postgres.DATABASE,
                         postgres.OWNER_ROLE)
