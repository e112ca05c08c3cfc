"""Days at the edge of the calendar: not kept of what somebody typed, and no mistake of ours where one asks for them
or an export holds them."""

from typing import Any

import pytest

from casework.accounts import moments
from casework.cases.models import Case
from tests.casework.exchanged import COLUMNS as EXPORTED
from tests.casework.exporting import imported
from tests.factories import Cast, exhibits_of, lodge_png, make_case, make_cast, sign_in

EDGES = ("0001-01-01", "0001-01-01T00:00:00+05:00", "9999-12-31", "9999-12-31T23:59:59-05:00")


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


@pytest.mark.parametrize("text", ["0001-01-01", "1969-12-31", "0001-01-01 00:00", "0001-01-01 00:00 +05:00"])
def test_what_exhibits_show_is_not_older_than_these_machines(text: str) -> None:
    with pytest.raises(ValueError, match="before|calendar"):
        moments.read(text)
    assert moments.read("1970-01-01").resolution == "day"


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize("page", ["timeline/", "posts/"])
def test_whoever_asks_for_the_edge_of_the_calendar_gets_an_answer(case: Case, cast: Cast, page: str,
                                                                  edge: str) -> None:
    client = sign_in(cast.lead)
    for name in ("from", "until", "to"):
        for where in (f"/cases/{case.ref}/{page}", f"/api/v1/cases/{case.ref}/{page}"):
            assert client.get(where, {name: edge}).status_code in (200, 422), (where, name)


def test_an_export_that_holds_such_days_breaks_no_page(case: Case, cast: Cast) -> None:
    lodge_png(case, cast.lead, 1)
    edges = ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z")
    rows = "".join(f"{edge},sana,Build the port of the delta now for everybody #Delta,{at}\n"
                   for at, edge in enumerate(edges))
    imported(case, f"when,who,what,id\n{rows}", cast.lead, "table", columns=EXPORTED, kind="post",
             time="iso", zone="UTC")
    client = sign_in(cast.lead)
    for page in ("timeline/", "posts/", "network/", "timeline/?from=0001-01-01"):
        assert client.get(f"/cases/{case.ref}/{page}").status_code == 200, page


def test_a_tasking_of_the_year_one_is_refused(case: Case, cast: Cast) -> None:
    shown: Any = lodge_png(case, cast.lead, 1).exhibit
    channel = sign_in(cast.lead).post(f"/api/v1/cases/{case.ref}/channels/", {
        "platform": "whatsapp", "name": "Evening", "at": "0001-01-01", "exhibit": shown.label},
        content_type="application/json")
    assert channel.status_code == 422 and "at" in str(channel.json())
    assert exhibits_of(case) == [shown]
