"""The timeline and the matches of a tasking as files: for a purpose, and with nobody's name who takes no part."""

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import translation

from casework.accounts import services as accounts
from casework.cases.models import Case
from casework.channels.tasking_models import Tasking
from casework.coordination import services as coordination
from casework.exhibits.models import Exhibit
from casework.exports import services as exports
from casework.pace import Stopped, TooSoon
from casework.timeline import services as timeline
from casework.timeline.asking import Query
from evidence.custody.models import Payload
from tests.casework.exporting import imported
from tests.casework.test_timeline import TEXT, filled
from tests.factories import Cast, bearer, make_case, make_cast, sign_in

WHY = "For the regulator, file 12"
Take = Callable[[Case, Any, str], bytes]
# What the timeline's posts do not have: numbers and addresses, and words that name somebody.
MORE = ("when,who,number,what,id,url\n"
        f'2026-03-14T13:20:00Z,sana,11,"{TEXT}",1768901,https://x.example/sana/1768901\n'
        f'2026-03-14T13:21:00Z,place,77,"@place @walker {TEXT}",1768902,https://x.example/place/1768902\n'
        f'2026-03-14T13:22:00Z,walker,78,"{TEXT}",1768903,https://x.example/walker/1768903\n')
HIDDEN = ("=news", "place", "walker", "farid", "later", "Bilal", "Rimsha", "1768902", "1768903",
          "https://x.example/place", "https://x.example/walker")


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    """sana takes part, place is a bystander, and nobody else is an account of the case."""
    case = filled(make_case(cast), cast)
    imported(case, MORE, cast.lead, "table", kind="post", columns={
        "time": "when", "sender": "who", "sender_id": "number", "text": "what", "post_id": "id", "url": "url"})
    shown = Exhibit.objects.get(case=case, number=1)
    sana = accounts.name_account(case, platform="x", handle="sana", stable_id="11", exhibit=shown, by=cast.lead)
    accounts.assess(sana, to_role="participant", indicators=["payment"], exhibits=[shown], reason="Paid",
                    against="Once", by=cast.lead)
    accounts.name_account(case, platform="x", handle="place", exhibit=shown, by=cast.lead)
    return case


def of_timeline(case: Case, by: Any, purpose: str = WHY) -> bytes:
    return timeline.take_out(case, Query.read({"from": "2026-03-14"}), kind="csv", purpose=purpose, by=by)


def of_matches(case: Case, by: Any, purpose: str = WHY) -> bytes:
    return coordination.take_out(Tasking.objects.get(case=case, number=1), purpose=purpose, by=by)


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode())))


def told(act: str) -> dict[str, Any]:
    said = [json.loads(bytes(row.content))["detail"] for row in Payload.objects.order_by("pk")]
    return next(detail for detail in reversed(said) if detail.get("act") == act)


BOTH = pytest.mark.parametrize("take", [of_timeline, of_matches])


@BOTH
def test_who_takes_part_is_named_and_bystanders_and_strangers_are_not(case: Case, cast: Cast, take: Take) -> None:
    data = take(case, cast.lead, WHY)
    for hidden in HIDDEN:
        assert hidden not in data.decode(), f"{hidden} is in it"
    found = rows(data)
    named = [row for row in found if row["sender"] == "sana"]
    assert named and {row["sender_id"] for row in named} == {"11"}
    others = {row["sender"] for row in found if row["sender_id"] == "withheld"}
    assert others and all(one.startswith("sender-") for one in others)
    assert not others & {row["sender"] for row in rows(take(case, cast.lead, WHY))}, "another word in the next file"


def test_a_bystander_has_its_label_in_the_timeline_and_in_texts(case: Case, cast: Cast) -> None:
    place = {row["sender"] for row in rows(of_timeline(case, cast.lead)) if row["subject"] == "S-002"}
    assert place and all(one.startswith("sender-") for one in place)
    sent = rows(of_matches(case, cast.lead))
    text = next(row["text"] for row in sent if row["label"] == "I-003/2")
    assert text.startswith("S-002") and "walker" not in text and TEXT in text
    sana = next(row for row in sent if row["label"] == "I-003/1")
    assert (sana["post_id"], sana["url"], sana["text"]) == ("1768901", "https://x.example/sana/1768901", TEXT)


def test_a_name_that_a_spreadsheet_would_run_is_made_safe_where_it_is_told(case: Case, cast: Cast) -> None:
    shown = Exhibit.objects.get(case=case, number=1)
    news = accounts.name_account(case, platform="x", handle="newsdesk", display_name="=news", stable_id="12",
                                 exhibit=shown, by=cast.lead)
    assert "=news" not in of_timeline(case, cast.lead).decode() + of_matches(case, cast.lead).decode()
    accounts.assess(news, to_role="participant", indicators=["payment"], exhibits=[shown], reason="Paid",
                    against="Once", by=cast.lead)
    for take in (of_timeline, of_matches):
        assert "'=news" in {row["sender"] for row in rows(take(case, cast.lead))}


@pytest.mark.parametrize(("take", "act"), [(of_timeline, "timeline_exported"), (of_matches, "matches_exported")])
def test_it_is_recorded_with_its_hash_and_purpose(case: Case, cast: Cast, take: Take, act: str) -> None:
    data = take(case, cast.legal, f" {WHY} ")
    event = told(act)
    assert (event["purpose"], event["rows"], event["sha256"]) == (
        WHY, len(rows(data)), hashlib.sha256(data).hexdigest())
    assert case.exports.get().size == len(data)


@BOTH
def test_what_may_not_leave_does_not(case: Case, cast: Cast, settings: Any, take: Take) -> None:
    for purpose in (" ", "x" * 301):
        with pytest.raises(ValidationError):
            take(case, cast.lead, purpose)
    for person in (cast.auditor, cast.media, cast.outsider):
        with pytest.raises(PermissionDenied):
            take(case, person, WHY)
    exports.stop(case, cast.legal, reason="Too much", by=cast.lead)
    with pytest.raises(Stopped):
        take(case, cast.legal, WHY)
    settings.EXPORT_FILES_AN_HOUR = 1
    take(case, cast.investigator, WHY)
    with pytest.raises(TooSoon):
        take(case, cast.investigator, WHY)
    assert case.exports.count() == 1


@pytest.mark.parametrize(("route", "call", "more", "lasts"), [
    ("timeline:take", "api:timeline-csv", {"kind": "csv"}, "_timeline.csv"),
    ("timeline:take", "api:timeline-svg", {"kind": "svg"}, "_timeline.svg"),
    ("coordination:take", "api:tasking-matches-csv", {}, "_K-001_matches.csv")])
def test_the_page_and_the_call_ask_what_for_and_hand_it_over(
        case: Case, cast: Cast, route: str, call: str, more: dict[str, str], lasts: str) -> None:
    where = [case.ref, "K-001"] if "coordination" in route else [case.ref]
    pages, address = sign_in(cast.legal), reverse(route, args=where)
    assert 'name="purpose"' in pages.get(address).content.decode() and not case.exports.exists()
    assert pages.post(address, {**more, "purpose": ""}).status_code == 422 and not case.exports.exists()
    answer = pages.post(address, {**more, "purpose": WHY})
    assert answer.status_code == 200 and answer.content
    assert answer["Content-Disposition"].startswith(f'attachment; filename="{case.ref}{lasts}"')
    asked: dict[str, Any] = {"content_type": "application/json"}
    client, address = Client(), reverse(call, args=where)
    head = bearer(cast.legal, "export")
    assert client.post(address, {}, headers=head, **asked).status_code == 422
    answer = client.post(address, {"purpose": WHY}, headers=head, **asked)
    assert answer.status_code == 200 and answer.content and case.exports.count() == 2
    assert client.post(address, {"purpose": WHY}, headers=bearer(cast.legal, "read"), **asked).status_code == 403


def test_the_page_takes_out_what_the_timeline_was_asked_for(case: Case, cast: Cast) -> None:
    address = reverse("timeline:take", args=[case.ref]) + "?tasking=K-001&until=2026-03-14T13:07:00Z"
    pages = sign_in(cast.legal)
    assert "until=2026-03-14T13:07:00Z; tasking=K-001" in pages.get(address).content.decode()
    found = rows(pages.post(address, {"kind": "csv", "purpose": WHY}).content)
    assert sum(int(row["rows"]) for row in found) == 2
    assert told("timeline_exported")["query"] == {"until": "2026-03-14T13:07:00Z", "tasking": "K-001"}


def test_the_picture_is_what_the_page_draws_and_names_nobody_who_takes_no_part(case: Case, cast: Cast) -> None:
    query = Query.read({"tasking": "K-001"})
    picture = timeline.take_out(case, query, kind="svg", purpose=WHY, by=cast.lead).decode()
    for hidden in HIDDEN:
        assert hidden not in picture, f"{hidden} is in it"
    names = re.findall(r'<text class="lane"[^>]*>([^<]+)</text>', picture)
    assert "S-001 sana" in names and any(name.startswith("S-002 sender-") for name in names)
    html = sign_in(cast.lead).get(reverse("timeline:timeline", args=[case.ref]), {"tasking": "K-001"}).content.decode()
    drawn = re.compile(r'<path class="(?:tick|rule|mark)"[^>]* d="[^"]+"')
    assert drawn.findall(picture) == drawn.findall(html) and len(names) == html.count('<text class="lane"')
    bars = re.compile(r'<rect class="bar" x="[^"]+" y="[^"]+" width="[^"]+" height="[^"]+"')
    assert bars.findall(picture) == bars.findall(html) != []
    event = told("timeline_exported")
    assert (event["format"], event["rows"], event["purpose"]) == ("svg", len(names), WHY)


def test_the_picture_stands_by_itself_and_runs_nothing(case: Case, cast: Cast) -> None:
    query = Query.read({"until": "2026-03-15T00:00:00Z"})
    for language in ("en", "ur"):
        with translation.override(language):
            picture = timeline.take_out(case, query, kind="svg", purpose=WHY, by=cast.lead).decode()
        root = ET.fromstring(picture)
        assert root.tag.endswith("svg") and root.attrib["height"] == root.attrib["viewBox"].split()[3]
        assert "<script" not in picture and "style=" not in picture and "href" not in picture
        assert f"{case.ref}" in picture and "until=2026-03-15T00:00:00Z" in picture
        lowest = max(float(one.attrib["y"]) for one in root.iter("{http://www.w3.org/2000/svg}text"))
        assert lowest < float(root.attrib["height"]), "no sentence is cut"
    assert "no proof of deception" in timeline.take_out(case, query, kind="svg", purpose=WHY, by=cast.lead).decode()


def test_what_has_nothing_to_draw_is_refused_with_words(case: Case, cast: Cast) -> None:
    with pytest.raises(ValidationError, match="Nothing with a time"):
        timeline.take_out(case, Query.read({"tasking": "K-009"}), kind="svg", purpose=WHY, by=cast.lead)
    answer = sign_in(cast.lead).post(reverse("timeline:take", args=[case.ref]) + "?tasking=K-009",
                                     {"kind": "svg", "purpose": WHY})
    assert answer.status_code == 422 and WHY in answer.content.decode() and not case.exports.exists()
