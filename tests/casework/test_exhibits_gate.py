"""What holds malware, or was not screened where there is a scanner, is given out to nobody who has not said why."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import override_settings
from django.utils import timezone

from casework.cases.models import Case
from casework.exhibits import gate, parts, reading, unlocking
from casework.exhibits import services as exhibits
from casework.exhibits.models import Exhibit, Unlocking
from casework.exports import services as exports
from casework.lifecycle import NotAllowed
from casework.pace import Locked, Stopped
from evidence.custody import history
from evidence.derivatives import services as derivatives
from evidence.screening import services as screening
from evidence.store import services as store
from tests.evidence.scanner import MARK, Scanner
from tests.factories import Cast, lodge_capture, lodge_png, make_case, make_cast, png

BAD = b"<p>" + MARK + b"</p>"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


@pytest.fixture
def there() -> Iterator[Scanner]:
    cache.clear()
    with Scanner() as one, override_settings(CLAMD_URL=one.address):
        yield one


@pytest.fixture
def bad(cast: Cast, case: Case, there: Scanner) -> Exhibit:
    exhibit = lodge(case, cast)
    screening.screen_waiting()
    return exhibit


def lodge(case: Case, cast: Cast, data: bytes = BAD) -> Exhibit:
    return exhibits.lodge_bytes(case, data=data, name="invoice.html", provenance={}, by=cast.investigator).exhibit


def take(exhibit: Exhibit, person: Any) -> bytes:
    return b"".join(reading.download(exhibit, by=person))


def told(exhibit: Exhibit) -> list[dict[str, Any]]:
    return [dict(entry.detail) for entry in history.entries(subject=f"exhibit/{exhibit}", limit=50)]


def test_without_a_scanner_nothing_is_locked_and_it_says_so(cast: Cast, case: Case) -> None:
    exhibit = lodge(case, cast)
    assert gate.of(exhibit).state == "off"
    assert take(exhibit, cast.reviewer) == BAD
    with pytest.raises(NotAllowed):
        unlocking.unlock(exhibit, reason="To look", by=cast.lead)


def test_what_is_clean_is_given_out(cast: Cast, case: Case, there: Scanner) -> None:
    exhibit = lodge(case, cast, b"harmless")
    screening.screen_waiting()
    assert gate.of(exhibit).state == "clean"
    assert take(exhibit, cast.reviewer) == b"harmless"


def test_malware_is_kept_and_given_out_to_nobody(cast: Cast, case: Case, bad: Exhibit) -> None:
    assert store.read_verified(bad.item.blob_id, 1000) == BAD
    for person in (cast.lead, cast.legal, cast.investigator):
        with pytest.raises(Locked, match=r"Casework\.Test\.Mark") as locked:
            take(bad, person)
        assert locked.value.code == "malware"
    # Nothing was counted as taken out, nothing was recorded as that.
    assert not case.exports.exists()
    assert "exhibit_downloaded" not in [one["act"] for one in told(bad)]


def test_the_lead_unlocks_it_for_themselves_alone_and_for_half_an_hour(cast: Cast, bad: Exhibit) -> None:
    made = unlocking.unlock(bad, reason="The laboratory asks for it", by=cast.lead)
    assert take(bad, cast.lead) == BAD
    with pytest.raises(Locked):
        take(bad, cast.legal)
    said = told(bad)
    unlocked = next(one for one in said if one["act"] == "original_unlocked")
    assert (unlocked["reason"], unlocked["finding"], unlocked["sha256"]) == (
        "The laboratory asks for it", "Casework.Test.Mark", bad.item.blob_id)
    downloaded = next(one for one in said if one["act"] == "exhibit_downloaded")
    assert (downloaded["screening"], downloaded["finding"]) == ("found", "Casework.Test.Mark")
    assert made.until - made.at == timedelta(minutes=30)


def test_after_half_an_hour_it_is_locked_again(cast: Cast, bad: Exhibit) -> None:
    then = timezone.now() - timedelta(minutes=31)
    Unlocking.objects.create(exhibit=bad, item=bad.item, person=cast.lead, state="found", finding="Casework.Test.Mark",
                             reason="r", at=then, until=then + timedelta(minutes=30))
    with pytest.raises(Locked):
        take(bad, cast.lead)


def test_an_unlocking_is_good_for_what_was_known_then(cast: Cast, case: Case, there: Scanner) -> None:
    exhibit = lodge(case, cast)
    unlocking.unlock(exhibit, reason="It hurries", by=cast.lead)
    assert take(exhibit, cast.lead) == BAD
    screening.screen_waiting()
    with pytest.raises(Locked):
        take(exhibit, cast.lead)


def test_who_may_unlock_malware_is_in_the_table(cast: Cast, bad: Exhibit) -> None:
    for person in (cast.investigator, cast.reviewer, cast.takedown, cast.auditor, cast.media):
        with pytest.raises(PermissionDenied):
            unlocking.unlock(bad, reason="I want it", by=person)
    for person in (cast.lead, cast.legal):
        assert unlocking.unlock(bad, reason="I need it", by=person)


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2001])
def test_a_reason_is_needed(cast: Cast, bad: Exhibit, reason: str) -> None:
    with pytest.raises(ValidationError):
        unlocking.unlock(bad, reason=reason, by=cast.lead)
    assert not Unlocking.objects.exists()


def test_who_is_stopped_unlocks_nothing(cast: Cast, case: Case, bad: Exhibit) -> None:
    exports.stop(case, cast.legal, reason="Too much", by=cast.lead)
    with pytest.raises(Stopped):
        unlocking.unlock(bad, reason="I need it", by=cast.legal)


def test_what_is_not_screened_yet_waits_or_is_unlocked_by_who_may_download(cast: Cast, case: Case,
                                                                           there: Scanner) -> None:
    exhibit = lodge(case, cast, b"harmless")
    with pytest.raises(Locked) as locked:
        take(exhibit, cast.reviewer)
    assert locked.value.code == "not_screened"
    unlocking.unlock(exhibit, reason="The court waits", by=cast.reviewer)
    assert take(exhibit, cast.reviewer) == b"harmless"
    with pytest.raises(PermissionDenied):
        unlocking.unlock(exhibit, reason="I want it", by=cast.auditor)
    # That is no alarm: nothing is known against it.
    assert not unlocking.alarms(case)
    screening.screen_waiting()
    assert take(exhibit, cast.legal) == b"harmless"


def test_what_cannot_be_screened_is_locked_too(cast: Cast, case: Case, there: Scanner) -> None:
    there.limit = 10
    exhibit = lodge(case, cast, b"x" * 1000)
    screening.screen_waiting()
    assert gate.of(exhibit).state == "too_large"
    with pytest.raises(Locked, match="could not be screened"):
        take(exhibit, cast.lead)
    # Nobody waits for a scanner that is not there any more; what was found by it stays found.
    with override_settings(CLAMD_URL=None):
        assert take(exhibit, cast.lead)


def test_what_was_found_stays_locked_without_the_scanner(cast: Cast, bad: Exhibit) -> None:
    with override_settings(CLAMD_URL=None), pytest.raises(Locked):
        take(bad, cast.lead)


def test_the_newest_screening_counts_both_ways(cast: Cast, case: Case, there: Scanner) -> None:
    exhibit = lodge(case, cast, b"not known yet")
    screening.screen_waiting()
    assert take(exhibit, cast.lead)
    for version, finds in (("ClamAV 1.4.6/27501/x", {b"not known": "Casework.New"}), ("ClamAV 1.4.6/27502/x", {})):
        there.version, there.finds = version, finds
        screening.again()
        screening.screen_waiting()
        assert gate.of(exhibit).is_locked == bool(finds)


def test_each_part_of_a_capture_is_locked_by_itself(cast: Cast, case: Case, there: Scanner) -> None:
    exhibit = lodge_capture(case, cast.lead, 1, ("more.txt", BAD)).exhibit
    screening.screen_waiting()
    states = {part.item.name: gate.of(exhibit, part).state for part in exhibit.item.parts.all()}
    assert states == {"page-1.png": "clean", "page.html": "clean", "more.txt": "found"}
    part = parts.one(exhibit, 3)
    with pytest.raises(Locked):
        b"".join(reading.download(exhibit, by=cast.lead, part=part))
    derivatives.derive_waiting()
    assert take(exhibit, cast.lead)
    unlocking.unlock(exhibit, part=part, reason="The laboratory asks for it", by=cast.lead)
    assert b"".join(reading.download(exhibit, by=cast.lead, part=part)) == BAD


def test_the_same_bytes_that_came_again_are_heard_and_other_cases_are_not(cast: Cast, case: Case,
                                                                         there: Scanner) -> None:
    exhibit = lodge(case, cast, b"not known yet")
    screening.screen_waiting()
    there.finds[b"not known"] = "Casework.New"
    foreign = make_case(cast, "Another case", by=cast.outsider)
    other = exhibits.lodge_bytes(foreign, data=b"not known yet", name="a", provenance={}, by=cast.outsider).exhibit
    screening.screen_waiting()
    assert (gate.of(other).state, gate.of(exhibit).state) == ("found", "clean")
    lodge(case, cast, b"not known yet")
    screening.screen_waiting()
    assert gate.of(exhibit).state == "found"


def test_the_same_bytes_that_came_again_are_heard_of_a_part_too(cast: Cast, case: Case, there: Scanner) -> None:
    exhibit = lodge_capture(case, cast.lead, 1).exhibit
    screening.screen_waiting()
    there.finds[b"IDAT"] = "Casework.Picture"
    again = exhibits.lodge_bytes(case, data=png(1), name="again.png", provenance={}, by=cast.lead)
    assert again.exhibit == exhibit
    screening.screen_waiting()
    main = next(part for part in exhibit.item.parts.all() if part.item_id == exhibit.item_id)
    assert gate.of(exhibit).is_found and gate.of(exhibit, main).is_found
    with pytest.raises(Locked):
        b"".join(reading.download(exhibit, by=cast.lead, part=main))


def test_who_may_unlock_malware_no_more_takes_out_none_that_they_unlocked(cast: Cast, case: Case,
                                                                      bad: Exhibit) -> None:
    unlocking.unlock(bad, reason="The laboratory asks for it", by=cast.lead)
    case.memberships.filter(user=cast.lead).update(role="investigator")
    with pytest.raises(Locked):
        take(bad, cast.lead)


def test_pictures_of_it_are_shown_because_they_were_drawn_anew(cast: Cast, case: Case, there: Scanner) -> None:
    there.finds[b"IDAT"] = "Casework.Picture"
    exhibit = lodge_png(case, cast.lead, 3).exhibit
    derivatives.derive(exhibit.item)
    screening.screen_waiting()
    assert gate.of(exhibit).is_found
    picture = reading.preview(exhibit, by=cast.reviewer)
    assert picture is not None and picture.data != png(3)
    assert reading.thumbnail(exhibit, by=cast.reviewer) is not None


def test_an_alarm_stands_until_somebody_else_has_looked(cast: Cast, case: Case, bad: Exhibit) -> None:
    made = unlocking.unlock(bad, reason="The laboratory asks for it", by=cast.lead)
    assert list(unlocking.alarms(case)) == [made]
    with pytest.raises(NotAllowed):
        unlocking.saw(made, by=cast.lead)
    with pytest.raises(PermissionDenied):
        unlocking.saw(made, by=cast.investigator)
    unlocking.saw(made, by=cast.legal)
    assert not unlocking.alarms(case)
    assert "unlocking_seen" in [one["act"] for one in told(bad)]


@pytest.mark.parametrize("change", ["UPDATE casework_unlocking SET until = until + interval '1 minute'",
                                    "UPDATE casework_unlocking SET person_id = person_id + 1",
                                    "UPDATE casework_unlocking SET seen_by_id = person_id, seen_at = now()",
                                    "DELETE FROM casework_unlocking"])
def test_the_database_keeps_an_unlocking_as_it_was(cast: Cast, bad: Exhibit, change: str) -> None:
    unlocking.unlock(bad, reason="The laboratory asks for it", by=cast.lead)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_the_database_refuses_to_unsee_what_was_seen_or_to_see_it_as_another(cast: Cast, bad: Exhibit) -> None:
    made = unlocking.unlock(bad, reason="The laboratory asks for it", by=cast.legal)
    unlocking.saw(made, by=cast.lead)
    with connection.cursor() as cursor:
        for change in ("seen_by_id = NULL, seen_at = NULL", f"seen_by_id = {cast.admin.pk}",
                       "seen_at = seen_at + interval '1 second'"):
            with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
                cursor.execute(f"UPDATE casework_unlocking SET {change}")
        cursor.execute("UPDATE casework_unlocking SET seen_by_id = seen_by_id")
    made.refresh_from_db()
    assert made.seen_by == cast.lead
