"""The posts that carry a tasking's text, of 1,000,000, with counts, lags, control and the first page: beside what one
would write oneself where no index was kept, which is to go over the texts once for each tasking, in plain Python and in
pandas.

The baselines make texts comparable by the least that is usual (lower case, without addresses and mentions, blanks
squeezed), hold all of them in memory, and take no notice of Urdu, additions, reposts, resolutions or withdrawals. They
are given the texts and their times as Python holds them, or as a table in memory, so that reading them in costs them
nothing."""

import random
import re
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from django.conf import settings
from django.db import connection
from django.utils import timezone

from casework.cases import services as cases
from casework.cases.models import Case
from casework.channels import services as channels
from casework.channels import taskings
from casework.channels.tasking_models import Tasking
from casework.coordination import services as coordination
from casework.exhibits import services as exhibits
from casework.people import services as people
from casework.posts import listing, normal, rows
from casework.posts.models import Import
from evidence.custody import signer
from evidence.jail.exports.records import Record

POSTS, TEXTS, ROUNDS, BATCH = 1_000_000, 20, 5, 2000
START = datetime(2026, 3, 1, 8, tzinfo=UTC)
WORDS = ["trend", "harbour", "now", "Lahore", "rises", "8", "sharp", "word", "for", "send", "the", "screenshot", "ٹھیک",
         "ہے", "بھائی", "سب", "لکھیں", "کراچی"]
PLAIN = re.compile(r"https?://\S+|@\w+")
DAY, WEEK = timedelta(days=1), timedelta(days=7)


class Held(NamedTuple):
    """The same posts as Python holds them, and as a table."""

    rows: list[tuple[str, datetime]]
    frame: pd.DataFrame


def run(posts: int = POSTS) -> Iterator[dict[str, Any]]:
    """Seconds for one tasking, medians over rounds; and microseconds to key one text."""
    signer.make_key(Path(settings.SIGNING_KEY), "bench.local/log")
    _, token = people.invite("lead@example.org", "Lubna Qadir", by=None)
    lead = people.accept(token, "seventeen quiet herons")
    case = cases.open_case(title="Bench", mandate_basis="None", mandate_purpose="To measure", mandate_scope="Invented",
                           by=lead)
    told = [f"The harbour number {at} will feed our children. Build it now, not tomorrow! #HarbourNow" for at in
            range(TEXTS)]
    rows_of = list(_posts(posts, told))
    held = Held(rows_of, pd.DataFrame(rows_of, columns=["text", "at"]))
    _keep(case, held.rows, lead)
    noted = _taskings(case, told, lead)
    taken = {act: [_timed(act, one, held, lead) for one in noted[:ROUNDS]] for act in (_ours, _plain, _table, _near)}
    ours, plain, table, near = (statistics.median(taken[act]) for act in (_ours, _plain, _table, _near))
    for words, baseline in (("", plain), (", beside pandas", table)):
        yield {"name": f"posts that carry one tasking's text, of {posts:,}{words}", "value": round(ours, 3),
               "unit": "s", "baseline": round(baseline, 3), "ratio": round(ours / baseline, 4)}
    yield from _of_all(noted, held, lead)
    yield {"name": "near texts, among those next to it in time", "value": round(near, 3), "unit": "s", "baseline": None,
           "ratio": None}
    began = time.perf_counter()
    for text, _at in held.rows[:50_000]:
        normal.key(text)
    one = (time.perf_counter() - began) / min(50_000, posts)
    yield {"name": "to key a text when it is imported", "value": round(one * 1e6, 1), "unit": "µs", "baseline": None,
           "ratio": None}


def _of_all(noted: list[Tasking], held: Held, by: Any) -> Iterator[dict[str, Any]]:
    """Every tasking of the case. The baselines make the texts comparable once, and then look each one up."""
    ours = sum(_timed(_ours, one, held, by) for one in noted)
    began = time.perf_counter()
    found: dict[str, list[datetime]] = {}
    for text, when in held.rows:
        found.setdefault(_squeezed(text), []).append(when)
    assert all(found[_squeezed(one.message)] for one in noted)
    plain = time.perf_counter() - began
    began = time.perf_counter()
    by_text = held.frame.groupby(_spelled(held.frame["text"]))["at"]
    for one in noted:
        _counted(by_text.get_group(_squeezed(one.message)), one)
    table = time.perf_counter() - began
    for words, baseline in (("", plain), (", beside pandas", table)):
        yield {"name": f"the same for all {len(noted)} taskings{words}", "value": round(ours, 3), "unit": "s",
               "baseline": round(baseline, 3), "ratio": round(ours / baseline, 3)}


def _posts(count: int, told: list[str]) -> Iterator[tuple[str, datetime]]:
    """The same in every run: each hundredth carries one of the texts, half of these behind a mention."""
    chance = random.Random(14)  # noqa: S311 - the same in every run
    for at in range(count):
        text = " ".join(chance.choices(WORDS, k=12))
        if at % 100 == 0:
            text = ("@news " if chance.random() < 0.5 else "") + chance.choice(told)
        yield text, START + timedelta(seconds=at // 4)


def _keep(case: Case, held: list[tuple[str, datetime]], by: Any) -> None:
    """As the worker keeps what it read, in batches; the reading itself is what bench/imports.py measures."""
    exhibit = exhibits.lodge_bytes(case, data=b"posts", name="posts.csv", claimed_type="text/csv", provenance={},
                                   title="", by=by).exhibit
    now = timezone.now()
    source = Import.objects.create(case=case, number=1, exhibit=exhibit, sha256=exhibit.item.blob_id, format="table",
                                   options={}, begun_by=by, begun_at=now, due_at=now, state="reading")
    for first in range(0, len(held), BATCH):
        rows.put(source, [(at, Record("post", at, at + 1, at, at_text="x", at=f"{when:%Y-%m-%dT%H:%M:%SZ}",
                                      resolution="second", sender=f"account{at % 5000}", text=text))
                          for at, (text, when) in enumerate(held[first:first + BATCH], first + 1)])
    Import.objects.filter(pk=source.pk).update(state="read", kept=len(held), whole={}, ended_at=now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _taskings(case: Case, told: list[str], by: Any) -> list[Tasking]:
    shown = exhibits.lodge_bytes(case, data=b"the group", name="group.txt", claimed_type="text/plain", provenance={},
                                 title="", by=by).exhibit
    channel = channels.name_channel(case, platform="whatsapp", name="Evening", at="2026-03-01", exhibit=shown, by=by)
    noted = [taskings.note(channel, message=text, at="2026-03-01 09:00", exhibits=[shown], by=by) for text in told]
    return list(Tasking.objects.told().select_related("case").filter(pk__in=[one.pk for one in noted]))


def _timed(act: Any, tasking: Tasking, held: Held, by: Any) -> float:
    began = time.perf_counter()
    act(tasking, held, by)
    return time.perf_counter() - began


def _ours(tasking: Tasking, _held: Held, by: Any) -> None:
    assert coordination.show(tasking, listing.Query(), by=by).rows


def _near(tasking: Tasking, _held: Held, by: Any) -> None:
    assert coordination.show_near(tasking, by=by).looked_at


def _plain(tasking: Tasking, held: Held, _by: Any) -> None:
    wanted, at = _squeezed(tasking.message), tasking.at
    assert at is not None
    lags = sorted((when - at).total_seconds() for text, when in held.rows if _squeezed(text) == wanted)
    assert lags and statistics.median(lags) and sum(lag >= 0 for lag in lags)


def _table(tasking: Tasking, held: Held, _by: Any) -> None:
    """As `_plain`, in pandas, with the control and the first page."""
    _counted(held.frame["at"][_spelled(held.frame["text"]) == _squeezed(tasking.message)], tasking)


def _counted(times: "pd.Series[Any]", tasking: Tasking) -> None:
    assert tasking.at is not None
    lags = times.sub(tasking.at)
    assert len(lags) and lags.median() and (lags >= timedelta()).sum()
    control = [int(lags.between(shift, shift + DAY).sum()) for shift in (-WEEK, timedelta(), WEEK)]
    assert sum(control) <= len(times) and len(times.sort_values().head(listing.PAGE))


def _spelled(texts: "pd.Series[Any]") -> "pd.Series[Any]":
    return texts.str.lower().str.replace(PLAIN, "", regex=True).str.split().str.join(" ")


def _squeezed(text: str) -> str:
    return " ".join(PLAIN.sub("", text.lower()).split())
