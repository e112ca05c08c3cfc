"""Who looks at a sensitive exhibit is recorded, by whichever door."""

import json

import pytest
from django.test import Client

from casework.cases.models import Case
from casework.exhibits import services
from casework.exhibits.models import Exhibit
from evidence.custody import services as custody
from evidence.custody.models import Payload
from evidence.derivatives import services as derivatives
from tests.factories import Cast, lodge_png, make_case, make_cast, sign_in


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


@pytest.fixture
def exhibit(cast: Cast, case: Case) -> Exhibit:
    lodged = lodge_png(case, cast.lead, 1).exhibit
    derivatives.derive(lodged.item)
    return services.edit(lodged, title="A wound", note="", sensitive=True, by=cast.lead)


@pytest.fixture
def auditor(cast: Cast) -> Client:
    return sign_in(cast.auditor)


def since(before: int) -> list[dict[str, object]]:
    rows = [json.loads(bytes(row.content)) for row in Payload.objects.order_by("at", "pk")]
    return [row["detail"] for row in rows[before:]]


def doors(case: Case) -> dict[str, str]:
    page, call = f"/cases/{case.ref}/evidence/", f"/api/v1/cases/{case.ref}/"
    return {f"{page}E-001/thumbnail": "thumbnail", f"{page}E-001/custody/": "custody",
            f"{call}exhibits/E-001/custody/": "custody"}


def test_each_look_at_a_sensitive_exhibit_is_one_event(auditor: Client, case: Case, exhibit: Exhibit) -> None:
    for address, what in doors(case).items():
        before = Payload.objects.count()
        assert auditor.get(address).status_code == 200, address
        found = since(before)
        assert [(one["act"], one["what"]) for one in found] == [("exhibit_viewed", what)], address


def test_the_custody_of_a_case_tells_which_sensitive_exhibits_it_named(
        auditor: Client, cast: Cast, case: Case, exhibit: Exhibit) -> None:
    lodge_png(case, cast.lead, 2)
    for address in (f"/cases/{case.ref}/evidence/custody/", f"/api/v1/cases/{case.ref}/custody/"):
        before = Payload.objects.count()
        assert auditor.get(address).status_code == 200
        found = since(before)
        assert [(one["act"], one["exhibits"]) for one in found] == [("exhibits_listed", ["E-001"])], address


def test_what_is_not_sensitive_is_covered_by_the_record_of_its_list(
        auditor: Client, cast: Cast, case: Case, exhibit: Exhibit) -> None:
    services.edit(exhibit, title="A wound", note="", sensitive=False, by=cast.lead)
    before = Payload.objects.count()
    for address in (*doors(case), f"/cases/{case.ref}/evidence/custody/"):
        assert auditor.get(address).status_code == 200
    assert since(before) == []


def test_without_a_record_nothing_of_it_is_shown(auditor: Client, case: Case, exhibit: Exhibit,
                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    def unwritable(*_: object, **__: object) -> None:
        raise custody.LogUnwritable("down")

    monkeypatch.setattr("casework.exhibits.reading.record", unwritable)
    for address in (*doors(case), f"/cases/{case.ref}/evidence/custody/"):
        assert auditor.get(address).status_code == 503, address
