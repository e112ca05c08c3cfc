"""What a caller's If-Match names: lists, everything, weak tags, no tags at all, and far too much of it."""

import time
from typing import Any

import pytest
from django.test import Client

from casework.cases.models import Case
from tests.factories import Cast, bearer, lodge_png, make_case, make_cast

OTHER = "0" * 64


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    case = make_case(cast)
    lodge_png(case, cast.investigator, 1)
    return case


def edit(case: Case, cast: Cast, said: str | None) -> Any:
    headers = bearer(cast.lead) | ({} if said is None else {"If-Match": said})
    return Client().patch(f"/api/v1/cases/{case.ref}/exhibits/E-001/", {"note": "What was edited"}, "application/json",
                          headers=headers)


def version(case: Case, cast: Cast) -> str:
    tag = Client().get(f"/api/v1/cases/{case.ref}/exhibits/E-001/", headers=bearer(cast.lead))["ETag"]
    assert len(tag) == 66, tag
    return str(tag.strip('"'))


# Where VERSION is what stands.
@pytest.mark.parametrize(("said", "status"), [
    (None, 200), ("*", 200), (" * ", 200), ('"VERSION"', 200), (f'"{OTHER}","VERSION"', 200),
    (f' "{OTHER}" ,\t"VERSION" ', 200), (', "VERSION",,', 200), (f'W/"{OTHER}", "VERSION"', 200),
    ('"VERSION", "VERSION"', 200), ('junk, "VERSION"', 200),
    (f'"{OTHER}"', 412), (f'"{OTHER}", "x"', 412), ('W/"VERSION"', 412), ('w/"VERSION"', 412), ("VERSION", 412),
    ('W/"*"', 412), ('"*"', 412), ("*, *", 412), (f'*, "{OTHER}"', 412), ("", 412), (",", 412), ('"', 412),
    ('""', 412), ('"VERSION', 412), ('VERSION"', 412), ("'VERSION'", 412), ('"VERSION-gzip"', 412), ('" VERSION"', 412),
    ('"VERSION;gzip"', 412), ('W/W/"VERSION"', 412), ("\xff\xfe", 412), ('"\xe4VERSION"', 412), ("null", 412)])
def test_what_a_caller_names_is_held_against_what_stands(case: Case, cast: Cast, said: str | None, status: int) -> None:
    stands = version(case, cast)
    answer = edit(case, cast, None if said is None else said.replace("VERSION", stands))
    assert answer.status_code == status, answer.content
    assert (version(case, cast) == stands) is (status == 412)
    if status == 412:
        assert answer.json()["code"] == "changed"


@pytest.mark.parametrize("unit", ['"', "W/", "W/\"", ",", '"a",', " ", '" ', "*", "*,", '\\"', "x", "\t,"])
def test_a_hundred_kilobytes_of_it_fit_nothing_and_take_no_time(case: Case, cast: Cast, unit: str) -> None:
    stands, begun = version(case, cast), time.process_time()
    much = unit * (100_000 // len(unit))
    for said in (much, much + '"', '"' + much):
        assert edit(case, cast, said).status_code == 412
    assert time.process_time() - begun < 5
    assert version(case, cast) == stands
