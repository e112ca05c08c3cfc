"""Exhibits and sightings against the events that tell of them: what the master of the database moves is named."""

from collections import Counter
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from stack import postgres

from casework import record
from casework.cases.models import Case
from casework.exhibits import disposals, erasures, services, verifying, witnessed
from casework.exhibits.models import Exhibit, Sighting
from evidence.archive import services as archive
from evidence.custody.models import Payload
from evidence.derivatives import services as derivatives
from evidence.disposal import services as disposal
from evidence.fixity import audit, pages
from evidence.fixity import services as fixity
from evidence.fixity.besides import Scope
from tests.casework.custody_pages import sign
from tests.evidence import custody_log as given
from tests.factories import Cast, lodge_capture, lodge_png, make_case, make_cast

WHY = {"reason": "A source asked to be forgotten", "basis": "Section 7 of the invented Data Act"}


@pytest.fixture
def cast(real_db: None) -> Cast:
    given.key()
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    """Two exhibits, the first seen again, and a captured page of two files; all of it in the log."""
    case = make_case(cast)
    for shade in (1, 2, 1):
        lodge_png(case, cast.lead, shade)
    lodge_capture(case, cast.lead, 3)
    sign()
    return case


def forged(sql: str) -> None:
    """As whoever owns the database server, with every guard off."""
    tables = ("casework_exhibit", "casework_sighting", "evidence_part")
    off = "".join(f"ALTER TABLE {table} DISABLE TRIGGER ALL;" for table in tables)
    postgres.execute(given.SERVER, f"SET session_replication_role = replica; {off} {sql}", postgres.DATABASE)


def found(scope: Scope | None = None) -> set[tuple[str, str]]:
    return {(one.object, one.problem) for one in witnessed.problems(scope or Scope(), Counter())}


def named(scope: Scope | None = None) -> set[str]:
    return {subject for subject, _ in found(scope)}


def of(case: Case, number: int) -> str:
    return f"exhibit/{case.ref}/E-{number:03d}"


def erase(case: Case, cast: Cast, **which: object) -> None:
    events = list(Payload.objects.filter(context=f"case/{case.ref}", **which).values_list("event_id", flat=True))
    asked = erasures.propose(case, events=events, by=cast.legal, **WHY)
    erasures.approve(case, asked.id, by=cast.lead)
    sign()


def test_what_was_lodged_seen_again_and_captured_holds(case: Case) -> None:
    checked: Counter[str] = Counter()
    assert list(witnessed.problems(Scope(), checked)) == []
    assert list(witnessed.problems(Scope(context=f"case/{case.ref}"), checked)) == []
    assert list(witnessed.problems(Scope(subjects=(of(case, 1), f"item/{uuid4()}")), checked)) == []
    assert checked["exhibits"] == 3 + 3 + 1


def test_labels_that_were_exchanged_are_named_by_the_command_and_by_verify_now(
        case: Case, cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = Exhibit.objects.filter(number__lte=2)
    forged("UPDATE casework_exhibit e SET item_id = o.item_id, event_id = o.event_id, leaf_hash = o.leaf_hash "
           f"FROM casework_exhibit o WHERE e.id IN ({one.pk}, {two.pk}) AND o.id IN ({one.pk}, {two.pk}) "
           "AND e.id <> o.id")
    wrong = (of(case, 1), f"was lodged as item/{one.item_id} and its row is of item/{two.item_id}")
    assert named() == {of(case, 1), of(case, 2)}
    assert wrong in found()
    for options in ([], ["--case", case.ref]):
        with pytest.raises(SystemExit):
            call_command("verify", "--all", *options)
        assert f"FAILED {wrong[0]}: {wrong[1]}" in capsys.readouterr().out
    one.refresh_from_db()
    asked = verifying.verify_exhibit(one, by=cast.lead)
    assert {"object": wrong[0], "problem": wrong[1]} in asked.problems
    assert named(Scope(subjects=(of(case, 1),))) == {of(case, 1)}
    asked = verifying.verify_case(case, by=cast.lead)
    assert {"object": wrong[0], "problem": wrong[1]} in asked.problems


def test_an_item_alone_that_was_exchanged_is_named_by_its_receipt_too(case: Case) -> None:
    one, two = Exhibit.objects.filter(number__lte=2)
    forged(f"UPDATE casework_exhibit SET item_id = '{two.item_id}' WHERE id = {one.pk}")
    assert (of(case, 1), "the event that its row names is not the accession of its item") in found()


@pytest.mark.parametrize("table", ["casework_exhibit", "casework_sighting"])
def test_a_row_that_is_gone_is_named(case: Case, cast: Cast, table: str) -> None:
    gone = Exhibit.objects.get(number=2) if table == "casework_exhibit" else Sighting.objects.get()
    subject, how = (of(case, 2), "was lodged") if isinstance(gone, Exhibit) else (of(case, 1), "came again")
    forged(f"DELETE FROM {table} WHERE id = {gone.pk}")
    [(said, problem)] = found()
    assert said == subject
    assert problem.startswith(f"{how} as item/{gone.item_id} (event ") and problem.endswith(") and no row says so")
    assert verifying.verify_case(case, by=cast.lead).problem_count == 1


def test_rows_that_nobody_recorded_are_named(case: Case) -> None:
    one, two = Exhibit.objects.filter(number__lte=2)
    forged("INSERT INTO casework_exhibit (case_id, number, item_id, title, note, sensitive, lodged_by_id, lodged_at, "
           "event_id, leaf_hash, withdrawn_reason) SELECT case_id, 9, item_id, '', '', false, lodged_by_id, lodged_at, "
           f"event_id, leaf_hash, '' FROM casework_exhibit WHERE id = {two.pk};"
           "INSERT INTO casework_sighting (exhibit_id, item_id, seen_by_id, seen_at) "
           f"SELECT {one.pk}, item_id, lodged_by_id, lodged_at FROM casework_exhibit WHERE id = {two.pk}")
    unsaid = f"no recorded event says that item/{two.item_id} was lodged under this label"
    assert found() == {(of(case, 9), unsaid), (of(case, 1), unsaid)}


@pytest.mark.parametrize(("change", "problem"), [
    ("number = 7", "no recorded event says"), ("leaf_hash = repeat('0', 64)", "its leaf hash is not that"),
    ("event_id = gen_random_uuid()", "is not the accession of its item")])
def test_another_number_leaf_or_event_is_named(case: Case, change: str, problem: str) -> None:
    forged(f"UPDATE casework_exhibit SET {change} WHERE number = 2")
    assert any(problem in said for _, said in found())


def test_a_captured_page_that_shows_another_of_its_files_is_named(case: Case) -> None:
    page = Exhibit.objects.get(number=3)
    source = page.item.parts.get(position=2).item_id
    forged(f"UPDATE casework_exhibit SET item_id = '{source}' WHERE id = {page.pk};"
           f"UPDATE evidence_part SET main_id = '{source}', position = 3 - position WHERE main_id = '{page.item_id}'")
    assert (of(case, 3), f"was lodged as item/{page.item_id} and its row is of item/{source}") in found()


def test_what_says_that_it_was_lodged_under_a_label_and_is_no_word_of_ours_is_named(case: Case, cast: Cast) -> None:
    for item in ("nonsense", {"a": 1}, None):
        record.record(record.Act.EXHIBIT_LODGED, by=cast.lead, subject=of(case, 1), context=f"case/{case.ref}",
                      item=item, part=["odd"])
    record.record(record.Act.CASE_CLOSED, by=cast.lead, subject=of(case, 2), context=f"case/{case.ref}", part="odd")
    assert named() == {of(case, 1)}


def test_what_was_lawfully_erased_is_no_failure_and_hides_no_exchange_of_another(case: Case, cast: Cast) -> None:
    erase(case, cast, kind="accession")
    assert found() == set()
    erase(case, cast, subject=of(case, 1))
    assert found() == set()
    one, two = Exhibit.objects.filter(number__lte=2)
    forged(f"UPDATE casework_exhibit SET item_id = '{one.item_id}' WHERE id = {two.pk}")
    assert named() == {of(case, 2)}
    forged(f"UPDATE casework_exhibit SET item_id = '{two.item_id}' WHERE id = {two.pk};"
           f"UPDATE casework_exhibit SET event_id = '{two.event_id}', leaf_hash = '{two.leaf_hash}' "
           f"WHERE id = {one.pk}")
    assert named() == {of(case, 1)}


def test_what_was_edited_withdrawn_and_disposed_of_is_no_failure(case: Case, cast: Cast) -> None:
    one, two = Exhibit.objects.filter(number__lte=2)
    services.edit(one, title="Another", by=cast.lead)
    services.withdraw(one, reason="Cropped.", by=cast.lead)
    lodge_png(case, cast.lead, 1)
    for work in (fixity.rehash, derivatives.derive, archive.archive):
        work(two.item)
    made = disposals.propose(case, exhibits=[two.label], ground="law", reason="Asked for", basis="An invented Act",
                             by=cast.legal)
    disposals.approve(case, made.id, by=cast.lead)
    disposal.remove_waiting()
    sign()
    assert found() == set()
    assert not [one for one in audit.audit_case(case.ref, checked=Counter()) if one.object.startswith("exhibit/")]


def test_one_exhibit_that_cannot_be_checked_hides_no_change_of_another(case: Case,
                                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    forged("UPDATE casework_exhibit SET leaf_hash = repeat('0', 64) WHERE number > 1")
    receipt = witnessed._receipt

    def breaks(row: Exhibit, *given: Any) -> Any:
        if row.number == 1:
            raise TypeError("nobody foresaw it")
        return receipt(row, *given)

    monkeypatch.setattr(pages, "PAGE", 1)
    monkeypatch.setattr(witnessed, "_receipt", breaks)
    wrong = "its leaf hash is not that of the accession of its item"
    first = Exhibit.objects.get(number=1)
    assert found() == {(f"exhibits {first.pk}", "could not be checked: TypeError"), (of(case, 2), wrong),
                       (of(case, 3), wrong)}


def test_more_exhibits_on_a_page_ask_no_more_questions(case: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert found() == set()
        return len(asked)

    few = questions()
    for shade in range(10, 30):
        lodge_png(case, cast.lead, shade)
    assert questions() == few
    monkeypatch.setattr(pages, "PAGE", 3)
    assert found() == set()
