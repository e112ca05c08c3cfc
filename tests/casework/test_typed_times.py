"""A time that somebody gives: what was typed, with its zone, stays beside the moment in UTC that it is."""

import io
from typing import Any

import pytest
from django.test import Client

from casework.accounts import services as accounts
from casework.accounts.models import Observation
from casework.cases.models import Case
from casework.exhibits import provenance
from casework.exhibits.models import Exhibit
from evidence.custody import history
from tests.casework import tus
from tests.factories import Cast, bearer, lodge_png, make_case, make_cast, png, sign_in

# Typed, and in UTC. The second and third are one reading of a clock, an hour apart.
GIVEN = [
    ("2026-03-29 03:30 Europe/Berlin", "2026-03-29T01:30:00Z"),
    ("2025-10-26 02:30 +02:00 Europe/Berlin", "2025-10-26T00:30:00Z"),
    ("2025-10-26 02:30 +01:00 Europe/Berlin", "2025-10-26T01:30:00Z"),
    ("2026-03-14T23:05:09.250+0500", "2026-03-14T18:05:09.250Z"),
    ("2026-03-14 18:05 UTC", "2026-03-14T18:05:00Z"),
    ("2024-02-29 12:00 Asia/Karachi", "2024-02-29T07:00:00Z"),
    ("2026-03-14 18:05", "2026-03-14T18:05:00Z"),
]
REFUSED = [
    ("2026-03-29 02:30 Europe/Berlin", "never showed this time"),
    ("2025-10-26 02:30 Europe/Berlin", "write +02:00 or +01:00"),
    ("2026-03-29 02:30 +01:00 Europe/Berlin", "another offset"),
    ("2026-03-14 18:05 +05:00 Europe/Berlin", "another offset"),
    ("2026-03-14 18:05 Europe/Daryapur", "No zone of this name"),
    ("2026-03-14 18:05 CEST", "No zone of this name"),
    ("2026-03-14 18:05 localtime", "No zone of this name"),
    ("2026-03-14 18:05 Europe/../../etc/passwd", "Write it like"),
    ("2026-02-29 12:00 Europe/Berlin", "Write it like"),
    ("2025-06-30 23:59:60 UTC", "Write it like"),
    ("2026-03-14 18:05 +25:00", "Write it like"),
    ("0000-01-01 00:00 Europe/Berlin", "Write it like"),
    ("0001-01-01 00:00 Asia/Karachi", "Write it like"),
    ("2026-03-14\u202e18:05", "Write it like"),
    # Python reads each of these as five o'clock in UTC.
    ("2026-03-14 +05:00", "Write it like"), ("2026-03-14+05", "Write it like"), ("20260314 -0500", "Write it like"),
    ("2026-03-14 +01:00 Europe/Berlin", "Write it like"), ("2026-W11-6 05:00", "Write it like"),
    ("2026-03-14 18:05 " + "Europe/Berlin" * 9, "at most 80"),
    ("2999-01-01 00:00 Europe/Berlin", "has not come yet"),
]


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


def called(case: Case, person: Any, **fields: Any) -> Any:
    return Client().post(f"/api/v1/cases/{case.ref}/exhibits/", {"file": io.BytesIO(png(7))} | fields,
                         headers=bearer(person))


@pytest.mark.parametrize(("typed", "at"), GIVEN)
def test_what_was_typed_is_kept_and_shown_beside_the_utc_time(cast: Cast, case: Case, typed: str, at: str) -> None:
    client = sign_in(cast.lead)
    client.post(f"/cases/{case.ref}/evidence/lodge", {"text": "Typed", "captured_at": f" {typed} ", "posted_at": typed})
    assert called(case, cast.lead, captured_at=typed, posted_at=typed).status_code == 201
    times = {"captured_at": at, "captured_at_given": typed, "posted_at": at, "posted_at_given": typed,
             "posted_at_basis": "claimed"}
    assert [row.item.provenance for row in Exhibit.objects.all()] == [times, times]
    for row in Exhibit.objects.all():
        [event] = [one for one in history.about([f"item/{row.item_id}"]) if one.kind == "accession"]
        assert event.detail["provenance"] == times
        told = Client().get(f"/api/v1/cases/{case.ref}/exhibits/{row.label}/", headers=bearer(cast.lead)).json()
        assert told["provenance"] == times
        for page in ("", "receipt"):
            shown = client.get(f"/cases/{case.ref}/evidence/{row.label}/{page}").content.decode()
            assert shown.count(f', given as <bdi dir="ltr">{typed}</bdi>') == 2, page


@pytest.mark.parametrize("language", ["en", "ur"])
def test_what_is_written_as_the_utc_time_is_not_said_twice(cast: Cast, case: Case, language: str) -> None:
    lodge_png(case, cast.lead, 1, captured_at="2026-03-14T18:05:09Z")
    lodge_png(case, cast.lead, 2, captured_at="2026-03-14 18:05:09 Europe/Berlin")
    cast.lead.language = language
    cast.lead.save()
    client = sign_in(cast.lead)
    plain, given = (client.get(f"/cases/{case.ref}/evidence/E-00{number}/").content.decode() for number in (1, 2))
    words = {"en": "given as", "ur": "جو یوں دیا گیا"}[language]
    assert words in given and words not in plain
    assert "captured_at_given" not in Exhibit.objects.get(number=1).item.provenance


@pytest.mark.parametrize(("typed", "said"), REFUSED)
def test_a_time_that_no_clock_showed_or_that_is_two_is_refused_in_words(cast: Cast, case: Case, typed: str,
                                                                       said: str) -> None:
    page = sign_in(cast.lead).post(f"/cases/{case.ref}/evidence/lodge", {"text": "Typed", "captured_at": typed},
                                   headers={"Accept": "application/json"})
    call = called(case, cast.lead, posted_at=typed)
    assert (page.status_code, call.status_code, Exhibit.objects.count()) == (422, 422, 0)
    assert said in page.json()["errors"]["captured_at"][0]
    assert said.replace("at most", "no more than") in call.json()["errors"]["posted_at"][0]


def test_nobody_gives_the_text_and_the_time_apart(cast: Cast, case: Case) -> None:
    answer = called(case, cast.lead, captured_at="2026-03-14 18:05", captured_at_given="yesterday")
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["captured_at_given"])


def test_what_was_typed_before_the_first_piece_is_there_after_the_last(cast: Cast, case: Case) -> None:
    typed, sender = "2025-10-26 02:30 +01:00 Europe/Berlin", tus.Tus(case, cast.lead)
    url = sender.begun(4, said={"captured_at": typed})
    sender.send(url, b"abcd", 0)
    assert sender.client.post(f"{url}finish/", {}, "application/json", headers=sender.headers).status_code == 201
    assert Exhibit.objects.get().item.provenance == {"captured_at": "2025-10-26T01:30:00Z", "captured_at_given": typed}


def test_a_derived_time_that_is_typed_in_another_zone_is_derived_and_keeps_its_words() -> None:
    found = provenance.complete({"source_url": "https://x.com/zara_news_pk/status/1768331415029559296",
                                 "posted_at": "2024-03-14 22:40:38.009 Asia/Karachi"})
    assert (found["posted_at"], found["posted_at_basis"]) == ("2024-03-14T17:40:38.009Z", "derived")
    assert found["posted_at_given"] == "2024-03-14 22:40:38.009 Asia/Karachi"


def test_what_was_seen_stands_in_the_order_of_utc_whatever_the_zones_say(cast: Cast, case: Case) -> None:
    """The texts alone would stand in another order; two of one moment stand as they came."""
    typed = ["2025-10-26 02:30 +01:00 Europe/Berlin", "2025-10-26 06:30 Asia/Karachi",
             "2025-10-26 02:30 +02:00 Europe/Berlin"]
    subject = None
    for shade, one in enumerate(typed):
        exhibit = lodge_png(case, cast.investigator, shade, captured_at=one).exhibit
        words: dict[str, Any] = {"handle": f"saba_{shade}", "exhibit": exhibit, "by": cast.investigator}
        if subject:
            accounts.observe(subject, **words)
        else:
            subject = accounts.name_account(case, platform="x", **words)
    assert [row.handle for row in Observation.objects.all()] == ["saba_2", "saba_0", "saba_1"]
    page = sign_in(cast.lead).get(f"/cases/{case.ref}/accounts/S-001/").content.decode()
    assert all(f"given as <bdi dir=\"ltr\">{one}</bdi>" in page for one in typed)
    told = Client().get(f"/api/v1/cases/{case.ref}/accounts/S-001/", headers=bearer(cast.lead)).json()
    assert [row["observed_at_given"] for row in told["observations"]] == [typed[2], typed[0], typed[1]]
