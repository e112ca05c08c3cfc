"""What would excuse bytes that are gone: the check of a case and *Verify now* hold it against the log, as the whole
check does. Forged disposals and damages are named; lawful ones are no failure."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings
from stack import postgres

from casework.cases.models import Case
from casework.exhibits import disposals, verifying
from casework.exhibits.models import Exhibit
from evidence.archive import services as archive
from evidence.custody.models import Event
from evidence.derivatives import services as derivatives
from evidence.disposal import services as disposal
from evidence.fixity import audit
from evidence.fixity import services as fixity
from tests.casework.custody_pages import sign
from tests.casework.harm import healed, hurt, lie
from tests.evidence import custody_log as given
from tests.factories import Cast, lodge_png, make_case, make_cast

TABLES = ("evidence_tombstone", "evidence_removal", "evidence_damage", "evidence_healing", "evidence_archivecopy",
          "evidence_check")


@pytest.fixture(autouse=True)
def own_storages(real_db: None, tmp_path: Path) -> Iterator[None]:
    given.key()
    with override_settings(STORAGES={name: {
            "BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path / name)}}
            for name in ("evidence", "archive", "default", "staticfiles")}):
        yield


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


@pytest.fixture
def exhibits(case: Case, cast: Cast) -> list[Exhibit]:
    """Two, with all that is made of them and their second copies."""
    made = [lodge_png(case, cast.lead, shade).exhibit for shade in (1, 2)]
    for exhibit in made:
        for work in (fixity.rehash, derivatives.derive, archive.archive):
            work(exhibit.item)
    sign()
    return made


def forged(sql: str) -> None:
    """As whoever owns the database server, with every guard off."""
    off = "".join(f"ALTER TABLE {table} DISABLE TRIGGER ALL;" for table in TABLES)
    postgres.execute(given.SERVER, f"{off} {sql}", postgres.DATABASE)


def buried(exhibit: Exhibit) -> str:
    """SQL of a disposal that nobody decided, whose bytes are gone already."""
    item, event = exhibit.item_id, Event.objects.earliest("pk").pk
    return (f"INSERT INTO evidence_tombstone (item_id, event_id, disposed_at) VALUES ('{item}', '{event}', now());"
            "INSERT INTO evidence_removal (item_id, blob_id, place, context, state, held, attempts, detail, "
            f"changed_at) SELECT '{item}', b.blob_id, p.place, 'case/x', 'done', false, 0, '', now() FROM ("
            f"SELECT blob_id FROM evidence_item WHERE id = '{item}' UNION "
            f"SELECT blob_id FROM evidence_derivative WHERE item_id = '{item}') b, "
            "(VALUES ('evidence'), ('archive')) p (place);")


def lose(exhibit: Exhibit) -> None:
    for alias in ("evidence", "archive"):
        lie(exhibit.item.blob_id, alias).unlink()


def named(case: Case, exhibit: Exhibit, cast: Cast) -> list[set[tuple[str, str]]]:
    """What the check of the case and both of *Verify now* find."""
    asked = [verifying.verify_case(case, by=cast.lead), verifying.verify_exhibit(exhibit, by=cast.lead)]
    return [{(one.object, one.problem) for one in audit.audit_case(case.ref, checked=Counter())},
            *({(one["object"], one["problem"]) for one in row.problems} for row in asked)]


def dispose(case: Case, cast: Cast, *exhibits: Exhibit) -> None:
    made = disposals.propose(case, exhibits=[exhibit.label for exhibit in exhibits], ground="law",
                             reason="A person asked for it", basis="An invented Act", by=cast.legal)
    disposals.approve(case, made.id, by=cast.lead)
    disposal.remove_waiting()
    sign()


def test_a_disposal_that_nobody_decided_excuses_no_bytes_that_are_gone(case: Case, cast: Cast,
                                                                      exhibits: list[Exhibit]) -> None:
    one, two = exhibits
    forged(buried(one))
    lose(one)
    wrong = (f"item/{one.item_id}", "has a tombstone that no recorded disposal stands behind")
    for found in named(case, one, cast):
        assert wrong in found
    assert verifying.verify_exhibit(two, by=cast.lead).problem_count == 0


def test_a_removal_without_a_tombstone_excuses_no_second_copy(case: Case, cast: Cast, exhibits: list[Exhibit]) -> None:
    one, _two = exhibits
    blob = f"blob_id = '{one.item.blob_id}'"
    forged(f"{buried(one)} DELETE FROM evidence_tombstone; DELETE FROM evidence_archivecopy WHERE {blob};"
           f"DELETE FROM evidence_check WHERE {blob} AND place = 'archive'")
    lie(one.item.blob_id, "archive").unlink()
    for found in named(case, one, cast):
        assert found == {(f"archive copy of {one.item.blob_id}", "was made and its row is gone")}


def test_a_disposal_whose_tombstone_or_removal_was_taken_away_is_named(case: Case, cast: Cast,
                                                                      exhibits: list[Exhibit]) -> None:
    one, two = exhibits
    dispose(case, cast, one, two)
    forged("DELETE FROM evidence_removal")
    for found in named(case, one, cast):
        assert (f"item/{one.item_id}", "was disposed of and nothing removes its bytes") in found
    forged(f"DELETE FROM evidence_tombstone WHERE item_id = '{one.item_id}'")
    whole, of_case, alone = named(case, one, cast)
    for found in (whole, of_case, alone):
        assert [problem for name, problem in found if name == f"item/{one.item_id}" and "has no tombstone" in problem]
    assert (f"item/{two.item_id}", "was disposed of and nothing removes its bytes") in whole & of_case
    assert not [name for name, _problem in alone if name == f"item/{two.item_id}"], "another exhibit is not asked about"


def test_an_alarm_that_was_closed_or_taken_away_is_named(case: Case, cast: Cast, exhibits: list[Exhibit]) -> None:
    one, two = exhibits
    harm = hurt(one)
    sign()
    forged("INSERT INTO evidence_healing (damage_id, context, reason, agent, approver, asked_at, state, attempts, "
           f"detail, finished_at) VALUES ({harm.pk}, 'case/x', 'r', '{{\"id\": 1}}', '{{\"id\": 2}}', now(), 'done', "
           "0, '', now()); UPDATE evidence_damage SET healed_at = now(), healing_id = (SELECT max(id) FROM "
           "evidence_healing)")
    for found in named(case, one, cast):
        assert [problem for name, problem in found if name == f"damage {harm.pk}" and "of two people" in problem]
    forged("DELETE FROM evidence_damage; DELETE FROM evidence_healing")
    for found in named(case, one, cast):
        assert [problem for name, problem in found if name == f"damage {harm.pk}" and "its row is gone" in problem]
    assert verifying.verify_exhibit(two, by=cast.lead).problem_count == 0


def test_what_was_lawfully_disposed_of_harmed_and_healed_is_no_failure(case: Case, cast: Cast,
                                                                      exhibits: list[Exhibit]) -> None:
    one, two = exhibits
    other = make_case(cast)
    again = lodge_png(other, cast.lead, 2)
    for work in (fixity.rehash, derivatives.derive, archive.archive):
        work(again.item)
    harm = hurt(two)
    assert healed(cast, case, harm).damage.healed_at is not None
    dispose(case, cast, one)
    for chosen, exhibit in ((case, one), (case, two), (other, again.exhibit)):
        assert named(chosen, exhibit, cast) == [set(), set(), set()]
    checked: Counter[str] = Counter()
    assert list(audit.audit_case(case.ref, checked=checked)) == []
    assert (checked["tombstones"], checked["damages"]) == (1, 1)
