"""*Verify now*: what it counts, what it finds, and what is left to the worker."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from casework.cases.models import Case
from casework.exhibits import verifying
from casework.exhibits.models import Exhibit
from evidence.fixity import audit, tasks
from evidence.fixity.models import Verification
from evidence.store import services as store
from tests.casework.custody_pages import acts, page, sign
from tests.evidence import custody_log as given
from tests.factories import Cast, lodge_png, make_case, make_cast, png, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    given.key()
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


@pytest.fixture
def exhibit(cast: Cast, case: Case) -> Exhibit:
    return lodge_png(case, cast.lead, 1).exhibit


@pytest.fixture
def client(cast: Cast) -> Client:
    return sign_in(cast.lead)


def spoil(exhibit: Exhibit) -> None:
    with store.open_blob(exhibit.item.blob_id) as file:
        path = Path(file.name)
    path.chmod(0o600)
    path.write_bytes(b"other bytes")


@pytest.fixture
def whole(exhibit: Exhibit) -> Any:
    """Puts the bytes back: the store outlives a test."""
    yield
    with store.open_blob(exhibit.item.blob_id) as file:
        Path(file.name).write_bytes(png(1))


def test_verify_now_proves_an_exhibit_and_shows_what_was_counted(client: Client, case: Case, cast: Cast,
                                                                 exhibit: Exhibit) -> None:
    lodge_png(case, cast.investigator, 1)
    head = sign()
    answer = client.post(page(case, "E-001/verify"), follow=True)
    shown = answer.content.decode()
    assert answer.redirect_chain == [(page(case, "E-001/custody/"), 302)]
    assert "Everything holds" in shown
    assert f"against the checkpoint of <bdi dir=\"ltr\">{head.size}" in shown
    row = Verification.objects.get()
    assert (row.state, row.problem_count, row.checked["items"], row.checked["blobs"]) == ("done", 0, 2, 1)
    assert row.checked["events"] == 4, "two accessions, lodged, sighted"
    event = acts("exhibit_verified")[0]
    assert (event["kind"], event["subject"], event["agent"]["name"]) == ("fixity", f"exhibit/{case.ref}/E-001",
                                                                        "Lubna Qadir")
    assert (event["detail"]["match"], event["detail"]["outcome"]) == (True, "holds")
    assert "had <bdi dir=\"ltr\">E-001</bdi> verified again: everything holds" in shown


def test_what_does_not_hold_is_shown_and_recorded(client: Client, case: Case, exhibit: Exhibit, whole: None) -> None:
    sign()
    spoil(exhibit)
    for path, act in (("E-001/verify", "exhibit_verified"), ("custody/verify", "case_verified")):
        shown = client.post(page(case, path), follow=True).content.decode()
        assert "Something does not hold" in shown
        assert exhibit.item.blob_id in shown
        detail = acts(act)[0]["detail"]
        assert (detail["match"], detail["outcome"], detail["problem_count"]) == (False, "fails", 1)
        assert detail["problems"][0]["object"] == f"blob {exhibit.item.blob_id}"


def test_a_case_is_verified_at_once_where_there_is_little_and_by_the_worker_where_there_is_much(
        client: Client, case: Case, exhibit: Exhibit, monkeypatch: pytest.MonkeyPatch) -> None:
    sign()
    assert "Everything holds" in client.post(page(case, "custody/verify"), follow=True).content.decode()
    monkeypatch.setattr(verifying, "AT_ONCE_ITEMS", 0)
    for _ in range(2):
        shown = client.post(page(case, "custody/verify"), follow=True).content.decode()
        assert "Being verified" in shown
    assert Verification.objects.filter(state="pending").count() == 1
    call = f"/api/v1/cases/{case.ref}/custody/verify/"
    assert client.post(call, content_type="application/json").status_code == 202
    tasks.verify()
    tasks.verify()
    states = [(row["state"], row["problem_count"]) for row in client.get(call).json()]
    assert states == [("done", 0), ("done", 0)]
    assert len(acts("case_verified")) == 2
    assert "Everything holds" in client.get(page(case, "custody/")).content.decode()


def test_a_large_exhibit_is_not_hashed_while_somebody_waits(client: Client, case: Case, exhibit: Exhibit,
                                                            monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "AT_ONCE_BYTES", 1)
    call = f"/api/v1/cases/{case.ref}/exhibits/E-001/verify/"
    assert client.post(call, content_type="application/json").json()["state"] == "pending"
    tasks.verify()
    assert [row["state"] for row in client.get(call).json()] == ["done"]


def test_a_verification_that_breaks_is_tried_again_and_then_given_up(
        client: Client, case: Case, exhibit: Exhibit, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(reference: str, *, checked: Counter[str]) -> Any:
        raise RuntimeError("unforeseen")

    monkeypatch.setattr(audit, "audit_case", broken)
    client.post(page(case, "custody/verify"))
    assert Verification.objects.get().attempts == 1
    tasks.verify()
    tasks.verify()
    row = Verification.objects.get()
    assert (row.state, row.attempts) == ("failed", 3)
    assert "Could not be verified" in client.get(page(case, "custody/")).content.decode()
    assert not acts("case_verified")
