"""Accounts out of a table that was lodged: CSV or a workbook, read in the jail, row by row."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from casework import cells
from casework.accounts import tables
from casework.accounts.drafts import MOST, TELEPHONE, WHY, Draft
from casework.accounts.models import Subject
from casework.accounts.tables import FORMULA, HIDDEN, NOT_TEXT, OTHERS
from casework.cases.models import Case
from casework.exhibits import services as exhibits
from casework.exhibits.models import Exhibit
from casework.exhibits.platform_addresses import Reason
from evidence.custody import history
from tests.casework.test_accounts_drafts_pages import fields_of
from tests.casework.test_accounts_stated import call
from tests.factories import Cast, lodge_png, make_case, make_cast, sign_in

GOOD = ("Platform,Username,Display Name,User ID,URL,Exhibit\r\n"
        "Twitter,@zara_news_pk,زارا نیوز,,,E-001\r\n"
        ',,"Lahore, Vibes",,https://www.tiktok.com/@lahore.vibes/video/7346208842113502470,\r\n'
        "\r\n"
        "facebook,lahorevoice,,100012345678901,,\r\n")


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    case = make_case(cast)
    lodge_png(case, cast.lead, 1)
    return case


def lodge(case: Case, cast: Cast, data: bytes | str, name: str = "accounts.csv") -> Exhibit:
    whole = data.encode() if isinstance(data, str) else data
    return exhibits.lodge_bytes(case, data=whole, name=name, claimed_type="text/csv", provenance={}, title="A table",
                                by=cast.lead).exhibit


def read(case: Case, cast: Cast, data: bytes | str, **options: Any) -> list[Draft]:
    return tables.read(lodge(case, cast, data), by=cast.investigator, **options)


def refused(case: Case, cast: Cast, data: bytes | str, **options: Any) -> str:
    with pytest.raises(ValidationError) as found:
        read(case, cast, data, **options)
    return " ".join(found.value.messages)


def test_each_row_is_a_draft_under_its_line(case: Case, cast: Cast) -> None:
    rows = read(case, cast, GOOD)
    assert [(one.line, one.platform, one.handle, one.display_name, one.stable_id, one.exhibit, one.exactness)
            for one in rows] == [
        (2, "x", "zara_news_pk", "زارا نیوز", "", "E-001", ""),
        (3, "tiktok", "lahore.vibes", "Lahore, Vibes", "", "", "second"),
        (5, "facebook", "lahorevoice", "", "100012345678901", "", "")]
    told = history.entries(subject=f"exhibit/{case.ref}/E-002", limit=1)[0].detail
    assert told == {"act": "exhibit_viewed", "what": "accounts"}


@pytest.mark.parametrize(("row", "why"), [
    ("x,zara", "It has 2 cells, and the first line has 3."), ("x,zara,a,b", "It has 4 cells"),
    ('x,=HYPERLINK("http://evil.example"),', str(FORMULA)), ("x,@SUM(1+1)*cmd|'/c calc'!A0,", str(FORMULA)),
    ("x,,http://127.0.0.1/zara", str(WHY[Reason.PRIVATE])), ("x,,javascript:alert(1)", str(WHY[Reason.SCHEME])),
    ("x,,https://facebook.com/zara", str(OTHERS)), ("x,withheld,", str(HIDDEN)),
    ("whatsapp,+92 300 555 0101,", str(TELEPHONE)),
    ('x,"zara', "line 2"), (f"x,{'z' * 121},", "longer than 120")])
def test_a_row_that_is_not_understood_says_why_and_costs_no_other(case: Case, cast: Cast, row: str,
                                                                 why: str) -> None:
    rows = {one.line: one for one in read(case, cast, f"platform,handle,url\n{row}\nx,saba,\n")}
    assert why in str(rows[2].problem) and not rows[2].is_new
    assert rows[3].handle == "saba" and rows[3].is_new


def test_our_own_table_comes_back_as_it_went(case: Case, cast: Cast) -> None:
    (one,) = read(case, cast, cells.written(("platform", "handle"), [{"platform": "x", "handle": "-zara"}]))
    assert one.handle == "-zara"


def test_bytes_that_are_no_text_are_named_by_line_and_another_encoding_can_be_said(case: Case, cast: Cast) -> None:
    data = "handle,platform\nsaba,x\nزارا,x\n".encode("cp1256")
    rows = read(case, cast, data)
    assert [(one.line, str(one.problem)) for one in rows] == [(2, ""), (3, str(NOT_TEXT))]
    assert tables.read(case.exhibits.get(number=2), encoding="cp1256", by=cast.lead)[1].handle == "زارا"
    assert "Choose one of" in refused(case, cast, b"handle\nx\n ", encoding="klingon")
    assert read(case, cast, "handle,platform\nصبا,x\n".encode("utf-16"))[0].handle == "صبا"


@pytest.mark.parametrize(("data", "why"), [
    (b"", "nothing in it"), (b"\n\n", "nothing in it"), (b"who,when\nzara,today\n", "Line 1"),
    (b"handle,username\na,b\n", "Line 1: two columns are the same"), (b"h\xffandle\nx\n", "line 1"),
    (b"PK\x03\x04 no workbook", "cannot be read"), (b"handle," * 50 + b"\n", "columns"),
    (b"handle\n" + b"x\n" * (MOST + 1), f"At most {MOST} lines"), (b"handle\n" + b"x\n" * 2000, "more than 1000 rows"),
    (b"handle\n" + b"x" * 2_000_000 + b"\n", ""), (b"handle\n" + b"x" * (4 * 1024**2), "larger than")],
    ids=["empty", "blank", "no column", "twice", "no text", "no workbook", "wide", "long", "longer", "one line", "big"])
def test_a_file_that_is_no_table_of_accounts_is_refused_with_its_reason(case: Case, cast: Cast, data: bytes,
                                                                        why: str) -> None:
    if not why:
        assert "longer than" in str(read(case, cast, data)[0].problem)
    else:
        assert why in refused(case, cast, data)


def test_only_who_names_accounts_here_reads_a_table(case: Case, cast: Cast) -> None:
    table = lodge(case, cast, GOOD)
    with pytest.raises(PermissionDenied):
        tables.read(table, by=cast.reviewer)


def test_a_table_is_gone_over_and_entered_on_the_page_and_by_calls(case: Case, cast: Cast) -> None:
    lodge(case, cast, GOOD + "x,=1+1,,,,\r\n")
    pages, where = sign_in(cast.investigator), f"/cases/{case.ref}/accounts/table/"
    assert 'value="E-002"' in pages.get(f"{where}?exhibit=E-002").content.decode()
    shown = pages.post(where, {"table": "E-002", "exhibit": "E-002", "read": "1"}).content.decode()
    assert "A cell is a formula" in shown and shown.count('type="checkbox"') == 3
    answer = pages.post(where, {"table": "E-002", "exhibit": "E-002", "enter": "1", **fields_of(shown)})
    assert answer.status_code == 302, answer.content.decode()
    assert sorted(Subject.objects.with_names().values_list("handle", flat=True)) == [
        "lahore.vibes", "lahorevoice", "zara_news_pk"]
    told = call(case, cast.investigator, "post", "drafts/", 200, table="E-002")["drafts"]
    assert [one["known"] for one in told] == [["S-001"], ["S-002"], ["S-003"], []]
    call(case, cast.investigator, "post", "drafts/", 422, table="E-009")
