"""A table of posts in the demo case, as a partner's search found them, lodged and imported. Invented like everything
here: accounts that repeat what the groups handed out, one that had a text before, and people who write their own."""

import csv
import io
from datetime import datetime, timedelta
from typing import Any

from casework.cases.models import Case
from casework.exhibits import services as exhibits
from casework.people.models import User
from casework.posts import reading, services
from casework.posts.models import Import
from reports.desk.demo.shots import LUMO_TIME, NIGHT, VESNA_TIME
from reports.desk.demo.story import (
    BYSTANDER,
    LUMO_EN,
    NEWS,
    PLACE,
    PORT_EN,
    PORT_UR,
    VESNA_EN,
    WOMAN,
    x_status,
)

NAME = "posts.csv"
CAME = {
    "platform": "x",
    "received_from": "A partner who searched for the hashtags",
    "captured_at": "2026-10-09T09:00:00Z",
    "note": "A table of posts, by hashtag. Times are in UTC.",
}
COLUMNS = {"time": "created_at", "text": "text", "sender": "account", "post_id": "id", "url": "url",
           "counts": {"likes": "likes"}}
SAID: dict[str, Any] = {"kind": "post", "columns": COLUMNS}
# The Urdu text as another keyboard writes it, with a mark that nobody sees: the same text all the same.
PORT_UR_ELSEWHERE = PORT_UR.replace("ی", "ي").replace("ک", "ك") + "\u200f https://t.co/Dp0rt"
# account, text, after which moment, seconds, likes
POSTS: list[tuple[str, str, datetime, float, int]] = [
    ("DeltaTomorrow_q", LUMO_EN, LUMO_TIME, -7800, 3),
    (WOMAN[1], PORT_EN, NIGHT, 0, 412),
    (NEWS[1], PORT_EN, NIGHT, 3.2, 388),
    (PLACE[1], PORT_EN, NIGHT, 5.1, 290),
    ("HinaWrites_q7", f"{PORT_EN} https://t.co/Dp0rt", NIGHT, 6.4, 120),
    ("KotDailyNews_q", f"@{NEWS[1]} {PORT_EN}", NIGHT, 8.9, 77),
    ("MehrunnisaK_q3", f"Yes! {PORT_EN.replace('tomorrow', 'tomorow')}", NIGHT, 41, 20),
    (WOMAN[1], PORT_UR, NIGHT, 61, 150),
    (NEWS[1], PORT_UR, NIGHT, 63.1, 133),
    (PLACE[1], PORT_UR_ELSEWHERE, NIGHT, 65.4, 97),
    (BYSTANDER[1], "I live in Daryapur. I would like the port, but who are all these accounts? #DeltaPortNow", NIGHT,
     1560, 14),
    (WOMAN[1], LUMO_EN, LUMO_TIME, 0, 201),
    (NEWS[1], LUMO_EN, LUMO_TIME, 2.4, 190),
    ("HinaWrites_q7", LUMO_EN, LUMO_TIME, 4.1, 55),
    (WOMAN[1], VESNA_EN, VESNA_TIME, 0, 95),
    (NEWS[1], VESNA_EN, VESNA_TIME, 1.8, 90),
    ("KotDailyNews_q", f"RT @{WOMAN[1]}: {PORT_EN} #DaryapurRises", NIGHT, 95, 6),
]


def import_posts(case: Case, *, by: User) -> Import:
    """Lodge the table and have it read at once, as the worker would."""
    exhibit = exhibits.lodge_bytes(case, data=_table(), name=NAME, claimed_type="text/csv", provenance=CAME,
                                   title="Posts found by hashtag", by=by).exhibit
    begun = services.begin(exhibit, format="table", options=SAID, by=by)
    reading.read(begun.pk)
    begun.refresh_from_db()
    return begun


def _table() -> bytes:
    """As the partner's program wrote it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("created_at", "account", "id", "url", "likes", "text"))
    for account, text, start, seconds, likes in POSTS:
        at = start + timedelta(seconds=seconds)
        url = x_status(account, at)
        writer.writerow((f"{at:%Y-%m-%dT%H:%M:%SZ}", account, url.rpartition("/")[2], url, likes, text))
    return out.getvalue().encode()
