"""Exports that others made, through the room: what the readers give is what the database has, and the log holds it."""

import json
from pathlib import Path

import pytest
from django.db import connection

from casework.cases.models import Case
from casework.posts import looking, rows
from casework.posts.models import Import
from evidence.jail.exports.records import Record
from tests.casework.exporting import KARACHI, imported, lodge
from tests.evidence.exporting import records, workbook
from tests.factories import Cast, make_case, make_cast

CHATS = Path(__file__).parents[1] / "vectors" / "chats"
TELEGRAM = sorted((CHATS / "telegram-chat-parser").glob("*.json"))
MINER = CHATS / "chat-miner"
WHATSAPP = [*sorted((MINER / "whatsapp").glob("*.txt")), MINER / "signal" / "test_export.txt"]


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


def told(source: Import) -> list[Record]:
    return [record for _position, record in rows.kept(source)]


def plain(found: list[Record]) -> list[bytes]:
    return [rows.canonical(at, record) for at, record in enumerate(found, 1)]


@pytest.mark.parametrize("path", WHATSAPP, ids=lambda path: path.name)
def test_whatsapp_and_signal(case: Case, cast: Cast, path: Path) -> None:
    data = path.read_bytes()
    facts = looking.look(lodge(case, data, cast.lead), format="whatsapp", by=cast.lead)
    said = KARACHI | ({"order": "dmy"} if "order" in facts["asked"] else {})
    done = imported(case, data + b"\n", cast.investigator, **said)
    assert done.state == "read" and plain(told(done)) == plain(records(data + b"\n", **said))
    assert rows.chained("", rows.kept(done)) == done.rows_sha256


@pytest.mark.parametrize("path", TELEGRAM, ids=lambda path: path.name)
def test_telegram(case: Case, cast: Cast, path: Path) -> None:
    data = path.read_bytes()
    done = imported(case, data, cast.investigator, "telegram", **KARACHI)
    expected = records(data, "telegram", **KARACHI)
    assert done.state == "read" and plain(told(done)) == plain(expected)
    assert done.unreads.count() == sum(record.kind == "bad" for record in expected)
    assert rows.chained("", rows.kept(done)) == done.rows_sha256


def test_a_workbook_is_cited_by_the_row_of_its_sheet(case: Case, cast: Cast) -> None:
    cell = '<c t="inlineStr"><is><t>{}</t></is></c>'
    sheet = "".join(f'<row r="{at}">{"".join(cell.format(text) for text in texts)}</row>' for at, texts in enumerate(
        [("when", "what"), ("2026-03-14T13:05:00Z", "Lahore rises"), ("yesterday", "no time")], 1))
    done = imported(case, workbook(sheet), cast.investigator, "sheet", columns={"time": "when", "text": "what"},
                    time="iso")
    assert done.members == ["xl/worksheets/sheet1.xml"]
    row = done.posts.get()
    assert (row.line, row.text, row.kind, row.member) == (2, "Lahore rises", "post", done.members[0])
    assert done.unreads.get().line == 3


def test_numbers_of_json_come_back_as_they_were_chained(db: None) -> None:
    """The database writes 1e5 as 100000; the chain spells both alike."""
    for value in (1e5, 1e300, 1.5, -0.0, 10**30, 2**53 + 1, 1e-7, [1.0, {"a": 2.50}]):
        record = Record("post", 0, 1, 1, raw={"x": value})
        with connection.cursor() as cursor:
            cursor.execute("SELECT (%s::jsonb)::text", [json.dumps(record.raw)])
            again = Record("post", 0, 1, 1, raw=json.loads(cursor.fetchone()[0]))
        assert rows.canonical(1, record) == rows.canonical(1, again)
