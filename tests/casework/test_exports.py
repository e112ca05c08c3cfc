"""What leaves the house is counted: much of it slows, raises an alarm, and can be stopped while it runs."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, models, transaction
from django.test import Client
from django.utils import timezone

from casework.access import Action
from casework.cases import services as cases
from casework.cases.models import Case
from casework.exhibits import reading
from casework.exhibits.models import Exhibit
from casework.exports import services as exports
from casework.exports.models import Alarm, Export, Stop
from casework.lifecycle import NotAllowed
from casework.pace import Stopped, TooSoon
from casework.people import services as people
from casework.people import sessions
from casework.people.models import ApiToken
from casework.record import Act
from evidence.custody import history
from evidence.derivatives import services as derivatives
from tests.factories import Cast, bearer, lodge_png, make_case, make_cast, sign_in


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


@pytest.fixture
def exhibit(cast: Cast, case: Case) -> Exhibit:
    lodged = lodge_png(case, cast.lead, 1)
    derivatives.derive(lodged.item)
    return lodged.exhibit


@pytest.fixture(autouse=True)
def small(settings: Any) -> None:
    settings.EXPORT_FILES_AN_HOUR = 3


def take(exhibit: Exhibit, person: Any) -> bytes:
    return b"".join(reading.download(exhibit, by=person))


def acts(case: Case) -> list[str]:
    return [str(entry.detail.get("act")) for entry in history.entries(context=f"case/{case.ref}", limit=50)]



def test_within_the_budget_nothing_is_slowed(cast: Cast, case: Case, exhibit: Exhibit) -> None:
    for _turn in range(2):
        assert take(exhibit, cast.legal)
    assert Export.objects.filter(case=case, person=cast.legal, size=exhibit.item.blob.size).count() == 2
    assert not Alarm.objects.exists()


def test_who_is_slowed_has_raised_an_alarm_before(cast: Cast, case: Case, exhibit: Exhibit) -> None:
    for _turn in range(3):
        take(exhibit, cast.legal)
    with pytest.raises(TooSoon):
        take(exhibit, cast.legal)
    assert Alarm.objects.get(case=case).files == 3


@pytest.fixture
def spent(cast: Cast, case: Case, exhibit: Exhibit) -> Exhibit:
    """Three taken out two minutes ago: the budget is spent, the pace is not."""
    then = timezone.now() - timedelta(minutes=2)
    for _turn in range(3):
        Export.objects.create(case=case, person=cast.legal, at=then, size=10, subject=f"exhibit/{exhibit}")
    return exhibit


def test_beyond_the_budget_one_a_minute_and_one_alarm_an_hour(cast: Cast, case: Case, spent: Exhibit) -> None:
    assert take(spent, cast.legal)
    with pytest.raises(TooSoon) as slow:
        take(spent, cast.legal)
    assert 0 < slow.value.wait <= 60
    assert Export.objects.count() == 4, "what was refused is not counted"
    alarm = Alarm.objects.get()
    assert (alarm.person, alarm.case, alarm.files) == (cast.legal, case, 4)
    assert acts(case).count(Act.EXPORT_ALARM) == 1
    assert take(spent, cast.lead), "the budget is each person's own"


def test_bytes_spend_the_budget_too(cast: Cast, exhibit: Exhibit, settings: Any) -> None:
    settings.EXPORT_BYTES_AN_HOUR = 1
    take(exhibit, cast.legal)
    with pytest.raises(TooSoon):
        take(exhibit, cast.legal)


def test_an_alarm_comes_up_in_each_case_with_its_own_numbers_alone(cast: Cast, case: Case, spent: Exhibit) -> None:
    other = make_case(cast, "Another")
    found = lodge_png(other, cast.lead, 2).exhibit
    derivatives.derive(found.item)
    take(found, cast.legal)
    assert {(alarm.case, alarm.files) for alarm in Alarm.objects.all()} == {(case, 3), (other, 1)}


def test_page_and_call_say_how_long_to_wait(cast: Cast, case: Case, spent: Exhibit) -> None:
    take(spent, cast.legal)
    page = sign_in(cast.legal).get(f"/cases/{case.ref}/evidence/E-001/original")
    call = Client().get(f"/api/v1/cases/{case.ref}/exhibits/E-001/original/", headers=bearer(cast.legal, "export"))
    for answer in (page, call):
        assert answer.status_code == 429
        assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert call.json()["code"] == "too_soon"
    refused = [entry.detail for entry in history.entries(context=f"case/{case.ref}", limit=50)
               if entry.detail.get("act") == Act.REFUSED]
    assert [one["status"] for one in refused] == [429, 429]
    assert b"one thing a minute" in page.content


def test_a_stop_holds_until_it_is_lifted_by_another(cast: Cast, case: Case, exhibit: Exhibit) -> None:
    stop = exports.stop(case, cast.legal, reason="  Looks like a stolen session ", by=cast.lead)
    again = exports.stop(case, cast.legal, reason="another", by=cast.lead)
    assert (again.pk, stop.reason) == (stop.pk, "Looks like a stolen session")
    with pytest.raises(Stopped):
        take(exhibit, cast.legal)
    assert sign_in(cast.legal).get(f"/cases/{case.ref}/evidence/E-001/original").status_code == 403
    assert take(exhibit, cast.lead)
    exports.lift(stop, by=cast.lead)
    exports.lift(stop, by=cast.lead)
    assert take(exhibit, cast.legal)
    assert (acts(case).count(Act.EXPORTS_STOPPED), acts(case).count(Act.EXPORTS_ALLOWED)) == (1, 1)


def test_only_who_leads_stops_never_themselves_and_not_without_a_reason(cast: Cast, case: Case) -> None:
    for person, reason, error in ((cast.lead, "x", ValidationError), (cast.legal, " ", ValidationError)):
        with pytest.raises(error):
            exports.stop(case, person, reason=reason, by=cast.lead)
    with pytest.raises(PermissionDenied):
        exports.stop(case, cast.lead, reason="x", by=cast.investigator)
    cases.add_member(case, user=cast.legal, role="lead", by=cast.lead)
    mine = exports.stop(case, cast.lead, reason="x", by=cast.legal)
    with pytest.raises(NotAllowed):
        exports.lift(mine, by=cast.lead)
    assert not Stop.objects.filter(lifted_at__isnull=False).exists()


def endless() -> Iterator[bytes]:
    while True:
        yield b"x"


@pytest.mark.parametrize("what", ["stopped", "shut out", "role ended", "token revoked", "token over", "session ended"])
def test_a_running_download_is_cut_off(cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    monkeypatch.setattr(exports, "LOOK_SECONDS", 0.0)
    if what.startswith("token"):
        cast.investigator.token_key = people.make_token(cast.investigator, "mine", ["export"], 1)[0].pk
    elif what == "session ended":
        cast.investigator.session_key = str(sign_in(cast.investigator).session.session_key)
    chunks = exports.watched(endless(), case, Action.EXHIBIT_DOWNLOAD, by=cast.investigator)
    assert next(chunks) == b"x"
    if what == "stopped":
        exports.stop(case, cast.investigator, reason="x", by=cast.lead)
    elif what == "token revoked":
        ApiToken.objects.update(revoked_at=timezone.now())
    elif what == "token over":
        ApiToken.objects.update(expires_at=timezone.now())
    elif what == "session ended":
        sessions.end_all(cast.investigator, by=cast.investigator)
    elif what == "shut out":
        type(cast.investigator).objects.filter(pk=cast.investigator.pk).update(is_active=False)
    else:
        case.memberships.filter(user=cast.investigator).update(ended_at=timezone.now())
    with pytest.raises((Stopped, PermissionDenied)):
        next(chunks)


def test_an_alarm_is_seen_by_a_lead_but_not_by_whom_it_is_about(cast: Cast, case: Case) -> None:
    alarm = Alarm.objects.create(case=case, person=cast.lead, raised_at=timezone.now(), files=4, size=9)
    assert sign_in(cast.lead).post(f"/cases/{case.ref}/access/alarms/{alarm.pk}/seen/").status_code == 409
    cases.add_member(case, user=cast.legal, role="lead", by=cast.lead)
    exports.saw(alarm, by=cast.legal)
    exports.saw(alarm, by=cast.legal)
    assert Alarm.objects.get().seen_by == cast.legal
    assert acts(case).count(Act.EXPORT_ALARM_SEEN) == 1


def test_what_was_taken_out_stays_counted(cast: Cast, case: Case, exhibit: Exhibit) -> None:
    take(exhibit, cast.legal)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Export.objects.update(at=models.F("at"))
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Export._base_manager.all()._raw_delete(using="default")
