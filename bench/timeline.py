"""The timeline of a case of 10,000 posts, and of 1,000,000: lanes, ticks, bars and bursts, beside the same in pandas.

The baseline is given a table in memory, with times as numbers and texts that are comparable already, so that reading
and spelling cost it nothing. It takes no notice of resolutions, withdrawals, taskings or subjects, and records
nothing."""

import random
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
from django.conf import settings
from django.db import connection
from django.utils import timezone

from casework.cases import services as cases
from casework.cases.models import Case
from casework.exhibits import services as exhibits
from casework.people import services as people
from casework.posts import normal, rows
from casework.posts.models import Import
from casework.timeline import compose, drawing, services
from casework.timeline.asking import Query
from evidence.custody import signer
from evidence.jail.exports.records import Record

SIZES, ROUNDS, BATCH, TEXTS = (10_000, 1_000_000), 5, 2000, 20
START = datetime(2026, 3, 1, 8, tzinfo=UTC)
WORDS = ["trend", "harbour", "now", "Lahore", "rises", "8", "sharp", "word", "for", "send", "the", "screenshot", "ٹھیک",
         "ہے", "بھائی", "سب", "لکھیں", "کراچی"]
Held = list[tuple[datetime, str, str]]


def run(sizes: tuple[int, ...] = SIZES) -> Iterator[dict[str, Any]]:
    """Seconds to count and place everything that a page shows; medians over rounds that take turns."""
    signer.make_key(Path(settings.SIGNING_KEY), "bench.local/log")
    _, token = people.invite("lead@example.org", "Lubna Qadir", by=None)
    lead = people.accept(token, "seventeen quiet herons")
    for size in sizes:
        case = cases.open_case(title="Bench", mandate_basis="None", mandate_purpose="To measure",
                               mandate_scope="Invented", by=lead)
        held = list(_posts(size))
        _keep(case, held, lead)
        frame = pd.DataFrame([(when.timestamp(), sender, normal.normalised(text)) for when, sender, text in held],
                             columns=["at", "sender", "text"])
        ours: list[float] = []
        plain: list[float] = []
        for _round in range(ROUNDS):
            ours.append(_ours(case, lead))
            plain.append(_plain(frame))
        mine, theirs = statistics.median(ours), statistics.median(plain)
        yield {"name": f"timeline of {size:,} posts", "value": round(mine, 3), "unit": "s",
               "baseline": round(theirs, 3), "ratio": round(mine / theirs, 2)}


def _posts(count: int) -> Iterator[tuple[datetime, str, str]]:
    """The same in every run: each hundredth carries one of the texts, four to a second."""
    chance = random.Random(15)  # noqa: S311 - the same in every run
    told = [f"The harbour number {at} will feed our children. Build it now, not tomorrow!" for at in range(TEXTS)]
    for at in range(count):
        text = chance.choice(told) if at % 100 == 0 else " ".join(chance.choices(WORDS, k=12))
        yield START + timedelta(seconds=at // 4), f"account{int(chance.expovariate(1 / 500))}", text


def _keep(case: Case, held: Held, by: Any) -> None:
    """As the worker keeps what it read, in batches; the reading itself is what bench/imports.py measures."""
    exhibit = exhibits.lodge_bytes(case, data=f"posts {len(held)}".encode(), name="posts.csv",
                                   claimed_type="text/csv", provenance={}, title="", by=by).exhibit
    now = timezone.now()
    source = Import.objects.create(case=case, number=1, exhibit=exhibit, sha256=exhibit.item.blob_id, format="table",
                                   options={}, begun_by=by, begun_at=now, due_at=now, state="reading")
    for first in range(0, len(held), BATCH):
        rows.put(source, [(at, Record("post", at, at + 1, at, at_text="x", at=f"{when:%Y-%m-%dT%H:%M:%SZ}",
                                      resolution="second", sender=sender, text=text))
                          for at, (when, sender, text) in enumerate(held[first:first + BATCH], first + 1)])
    Import.objects.filter(pk=source.pk).update(state="read", kept=len(held), whole={}, ended_at=now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _ours(case: Case, by: Any) -> float:
    began = time.perf_counter()
    found = services.show(case, Query(), by=by)
    assert found is not None and found.bursts and drawing.drawn(found).lanes
    return time.perf_counter() - began


def _plain(frame: pd.DataFrame) -> float:
    began = time.perf_counter()
    start, width = frame["at"].min(), max((frame["at"].max() - frame["at"].min()) / 180, 1)
    busiest = frame.groupby("sender")["at"].agg(["count", "min", "max"]).nlargest(compose.LANES, "count")
    drawn = frame[frame["sender"].isin(busiest.index)]
    ticks = drawn.groupby(["sender", (drawn["at"] - start) // width]).size()
    bars = frame.groupby((frame["at"] - start) // (width * 6)).size()
    timed = frame.sort_values(["text", "at"])
    part = (timed.groupby("text")["at"].diff() > 600).groupby(timed["text"]).cumsum()
    bursts = timed.groupby(["text", part]).agg(senders=("sender", "nunique"), first=("at", "min"), last=("at", "max"))
    assert len(ticks) and len(bars) and len(bursts[bursts["senders"] >= 3].nlargest(50, "senders"))
    return time.perf_counter() - began
