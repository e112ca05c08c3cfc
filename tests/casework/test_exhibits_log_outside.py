"""The log's page about the world outside: holders without names, witnesses, authorities, quorum, and what fails."""

import re
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from evidence.custody import checkpoints, holders, parties, rounds, witnesses
from evidence.custody.outside import Holding, Party
from evidence.custody.parties import Failed
from evidence.tlog import note, policy
from tests.evidence import custody_log as given
from tests.evidence.authority import Authority, configure, serving
from tests.evidence.test_witnesses import make, policy_of
from tests.evidence.witness import serving as witnessing
from tests.factories import bearer, make_person, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def log() -> None:
    given.key()
    given.fill(3)
    checkpoints.sign_checkpoint()


def page(path: str = "") -> str:
    return Client().get(f"/log/{path}").content.decode()


def test_holders_are_counted_and_people_and_mailboxes_never_named() -> None:
    person = make_person("Nadia Rehmani")
    for kind, who, what in ((Holding.Kind.WITNESS, "w1.example", Holding.What.COSIGNATURE),
                            (Holding.Kind.MAIL, "board@example.org", Holding.What.CHECKPOINT),
                            (Holding.Kind.MAIL, "notary@example.org", Holding.What.CHECKPOINT),
                            (Holding.Kind.PERSON, f"user/{person.pk}", Holding.What.RECEIPT)):
        parties.known(Party.Kind.WITNESS, "w1.example")
        holders.hold(kind, who, what, 3)
    shown = page()
    assert "outside holder: never" not in shown
    assert "Within the aim of five minutes" in shown
    for said in ("w1.example", "Mailbox × 2", "has a receipt with it"):
        assert said in shown
    for secret in ("board@", "notary@", "Nadia", f"user/{person.pk}"):
        assert secret not in shown


def test_somebody_signed_in_who_keeps_the_checkpoint_is_a_holder_and_a_stranger_is_not_known() -> None:
    person = make_person()
    client = sign_in(person)
    assert 'action="/log/keep"' in client.get("/log/").content.decode()
    assert 'action="/log/keep"' not in page()
    answer = client.post("/log/keep")
    head = checkpoints.latest()
    assert head
    assert answer.content.decode() == head.note
    assert answer["Content-Disposition"].startswith("attachment; ")
    Client().get("/log/checkpoint")
    held = Holding.objects.get()
    assert (held.kind, held.who, held.what, held.size) == ("person", f"user/{person.pk}", "checkpoint", 3)
    assert "Last outside holder:" in page()
    told = Client().post("/api/v1/log/keep/", headers=bearer(make_person("Sana Iqbal"), "read")).json()
    assert told == {"size": 3, "note": head.note}
    assert Holding.objects.count() == 2


def test_the_window_is_said_in_minutes_and_turns_amber_and_red(monkeypatch: pytest.MonkeyPatch) -> None:
    holders.hold(Holding.Kind.WITNESS, "w1.example", Holding.What.COSIGNATURE, 3)
    given.tell()
    for minutes, state, words in ((2, "done", "Window: 2 min"), (7, "expired", "Window: 7 min"),
                                  (130, "overdue", "Window: 2 h 10 min")):
        later = timezone.now() + timedelta(minutes=minutes)
        with monkeypatch.context() as patch:
            patch.setattr(timezone, "now", lambda later=later: later)
            shown = page()
        box = shown.split("note-box")[1]
        assert f'data-state="{state}"' in box
        assert words in box


def test_witnesses_and_quorum_are_shown_and_the_cosigned_checkpoint_is_served(tmp_path: Path, settings: Any) -> None:
    assert "None is configured." in page()
    with witnessing(make(tmp_path, "w1.example")) as one, witnessing(make(tmp_path, "w2.example")) as two:
        settings.LOG_POLICY = policy_of(one, two, quorum="group g 2 w1 w2")
        assert "None makes the quorum yet" in page()
        two.answer = lambda body: (422, "text/plain", b"")
        rounds.go()
        shown = page()
        assert "None makes the quorum yet" in shown
        assert "It holds another history of this log" in shown
        settings.LOG_POLICY = policy_of(one, two, quorum="w1")
        shown = page()
    assert "This is the newest one that makes the quorum." in shown
    assert "— w1.example " in shown
    served = note.parse(Client().get("/log/checkpoint").content)
    assert [each.name for each in served.signatures] == [given.NAME, "w1.example"]
    read = policy.parse(Client().get("/log/policy").content)
    assert (str(read.logs[0].key), read.quorum, len(read.witnesses)) == (str(given.key()), "w1", 2)


def test_without_a_policy_the_logs_own_key_is_published() -> None:
    answer = Client().get("/log/policy")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode() == f"log {given.key()}\nquorum none\n"


def test_no_key_no_policy(settings: Any) -> None:
    settings.SIGNING_KEY = "/nowhere/log.key"
    assert Client().get("/log/policy").status_code == 404


def test_an_authority_is_pending_late_or_off_and_that_is_shown(
        tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(Authority(tmp_path / "authority")) as authority:
        configure(settings, tmp_path / "pinned", authority)
        assert "Pending" in page()
        authority.status = 500
        rounds.go()
        shown = page()
        assert "Failing, tried again" in shown
        assert "It answered with a refusal" in shown
        began = time.monotonic()
        later = timezone.now() + timedelta(minutes=61)
        monkeypatch.setattr(timezone, "now", lambda: later)
        assert ">Alarm<" in page()
        authority.status = 200
        rounds.go()
        shown = page()
        assert "Its clock and ours differ" in shown
        # An hour and a minute behind ours, which stands still meanwhile; a token's time is in whole seconds.
        [behind] = [int(found) for found in re.findall(r"-3\d{3}\b", shown)]
        assert -3661 <= behind <= -3660 + time.monotonic() - began + 1
        (tmp_path / "pinned" / "127.0.0.1.pem").unlink()
        shown = page()
    assert "Not asked" in shown
    assert str(tmp_path) not in shown, "a stranger learns no path"


def test_details_of_a_failure_are_not_for_strangers() -> None:
    party = parties.known(Party.Kind.WITNESS, "w1.example")
    parties.failed(party, Failed(Party.Problem.UNREACHABLE, "10.1.2.3 port 9 refused"), size=3)
    assert witnesses.states() == []
    assert "10.1.2.3" not in page()


def test_programs_learn_the_same(settings: Any) -> None:
    person = make_person()
    holders.hold(Holding.Kind.PERSON, f"user/{person.pk}", Holding.What.RECEIPT, 3)
    settings.TSA_URLS = ["http://tsa.example/"]
    told = Client().get("/api/v1/log/", headers=bearer(person, "read")).json()
    assert (told["origin"], told["size"], told["checkpoint_size"], told["exposure"]) == (given.NAME, 3, 3, "aimed")
    assert told["vkey"] == str(given.key())
    assert [(one["kind"], one["who"], one["count"]) for one in told["holders"]] == [("person", "", 1)]
    assert [(one["name"], one["state"]) for one in told["authorities"]] == [("tsa.example", "not_asked")]
    assert (told["quorum"], told["quorum_reached"]) == ("none", None)


def test_the_page_speaks_urdu() -> None:
    client = Client()
    client.cookies["language"] = "ur"
    shown = client.get("/log/").content.decode()
    assert "باہر کا حامل: کبھی نہیں" in shown
    assert "گواہ" in shown
