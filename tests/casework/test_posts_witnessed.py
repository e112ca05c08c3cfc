"""Rows of exports against the events that tell of them: what the master of the database changes in them is named."""

from collections import Counter
from typing import Any

import pytest
from django.core.management import call_command
from stack import postgres

from casework.cases.models import Case
from casework.exhibits import erasures, verifying
from casework.posts import clearing, rows, services, witnessed
from casework.posts.models import Import, Post
from evidence.custody.kinds import Kind
from evidence.custody.models import Payload
from evidence.fixity import audit
from evidence.fixity.besides import Scope
from evidence.jail.exports.records import Record
from tests.casework.custody_pages import sign
from tests.casework.exporting import CHAT, COLUMNS, KARACHI, TABLE, begin, imported, read
from tests.casework.test_posts_disposed import dispose
from tests.evidence import custody_log as given
from tests.factories import Cast, make_case, make_cast

GUARDED = ("casework_post", "casework_unread", "casework_import")
CHANGED = "its rows are not those that were read"
ADDED = ("INSERT INTO casework_post SELECT (jsonb_populate_record(p, jsonb_build_object('id', p.id + 1000, 'position', "
         "9))).* FROM casework_post p WHERE position = 1 AND source_id = {pk}")
CHANGES = ("text = text || '.'", "sender = '@delta_nine'", "at = at + interval '1 second'", "at = at + interval '1 ms'",
           "counts = '{\"likes\": 9}'", "raw = '{\"x\": 1}'", "marks = '{}'", "position = 9", "start = start + 1",
           "url = 'x'", "kind = 'message'", "source_id = source_id + 100")


@pytest.fixture
def cast(real_db: None) -> Cast:
    given.key()
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


@pytest.fixture
def table(case: Case, cast: Cast) -> Import:
    """Three posts and one row that was not understood; a chat stands beside it."""
    imported(case, CHAT, cast.investigator, **KARACHI)
    made = imported(case, TABLE, cast.investigator, "table", columns=COLUMNS)
    sign()
    return made


def forged(sql: str) -> None:
    """As whoever owns the database server, with every guard off."""
    off = "".join(f"ALTER TABLE {table} DISABLE TRIGGER ALL;" for table in GUARDED)
    postgres.execute(given.SERVER, f"{off} {sql}", postgres.DATABASE)


def event(source: Import, act: str) -> Payload:
    """The one event of its exhibit with this act."""
    one, = (payload for payload in Payload.objects.filter(subject=f"exhibit/{source.exhibit}")
            if f'"{act}"'.encode() in bytes(payload.content))
    return one


def found(scope: Scope | None = None) -> set[tuple[str, str]]:
    return {(one.object, one.problem) for one in witnessed.problems(scope or Scope(), Counter())}


def test_what_was_read_holds_in_every_scope_and_is_counted(case: Case, cast: Cast, table: Import) -> None:
    checked: Counter[str] = Counter()
    for scope in (Scope(), Scope(context=f"case/{case.ref}"), Scope(subjects=(f"exhibit/{table.exhibit}",))):
        assert list(witnessed.problems(scope, checked)) == []
    assert (checked["imports"], checked["rows of imports"]) == (2 + 2 + 1, 9 + 9 + 4)


def test_a_row_in_which_anything_was_changed_is_named(table: Import) -> None:
    forged("CREATE TABLE kept AS TABLE casework_post")
    for change in CHANGES:
        forged(f"UPDATE casework_post SET {change} WHERE position = 2 AND source_id = {table.pk}")
        assert found() == {(table.word, CHANGED)}, change
        forged("DELETE FROM casework_post; INSERT INTO casework_post TABLE kept")
    assert found() == set()


@pytest.mark.parametrize("key", ["NULL", "set_byte(text_key, 16, get_byte(text_key, 16) # 1)",
                                 "set_byte(text_key, 0, 1)"])
def test_a_row_that_is_matched_by_another_text_is_named(case: Case, cast: Cast, key: str) -> None:
    told = "when,who,what,likes\n2026-03-14T13:05:00Z,@delta_one,The harbour will feed all of our children,3\n"
    made = imported(case, told, cast.investigator, "table", columns=COLUMNS)
    sign()
    assert found() == set()
    forged(f"UPDATE casework_post SET text_key = {key} WHERE source_id = {made.pk}")
    assert found() == {(f"{made.word} row 1", "posts are matched by another text than its own")}


def test_it_is_named_by_the_command_and_by_verify_now(case: Case, cast: Cast, table: Import,
                                                      capsys: pytest.CaptureFixture[str]) -> None:
    forged(f"UPDATE casework_post SET text = text || '.' WHERE position = 2 AND source_id = {table.pk}")
    for options in ([], ["--case", case.ref]):
        with pytest.raises(SystemExit):
            call_command("verify", "--all", *options)
        assert f"FAILED {table.word}: {CHANGED}" in capsys.readouterr().out
    wrong = [{"object": table.word, "problem": CHANGED}]
    assert verifying.verify_exhibit(table.exhibit, by=cast.lead).problems == wrong
    assert verifying.verify_case(case, by=cast.lead).problems == wrong


def test_many_rows_are_not_verified_while_somebody_waits(case: Case, cast: Cast, table: Import,
                                                         monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "AT_ONCE_ROWS", 3)
    assert verifying.verify_exhibit(table.exhibit, by=cast.lead).state == "pending"
    assert verifying.verify_case(case, by=cast.lead).state == "pending"


@pytest.mark.parametrize("sql", [
    "DELETE FROM casework_post WHERE position = 2 AND source_id = {pk}", "TRUNCATE casework_unread",
    ADDED, "UPDATE casework_unread SET reason = 'other'"])
def test_rows_that_are_gone_or_were_put_in_are_named(table: Import, sql: str) -> None:
    forged(sql.format(pk=table.pk))
    assert found() == {(table.word, CHANGED)}


def test_a_chain_that_was_made_anew_is_not_the_one_that_was_recorded(table: Import) -> None:
    forged(f"UPDATE casework_post SET text = 'never said' WHERE position = 1 AND source_id = {table.pk}")
    forged(f"UPDATE casework_import SET rows_sha256 = '{rows.chained('', rows.kept(table))}' WHERE id = {table.pk}")
    assert found() == {(table.word, "its rows_sha256 is not what was recorded when it was read"),
                       (f"{table.word} row 1", "posts are matched by another text than its own")}


def test_what_an_import_says_of_the_whole_is_what_was_recorded(table: Import) -> None:
    whole = ("kinds", "marks", "framing", "left_out")
    for change in ("kept = 3", "sha256 = repeat('0', 64)", "rows_sha256 = repeat('0', 64)",
                   *(f"whole = jsonb_set(whole, '{{{word}}}', '{{}}')" for word in whole)):
        forged(f"UPDATE casework_import SET {change} WHERE id = {table.pk}")
    assert {(table.word, f"its {word} is not what was recorded when it was read")
            for word in ("rows", "sha256", "rows_sha256", *whole)} <= found()


NOT_READ, NOT_BEGUN = (f"no recorded event says that it was {how}" for how in ("read to its end", "begun"))


@pytest.mark.parametrize(("change", "gone", "unsaid"), [
    ("state = 'stopped', whole = NULL, problem = 'x'", ["read"], ["no recorded event says that it was stopped"]),
    ("number = 7", ["begun", "read"], [NOT_BEGUN, NOT_READ]),
    ("exhibit_id = (SELECT min(exhibit_id) FROM casework_import)", ["begun", "read"], [NOT_BEGUN, NOT_READ])])
def test_an_import_that_is_hidden_or_moved_is_named(case: Case, table: Import, change: str, gone: list[str],
                                                    unsaid: list[str]) -> None:
    events = {act: event(table, f"import_{act}") for act in gone}
    forged(f"UPDATE casework_import SET {change} WHERE id = {table.pk}")
    table.refresh_from_db()
    assert found() == found(Scope(context=f"case/{case.ref}")) == {
        *((one.subject, f"was {act} as import I-002 (event {one.pk}) and no row says so")
          for act, one in events.items()), *((table.word, words) for words in unsaid)}


def test_an_import_and_rows_that_nobody_recorded_are_named(case: Case, cast: Cast, table: Import) -> None:
    forged("INSERT INTO casework_import SELECT (jsonb_populate_record(i, jsonb_build_object('id', 99, 'number', 9, "
           f"'part', 'x'))).* FROM casework_import i WHERE id = {table.pk}")
    word = f"import/{case.ref}/I-009"
    assert found() == {(word, NOT_BEGUN), (word, NOT_READ), (word, CHANGED)}


def test_a_row_that_was_moved_to_another_case_is_named(case: Case, cast: Cast, table: Import) -> None:
    other = make_case(cast)
    forged(f"UPDATE casework_post SET case_id = {other.pk} WHERE position = 1 AND source_id = {table.pk}")
    assert found() == found(Scope(context=f"case/{case.ref}")) == {(table.word, "a row of it stands in another case")}
    assert found(Scope(context=f"case/{other.ref}")) == set()


def test_what_is_read_stopped_or_withdrawn_is_no_failure_and_a_withdrawn_one_is_held_to_its_rows(
        case: Case, cast: Cast, table: Import) -> None:
    begin(case, CHAT + "14/03/2026, 18:09 - Rimsha: one more\n", cast.investigator, **KARACHI)
    stopped = begin(case, CHAT + "14/03/2026, 18:10 - Rimsha: two more\n", cast.investigator, **KARACHI)
    services.withdraw(stopped, reason="Read wrongly", by=cast.investigator)
    assert read(stopped).state == "stopped"
    services.withdraw(table, reason="Read wrongly", by=cast.investigator)
    assert found() == set()
    forged(f"UPDATE casework_post SET text = 'x' WHERE position = 1 AND source_id = {table.pk}")
    assert found() == {(table.word, CHANGED)}


def test_rows_that_went_with_their_exhibit_are_no_failure_and_others_that_did_are(
        case: Case, cast: Cast, table: Import) -> None:
    dispose(case, cast, table)
    assert found() == set()
    clearing.clear()
    assert not Post.objects.filter(source=table).exists() and found() == set()
    forged("DELETE FROM casework_post; UPDATE casework_import SET cleared_at = now() WHERE cleared_at IS NULL")
    assert found() == {(f"import/{case.ref}/I-001", "its rows were cleared away and nobody disposed of its exhibit")}


def test_rows_that_are_cleared_while_they_are_read_are_no_failure(
        case: Case, cast: Cast, table: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    dispose(case, cast, table)
    kept = rows.kept

    def late(source: Import) -> Any:
        clearing.clear()
        return kept(source)

    monkeypatch.setattr(rows, "kept", late)
    assert found() == set()


def test_an_event_that_was_lawfully_erased_is_no_failure_and_hides_no_change_of_a_row(
        case: Case, cast: Cast, table: Import) -> None:
    event = Payload.objects.get(subject=f"exhibit/{table.exhibit}", kind=Kind.DERIVATION)
    asked = erasures.propose(case, events=[event.pk], reason="A source asked to be forgotten",
                             basis="Section 7 of the invented Data Act", by=cast.legal)
    erasures.approve(case, asked.id, by=cast.lead)
    sign()
    assert found() == set()
    forged(f"UPDATE casework_post SET text = 'x' WHERE position = 1 AND source_id = {table.pk}")
    assert found() == {(table.word, CHANGED)}
    assert verifying.verify_case(case, by=cast.lead).problem_count == 1


def test_one_import_that_cannot_be_checked_hides_nothing_of_another(table: Import,
                                                                   monkeypatch: pytest.MonkeyPatch) -> None:
    forged(f"UPDATE casework_post SET text = 'x' WHERE position = 1 AND source_id = {table.pk}")
    canonical = rows.canonical

    def breaks(position: int, record: Record) -> bytes:
        if "Messages are" in record.text:
            raise TypeError("nobody foresaw it")
        return canonical(position, record)

    monkeypatch.setattr(rows, "canonical", breaks)
    problems = {(one.object, one.problem) for one in audit.audit_all(checked=Counter())}
    assert {(table.word, CHANGED), (f"import/{table.case.ref}/I-001", "could not be checked: TypeError")} <= problems
