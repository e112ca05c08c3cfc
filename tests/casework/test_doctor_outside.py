"""The doctor on the world outside: each trouble named with its mend, and nothing to say where all is well."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from casework import doctor
from evidence.custody import checkpoints, holders, parties, policies, timestamps
from evidence.custody.outside import Holding, Party
from evidence.custody.parties import Failed
from evidence.machine import selftest
from evidence.machine import services as machine
from evidence.tlog import policy
from tests.evidence import custody_log as given
from tests.evidence.authority import Authority, Chain, configure, serving
from tests.evidence.test_tlog_policy import KEYS, LOG

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def log() -> None:
    given.key()
    given.fill(3)
    checkpoints.sign_checkpoint()


def said(check: Any) -> str:
    return " | ".join(f"{'BAD' if one.bad else 'note'} {one.what}" for one in check())


def pass_time(monkeypatch: pytest.MonkeyPatch, **much: float) -> None:
    later = timezone.now() + timedelta(**much)
    monkeypatch.setattr(timezone, "now", lambda: later)


def test_a_log_that_nobody_outside_holds_is_named_and_one_that_somebody_holds_is_not() -> None:
    assert said(doctor.held_outside).startswith("note Outside holder: never.")
    holders.hold(Holding.Kind.PERSON, "user/7", Holding.What.RECEIPT, 3)
    assert said(doctor.held_outside) == ""


def test_a_log_that_left_the_machine_long_ago_is_bad(monkeypatch: pytest.MonkeyPatch) -> None:
    holders.hold(Holding.Kind.PERSON, "user/7", Holding.What.RECEIPT, 3)
    given.fill(1)
    pass_time(monkeypatch, minutes=59)
    assert said(doctor.held_outside) == ""
    pass_time(monkeypatch, minutes=2)
    assert said(doctor.held_outside) == "BAD For 61 minutes nothing of the log left the machine."


def test_entries_that_somebody_outside_holds_and_the_log_has_not_are_lost() -> None:
    holders.hold(Holding.Kind.WITNESS, "w.example", Holding.What.COSIGNATURE, 9)
    assert "entries are lost" in said(doctor.held_outside)


def test_an_authority_is_named_for_what_it_lacks_and_for_what_it_does(
        settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(Authority(tmp_path / "authority", Chain("a.example"))) as authority:
        configure(settings, tmp_path / "pinned", authority)
        assert "not asked" not in said(doctor.outside)
        (tmp_path / "pinned" / "127.0.0.1.pem").unlink()
        assert "BAD The time-stamping authority 127.0.0.1 is not asked" in said(doctor.outside)
        configure(settings, tmp_path / "pinned", authority)
        authority.status = 500
        timestamps.stamp_due()
        pass_time(monkeypatch, minutes=61)
        assert "127.0.0.1 has stamped no checkpoint for more than an hour: HTTP 500" in said(doctor.held_outside)
        authority.status = 200
        timestamps.stamp_due()
        # The answer takes its time: on a busy machine another second passes meanwhile.
        assert re.search(r"The clock of 127\.0\.0\.1 is -366\d s from ours\.", said(doctor.held_outside))


def test_a_witness_that_objects_is_bad(settings: Any) -> None:
    settings.LOG_POLICY = policy.parse(f"witness a {KEYS[1]} http://127.0.0.1:1/\nquorum a\n".encode())
    party = parties.known(Party.Kind.WITNESS, KEYS[1].name)
    parties.failed(party, Failed(Party.Problem.UNREACHABLE, "refused"), size=3)
    assert "ALARM" not in said(doctor.held_outside)
    parties.failed(party, Failed(Party.Problem.FORK, "HTTP 422"), size=3)
    assert "BAD a: ALARM: the witness holds another history of this log. HTTP 422" in said(doctor.held_outside)


def test_a_policy_that_cannot_work_is_named(settings: Any) -> None:
    settings.LOG_POLICY = policy.parse(f"log {LOG}\nwitness a {KEYS[1]}\nquorum a\n".encode())
    assert "none of its witnesses has an address" in said(doctor.outside)
    assert "this log's key is not among them" in said(doctor.policy_key)
    settings.LOG_POLICY = policy.parse(policies.published())
    assert said(doctor.policy_key) == ""


def test_mailboxes_without_mail_are_bad(settings: Any) -> None:
    settings.CHECKPOINT_MAIL = ["board@example.org"]
    assert "CHECKPOINT_MAIL names mailboxes and there is no mail" in said(doctor.outside)
    settings.EMAIL_URL = "smtp://127.0.0.1"
    assert "CHECKPOINT_MAIL" not in said(doctor.outside)


def test_a_self_test_is_missed_and_its_failure_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert said(doctor.self_test) == "note No self-test was made yet."
    monkeypatch.setitem(selftest.PARTS, "jail", lambda: "network is open")
    machine.run()
    assert said(doctor.self_test) == "BAD The last self-test failed: jail: network is open"
    monkeypatch.undo()
    machine.run()
    assert said(doctor.self_test) == ""
