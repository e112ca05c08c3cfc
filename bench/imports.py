"""500,000 lines of a WhatsApp chat through the task into the database, beside the least that one would write oneself:
one regular expression over the lines and one COPY of time, sender and text; and beside the same in pandas.

Ours looks at the whole file first, reads it in the jail, accounts for every byte, keeps rows in batches that can be
cut off, and chains their hashes. The baselines know one layout, guess the order of day and month, and cite nothing."""

import io
import random
import re
import resource
import statistics
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
from django.conf import settings
from django.db import connection

from casework.access import Role
from casework.cases import services as cases
from casework.cases.models import Case
from casework.exhibits import services as exhibits
from casework.exhibits.models import Exhibit
from casework.people import services as people
from casework.posts import reading, services
from evidence.custody import signer

LINES, ROUNDS = 500_000, 3
HEAD = re.compile(r"(\d\d)/(\d\d)/(\d{4}), (\d\d):(\d\d) - ([^:]+): (.*)")
HEADED = r"^(?P<at>\d\d/\d\d/\d{4}, \d\d:\d\d) - (?P<sender>[^:]+): (?P<body>.*)$"
WORDS = ["trend", "harbour", "now", "Lahore", "rises", "8", "sharp", "word", "for", "send", "the", "screenshot", "ٹھیک",
         "ہے", "بھائی", "سب", "لکھیں"]


def run() -> Iterator[dict[str, Any]]:
    """Seconds, the median of interleaved rounds; and what the worker's process holds at most, in MB."""
    signer.make_key(Path(settings.SIGNING_KEY), "bench.local/log")
    chat = "".join(_lines()).encode()
    _, token = people.invite("lead@example.org", "Lubna Qadir", by=None)
    lead = people.accept(token, "seventeen quiet herons")
    case = cases.open_case(title="Bench", mandate_basis="None", mandate_purpose="To measure", mandate_scope="Invented",
                           by=lead)
    assert Role.LEAD in case.roles_of(lead)
    exhibit = _lodged(case, chat, lead)
    taken: dict[Any, list[float]] = {_import: [], _plain: [], _table: []}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for turn in range(ROUNDS):
        for one in list(taken)[::1 if turn % 2 else -1]:
            taken[one].append(one(exhibit, chat, lead))
    value = statistics.median(taken[_import])
    for words, act in (("", _plain), (", beside pandas", _table)):
        baseline = statistics.median(taken[act])
        yield {"name": f"import 500,000 lines of WhatsApp{words}", "value": round(value, 1), "unit": "s",
               "baseline": round(baseline, 1), "ratio": round(value / baseline, 2)}
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    yield {"name": "memory that the worker gained meanwhile", "value": round(grown), "unit": "MB", "baseline": None,
           "ratio": None}


def _lines() -> Iterator[str]:
    """The same in every run: two hundred senders, every tenth message of two lines, every hundredth a notice."""
    chance = random.Random(14)  # noqa: S311 - the same in every run
    at, line = datetime(2026, 1, 1, 8, 0), 0  # noqa: DTZ001 - a clock on a wall
    while line < LINES:
        at += timedelta(seconds=chance.randrange(60))
        head = f"{at:%d/%m/%Y, %H:%M} - "
        if line % 100 == 99:
            yield f"{head}Bilal K. removed Kashif {chance.randrange(200)}\n"
        else:
            yield f"{head}Kashif {chance.randrange(200)}: {' '.join(chance.choices(WORDS, k=9))}\n"
            if line % 10 == 0:
                line += 1
                yield f"{' '.join(chance.choices(WORDS, k=6))}\n"
        line += 1


def _lodged(case: Case, chat: bytes, by: Any) -> Exhibit:
    return exhibits.lodge_bytes(case, data=chat, name="chat.txt", claimed_type="text/plain", provenance={}, title="",
                                by=by).exhibit


def _import(exhibit: Exhibit, _chat: bytes, by: Any) -> float:
    begun = services.begin(exhibit, format="whatsapp", options={"zone": "Asia/Karachi"}, by=by)
    began = time.perf_counter()
    assert reading.read(begun.pk)
    taken = time.perf_counter() - began
    services.withdraw(begun, reason="The next round", by=by)
    return taken


def _plain(_exhibit: Exhibit, chat: bytes, _by: Any) -> float:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE plain (at timestamp, sender text, body text)")
        began = time.perf_counter()
        with cursor.copy("COPY plain (at, sender, body) FROM STDIN") as copy:
            held: list[Any] = []
            for line in chat.decode().splitlines():
                if found := HEAD.fullmatch(line):
                    if held:
                        copy.write_row(held)
                    day, month, year, hour, minute = map(int, found.groups()[:5])
                    held = [datetime(year, month, day, hour, minute), found[6], found[7]]  # noqa: DTZ001
                elif held:
                    held[2] += f"\n{line}"
            copy.write_row(held)
        taken = time.perf_counter() - began
        cursor.execute("DROP TABLE plain")
    return taken


def _table(_exhibit: Exhibit, chat: bytes, _by: Any) -> float:
    """A table in memory: what follows a line without a head belongs to the message before it."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE plain (at timestamp, sender text, body text)")
        began = time.perf_counter()
        lines = pd.Series(chat.decode().splitlines())
        found = lines.str.extract(HEADED)
        found["body"] = found["body"].fillna(lines)
        number = found["at"].notna().cumsum()
        whole = found.groupby(number).agg(at=("at", "first"), sender=("sender", "first"), body=("body", "\n".join))
        whole["at"] = pd.to_datetime(whole["at"], format="%d/%m/%Y, %H:%M")
        out = io.StringIO()
        whole.to_csv(out, index=False, header=False)
        with cursor.copy("COPY plain (at, sender, body) FROM STDIN WITH (FORMAT csv)") as copy:
            copy.write(out.getvalue())
        taken = time.perf_counter() - began
        cursor.execute("DROP TABLE plain")
    return taken
