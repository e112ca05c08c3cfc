"""Provenance: times read, addresses filled in, and nobody claims what only the id can say."""

from datetime import UTC, datetime

import pytest

from casework.exhibits import moments, names, provenance
from evidence.derivatives import services as derivatives
from tests.factories import lodge_png, make_case, make_cast, sign_in

POST = "https://x.com/zara_news_pk/status/1768331415029559296"
DERIVED = "2024-03-14T17:40:38.009Z"


@pytest.mark.parametrize(("text", "at"), [
    ("2026-03-14 18:05:09", datetime(2026, 3, 14, 18, 5, 9, tzinfo=UTC)),
    ("2026-03-14T18:05", datetime(2026, 3, 14, 18, 5, tzinfo=UTC)),
    ("2026-03-14 23:05:09 +05:00", datetime(2026, 3, 14, 18, 5, 9, tzinfo=UTC)),
    ("2026-03-14T18:05:09.123z", datetime(2026, 3, 14, 18, 5, 9, 123000, tzinfo=UTC)),
])
def test_a_time_is_read_with_its_zone_and_as_utc_without(text: str, at: datetime) -> None:
    assert moments.read(text) == moments.Moment(at, text)


@pytest.mark.parametrize("text", [
    "", "yesterday", "2026-13-01", "14/03/2026", "0001-01-01T00:00+14:00", "2026-03-14 +"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        moments.read(text)


def test_an_address_fills_what_was_left_empty() -> None:
    assert provenance.complete({"source_url": POST, "handle": "", "note": " "}) == {
        "source_url": POST, "platform": "x", "handle": "zara_news_pk", "post_id": "1768331415029559296",
        "posted_at": DERIVED, "posted_at_basis": "derived"}


def test_what_was_typed_stays_and_counts_as_claimed() -> None:
    typed = provenance.complete({"source_url": POST, "handle": "another", "posted_at": "2024-03-14T18:00:00Z"})
    assert (typed["handle"], typed["posted_at"], typed["posted_at_basis"]) == (
        "another", "2024-03-14T18:00:00Z", "claimed")


def test_the_derived_time_typed_again_is_derived() -> None:
    assert provenance.complete({"source_url": POST, "posted_at": DERIVED})["posted_at_basis"] == "derived"


def test_nobody_can_claim_that_a_time_is_derived() -> None:
    said = provenance.complete({"posted_at": "2024-03-14T18:00:00Z", "posted_at_basis": "derived"})
    assert said["posted_at_basis"] == "claimed"
    assert "posted_at_basis" not in provenance.complete({"posted_at_basis": "observed"})


def test_another_platform_than_the_address_says_takes_nothing_from_it() -> None:
    assert provenance.complete({"source_url": POST, "platform": "facebook"}) == {
        "source_url": POST, "platform": "facebook"}


@pytest.mark.parametrize("name", [
    "../../etc/passwd", "a\r\nSet-Cookie: x=1", 'a"b.png', "photo\u202egpj.exe", "\x00", "x" * 5000 + ".png", "CON",
    "$(id).sh", "رپورٹ.pdf", "", ".htaccess"])
def test_a_download_name_is_safe_in_a_header_and_on_a_disk(name: str) -> None:
    given = names.download_name("CW-2026-0001", "E-007", name)
    assert given.startswith("CW-2026-0001_E-007")
    assert not set(given) & set('/\\:*?"<>|\r\n\x00\u202e')
    assert len(given) < 160
    header = names.attachment(given)
    assert header.isascii() and header.isprintable()
    assert header.startswith('attachment; filename="')


def test_what_came_without_a_word_says_how_to_state_it_and_shows_each_sighting(db: None) -> None:
    cast = make_cast()
    case, client = make_case(cast), sign_in(cast.investigator)
    lodge_png(case, cast.investigator, 1)
    assert "kept without a word" in client.get(f"/cases/{case.ref}/evidence/").content.decode()
    page = client.get(f"/cases/{case.ref}/evidence/E-001/").content.decode()
    assert "Nothing was stated." in page and "cannot be written in afterwards" in page
    lodge_png(case, cast.investigator, 1, source_url="https://x.com/zara_news/status/1768331415029559296",
              captured_at="2026-03-14T07:00:00Z", captured_with="Firefox 140")
    page = client.get(f"/cases/{case.ref}/evidence/E-001/").content.decode()
    again = page[page.index("The same bytes came again"):]
    for said in ("https://x.com/zara_news/status/1768331415029559296", "2026-03-14 07:00:00 UTC", "Firefox 140"):
        assert said in again


def test_a_fresh_file_says_that_its_picture_is_being_made(db: None) -> None:
    cast = make_cast()
    case, client = make_case(cast), sign_in(cast.investigator)
    lodged = lodge_png(case, cast.investigator, 1)
    address = f"/cases/{case.ref}/evidence/E-001/"
    assert "is being made" in client.get(address).content.decode()
    derivatives.derive(lodged.item)
    assert "is being made" not in client.get(address).content.decode()
