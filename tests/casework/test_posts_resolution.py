"""How exactly the times of an export are taken: asked for, kept, and heeded by all that goes by time."""

import pytest
from django.urls import reverse

from casework.cases.models import Case
from casework.coordination import compose, words
from casework.posts import services
from casework.posts.models import Import
from tests.casework.exporting import CHAT, COLUMNS, KARACHI, TABLE, lodge, read
from tests.casework.test_coordination_matches import case, cast, tasking
from tests.casework.test_posts_pages import call, page, told
from tests.factories import Cast, sign_in

__all__ = ["case", "cast"]


@pytest.mark.parametrize(("format", "data"), [("whatsapp", CHAT), ("table", TABLE)])
def test_it_is_asked_for_beside_the_zone_and_kept_as_it_was_said(
        case: Case, cast: Cast, format: str, data: str) -> None:
    exhibit = lodge(case, data, cast.investigator)
    asked = f"?exhibit={exhibit.label}&format={format}"
    html = page(case, cast.investigator, "begin", asked=asked)
    assert "How exactly times are taken" in html and '<option value="minute">to the minute</option>' in html
    assert ("<dt>Times are written</dt><dd>to the minute</dd>" in html) == (format == "whatsapp")
    client, address = sign_in(cast.investigator), reverse("posts:begin", args=[case.ref]) + asked
    columns = {"kind": "post", **{f"column_{name}": of for name, of in COLUMNS.items() if name != "counts"}}
    given = {"zone": "Asia/Karachi", **(columns if format == "table" else {})}
    assert client.post(address, given | {"resolution": "second"}).status_code == 422
    assert client.post(address, given | {"resolution": "day"}).status_code == 302
    begun = Import.objects.latest("pk")
    assert begun.options["resolution"] == begun.resolution == told("import_begun")[-1]["options"]["resolution"] == "day"
    read(begun)
    assert {row.resolution for row in begun.posts.all()} == {"day"}
    report = page(case, cast.reviewer, "import", begun.label)
    assert "<dt>How exactly times are taken</dt>" in report and "the day only" in report
    shown = page(case, cast.reviewer, "list", asked=f"?import={begun.label}")
    assert "No time is taken more exactly than the day" in shown and "2026-03-14 13:05" not in shown
    again = page(case, cast.investigator, "begin", asked=f"{asked}&again={begun.label}")
    assert '<option value="day" selected>' in again


def test_the_calls_take_it_and_tell_it(case: Case, cast: Cast) -> None:
    exhibit = lodge(case, CHAT, cast.investigator)
    wrong = call(case, cast.investigator, "imports/", "post", exhibit=exhibit.label, format="whatsapp",
                 options=KARACHI | {"resolution": "second"})
    assert wrong.status_code == 422 and "the option resolution is one of" in wrong.content.decode()
    begun = call(case, cast.investigator, "imports/", "post", exhibit=exhibit.label, format="whatsapp",
                 options=KARACHI | {"resolution": "minute"}).json()
    assert begun["resolution"] == begun["options"]["resolution"] == "minute"
    assert call(case, cast.reviewer, "imports/I-001/").json()["resolution"] == ""


def test_of_an_import_that_is_taken_to_the_minute_nothing_came_within_seconds(case: Case, cast: Cast) -> None:
    finer = Import.objects.get(format="table")
    posts = compose.matches_of(tasking(case)).posts
    assert (words.apart(posts.middle), words.within(posts.middle)) == ("38 s to 40 s after", "within seconds")
    services.withdraw(finer, reason="Its clock is not to be trusted to the second", by=cast.lead)
    coarser = read(services.begin(finer.exhibit, format="table", options=finer.options | {"resolution": "minute"},
                                  by=cast.lead))
    assert coarser.rows_sha256 != finer.rows_sha256
    posts = compose.matches_of(tasking(case)).posts
    assert (words.apart(posts.middle), words.within(posts.middle)) == ("29 s to 1 min 30 s after", "within minutes")
    html = sign_in(cast.reviewer).get(reverse("coordination:matches", args=[case.ref, "K-001"])).content.decode()
    assert "nothing can be said to have come within seconds" in html and "within seconds</" not in html
