"""Pages and calls about imports, messages and posts."""

import base64
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from casework.cases.models import Case
from casework.posts import listing, services
from casework.posts.models import Import
from evidence.custody.models import Payload
from evidence.store.errors import Damaged
from tests.casework.exporting import CHAT, COLUMNS, DOUBTFUL, KARACHI, TABLE, begin, imported, lodge
from tests.evidence.exporting import zipped
from tests.factories import Cast, bearer, make_case, make_cast, sign_in


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


def page(case: Case, person: Any, route: str, *parts: Any, asked: str = "") -> str:
    answer = sign_in(person).get(reverse(f"posts:{route}", args=[case.ref, *parts]) + asked)
    assert answer.status_code == 200
    return answer.content.decode()


def call(case: Case, person: Any, path: str, method: str = "get", **body: Any) -> Any:
    more: dict[str, Any] = {} if method == "get" else {"data": json.dumps(body), "content_type": "application/json"}
    return getattr(Client(), method)(f"/api/v1/cases/{case.ref}/{path}", headers=bearer(person), **more)


def told(act: str) -> list[dict[str, Any]]:
    rows = [json.loads(bytes(row.content))["detail"] for row in Payload.objects.order_by("at")]
    return [detail for detail in rows if detail.get("act") == act]


def test_a_person_chooses_an_exhibit_and_says_what_is_asked_and_nothing_is_guessed(case: Case, cast: Cast) -> None:
    exhibit = lodge(case, DOUBTFUL, cast.investigator)
    assert exhibit.label in page(case, cast.investigator, "begin")
    asked = f"?exhibit={exhibit.label}"
    html = page(case, cast.investigator, "begin", asked=asked)
    assert "fit more than one order" in html and "2026-02-01" in html and "2026-01-02" in html
    client, address = sign_in(cast.investigator), reverse("posts:begin", args=[case.ref]) + asked
    refused = client.post(address, {"zone": "Asia/Karachi"})
    assert refused.status_code == 422 and "Say which number is the day" in refused.content.decode()
    assert not Import.objects.exists()
    done = client.post(address, {"zone": "Asia/Karachi", "order": "dmy"})
    assert done.status_code == 302
    begun = Import.objects.get()
    assert begun.options == {"zone": "Asia/Karachi", "order": "dmy"}
    assert "The file is being read" in page(case, cast.reviewer, "import", begun.label)


def test_of_a_table_a_person_says_which_column_is_what_before_its_first_rows(case: Case, cast: Cast) -> None:
    exhibit = lodge(case, TABLE, cast.investigator, "posts.csv")
    asked = f"?exhibit={exhibit.label}&format=table"
    html = page(case, cast.investigator, "begin", asked=asked)
    assert "First rows" in html and "Lahore rises" in html
    client, address = sign_in(cast.investigator), reverse("posts:begin", args=[case.ref]) + asked
    assert client.post(address, {"kind": "post"}).status_code == 422
    done = client.post(address, {"kind": "post", "column_time": "when", "column_sender": "who", "column_text": "what",
                                 "column_likes": "likes"})
    assert done.status_code == 302
    assert Import.objects.get().options == {"kind": "post", "columns": COLUMNS}


def test_what_cannot_be_read_is_said_and_the_exhibit_stays(case: Case, cast: Cast) -> None:
    exhibit = lodge(case, "Dear all\nplease find attached\n", cast.investigator)
    assert "It looks like none of the exports" in page(case, cast.investigator, "begin",
                                                       asked=f"?exhibit={exhibit.label}")
    answer = sign_in(cast.investigator).get(
        reverse("posts:begin", args=[case.ref]) + f"?exhibit={exhibit.label}&format=whatsapp")
    assert answer.status_code == 422 and "no line begins as a message" in answer.content.decode()


def test_the_report_says_totals_marks_framing_and_every_line_not_understood(case: Case, cast: Cast) -> None:
    done = imported(case, TABLE, cast.investigator, "table", columns=COLUMNS)
    html = page(case, cast.auditor, "import", done.label)
    assert all(said in html for said in ("line 4: it has 2 cells", "row of names", "Formula", "nothing was computed",
                                         done.rows_sha256, done.sha256, "<dt>Sender</dt>"))
    assert told("posts_listed")[-1]["rows"] == ["I-001/3"]


def test_the_list_shows_zone_resolution_and_notices_apart_and_records_what_it_showed(case: Case, cast: Cast) -> None:
    done = imported(case, CHAT, cast.investigator, **KARACHI)
    html = page(case, cast.reviewer, "list", asked=f"?import={done.label}")
    assert "Asia/Karachi" in html and "2026-03-14 13:05 UTC" in html and "to the minute" in html
    assert html.count('class="said system"') == 2 and html.count('class="said message"') == 3
    assert 'dir="auto">ٹھیک ہے' in html
    event = told("posts_listed")[-1]
    assert event["rows"] == ["I-001/1-5"] and event["query"] == {"import": "I-001"}


@pytest.mark.parametrize(("asked", "positions"), [
    ("?sender=Bilal+K.", [2]), ("?kind=system", [1, 5]), ("?q=harbour", [2]), ("?attachments=1", [4]),
    ("?from=2026-03-14T13:06:00Z&to=2026-03-14T13:07:30Z", [3, 4]), ("?to=2026-03-13", []), ("?mark=formula", []),
    ("?import=I-002", []), ("?mark=nonsense&kind=%00&from=yesterday&after=~x", [1, 2, 3, 4, 5])])
def test_filters_find_what_they_say(case: Case, cast: Cast, asked: str, positions: list[int]) -> None:
    imported(case, CHAT, cast.investigator, **KARACHI)
    answer = call(case, cast.auditor, f"posts/{asked}")
    assert [row["position"] for row in answer.json()["rows"]] == positions


def test_a_day_is_that_of_its_own_clock_and_found_by_it(case: Case, cast: Cast) -> None:
    days = "when,who,what\n2019-03-23,@delta_one,Lahore rises\n"
    columns = {name: of for name, of in COLUMNS.items() if name != "counts"}
    done = imported(case, days, cast.investigator, "table", columns=columns, **KARACHI)
    row = done.posts.get()
    assert (str(row.at), row.resolution) == ("2019-03-22 19:00:00+00:00", "day")
    listed, one = page(case, cast.reviewer, "list"), page(case, cast.reviewer, "post", done.label, 1)
    for html in (listed, one):
        assert "2019-03-23" in html and "2019-03-22 UTC" not in html
    assert "2019-03-22 19:00" in one and 'datetime="2019-03-23"' in listed
    for asked, found in (("from=2019-03-23", 1), ("to=2019-03-23", 1), ("from=2019-03-24", 0), ("to=2019-03-21", 0),
                         ("from=2019-03-23&to=2019-03-23", 1)):
        assert len(call(case, cast.auditor, f"posts/?{asked}").json()["rows"]) == found, asked


def test_pages_by_key_show_every_row_once(case: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE", 2)
    imported(case, CHAT, cast.investigator, **KARACHI)
    imported(case, TABLE.replace("2026-03-14T13:05:04Z", ""), cast.investigator, "table", columns=COLUMNS)
    for asked, expected in (("?", 8), ("?import=I-001", 5)):
        seen: list[str] = []
        following = ""
        while True:
            found = call(case, cast.auditor, f"posts/{asked}&after={following}").json()
            seen += [row["label"] for row in found["rows"]]
            if not (following := found["next"]):
                break
        assert len(seen) == len(set(seen)) == expected
    assert seen == [f"I-001/{at}" for at in range(1, 6)]


def test_one_message_shows_its_citation_and_its_bytes_out_of_an_archive(case: Case, cast: Cast) -> None:
    data = zipped({"WhatsApp Chat.txt": CHAT.encode(), "IMG-20260314-WA0001.jpg": b"not shown"})
    done = imported(case, data, cast.investigator, **KARACHI)
    html = page(case, cast.reviewer, "post", done.label, 2)
    assert "WhatsApp Chat.txt" in html and "second line, as pasted" in html
    found = call(case, cast.reviewer, "posts/I-001/2/").json()
    assert base64.b64decode(found["cited"]["base64"]) == CHAT.encode()[found["start"]:found["end"]]
    assert (found["member"], found["exhibit"], found["zone"]) == ("WhatsApp Chat.txt", "E-001", "Asia/Karachi")
    assert call(case, cast.reviewer, "posts/I-001/4/").json()["attachments"] == [
        {"name": "IMG-20260314-WA0001.jpg", "present": True, "size": 9}]
    viewed = told("post_viewed")
    assert viewed[0]["number"] == "I-001/2" and viewed[0]["start"] == found["start"]


def test_a_column_that_is_called_items_is_shown_as_any_other(case: Case, cast: Cast) -> None:
    told = "when,who,what,items\n2026-03-14T13:05:00Z,@delta_one,Lahore rises,7\n"
    columns = {name: of for name, of in COLUMNS.items() if name != "counts"}
    done = imported(case, told, cast.investigator, "table", columns=columns)
    assert "<dt><bdi>items</bdi></dt>" in page(case, cast.reviewer, "post", done.label, 1)


def test_bytes_that_no_longer_answer_leave_the_row(case: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    done = imported(case, CHAT, cast.investigator, **KARACHI)

    def gone(*_what: Any, **_more: Any) -> Any:
        raise Damaged("gone")

    monkeypatch.setattr("casework.exhibits.originals.store.open_blob", gone)
    assert "They cannot be shown." in page(case, cast.reviewer, "post", done.label, 2)


def test_progress_is_told_while_it_is_read(case: Case, cast: Cast) -> None:
    begun = begin(case, CHAT, cast.investigator, **KARACHI)
    address = reverse("posts:progress", args=[case.ref, begun.label])
    now = sign_in(cast.auditor).get(address).json()
    assert now["state"] == "rendering" and now["total"] == len(CHAT.encode()) and now["done"] == 0
    services.withdraw(begun, reason="Wrong", by=cast.investigator)
    assert "Withdrawn" in page(case, cast.auditor, "imports")


def test_the_calls_begin_look_report_and_withdraw(case: Case, cast: Cast) -> None:
    exhibit = lodge(case, DOUBTFUL, cast.investigator)
    seen = call(case, cast.investigator, "imports/look/", "post", exhibit=exhibit.label).json()
    assert seen["suggested"][0]["format"] == "whatsapp"
    seen = call(case, cast.investigator, "imports/look/", "post", exhibit=exhibit.label, format="whatsapp").json()
    assert seen["asked"] == ["order", "zone"]
    refused = call(case, cast.investigator, "imports/", "post", exhibit=exhibit.label, format="whatsapp", options={})
    assert refused.status_code == 422 and set(refused.json()["errors"]) == {"order", "zone"}
    options = KARACHI | {"order": "dmy"}
    begun = call(case, cast.investigator, "imports/", "post", exhibit=exhibit.label, format="whatsapp", options=options)
    assert begun.status_code == 201 and begun.json()["state"] == "waiting"
    assert call(case, cast.auditor, "imports/I-001/unread/").json() == {"rows": [], "next": ""}
    gone = call(case, cast.investigator, "imports/I-001/withdraw/", "post", reason="Wrong file")
    assert gone.json()["withdrawn_reason"] == "Wrong file"
    assert [row["label"] for row in call(case, cast.auditor, "imports/").json()["results"]] == ["I-001"]


def test_what_a_chat_says_is_text_on_every_page(case: Case, cast: Cast) -> None:
    bad = "14/03/2026, 18:05 - <b>Bilal</b>\u202e: <script>alert(1)</script>\u202egpj.exe\n"
    done = imported(case, bad, cast.investigator, **KARACHI)
    for html in (page(case, cast.reviewer, "list"), page(case, cast.reviewer, "post", done.label, 1)):
        assert "<script>alert" not in html and "&lt;script&gt;" in html and "\u202e" not in html and "[RLO]" in html
