"""What a person said of an export before it was read, and the rows of imports that stopped, against the log."""

from typing import Any

import pytest

from casework.exhibits import erasures
from casework.posts import clearing, reading, rows
from casework.posts.models import Import, Post
from evidence.fixity.besides import Scope
from evidence.jail import services as jail
from tests.casework.custody_pages import sign
from tests.casework.exporting import CHAT, KARACHI, begin, read
from tests.casework.test_posts_disposed import dispose
from tests.casework.test_posts_witnessed import CHANGED, NOT_BEGUN, case, cast, event, forged, found, table
from tests.factories import Cast

__all__ = ["case", "cast", "table"]
MORE = CHAT + "14/03/2026, 18:09 - Rimsha: one more\n"


@pytest.fixture
def stopped(table: Import, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Import:
    """Six rows of a chat whose reading ended before its end; what was read to its end stands beside it."""
    return stop(table, cast, monkeypatch)


def stop(table: Import, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Import:
    def ends(*_given: Any) -> None:
        raise jail.Stopped("the reader ended in the midst of it")

    with monkeypatch.context() as patch:
        patch.setattr(reading, "_require_counts", ends)
        done = read(begin(table.case, MORE, cast.investigator, **KARACHI))
    assert (done.state, done.kept) == ("stopped", 6)
    sign()
    return done


@pytest.mark.parametrize(("change", "word"), [
    ("zone = 'UTC'", "zone"), ("options = '{\"zone\": \"UTC\"}'", "options"), ("format = 'sheet'", "format"),
    ("part = 'other.csv'", "members"), ("options = jsonb_set(options, '{columns,text}', '\"who\"')", "options")])
def test_what_a_person_said_of_it_is_what_was_recorded(table: Import, change: str, word: str) -> None:
    forged(f"UPDATE casework_import SET {change} WHERE id = {table.pk}")
    table.refresh_from_db()
    assert (table.word, f"its {word} is not what was recorded when it was begun") in found()


def test_an_import_that_is_not_read_yet_is_held_to_it_too(table: Import, cast: Cast) -> None:
    waits = begin(table.case, MORE, cast.investigator, **KARACHI)
    sign()
    assert found() == found(Scope(subjects=(f"exhibit/{waits.exhibit}",))) == set()
    forged(f"UPDATE casework_import SET zone = 'UTC' WHERE id = {waits.pk}")
    assert found() == {(waits.word, "its zone is not what was recorded when it was begun")}
    begun = event(waits, "import_begun")
    forged(f"DELETE FROM casework_import WHERE id = {waits.pk}")
    assert found() == {(begun.subject, f"was begun as import I-003 (event {begun.pk}) and no row says so")}


@pytest.mark.parametrize("sql", [
    "UPDATE casework_post SET sender = 'Nobody' WHERE position = 2 AND source_id = {pk}",
    "DELETE FROM casework_post WHERE position = 6 AND source_id = {pk}"])
def test_rows_of_an_import_that_stopped_are_held_to_their_chain(stopped: Import, sql: str) -> None:
    assert found() == set()
    forged(sql.format(pk=stopped.pk))
    assert found() == {(stopped.word, CHANGED)}
    forged(f"UPDATE casework_import SET rows_sha256 = '{rows.chained('', rows.kept(stopped))}' WHERE id = {stopped.pk}")
    assert found() == {(stopped.word, "its rows_sha256 is not what was recorded when it was stopped")}


@pytest.mark.parametrize(("change", "problems"), [
    ("kept = 5", ["its rows is not what was recorded when it was stopped"]),
    ("problem = 'x'", ["its reason is not what was recorded when it was stopped"]),
    ("state = 'reading', problem = '', ended_at = NULL", [])])
def test_how_an_import_stopped_is_what_was_recorded(stopped: Import, change: str, problems: list[str]) -> None:
    forged(f"UPDATE casework_import SET {change} WHERE id = {stopped.pk}")
    told = event(stopped, "import_stopped")
    gone = set() if problems else {(told.subject, f"was stopped as import I-003 (event {told.pk}) and no row says so")}
    assert found() == {(stopped.word, problem) for problem in problems} | gone


def test_one_that_stopped_before_its_first_row_holds_and_what_is_put_in_is_named(
        table: Import, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(reading, "MOST_ATTEMPTS", 0)
        none = read(begin(table.case, MORE, cast.investigator, **KARACHI))
    sign()
    assert (none.state, none.kept, none.rows_sha256) == ("stopped", 0, "") and found() == set()
    forged(f"UPDATE casework_post SET source_id = {none.pk} WHERE source_id = {table.pk} AND position = 1")
    assert (none.word, CHANGED) in found()


def test_an_event_of_before_that_names_no_chain_is_no_failure(table: Import, cast: Cast,
                                                              monkeypatch: pytest.MonkeyPatch) -> None:
    whole = rows.stopped
    monkeypatch.setattr(rows, "stopped", lambda source: {
        word: value for word, value in whole(source).items() if word != "rows_sha256"})
    done = stop(table, cast, monkeypatch)
    monkeypatch.setattr(rows, "stopped", whole)
    assert found() == set()
    forged(f"UPDATE casework_post SET text = 'x' WHERE position = 1 AND source_id = {done.pk}")
    assert found() == {(done.word, CHANGED)}


def test_its_rows_go_with_its_exhibit_and_that_is_no_failure(stopped: Import, cast: Cast) -> None:
    dispose(stopped.case, cast, stopped)
    clearing.clear()
    assert not Post.objects.filter(source=stopped).exists() and found() == set()


def test_what_was_lawfully_erased_excuses_so_many_and_no_more(stopped: Import, cast: Cast) -> None:
    asked = erasures.propose(stopped.case, events=[event(stopped, "import_begun").pk], basis="An invented Data Act",
                             reason="A source asked to be forgotten", by=cast.legal)
    erasures.approve(stopped.case, asked.id, by=cast.lead)
    sign()
    assert found() == set()
    forged("INSERT INTO casework_import SELECT (jsonb_populate_record(i, jsonb_build_object('id', 99, 'number', 9, "
           f"'part', 'x'))).* FROM casework_import i WHERE id = {stopped.pk}")
    assert (f"import/{stopped.case.ref}/I-009", NOT_BEGUN) in found()
