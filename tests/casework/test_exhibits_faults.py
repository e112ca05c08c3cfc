"""When a part fails: the log refuses, the broker is gone, two people lodge at once."""

import threading
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from stack import postgres

from casework.cases.models import Case
from casework.celery import app
from casework.exhibits.models import Exhibit, Sighting
from evidence.custody.models import Event, Payload
from evidence.intake.models import Item, Step
from evidence.store.models import Blob
from tests.factories import PASSWORD, Cast, bearer, lodge_png, make_case, make_cast, png, sign_in


@pytest.fixture
def cast(real_db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


@pytest.fixture
def log_unwritable(case: Case, cast: Cast) -> dict[str, Any]:
    """The application's role may not insert events any more (real_db throws this database away). The clients in the
    answer were made while it still might."""
    lodge_png(case, cast.lead, 1)
    made = {"client": sign_in(cast.lead), "headers": bearer(cast.lead)}
    postgres.execute(postgres.Server(Path(settings.CASEWORK_HOME)),
                     f"REVOKE INSERT ON evidence_event FROM {postgres.APP_ROLE}", postgres.DATABASE,
                     postgres.OWNER_ROLE)
    return made


def counts() -> list[int]:
    return [model.objects.count() for model in (Exhibit, Sighting, Item, Step, Blob, Event, Payload)]


READS = ["", "E-001/", "E-001/preview", "E-001/receipt", "E-001/receipt.json", "E-001/original"]
CALLS = ["exhibits/", "exhibits/E-001/", "exhibits/E-001/original/", "exhibits/E-001/receipt/"]


def test_with_the_log_unwritable_nobody_comes_in_and_a_refusal_is_no_answer(
        case: Case, cast: Cast, log_unwritable: dict[str, Any]) -> None:
    client = Client()
    sent = {"login": cast.lead.email, "password": PASSWORD}
    assert client.post("/accounts/login/", sent).status_code == 503
    assert client.get("/").status_code == 302, "a session was left behind"
    client.force_login(cast.outsider)
    for ref in (case.ref, "CW-2031-0042"):
        assert client.get(f"/cases/{ref}/").status_code == 503


def test_with_the_log_unwritable_evidence_is_neither_taken_nor_shown_and_nothing_changes(
        case: Case, log_unwritable: dict[str, Any]) -> None:
    client, headers, before = log_unwritable["client"], log_unwritable["headers"], counts()
    base = f"/cases/{case.ref}/evidence/"
    for name in READS:
        # There is no preview yet, and what is not there needs no record.
        assert client.get(base + name).status_code == (404 if name.endswith("preview") else 503), name
    for name in CALLS:
        assert client.get(f"/api/v1/cases/{case.ref}/{name}", headers=headers).status_code == 503, name
    sent = {"file": SimpleUploadedFile("x.png", png(2)), "received_from": "a person in Multan"}
    answer = client.post(base + "lodge", sent)
    assert answer.status_code == 503
    assert b"a person in Multan" in answer.content
    sent["file"] = SimpleUploadedFile("x.png", png(2))
    called = client.post(f"/api/v1/cases/{case.ref}/exhibits/", sent, headers=headers)
    assert (called.status_code, called.json()["code"]) == (503, "log_unwritable")
    assert client.post(base + "E-001/edit", {"title": "x"}).status_code == 503
    assert client.post(base + "E-001/withdraw", {"reason": "x"}).status_code == 503
    assert counts() == before


def test_with_the_broker_stopped_lodging_still_answers_201(case: Case, cast: Cast) -> None:
    client = sign_in(cast.investigator)
    stopped = Celery("stopped", broker="redis://127.0.0.1:1/0")
    stopped.conf.broker_transport_options = {"socket_connect_timeout": 1}
    stopped.set_current()
    try:
        answer = client.post(f"/cases/{case.ref}/evidence/lodge", {"file": SimpleUploadedFile("x.png", png(2))},
                             headers={"Accept": "application/json"})
    finally:
        app.set_current()
    assert answer.status_code == 201
    assert set(Step.objects.values_list("state", flat=True)) == {"pending"}


def test_people_who_lodge_at_once_get_numbers_without_gaps_and_one_exhibit_for_the_same_bytes(case: Case,
                                                                                              cast: Cast) -> None:
    together = threading.Barrier(4)
    failures: list[BaseException] = []

    def work(start: int) -> None:
        try:
            together.wait(timeout=20)
            for shade in range(start, start + 6):
                lodge_png(case, cast.lead, shade % 12)
        except BaseException as error:  # noqa: BLE001
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(start,)) for start in (0, 3, 6, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert list(Exhibit.objects.values_list("number", flat=True)) == list(range(1, 13))
    assert Exhibit.objects.values("item__blob_id").distinct().count() == 12
    assert Sighting.objects.count() == 12
