"""Posts that carry a tasking's text, before and after it, as far as times allow: pages, calls, table, finding."""

import csv
import io
import json
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from casework.cases.models import Case
from casework.channels import services as channels
from casework.channels import taskings
from casework.channels.tasking_models import Tasking
from casework.coordination import compose, services, words
from casework.findings.models import Finding
from casework.lifecycle import NotAllowed
from casework.posts import listing, normal, rows
from casework.posts import services as imports
from casework.posts.models import Post
from evidence.custody.models import Payload
from tests.casework.exporting import KARACHI, imported
from tests.factories import Cast, bearer, lodge_png, make_case, make_cast, sign_in
from tests.weighed import others, typed

TEXT = "The Delta Port will feed our children. Build it now, not tomorrow! #DeltaPortNow"
COLUMNS = {"time": "when", "sender": "who", "text": "what", "post_id": "id"}
# when, who, what: one before, four after of which two wear a disguise, a near one, one's own words, one a week later.
POSTS = [
    ("2026-03-14T12:00:00Z", "early", TEXT), ("2026-03-14T13:06:03Z", "sana", TEXT),
    ("2026-03-14T13:06:05Z", "=news", f"@sana {TEXT.upper()} https://t.co/1"),
    ("2026-03-14T13:06:09Z", "place", f"\u200f{TEXT.replace(' ', '  ')}"), ("2026-03-14T13:09:00Z", "sana", TEXT),
    ("2026-03-14T13:10:00Z", "typist", f"Yes! {TEXT.replace('tomorrow', 'tomorow')}"),
    ("2026-03-14T13:11:00Z", "farid", "I would like the port, but who are all these accounts? #DeltaPortNow"),
    ("2026-03-21T13:05:30Z", "later", TEXT)]


def table(posts: list[tuple[str, str, str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([("when", "who", "what", "id"), *((*post, "") for post in posts)])
    return out.getvalue()


def chat(text: str) -> str:
    return ("14/03/2026, 18:04 - Bilal K.: ok all of you\n" f"14/03/2026, 18:05 - Bilal K.: {text}\n"
            "14/03/2026, 18:06 - Rimsha: done\n")


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return filled(make_case(cast), cast)


def filled(case: Case, cast: Cast) -> Case:
    """A case in which a group handed out TEXT at 18:05 in Lahore, with the chat of the group and a table of posts."""
    by = case.memberships.get(role="lead").user
    shown = lodge_png(case, by, 1).exhibit
    channel = channels.name_channel(case, platform="whatsapp", name="Evening", at="2026-03-14", exhibit=shown, by=by)
    taskings.note(channel, message="8 sharp", post_text=TEXT, at="2026-03-14 13:05:30", exhibits=[shown], by=by)
    taskings.note(channel, message=TEXT, at="2026-03-14 18:05 +05:00", exhibits=[shown], by=by)
    taskings.note(channel, message="8 sharp: #DeltaPortNow", at="2026-03-14", exhibits=[shown], by=by)
    taskings.note(channel, message=TEXT, exhibits=[shown], by=by)
    imported(case, chat(TEXT), by, **KARACHI)
    imported(case, table(POSTS), by, "table", columns=COLUMNS, kind="post")
    return case


def tasking(case: Case, number: int = 1) -> Tasking:
    found: Tasking = case.taskings.told().select_related("case").get(number=number)
    return found


def counts(found: compose.Counts) -> tuple[int, ...]:
    return found.total, found.senders, found.after, found.before, found.unsure, found.untimed


def told(act: str) -> list[dict[str, Any]]:
    said = [json.loads(bytes(row.content))["detail"] for row in Payload.objects.order_by("at")]
    return [detail for detail in said if detail.get("act") == act]


def page(case: Case, person: Any, route: str, label: str = "K-001", asked: str = "", status: int = 200) -> str:
    answer = sign_in(person).get(reverse(f"coordination:{route}", args=[case.ref, label]) + asked)
    assert answer.status_code == status
    return answer.content.decode()


def call(case: Case, person: Any, path: str, status: int = 200) -> Any:
    answer = Client().get(f"/api/v1/cases/{case.ref}/taskings/{path}", headers=bearer(person))
    assert answer.status_code == status
    return answer.json()


def test_posts_before_and_after_the_tasking_are_counted_apart_and_the_week_around_is_the_control(case: Case) -> None:
    found = compose.matches_of(tasking(case))
    assert counts(found.posts) == (6, 5, 5, 1, 0, 0)
    assert counts(found.messages) == (1, 1, 0, 0, 1, 0), "the message itself, known to the minute"
    assert found.posts.control == {"week_before": 0, "tasking": 4, "week_after": 1}
    assert found.first is not None and found.first.post.sender == "early" and found.first.lag is not None
    assert found.first.lag.order == "before"
    assert words.apart(found.posts.middle) == "38 s to 40 s after"
    assert words.within(found.posts.middle) == "within seconds"
    assert found.compared == 11 and not found.problem


def test_where_a_time_is_known_to_the_minute_nothing_came_within_seconds(case: Case, cast: Cast) -> None:
    found = compose.matches_of(tasking(case, 2))
    assert words.apart(found.posts.middle) == "9 s to 1 min 10 s after"
    assert words.within(found.posts.middle) == "within minutes"
    html = page(case, cast.reviewer, "matches", "K-002")
    assert "nothing can be said to have come within seconds" in html
    assert "within seconds</" not in html and "within minutes" in html
    told = call(case, cast.reviewer, "K-002/matches/")
    assert {row["lag"]["within"] for row in told["rows"]} == {"", "minutes", "days"}


def test_a_tasking_without_a_time_has_matches_and_no_before_and_after(case: Case, cast: Cast) -> None:
    found = compose.matches_of(tasking(case, 4))
    assert counts(found.posts) == (6, 5, 0, 0, 0, 6) and found.posts.middle is None and found.posts.control is None
    assert "time of the tasking is not known" in page(case, cast.reviewer, "matches", "K-004")
    assert call(case, cast.reviewer, "K-004/matches/")["rows"][0]["lag"] is None


def test_a_short_text_is_matched_weakly_and_the_page_says_so(case: Case, cast: Cast) -> None:
    assert compose.matches_of(tasking(case, 3)).problem == "weak"
    assert "Weak matches" in page(case, cast.auditor, "matches", "K-003")
    assert not compose.near_to(tasking(case, 3)).looked_at
    with pytest.raises(NotAllowed):
        services.proposal(tasking(case, 3))


def test_near_texts_are_leads_and_stand_apart(case: Case, cast: Cast) -> None:
    found = compose.near_to(tasking(case))
    assert [(one.post.sender, one.share) for one in found.rows] == [("typist", 94)]
    assert (found.found, found.looked_at) == (1, 4)
    html = page(case, cast.reviewer, "near")
    assert "typist" in html and "Leads, and no matches" in html and "early" not in html
    assert "typist" not in page(case, cast.reviewer, "matches")
    near = call(case, cast.reviewer, "K-001/near/")
    assert [row["share"] for row in near["rows"]] == [94] and near["looked_at"] == 4
    assert [(event["rows"], event["shown"]) for event in told("posts_listed") if "near" in event["query"]] == [
        (["I-002/6"], 1)] * 2


def test_what_was_withdrawn_or_is_another_cases_carries_nothing(case: Case, cast: Cast) -> None:
    foreign = filled(make_case(cast, "Another case", by=cast.outsider), cast)
    assert counts(compose.matches_of(tasking(case)).posts)[0] == 6
    imports.withdraw(case.imports.get(number=2), reason="The wrong table", by=cast.investigator)
    found = compose.matches_of(tasking(case))
    assert not found.posts.total and found.messages.total == 1 and found.first is None
    assert counts(compose.matches_of(tasking(foreign)).posts)[0] == 6
    assert {one.post.case_id for one in compose.matched(tasking(foreign), compose.carrying(tasking(foreign)))} == {
        foreign.pk}


@pytest.mark.parametrize("path", ["K-001/matches/", "K-001/near/", "K-001/proposal/"])
def test_a_foreign_case_is_an_absent_one(case: Case, cast: Cast, path: str) -> None:
    foreign = filled(make_case(cast, "Another case", by=cast.outsider), cast)
    foreign.memberships.exclude(user=cast.outsider).update(ended_at=foreign.opened_at)
    there, nowhere = call(foreign, cast.investigator, path, 404), call(case, cast.investigator, f"K-9{path[3:]}", 404)
    assert there == nowhere | {key: there[key] for key in ("instance", "request_id") if key in there}
    route = {"matches": "matches", "near": "near", "proposal": "propose"}[path.split("/")[1]]
    page(foreign, cast.investigator, route, status=404)


def test_a_post_that_stands_in_two_imports_is_said_to(case: Case, cast: Cast) -> None:
    again = table([POSTS[1]]).replace(',\r\n', ',1900000000000000001\r\n')
    for more in ("", "2026-03-14T15:00:00Z,hina,another one,\n"):
        imported(case, again + more, cast.investigator, "table", columns=COLUMNS, kind="post")
    found = compose.matches_of(tasking(case)).posts
    assert (found.total, found.repeated) == (8, 1)
    assert "1 of them have the number of another one" in page(case, cast.reviewer, "matches")
    assert "the imports overlap" in services.proposal(tasking(case))["method"]


def test_the_message_that_hands_it_out_makes_no_finding(case: Case, cast: Cast) -> None:
    imports.withdraw(case.imports.get(number=2), reason="The wrong table", by=cast.investigator)
    assert "Propose" not in page(case, cast.investigator, "matches")
    page(case, cast.investigator, "propose", status=409)


def test_the_page_links_each_match_to_its_post_and_its_bytes_and_records_what_it_showed(case: Case, cast: Cast) -> None:
    html = page(case, cast.reviewer, "matches")
    post = reverse("posts:post", args=[case.ref, "I-002", 2])
    assert f'href="{post}"' in html and f'href="{post}#bytes"' in html and "E-003" in html
    assert all(str(limit) in html for limit in words.LIMITS)
    assert "speak against it as their cause" in html and "Control: within a day of the tasking 4" in html
    event = told("posts_listed")[-1]
    assert (event["rows"], event["query"]) == (["I-002/1-5,8"], {"tasking": "K-001", "kind": "post"})
    assert "Rimsha" not in page(case, cast.reviewer, "matches", asked="?kind=message&after=nonsense")
    assert "Posts that carry this text" in sign_in(cast.reviewer).get(
        reverse("channels:tasking", args=[case.ref, "K-001"])).content.decode()


def test_pages_by_key_show_every_match_once(case: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE", 4)
    first = call(case, cast.auditor, "K-001/matches/")
    second = call(case, cast.auditor, f"K-001/matches/?after={first['next']}")
    assert [row["post"]["position"] for row in first["rows"] + second["rows"]] == [1, 2, 3, 4, 5, 8]
    assert first["posts"]["control"] == {"week_before": 0, "tasking": 4, "week_after": 1} and not second["next"]
    assert first["version"] == normal.VERSION and len(first["limits"]) == 4 and first["imports"] == ["I-001", "I-002"]
    message, = call(case, cast.auditor, "K-001/matches/?kind=message")["rows"]
    assert message["lag"] == {"more_than": -31.0, "less_than": 30.0, "order": "unsure", "within": "",
                              "coarsest": "minute"}


def test_the_table_has_every_match_with_its_lag_and_no_stranger(case: Case, cast: Cast) -> None:
    data = services.take_out(tasking(case), purpose="For the regulator", by=cast.investigator).decode()
    lines = list(csv.DictReader(io.StringIO(data)))
    assert tuple(lines[0]) == services.COLUMNS
    assert [line["label"] for line in lines] == [f"I-002/{at}" for at in (1,)] + ["I-001/2"] + [
        f"I-002/{at}" for at in (2, 3, 4, 5, 8)]
    assert "=news" not in data and "@sana" not in data and all(line["sender"].startswith("sender-") for line in lines)
    assert lines[2]["sender"] == lines[5]["sender"] != lines[3]["sender"], "one word for one name in one file"
    assert (lines[2]["more_than_s"], lines[2]["less_than_s"], lines[2]["within"]) == ("32.0", "34.0", "seconds")
    event, = told("matches_exported")
    assert (event["rows"], event["exhibits"]) == (7, ["E-002", "E-003"]) and len(event["sha256"]) == 64
    assert case.exports.get().subject == tasking(case).word
    with pytest.raises(PermissionDenied):
        services.take_out(tasking(case), purpose="For the regulator", by=cast.auditor)


def test_a_person_makes_a_finding_of_what_is_proposed_and_completes_it(case: Case, cast: Cast) -> None:
    html = page(case, cast.investigator, "propose")
    assert 'value="E-001, E-002, E-003"' in html and "6 by 5 senders" in html
    assert not any(post[1] in html for post in POSTS), "nobody is named"
    proposed = call(case, cast.investigator, "K-001/proposal/")
    assert not {"alternatives", "likelihood", "confidence"} & set(proposed), "these a person says"
    assert "1 carried the text before" in proposed["against"] and "no proof of deception" in proposed["method"]
    page(case, cast.reviewer, "propose", status=403)
    client, address = sign_in(cast.investigator), reverse("coordination:propose", args=[case.ref, "K-001"])
    sent = proposed | {"exhibits_for": ", ".join(proposed["exhibits_for"])}
    assert client.post(address, sent).status_code == 422 and not Finding.objects.exists()
    said = {"likelihood": "likely", "confidence": "low", "alternatives": others("Keen followers")}
    done = client.post(address, sent | typed(said))
    assert done.status_code == 302
    made = Finding.objects.get()
    assert (made.kind, made.state, made.citations.count()) == ("coordination", "draft", 3)
    assert made.alternatives.get().hypothesis == "Keen followers" and made.revisions.get().number == 1


@pytest.mark.parametrize(("route", "text"), [("matches", TEXT), ("near", TEXT.replace("tomorrow", "tomorow"))])
def test_questions_do_not_grow_with_the_matches(
        case: Case, cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries, route: str, text: str) -> None:
    client, address = sign_in(cast.reviewer), reverse(f"coordination:{route}", args=[case.ref, "K-001"])
    client.get(address)
    with django_assert_max_num_queries(40) as before:
        client.get(address)
    imported(case, table([(f"2026-03-14T14:00:{at:02d}Z", f"copy{at}", text) for at in range(40)]), cast.investigator,
             "table", columns=COLUMNS, kind="post")
    with django_assert_max_num_queries(len(before)):
        assert "copy39" in client.get(address).content.decode()


def test_the_key_is_kept_beside_the_row_and_no_part_of_what_the_log_is_held_against(case: Case) -> None:
    read = case.imports.get(number=1)
    keys = {row.kind: row.text_key for row in Post.objects.filter(source=read, text=TEXT)}
    assert bytes(keys["message"]) == normal.key(TEXT)
    assert rows.chained("", rows.kept(read)) == read.rows_sha256
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE casework_post SET text_key = NULL")
