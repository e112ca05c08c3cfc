"""While the log is behind: people sign in and read, nothing changes, two administrators declare the restore."""

from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from casework.approvals import Refused
from casework.cases.models import Case
from casework.celery import app
from casework.doctor import rewound
from casework.people.models import User
from casework.recovery import services
from evidence.custody import behind, history, recovery, sequencer, verify
from evidence.custody.models import Event
from evidence.custody.recovery import Witnessed
from evidence.custody.rewound import Recovered, Rewind
from evidence.intake.models import Step
from tests.evidence import custody_log as given
from tests.factories import PASSWORD, Cast, bearer, lodge_png, make_case, make_cast, make_person, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def second(cast: Cast) -> User:
    return make_person("Bilal Hashmi", administrator=True)


@pytest.fixture
def tokens(cast: Cast, second: User) -> dict[User, dict[str, str]]:
    """Headers of calls, made while there was nothing wrong: later nobody makes a token."""
    return {person: bearer(person) for person in (cast.lead, cast.auditor, cast.admin, second)}


@pytest.fixture
def case(cast: Cast, tokens: object) -> Case:
    """A case with an exhibit, and then a log that lacks twenty entries which somebody holds."""
    given.key()
    case = make_case(cast)
    lodge_png(case, cast.investigator)
    while sequencer.sequence():
        pass
    size = Event.objects.count()
    assert recovery.notice(Rewind.How.RESTORE, [
        Witnessed(Rewind.Witness.CHECKPOINT, "held.txt", size + 20, b"r" * 32, "note")])
    return case


def test_every_change_is_refused_and_says_why(case: Case, cast: Cast, tokens: Any) -> None:
    page, call = sign_in(cast.lead), tokens[cast.lead]
    before = Event.objects.count(), Recovered.objects.count()
    for address in (f"/cases/{case.ref}/evidence/lodge", f"/cases/{case.ref}/findings/new/", "/cases/new/",
                    f"/cases/{case.ref}/close/", "/settings/", "/log/keep"):
        answer = page.post(address, {"title": "x"})
        assert answer.status_code == 503, address
        assert "Two administrators must declare the restore first" in answer.content.decode()
    for method, address in (("post", f"/api/v1/cases/{case.ref}/exhibits/"), ("post", "/api/v1/cases/"),
                            ("patch", f"/api/v1/cases/{case.ref}/exhibits/E-001/")):
        answer = getattr(Client(), method)(address, "{}", content_type="application/json", headers=call)
        assert (answer.status_code, answer.json()["code"]) == (503, "read_only"), address
    assert (Event.objects.count(), Recovered.objects.count()) == before


def test_a_person_who_reads_urdu_is_told_in_urdu(case: Case, cast: Cast) -> None:
    User.objects.filter(pk=cast.lead.pk).update(language="ur")
    answer = sign_in(cast.lead).post("/cases/new/", {})
    assert answer.status_code == 503
    assert "Nothing was changed" not in answer.content.decode()


def test_reading_goes_on_and_is_recorded_in_the_recovery_log(case: Case, cast: Cast) -> None:
    # It was looked through while there was nothing wrong.
    Step.objects.filter(name=Step.Name.DERIVE).update(state=Step.State.DONE)
    page, before = sign_in(cast.lead), Event.objects.count()
    for address in ("", "E-001/", "E-001/original"):
        answer = page.get(f"/cases/{case.ref}/evidence/{address}")
        assert answer.status_code == 200, address
        b"".join(answer)
    assert page.get("/").status_code == 200
    assert "Read-only: somebody is known to hold more" in page.get("/").content.decode()
    kinds = set(Recovered.objects.values_list("kind", "subject"))
    assert ("access", f"exhibit/{case.ref}/E-001") in kinds
    assert ("export", f"exhibit/{case.ref}/E-001") in kinds
    assert Event.objects.count() == before


@pytest.mark.usefixtures("case")
def test_an_administrator_signs_in_and_changes_language(cast: Cast) -> None:
    client = Client()
    answer = client.post("/accounts/login/", {"login": cast.admin.email, "password": PASSWORD})
    assert answer.status_code == 302
    assert client.post("/language/", {"language": "ur"}).status_code == 302
    assert client.get("/recovery/").status_code == 200


@pytest.mark.usefixtures("case")
def test_the_alarm_stands_on_the_log_s_page_on_readiness_and_in_doctor() -> None:
    page = Client().get("/log/").content.decode()
    assert "Entries are lost" in page
    assert "A backup was put back." in page
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["degraded"]) == (200, True)
    assert answer.json()["parts"]["recovery"]["read_only"]
    assert [trouble.bad for trouble in rewound()] == [True]


@pytest.mark.usefixtures("case")
def test_the_lost_range_is_listed_for_whoever_signs_in(cast: Cast, tokens: Any) -> None:
    size = Event.objects.count()
    told = Client().get("/api/v1/recovery/", headers=tokens[cast.auditor]).json()
    assert (told["behind"], told["first_lost"], told["last_lost"], told["witnessed_size"]) == (
        True, size, size + 19, size + 20)
    assert told["known"] == [{"by": "checkpoint", "name": "held.txt", "size": size + 20, "root_hash": (b"r" * 32).hex(),
                              "at": None}]
    page = sign_in(cast.auditor).get("/recovery/").content.decode()
    assert f'<bdi dir="ltr">{size}</bdi> to <bdi dir="ltr">{size + 19}</bdi>' in page
    assert "held.txt" in page
    assert "/recovery/declare" not in page, "others read, administrators act"


def test_two_administrators_declare_it_on_the_pages_and_the_log_goes_on(case: Case, cast: Cast, second: User) -> None:
    one, two = sign_in(cast.admin), sign_in(second)
    assert one.post("/recovery/declare", {"reason": " "}).status_code == 422
    assert one.post("/recovery/declare", {"reason": "The disk was lost"}).status_code == 302
    assert one.post("/recovery/approve").status_code == 409, "nobody agrees with themselves"
    assert behind.is_behind()
    assert "Declared restore" in two.get("/").content.decode()
    assert "The disk was lost" in two.get("/recovery/approve").content.decode()
    assert two.post("/recovery/approve").status_code == 302
    assert not behind.is_behind()
    assert not Recovered.objects.exists()
    while sequencer.sequence():
        pass
    found = {entry.detail["act"]: entry for entry in history.entries(context="log", limit=10)}
    assert set(found) == {"restore_proposed", "approval_proposed", "approval_given", "log_restored"}
    assert found["log_restored"].agent["name"] == "Amna Javed"
    assert found["log_restored"].detail["approver"]["name"] == "Bilal Hashmi"
    assert "goes on from" in two.get("/recovery/").content.decode()
    assert sign_in(cast.lead).post("/cases/new/", {}).status_code == 200, "changes are heard again"
    assert [one.object for one in verify.verify_all()] == []


@pytest.mark.usefixtures("case")
def test_over_the_api_too(cast: Cast, second: User, tokens: Any) -> None:
    def call(person: User, address: str, **sent: Any) -> Any:
        return Client().post(f"/api/v1/recovery/{address}", sent, content_type="application/json",
                             headers=tokens[person])

    assert call(cast.lead, "", reason="x").status_code == 403
    assert call(cast.admin, "", reason="The disk was lost").status_code == 201
    back = call(second, "send-back/", reason="There is a newer backup")
    assert (back.status_code, back.json()["proposal"]) == (200, None)
    assert call(second, "approve/").status_code == 409
    assert call(cast.admin, "", reason="There was not").json()["proposal"]["reason"] == "There was not"
    done = call(second, "approve/").json()
    assert (done["behind"], done["declared"][0]["reason"]) == (False, "There was not")
    assert UUID(done["declared"][0]["event_id"])


@pytest.mark.usefixtures("case")
def test_only_administrators_and_only_while_something_is_lost(cast: Cast, second: User) -> None:
    with pytest.raises(PermissionDenied):
        services.propose(reason="x", by=cast.lead)
    with pytest.raises(ValidationError):
        services.propose(reason="x" * 2001, by=cast.admin)
    services.propose(reason="The disk was lost", by=cast.admin)
    services.approve(by=second)
    with pytest.raises(Refused):
        services.propose(reason="Again", by=cast.admin)


def test_the_background_rests(case: Case) -> None:
    pending = Step.objects.filter(state="pending").count()
    assert pending
    app.loader.import_default_modules()
    for task in ("evidence.fixity", "evidence.derive", "evidence.archive", "evidence.sweep", "reports.dossiers.sweep"):
        assert app.tasks[task]() is None
    assert Step.objects.filter(state="pending").count() == pending
    assert not Step.objects.exclude(state="pending").exists()
