"""A log that is behind: pages and calls read and refuse, and two administrators declare the restore."""

from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from casework import celery, doctor
from casework.approvals import Approval, Refused
from casework.cases.models import Case
from casework.people.models import User
from casework.recovery import services
from casework.sentences import sentence
from evidence.custody import behind, history, recovery, sequencer, tree
from evidence.custody import tasks as custody
from evidence.custody.models import Payload
from evidence.custody.recovery import Witnessed
from evidence.custody.rewound import Recovered, Rewind
from evidence.fixity import tasks as fixity
from reports.desk import compose as desk
from tests.evidence import custody_log as given
from tests.factories import Cast, bearer, lodge_png, make_case, make_cast, make_person, png, sign_in
from tests.house.permissions import API, PAGES
from tests.house.world import World

WHY = "The disk of the database was lost; this is the newest backup"


@pytest.fixture
def cast(db: None) -> Cast:
    given.key()
    return make_cast()


@pytest.fixture
def second(cast: Cast) -> User:
    return make_person("Bilal Hashmi", administrator=True)


@pytest.fixture
def case(cast: Cast, second: User) -> Case:
    """A case with one exhibit, everything in the log."""
    case = make_case(cast)
    lodge_png(case, cast.investigator, 1)
    while sequencer.sequence():
        pass
    return case


@pytest.fixture
def bearers(cast: Cast, second: User) -> dict[User, dict[str, str]]:
    """Tokens that were made while the log was open."""
    return {person: bearer(person) for person in (cast.lead, cast.admin, second)}


@pytest.fixture
def rewind(case: Case, bearers: Any) -> Rewind:
    """Somebody kept a checkpoint with ten entries more than there are."""
    found = recovery.notice(Rewind.How.RESTORE, [
        Witnessed(Rewind.Witness.CHECKPOINT, "held.txt", tree.log_size() + 10, b"x" * 32)])
    assert found
    return found


def test_every_change_is_refused_in_both_languages_and_reading_goes_on(
        cast: Cast, case: Case, bearers: dict[User, dict[str, str]], rewind: Rewind) -> None:
    before = Payload.objects.count()
    browser = sign_in(cast.lead)
    for language, words in (("en", "Two administrators must declare the restore"), ("ur", "دو منتظم بحالی کا اعلان")):
        cast.lead.language = language
        cast.lead.save()
        refused = browser.post(f"/cases/{case.ref}/close/", {"reason": "Done"})
        assert refused.status_code == 503
        assert words in refused.content.decode()
        home = browser.get("/").content.decode()
        assert "alarm-banner" in home
    lodged = Client().post(f"/api/v1/cases/{case.ref}/exhibits/", {"file": png(2)}, headers=bearers[cast.lead])
    assert (lodged.status_code, lodged.json()["code"], lodged["Content-Type"]) == (
        503, "read_only", "application/problem+json")
    assert browser.get(f"/cases/{case.ref}/evidence/E-001/").status_code == 200
    assert Recovered.objects.filter(kind="access", subject__endswith="E-001").count() == 1
    assert Payload.objects.count() == before


@pytest.mark.django_db
def test_every_address_that_changes_something_is_refused() -> None:
    given.key()
    world = World()
    recovery.notice(Rewind.How.SIGNER, [Witnessed(Rewind.Witness.SIGNER, "", 10**6, b"x" * 32)])
    walked, wrong = 0, []
    for route, row in (PAGES | API).items():
        if route.startswith(("recovery:", "api:recovery")) or route == "people:language":
            continue
        for method, who in row.items():
            if method != "GET":
                answer = world.ask(who.split()[0], route, method, world.address(route, world.own))
                walked += 1
                if answer.status_code != 503:
                    wrong.append(f"{method} {route}: {answer.status_code}")
    assert not wrong
    assert walked > 100


def test_who_is_signed_out_signs_in_and_out_while_the_log_is_closed(cast: Cast, rewind: Rewind) -> None:
    browser = Client()
    answer = browser.post("/accounts/login/", {"login": cast.admin.email, "password": "seventeen quiet herons"})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert browser.post("/accounts/logout/").status_code == 302


def test_two_administrators_declare_on_the_pages_and_the_log_goes_on(
        cast: Cast, second: User, case: Case, rewind: Rewind) -> None:
    one, two = sign_in(cast.admin), sign_in(second)
    page = one.get("/recovery/").content.decode()
    for said in ("held.txt", "Propose to declare it", f"{rewind.size}", f"{rewind.head_size - 1}"):
        assert said in page
    assert "/recovery/propose" not in sign_in(cast.lead).get("/recovery/").content.decode()
    sign_in(cast.lead).get(f"/cases/{case.ref}/evidence/E-001/")
    assert one.post("/recovery/propose", {"reason": " "}).status_code == 422
    assert one.post("/recovery/propose", {"reason": WHY}).status_code == 302
    assert "You proposed this" in one.get("/recovery/").content.decode()
    assert one.post("/recovery/approve").status_code == 409, "nobody approves their own"
    assert behind.is_behind()
    assert [waits.url for waits in desk.waiting(second)[0]] == ["/recovery/"]
    assert desk.waiting(cast.admin)[0] == desk.waiting(cast.lead)[0] == []
    assert WHY in two.get("/recovery/").content.decode()
    assert "Declare the restore" in two.get("/recovery/approve").content.decode()
    assert two.post("/recovery/approve").status_code == 302
    assert not behind.is_behind()
    assert not Recovered.objects.exists()
    assert Payload.objects.filter(kind="access", subject__endswith="E-001").exists(), "what was seen is in the log"
    told = [entry for entry in history.entries(context="log", limit=9) if entry.detail.get("act") == "log_restored"]
    assert len(told) == 1
    with translation.override("en"):
        words = str(sentence(told[0]))
    assert "Amna Javed" in words
    assert "Bilal Hashmi" in words
    assert f'goes on from <bdi dir="ltr">{rewind.size}</bdi> entries' in words
    page = one.get("/recovery/").content.decode()
    assert "there is nothing to declare" in page
    assert "Declared restores" in page
    assert WHY in page
    assert "alarm-banner" not in page


def test_the_second_administrator_sends_it_back_and_it_is_proposed_anew(
        cast: Cast, second: User, rewind: Rewind) -> None:
    one, two = sign_in(cast.admin), sign_in(second)
    one.post("/recovery/propose", {"reason": "Lost"})
    assert two.post("/recovery/return", {"reason": "There is a newer backup"}).status_code == 302
    page = one.get("/recovery/").content.decode()
    assert "There is a newer backup" in page
    assert behind.is_behind()
    assert two.post("/recovery/approve").status_code == 409
    one.post("/recovery/propose", {"reason": "It is damaged"})
    one.post("/recovery/propose", {"reason": WHY})
    assert two.post("/recovery/approve").status_code == 302
    assert Approval.objects.filter(kind="restore").values_list("state", flat=True).order_by("pk")[2] == "used"
    assert WHY in str([entry.detail for entry in history.entries(context="log", limit=9)])


def test_the_same_by_the_api(cast: Cast, second: User, bearers: dict[User, dict[str, str]], rewind: Rewind) -> None:
    one, two, lead = (bearers[person] for person in (cast.admin, second, cast.lead))

    def call(headers: dict[str, str], path: str = "", **sent: Any) -> Any:
        return Client().post(f"/api/v1/recovery/{path}", sent, content_type="application/json", headers=headers)

    told = Client().get("/api/v1/recovery/", headers=lead).json()
    assert (told["rewind"]["size"], told["rewind"]["head_size"]) == (rewind.size, rewind.head_size)
    assert told["rewind"]["known"][0]["name"] == "held.txt"
    assert Client().get("/api/v1/log/", headers=lead).json()["is_behind"] is True
    assert call(lead, reason=WHY).status_code == 403
    assert call(one, reason="").status_code == 422
    made = call(one, reason=WHY)
    assert (made.status_code, made.json()["proposal"]["state"]) == (201, "proposed")
    assert call(one, "approve/").status_code == 409
    assert call(two, "send-back/", reason="Wait").json()["proposal"]["returned_because"] == "Wait"
    assert call(one, reason=WHY).status_code == 201
    done = call(two, "approve/").json()
    assert done["rewind"] is None
    assert [row["size"] for row in done["declared"]] == [rewind.size]
    assert [(row["proposed_by"], row["approved_by"], row["reason"]) for row in done["told"]] == [
        ("Amna Javed", "Bilal Hashmi", WHY)]
    assert call(two, "approve/").status_code == 409


def test_the_services_ask_who(cast: Cast, second: User, rewind: Rewind) -> None:
    for act in (partial(services.propose, reason=WHY), services.approve, partial(services.send_back, reason=WHY)):
        with pytest.raises(PermissionDenied):
            act(by=cast.lead)
    with pytest.raises(ValidationError):
        services.propose(reason="x" * 2001, by=cast.admin)
    with pytest.raises(Refused):
        services.approve(by=second)


def test_without_a_rewind_there_is_nothing_to_declare(cast: Cast, second: User) -> None:
    with pytest.raises(Refused):
        services.propose(reason=WHY, by=cast.admin)
    assert "nothing to declare" in sign_in(cast.lead).get("/recovery/").content.decode()


def test_it_is_an_alarm_wherever_people_and_machines_look(cast: Cast, rewind: Rewind) -> None:
    log = Client().get("/log/").content.decode()
    assert "alarm-banner" in log
    assert f"{rewind.head_size}" in log
    ready = Client().get("/readyz").json()
    assert ready["degraded"] is True
    assert ready["parts"]["recovery"]["read_only"] is True
    assert (ready["parts"]["recovery"]["size"], ready["parts"]["recovery"]["witnessed_size"]) == (
        rewind.size, rewind.head_size)
    assert ready["parts"]["log"]["ok"] is True
    assert any("/recovery/" in trouble.mend for trouble in doctor.rewound())
    assert Client().get("/healthz").status_code == 200


def test_a_fork_is_told_as_one(cast: Cast, case: Case) -> None:
    recovery.notice(Rewind.How.SIGNER, [Witnessed(Rewind.Witness.SIGNER, "", tree.log_size(), b"x" * 32)])
    page = sign_in(cast.lead).get("/recovery/").content.decode()
    assert "another history of its first" in page
    assert "Lost entries" not in page


def test_work_rests_while_the_log_is_behind(monkeypatch: pytest.MonkeyPatch, rewind: Rewind) -> None:
    ran: list[str] = []
    for task in (fixity.fixity, fixity.sweep, custody.checkpoint):
        assert isinstance(task, celery.Work)
        monkeypatch.setattr(task, "run", partial(ran.append, task.name))
        task()
    assert ran == ["evidence.custody.checkpoint"]


def test_the_page_asks_a_constant_number_of_queries(cast: Cast, second: User, rewind: Rewind) -> None:
    browser = sign_in(second)
    services.propose(reason=WHY, by=cast.admin)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get("/recovery/").status_code == 200
        return len(captured)

    queries()
    few = queries()
    for number in range(5):
        services.propose(reason=f"{WHY} {number}", by=cast.admin)
        given.tell(number)
    assert queries() == few <= 14
