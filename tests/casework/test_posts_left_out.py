"""A workbook of several sheets and an archive of many files: one part is chosen and read, the rest is not hidden."""

import pytest
from django.urls import reverse

from casework.cases.models import Case
from casework.posts.models import Import
from casework.posts.serializers import WholeOut
from evidence.jail import services as jail
from tests.casework.exporting import KARACHI, imported, lodge, read
from tests.casework.test_posts_pages import call, case, cast, page, told
from tests.evidence.exporting import workbook, zipped
from tests.factories import Cast, sign_in

__all__ = ["case", "cast"]
CELL = '<c t="inlineStr"><is><t>{}</t></is></c>'
COLUMNS = {"time": "when", "text": "what"}
SECOND = "xl/worksheets/sheet2.xml"


def rows(*cells: tuple[str, ...]) -> str:
    return "".join(f"<row>{''.join(map(CELL.format, row))}</row>" for row in cells)


BOOK = workbook(rows(("when", "what"), ("2026-03-14T13:05:00Z", "Lahore rises")), others={
    "items": rows(("posted", "who", "said"), ("2026-03-14T13:06:00Z", "@delta_two", "The harbour is ours"))})


def test_a_person_chooses_the_sheet_and_the_report_names_the_other(case: Case, cast: Cast) -> None:
    exhibit = lodge(case, BOOK, cast.investigator, "posts.xlsx")
    asked = f"?exhibit={exhibit.label}"
    first = page(case, cast.investigator, "begin", asked=asked)
    assert "Lahore rises" in first and "The harbour is ours" not in first
    assert f'<option value="{SECOND}">items</option>' in first and "member=xl%2Fworksheets%2Fsheet2.xml" in first
    second = page(case, cast.investigator, "begin", asked=f"{asked}&member={SECOND}")
    assert "The harbour is ours" in second and f'<option value="{SECOND}" selected>items</option>' in second
    client, address = sign_in(cast.investigator), reverse("posts:begin", args=[case.ref]) + asked
    # The columns of the sheet that was looked at are none of the one that was chosen: they are asked for again.
    given = {"member": SECOND, "kind": "post", "column_time": "when", "column_text": "what"}
    again = client.post(address, given)
    assert again.status_code == 422 and "The harbour is ours" in again.content.decode()
    assert client.post(address, given | {"column_time": "posted", "column_text": "said"}).status_code == 302
    begun = Import.objects.get()
    assert begun.options["members"] == begun.members == [SECOND]
    assert read(begun).posts.get().text == "The harbour is ours"
    report = page(case, cast.reviewer, "import", begun.label)
    assert "<h2>Not read</h2>" in report and "<td><bdi>One</bdi></td>" in report
    assert "xl/worksheets/sheet1.xml" in report and told("import_read")[-1]["left_out"]["count"] == 1
    kept = page(case, cast.investigator, "begin", asked=f"{asked}&again={begun.label}")
    assert f'<option value="{SECOND}" selected>items</option>' in kept


def test_the_sheet_that_was_said_stays_where_the_workbook_is_too_large_to_be_looked_at(
        case: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    done = imported(case, BOOK, cast.investigator, "sheet", columns={"time": "posted", "text": "said"},
                    members=[SECOND], **KARACHI)
    look = jail.look_at_export

    def slow(file: object, *, format: str = "", **more: object) -> object:
        if format:
            raise jail.TookLong("took longer")
        return look(file, format=format, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(jail, "look_at_export", slow)
    html = page(case, cast.investigator, "begin", asked=f"?exhibit={done.exhibit.label}&again={done.label}")
    assert f'<option value="{SECOND}" selected>{SECOND}</option>' in html


def test_the_calls_name_the_sheets_take_one_and_tell_what_was_not_read(case: Case, cast: Cast) -> None:
    exhibit = lodge(case, BOOK, cast.investigator, "posts.xlsx")
    seen = call(case, cast.investigator, "imports/look/", "post", exhibit=exhibit.label, format="sheet").json()
    assert seen["sheets"] == {"One": "xl/worksheets/sheet1.xml", "items": SECOND}
    begun = call(case, cast.investigator, "imports/", "post", exhibit=exhibit.label, format="sheet", options={
        "members": [seen["sheets"]["items"]], "columns": {"time": "posted", "text": "said"}})
    assert begun.status_code == 201 and begun.json()["members"] == [SECOND]
    read(Import.objects.get())
    left = call(case, cast.reviewer, "imports/I-001/").json()["whole"]["left_out"]
    size = len(b'<?xml version="1.0" encoding="UTF-8"?><worksheet><sheetData></sheetData></worksheet>')
    assert left["count"] == 1 and left["first"][0]["bytes"] > size
    assert (left["first"][0]["name"], left["first"][0]["sheet"]) == ("xl/worksheets/sheet1.xml", "One")


def test_the_report_of_an_account_names_its_direct_messages(case: Case, cast: Cast) -> None:
    data = zipped({"data/tweets.js": b'window.YTD.tweets.part0 = [{"id_str":"1","full_text":"x"}]',
                   "data/direct-messages.js": b"window.YTD.direct_messages.part0 = [ ]"})
    done = imported(case, data, cast.investigator, "xarchive")
    assert "data/direct-messages.js" in page(case, cast.reviewer, "import", done.label)
    assert "Only the first are listed." not in page(case, cast.reviewer, "import", done.label)


def test_an_import_of_before_and_a_file_that_is_no_archive_say_nothing_of_it(case: Case, cast: Cast) -> None:
    done = imported(case, BOOK, cast.investigator, "sheet", columns=COLUMNS)
    assert done.whole is not None
    before = {name: value for name, value in done.whole.items() if name != "left_out"}
    assert "left_out" not in WholeOut(before).data and WholeOut(done.whole).data["left_out"]["count"] == 1
    alone = imported(case, "when,what\n2026-03-14T13:05:00Z,x\n", cast.investigator, "table", columns=COLUMNS)
    assert "<h2>Not read</h2>" not in page(case, cast.reviewer, "import", alone.label)


@pytest.mark.parametrize("said", [None, {"count": 1}, {"count": "1", "first": []},
                                  {"count": 1, "first": [{"name": "a"}]},
                                  {"count": 1, "first": [{"name": 1, "sheet": "", "bytes": 1}]},
                                  {"count": 200, "first": [{"name": "a", "sheet": "", "bytes": 1}] * 101}])
def test_a_reader_that_says_what_is_no_list_ends_nothing(case: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch,
                                                         said: object) -> None:
    inner = jail._answer

    def spoilt(line: bytes) -> object:
        found = inner(line)
        if isinstance(found, dict) and "whole" in found:
            found["whole"]["left_out"] = said
        return found

    monkeypatch.setattr(jail, "_answer", spoilt)
    done = imported(case, "when,what\n2026-03-14T13:05:00Z,x\n", cast.investigator, "table", columns=COLUMNS)
    assert done.state == "stopped" and done.problem == "the reader gave no list of what it did not read"
