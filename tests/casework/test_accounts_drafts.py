"""Many accounts at once: what a pasted list says line by line, and how its lines become accounts."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from casework.accounts import drafts, entering, services
from casework.accounts.drafts import GROUP, MOST, TELEPHONE, WHY
from casework.accounts.models import Account, Observation, Subject
from casework.cases.models import Case
from casework.exhibits.platform_addresses import Reason
from evidence.custody import history
from tests.casework.test_accounts_identified import seen_elsewhere
from tests.casework.test_accounts_stated import call
from tests.factories import Cast, lodge_png, make_case, make_cast

X_POST = "https://x.com/zara_news_pk/status/1768331415029559296"
TIKTOK_POST = "https://www.tiktok.com/@lahore.vibes/video/7346208842113502470"
MIXED = f"""
1. https://x.com/Zara_News_PK
{X_POST}?s=20
hxxps://www[.]facebook[.]com/profile.php?id=100012345678901
<{TIKTOK_POST}>

who is this?
https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv
https://youtu.be/dQw4w9WgXcQ
https://x.com/zara_news_pk
"""
RUBBISH = {
    "@zara_news_pk": WHY[Reason.NONE], "see https://x.com/zara": WHY[Reason.SIGNS],
    "https://x.com/" + "a" * 2000: WHY[Reason.LONG], "javascript:alert(document.cookie)": WHY[Reason.SCHEME],
    "javascript://x.com/%0aalert(1)": WHY[Reason.SCHEME], "data:text/html,x": WHY[Reason.SCHEME],
    "https://zara:secret@x.com/zara": WHY[Reason.CREDENTIALS], "https://x.com@evil.example/zara":
    WHY[Reason.CREDENTIALS], "https://x.com:8443/zara": WHY[Reason.PORT], "http://192.168.7.4/zara":
    WHY[Reason.PRIVATE], "http://localhost:8000/": WHY[Reason.PRIVATE], "http://[::1]/zara": WHY[Reason.PRIVATE],
    "http://2130706433/": WHY[Reason.PRIVATE], "https://case.internal/zara": WHY[Reason.PRIVATE],
    "https://х.com/zara": WHY[Reason.LETTERS], "https://xn--80ak6aa92e.com/zara": WHY[Reason.LETTERS],
    "https://blog.example/zara": WHY[Reason.UNKNOWN], "https://x.com/explore": WHY[Reason.PAGE],
    "https://chat.whatsapp.com/HxYzAbCdEfGhIjKlMnOpQr": GROUP, "https://t.me/+AbCdEf123456": GROUP,
    "https://wa.me/923001234567": TELEPHONE, "https://[x.com/zara": WHY[Reason.BROKEN]}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    case = make_case(cast)
    lodge_png(case, cast.lead, 1)
    return case


def row(line: int, handle: str, platform: str = "x", **more: str) -> dict[str, Any]:
    return {"line": line, "platform": platform, "handle": handle, **more}


def wrong(act: Any) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        act()
    return list(refused.value.message_dict["rows"])


def test_each_line_says_its_platform_handle_id_and_derived_time() -> None:
    read = {one.line: one for one in drafts.read(MIXED)}
    assert sorted(read) == [2, 3, 4, 5, 7, 8, 9, 10], "numbered as they were pasted"
    assert (read[2].platform, read[2].handle, read[2].post_id) == ("x", "Zara_News_PK", "")
    assert (read[3].handle, read[3].posted_at, read[3].exactness) == (
        "zara_news_pk", datetime(2024, 3, 14, 17, 40, 38, 9000, UTC), "millisecond")
    assert (read[4].platform, read[4].stable_id) == ("facebook", "100012345678901")
    assert (read[5].handle, read[5].posted_at, read[5].exactness) == (
        "lahore.vibes", datetime.fromtimestamp(7346208842113502470 >> 32, UTC), "second")
    assert (read[7].text, read[7].problem) == ("who is this?", WHY[Reason.NONE])
    assert read[8].stable_id == "UCabcdefghijklmnopqrstuv"
    assert (read[9].handle, read[9].post_id, read[9].posted_at) == ("", "dQw4w9WgXcQ", None)
    assert (read[10].copy_of, read[3].copy_of, read[3].with_line) == (2, 0, 2)
    assert [one.line for one in read.values() if one.is_new] == [2, 3, 4, 5, 8, 9]


@pytest.mark.parametrize(("line", "why"), RUBBISH.items(), ids=[key[:40] for key in RUBBISH])
def test_what_is_not_understood_says_why(line: str, why: Any) -> None:
    (found,) = drafts.read(line)
    assert (str(found.problem), found.line, found.is_new) == (str(why), 1, False)
    assert found.text == line[:300] and str(why)


def test_x_names_an_account_by_its_number_alone() -> None:
    (found,) = drafts.read("https://x.com/i/user/44196397")
    assert (found.platform, found.handle, found.stable_id, found.problem) == ("x", "", "44196397", "")


def test_a_list_is_bounded_and_an_empty_one_refused() -> None:
    assert len(drafts.read("https://x.com/a\n" * MOST)) == MOST
    for text in ("x.com/a\n" * (MOST + 1), " \n ", "x" * (drafts.LONGEST + 1)):
        with pytest.raises(ValidationError):
            drafts.read(text)


def test_accounts_of_this_case_are_recognised_and_those_of_another_are_not(case: Case, cast: Cast) -> None:
    shown = lodge_png(case, cast.lead, 2).exhibit
    services.name_account(case, platform="x", handle="Zara_News_PK", exhibit=shown, by=cast.lead)
    services.name_account(case, platform="facebook", handle="old", stable_id="100012345678901", exhibit=shown,
                          by=cast.lead)
    seen_elsewhere(cast, "44196397")
    text = MIXED + "https://x.com/seen_there\nhttps://x.com/i/user/44196397\nhttps://instagram.com/zara_news_pk"
    known = {one.line: one.known for one in drafts.against(case, drafts.read(text)) if one.known}
    assert known == {2: ("S-001",), 3: ("S-001",), 4: ("S-002",), 10: ("S-001",)}


def test_rows_become_bystanders_each_on_an_exhibit_with_the_address_they_were_seen_under(case: Case,
                                                                                         cast: Cast) -> None:
    lodge_png(case, cast.lead, 2)
    made = entering.enter(case, [
        row(1, "zara_news_pk", address=X_POST), row(2, "saba", "facebook", stable_id="1000", exhibit="e2"),
        row(4, "ZARA_news_pk", address="https://x.com/zara_news_pk/status/1768331415029559297")],
        exhibit="E-001", by=cast.investigator)
    assert [subject.label for subject in made] == ["S-001", "S-002", "S-001"]
    assert {subject.role for subject in Subject.objects.all()} == {"bystander"}
    seen = {(row.handle, row.exhibit.label, row.facts.post_id) for row in Observation.objects.all()}
    assert seen == {("zara_news_pk", "E-001", "1768331415029559296"), ("saba", "E-002", ""),
                    ("ZARA_news_pk", "E-001", "1768331415029559297")}
    told = [entry.detail for entry in history.entries(subject=made[0].word, limit=5)]
    assert [one["act"] for one in told] == ["account_observed", "account_observed", "account_named"]
    assert told[1]["address"] == X_POST


def test_one_wrong_row_makes_nothing_and_each_is_named_by_its_line(case: Case, cast: Cast) -> None:
    foreign = lodge_png(make_case(cast, "Another"), cast.lead, 7).exhibit
    lodge_png(case, cast.lead, 2)
    assert foreign.label == "E-001"
    found = wrong(lambda: entering.enter(case, [
        row(1, "fine"), row(3, ""), row(9, "saba", "myspace"), row(12, "zara", exhibit="E-099"),
        row(14, "zara", address="https://facebook.com/zara"), row(15, "saba", exhibit="picture")],
        exhibit="E-001", by=cast.lead))
    assert [one.partition(",")[0] for one in found] == ["Line 3", "Line 9", "Line 12", "Line 14", "Line 15"]
    assert found[0] == "Line 3, Handle: This is needed."
    assert not Subject.objects.exists() and not Account.objects.exists()
    assert wrong(lambda: entering.enter(case, [], exhibit="E-001", by=cast.lead))
    assert wrong(lambda: entering.enter(case, [row(1, "saba")], by=cast.lead)), "no account without an exhibit"
    with pytest.raises(PermissionDenied):
        entering.enter(case, [row(1, "saba")], exhibit="E-001", by=cast.reviewer)


def test_the_calls_read_and_enter(case: Case, cast: Cast) -> None:
    told = call(case, cast.investigator, "post", "drafts/", 200, links=MIXED)["drafts"]
    assert (told[1]["posted_at"], told[1]["posted_at_exactness"]) == ("2024-03-14T17:40:38.009000Z", "millisecond")
    rows = [{name: one[name] for name in ("line", "platform", "handle", "stable_id", "address")}
            for one in told if not one["problem"] and not one["copy_of"] and one["handle"]]
    made = call(case, cast.investigator, "post", "batch/", 201, rows=rows, exhibit="E-001")
    assert made["labels"] == ["S-001", "S-001", "S-002", "S-003", "S-004"]
    seen = call(case, cast.investigator, "get", "S-001/", 200)["observations"]
    assert [(one["post_id"], one["posted_at"]) for one in seen] == [
        ("", None), ("1768331415029559296", "2024-03-14T17:40:38.009000Z")]
    refused = call(case, cast.investigator, "post", "batch/", 422, rows=[row(5, "")], exhibit="E-001")
    assert refused["errors"]["rows"] == ["Line 5, Handle: This is needed."]
    call(case, cast.reviewer, "post", "drafts/", 403, links=MIXED)
    call(case, cast.outsider, "post", "drafts/", 404, links=MIXED)
