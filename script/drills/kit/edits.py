"""Rows changed with every guard off: each kind of edit there is, in turns."""

import itertools
import os
from collections.abc import Callable

from stack.install import say

from casework.posts import rows
from drills.kit import forger
from drills.kit.vault import Battery, Tally
from evidence.custody.models import Leaf

Act = Callable[[Battery, int], str]


def edits(battery: Battery, count: int) -> list[Tally]:
    """`count` edits; the kinds take turns, and every column has its turn when there are enough of them."""
    columns = forger.columns()
    battery.chosen.shuffle(columns)
    each = itertools.cycle(columns)
    acts = EDITS | {COLUMN: lambda battery, _turn: _column(battery, next(each))}
    tallies = {name: Tally(f"rows, {name}") for name in acts}
    for number in range(count):
        turn, kind = divmod(number, len(ORDER))
        with forger.undone():
            battery.judge(tallies[ORDER[kind]], acts[ORDER[kind]](battery, turn))
    say(f"tamper rows: {len(columns)} columns that events bind")
    return [tally for tally in tallies.values() if tally.done]


def _column(battery: Battery, column: forger.Column) -> str:
    forger.run(column.edit(battery.chosen))
    return str(column)


def _deleted(battery: Battery, number: int) -> str:
    """Of checkpoints the one that somebody holds: the others can be signed again as they were."""
    table = forger.EDITED[number % len(forger.EDITED)]
    where = f"size = {battery.covered}" if table == "evidence_checkpoint" else "true"
    forger.run(f"DELETE FROM {table} WHERE ctid = (SELECT ctid FROM {table} WHERE {where} ORDER BY random() LIMIT 1)")
    return table


def _truncated(battery: Battery, number: int) -> str:
    table = forger.EDITED[number % len(forger.EDITED)]
    forger.run(f"TRUNCATE {table} CASCADE")
    return table


def _recreated(battery: Battery, number: int) -> str:
    table = forger.GUARDED[number % 4]
    forger.recreate(table)
    column = battery.chosen.choice([column for column in forger.columns() if column.table == table])
    forger.run(column.edit(battery.chosen))
    return str(column)


def _inserted(battery: Battery, number: int) -> str:
    index = battery.chosen.randrange(battery.covered)
    forger.slip_in(index, {"number": number})
    if number % 2:
        forger.make_true_again(sign=False)
    return f"at {index}"


def _swapped(battery: Battery, number: int) -> str:
    first, second = battery.chosen.sample(range(battery.covered), 2)
    forger.swap(first, second)
    if number % 2:
        forger.make_true_again(sign=False)
    return f"{first} and {second}"


def _retimed(battery: Battery, number: int) -> str:
    """The time of an event, in its column and in what the payload says."""
    index = battery.chosen.randrange(battery.covered)
    forger.run("UPDATE evidence_payload SET at = at + interval '3 days', content = convert_to(jsonb_set(convert_from("
               "content, 'UTF8')::jsonb, '{at}', to_jsonb(to_char((at + interval '3 days') AT TIME ZONE 'UTC', "
               "'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')))::text, 'UTF8') WHERE event_id = "
               "(SELECT event_id FROM evidence_leaf WHERE index = %s)", [index])
    return f"at {index}"


def _replaced(battery: Battery, number: int) -> str:
    """Another payload with the columns that belong to it; the commitment stays."""
    index = battery.chosen.randrange(battery.covered)
    event = str(Leaf.objects.get(index=index).event_id)
    like = forger.event_like(index, event)
    forger.run("UPDATE evidence_payload SET content = %s, salt = %s WHERE event_id = %s",
               [like.content({"number": number}), os.urandom(32), event])
    return f"at {index}"


def _unsigned(battery: Battery, number: int) -> str:
    """Everything is made true again but what only the key can sign."""
    index = battery.chosen.randrange(battery.covered)
    forger.change(index, {"number": number})
    forger.make_true_again(sign=False)
    return f"at {index}"


def _exported(battery: Battery, number: int) -> str:
    """A row of an export, every other time with the chain that the import keeps made anew; or what else it keeps."""
    what = EXPORTED[number % len(EXPORTED)]
    forger.run(what)
    if number % 2 and "casework_post" in what:
        forger.run("UPDATE casework_import SET rows_sha256 = %s", [rows.chained("", rows.kept(battery.export))])
    return what


EXPORTED = (
    "UPDATE casework_post SET text = text || '.' WHERE position = 1",
    "DELETE FROM casework_post WHERE position = 2",
    "INSERT INTO casework_post SELECT (jsonb_populate_record(p, jsonb_build_object('id', p.id + 1000, 'position', "
    "i.kept + 1))).* FROM casework_post p JOIN casework_import i ON i.id = p.source_id WHERE p.position = 1",
    "UPDATE casework_import SET rows_sha256 = reverse(rows_sha256)",
    "UPDATE casework_import SET cleared_at = ended_at")
COLUMN = "a column changed"
EDITS: dict[str, Act] = {
    "a row deleted": _deleted, "TRUNCATE": _truncated, "DROP, recreated, a row changed": _recreated,
    "a row inserted in the middle": _inserted, "two rows swapped": _swapped, "a timestamp changed": _retimed,
    "a payload replaced with its columns": _replaced, "an event changed up to the signatures": _unsigned,
    "a row of an export": _exported}
# Every third one is a column.
ORDER = [name for number, other in enumerate(EDITS) for name in ([COLUMN, other] if number % 2 == 0 else [other])]
