"""Exports that were made to mislead or to break the import: asked about, refused by name, or read all the same."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from casework.cases.models import Case
from casework.posts import looking, services
from casework.posts.models import Import
from evidence.jail import services as jail
from tests.casework.exporting import KARACHI, imported, lodge, read
from tests.evidence.exporting import workbook, zipped
from tests.factories import Cast, make_case, make_cast, sign_in

# Eighteen messages that are in order either way, and a line that somebody typed.
STAIRS = [f"{day:02d}/{day + more:02d}/2026, 18:05 - Bilal K.: one\n" for day in range(1, 10) for more in (1, 2)]
TYPED = "13/01/2026, 10:00 - x: typed\n"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


def test_one_typed_line_decides_no_dates_and_the_page_shows_it(case: Case, cast: Cast) -> None:
    exhibit = lodge(case, "".join([*STAIRS[:7], TYPED, *STAIRS[7:]]), cast.investigator)
    told = looking.look(exhibit, format="whatsapp", by=cast.investigator)
    assert (told["state"], told["asked"]) == ("doubtful", ["order", "zone"])
    with pytest.raises(ValidationError) as refused:
        services.begin(exhibit, format="whatsapp", options=KARACHI, by=cast.investigator)
    assert list(refused.value.message_dict) == ["order"]
    html = sign_in(cast.investigator).get(reverse("posts:begin", args=[case.ref]), {
        "exhibit": exhibit.label, "format": "whatsapp"}).content.decode()
    assert "So few lines decide the order that somebody may have typed them" in html
    assert html.index("13/01/2026, 10:00") < html.index("01/02/2026, 18:05")
    begun = services.begin(exhibit, format="whatsapp", options=KARACHI | {"order": "mdy"}, by=cast.investigator)
    assert (read(begun).state, begun.unreads.get().line) == ("read", 8)


def test_nul_in_a_key_or_in_a_sample_stops_no_import_and_loses_no_question(case: Case, cast: Cast,
                                                                           monkeypatch: pytest.MonkeyPatch) -> None:
    message = {"id": 1, "type": "message", "date_unixtime": "1773000000", "from": "B", "from_id": "user1", "text": "a"}
    done = imported(case, json.dumps({"a\x00b": "y" * 2000, "messages": [message]}), cast.investigator, "telegram")
    assert done.state == "read" and done.whole is not None and done.whole["framing"]["a\ufffdb"] == 2002
    exhibit = lodge(case, "when,what\n03/06/2026,\x00\n", cast.investigator, "posts.csv")
    monkeypatch.setattr(looking, "LOOK", jail.Limits(wall=0.0))
    asked = read(services.begin(exhibit, format="table", by=cast.investigator, options=KARACHI | {
        "columns": {"time": "when", "text": "what"}}))
    assert (asked.state, asked.attempts) == ("stopped", 1)
    assert asked.asks is not None and asked.asks["facts"]["samples"] == [["03/06/2026", "\ufffd"]]


def test_a_member_whose_name_no_database_keeps_is_refused_when_it_is_begun(case: Case, cast: Cast) -> None:
    data = zipped({"a_dir/tweets.js": b"window.YTD.tweets.part0 = [ ]"}).replace(b"a_dir", b"a\0dir")
    exhibit = lodge(case, data, cast.investigator, "twitter.zip")
    with pytest.raises(ValidationError, match="characters that no line of text has"):
        services.begin(exhibit, format="xarchive", options={}, by=cast.investigator)
    page = sign_in(cast.investigator).post(
        reverse("posts:begin", args=[case.ref]) + f"?exhibit={exhibit.label}&format=xarchive", {})
    assert page.status_code == 422
    assert not Import.objects.exists()


def test_a_workbook_that_swells_stops_with_the_reason_and_keeps_what_was_read(
        case: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jail, "UNNOTICED", 1024**2)
    cells = "<row>" + "".join(f'<c t="{kind}"><v>{value}</v></c>' for kind, value in (("str", "2026-06-03"), ("s", 0)))
    head = '<row><c t="str"><v>when</v></c><c t="str"><v>what</v></c></row>'
    data = workbook(head + f"{cells}</row>" * 500, shared=f"<si><t>{'s' * 30_000}</t></si>")
    done = imported(case, data, cast.investigator, "sheet", columns={"time": "when", "text": "what"}, time="iso",
                    **KARACHI)
    assert done.state == "stopped" and done.problem.endswith(f"of a file of {len(data)}: more is not kept")
    assert done.posts.count() == done.kept < 500
