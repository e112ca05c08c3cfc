"""The network of a case of 10,000 posts: who posted the texts of taskings, counted, laid out and drawn, beside the same
in pandas and networkx.

The baseline is given a table in memory, with texts that are comparable already and senders that are accounts already,
so that reading, spelling and matching cost it nothing. It lays out the same nodes for as many rounds, knows no other
kind of edge, keeps no two labels apart, and says of no edge what it stands on."""

import random
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import networkx as nx
import pandas as pd
from django.conf import settings
from django.db import connection
from django.http import QueryDict
from django.utils import timezone

from casework.accounts import services as accounts
from casework.cases import services as cases
from casework.cases.models import Case
from casework.channels import services as channels
from casework.channels import taskings
from casework.exhibits import services as exhibits
from casework.exhibits.models import Exhibit
from casework.network import compose, drawing, layout, services
from casework.network.asking import Query
from casework.people import services as people
from casework.posts import normal, rows
from casework.posts.models import Import
from evidence.custody import signer
from evidence.jail.exports.records import Record

SIZE, ROUNDS, BATCH, ACCOUNTS, CHANNELS, TEXTS = 10_000, 5, 2000, 150, 8, 24
START = datetime(2026, 3, 1, 8, tzinfo=UTC)
Held = list[tuple[datetime, str, str]]


def run(size: int = SIZE) -> Iterator[dict[str, Any]]:
    """Seconds for everything that a page draws; medians over rounds that take turns."""
    signer.make_key(Path(settings.SIGNING_KEY), "bench.local/log")
    _, token = people.invite("lead@example.org", "Lubna Qadir", by=None)
    lead = people.accept(token, "seventeen quiet herons")
    case = cases.open_case(title="Bench", mandate_basis="None", mandate_purpose="To measure", mandate_scope="Invented",
                           by=lead)
    held = list(_posts(size))
    _keep(case, held, lead)
    texts = pd.DataFrame([(normal.normalised(_text(at)), f"C-{at % CHANNELS + 1:03d}") for at in range(TEXTS)],
                         columns=["text", "channel"])
    frame = pd.DataFrame([(sender, normal.normalised(text)) for _when, sender, text in held],
                         columns=["sender", "text"])
    ours: list[float] = []
    plain: list[float] = []
    for _round in range(ROUNDS):
        ours.append(_ours(case, lead))
        plain.append(_plain(frame, texts))
    mine, theirs = statistics.median(ours), statistics.median(plain)
    yield {"name": f"network of {size:,} posts", "value": round(mine, 3), "unit": "s", "baseline": round(theirs, 3),
           "ratio": round(mine / theirs, 2)}


def _text(at: int) -> str:
    return f"The harbour number {at} will feed our children. Build it now, not tomorrow!"


def _posts(count: int) -> Iterator[tuple[datetime, str, str]]:
    """The same in every run: each third carries one of the texts."""
    chance = random.Random(15)  # noqa: S311 - the same in every run
    for at in range(count):
        sender = min(int(chance.expovariate(1 / 40)), ACCOUNTS - 1)
        text = _text((sender + chance.randrange(4)) % TEXTS) if at % 3 == 0 else f"What I had for lunch, part {at}"
        yield START + timedelta(seconds=at), f"account{sender}", text


def _keep(case: Case, held: Held, by: Any) -> None:
    """Accounts, channels and taskings by the services; posts as the worker keeps what it read."""
    exhibit = exhibits.lodge_bytes(case, data=b"posts", name="posts.csv", claimed_type="text/csv", provenance={},
                                   title="", by=by).exhibit
    _name(case, exhibit, by)
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


def _name(case: Case, exhibit: Exhibit, by: Any) -> None:
    for at in range(ACCOUNTS):
        accounts.name_account(case, platform="x", handle=f"account{at}", stable_id="", exhibit=exhibit, by=by)
    named = [channels.name_channel(case, platform="telegram", name=f"Team {at}", at="2026-03-01", exhibit=exhibit,
                                   by=by) for at in range(CHANNELS)]
    for at in range(TEXTS):
        taskings.note(named[at % CHANNELS], message="Now", post_text=_text(at), at="2026-03-01", exhibits=[exhibit],
                      by=by)


def _ours(case: Case, by: Any) -> float:
    began = time.perf_counter()
    found = services.show(case, Query.read(QueryDict()), by=by)
    assert drawing.drawn(found).edges
    return time.perf_counter() - began


def _plain(frame: pd.DataFrame, texts: pd.DataFrame) -> float:
    began = time.perf_counter()
    counted = frame.merge(texts, on="text").groupby(["sender", "channel"]).size()
    graph = nx.Graph()
    for sender, channel, count in counted.reset_index(name="count").itertuples(index=False):
        graph.add_edge(sender, channel, weight=count)
    most = sorted(graph, key=lambda one: -graph.degree(one))[:compose.NODES]
    assert len(nx.spring_layout(graph.subgraph(most), seed=layout.SEED, iterations=layout.ROUNDS)) == len(most)
    return time.perf_counter() - began
