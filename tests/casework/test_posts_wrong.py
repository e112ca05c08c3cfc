"""What is wrong in an export of any format costs its own line, which is named; what is long is cut and cited whole."""

from typing import Any

import pytest

from casework.cases.models import Case
from tests.casework.exporting import COLUMNS, KARACHI, imported
from tests.evidence.exporting import workbook
from tests.factories import Cast, make_case, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


NAMES = "".join(f'<c t="str"><v>{name}</v></c>' for name in ("when", "who", "what", "likes"))
WRONG: dict[str, tuple[str, bytes, dict[str, Any], str]] = {
    "no JSON": ("telegram", b'{"messages": [\n{"id": 1, "type": "message" "x": 1}]}', {}, "line 2"),
    "wrong types": ("telegram", b'{"messages": [\n{"id": 1, "type": 7, "text": "a"}]}', {}, "line 2"),
    "ragged": ("table", b"when,who,what,likes\n1773493500,@a,b,1\n1773493500,@a\n", {"columns": COLUMNS}, "line 3"),
    "no text": ("table", b"when,who,what,likes\n1773493500,@a,b,1\n\xff\xfe,@a,b,1\n", {"columns": COLUMNS}, "line 3"),
    "no JSON in an account's archive": ("xarchive", b'window.YTD.tweets.part0 = [\n{"id_str": "1" "x": 1}]', {},
                                        "line 2"),
    "wrong types in an account's archive": ("xarchive", b'window.YTD.tweets.part0 = [\n{"id_str": "1", "full_text": 7},'
                                                        b'\n{"id_str": "2"}]', {}, "line 2"),
    "no JSON in a capture": ("zeeschuimer", b'\n{"source_platform": "x.com", "data": {\n', {}, "line 2"),
    "wrong types in a capture": ("zeeschuimer", b'\n{"source_platform": "x.com", "data": {"legacy": {"full_text": 7}}}'
                                                b"\n", {}, "line 2"),
    "wrong types of 4CAT": ("fourcat", b'{"id": "1", "body": "x", "author": "a", "unix_timestamp": "1773000000"}\n'
                                       b'{"id": "2", "body": 7, "author": "a"}\n', {}, "line 2"),
    "ragged of 4CAT": ("fourcat", b"id,thread_id,timestamp,unix_timestamp,body,author\n1,1,,1773000000,x,a\n2\n", {},
                       "line 3"),
    "a sheet's cells": ("sheet", workbook(f"<row>{NAMES}</row><row/><row><c t='s'><v>7</v></c></row>"),
                        {"columns": COLUMNS, "time": "iso"}, "row 3"),
    "a sheet that breaks": ("sheet", workbook(f"<row>{NAMES}</row><row/><row><c></row>"),
                            {"columns": COLUMNS, "time": "iso"}, "behind row 3"),
    "an order that does not fit": ("whatsapp", b"01/02/2026, 18:05 - B: one\n13/02/2026, 18:06 - B: two\n",
                                   KARACHI | {"order": "mdy"}, "line 2"),
    "nested": ("telegram", b'{"messages": [\n' + b"[" * 500 + b"]" * 500 + b"\n]}", {}, "line 2"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_costs_its_own_line_which_is_named(case: Case, cast: Cast, name: str) -> None:
    format, data, options, line = WRONG[name]
    done = imported(case, data, cast.investigator, format, **options)
    assert done.state == "read"
    reasons = [row.reason for row in done.unreads.order_by("position")]
    assert reasons and reasons[0].startswith(line)


def test_a_line_of_sixteen_megabytes_is_cut_and_cited_whole(case: Case, cast: Cast) -> None:
    data = b"14/03/2026, 18:05 - Bilal K.: " + b"a" * 16 * 1024**2 + b"\n14/03/2026, 18:06 - Bilal K.: b\n"
    done = imported(case, data, cast.investigator, **KARACHI)
    first, second = done.posts.order_by("position")
    assert first.marks == ["cut"] and first.end == 30 + 16 * 1024**2 + 1 and 250_000 < len(first.text) <= 256 * 1024
    assert second.text == "b"
